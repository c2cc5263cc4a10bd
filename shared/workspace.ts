// The workspace as a whole: its name, its plan, and the one switch that pauses everything.
import { z } from 'zod';
import { operation } from './operation.ts';
import { maxRunning } from './queue.ts';
import { empty, id, line, nothing, time } from './schema.ts';
import { billingPlan } from './billing.ts';

export const workspace = z.object({
  id,
  version: z.number().int(),
  name: z.string(),
  plan: billingPlan,
  /** Nothing new is claimed while true; what runs, runs on. */
  paused: z.boolean(),
  pausedAt: time.nullable(),
  pausedBy: z.string().nullable(),
  createdAt: time,
  /** Made by "Try the demo": its work is simulated, and it can be deleted with one operation. */
  demo: z.boolean(),
  /** Days that events are kept; null: as long as they are among the newest. */
  keepEventsDays: z.number().int().nullable(),
  /** Tasks that run at the same time at the most; null: as many as agents take. */
  maxRunning: z.number().int().nullable(),
});
export type Workspace = z.infer<typeof workspace>;

/** Events that are kept at the most, whatever their age: for windows that come back, and for programs that follow. */
export const KEPT_EVENTS = 50_000;

export const retention = z.object({
  keepEventsDays: z
    .number()
    .int()
    .min(1, 'Keep events for at least a day: windows that come back need them.')
    .max(3_650, 'Keep events for at most 3,650 days, or for ever.')
    .nullable(),
});
export type Retention = z.infer<typeof retention>;

export const storageKinds = [
  'tasks', 'attempts', 'findings', 'plans', 'agents', 'audit', 'events', 'usage', 'metrics', 'reviews', 'other',
] as const;
export type StorageKind = (typeof storageKinds)[number];

/** What a workspace holds of one kind: its rows, their bytes with indexes, and since when. */
export const storedKind = z.object({
  kind: z.enum(storageKinds),
  rows: z.number().int(),
  bytes: z.number().int(),
  oldestAt: time.nullable(),
});
export type StoredKind = z.infer<typeof storedKind>;

export const workspaceOperations = {
  get: operation({
    kind: 'query',
    summary: 'The workspace and whether it is paused.',
    input: empty,
    output: workspace,
    permission: 'workspace:read',
    rest: { method: 'GET', path: '/api/workspace', status: 200 },
  }),
  setPaused: operation({
    kind: 'mutation',
    summary: 'Pause or resume everything.',
    input: z.object({ paused: z.boolean() }),
    output: workspace,
    permission: 'workspace:operate',
    rest: { method: 'POST', path: '/api/workspace/paused', status: 200 },
  }),
  rename: operation({
    kind: 'mutation',
    summary: 'Give the workspace another name.',
    input: z.object({ name: line(80) }),
    output: workspace,
    permission: 'workspace:write',
    rest: { method: 'POST', path: '/api/workspace/name', status: 200 },
  }),
  setLimits: operation({
    kind: 'mutation',
    summary: 'How many tasks of the workspace run at the same time; null takes the limit away.',
    input: z.object({ maxRunning: maxRunning.nullable() }),
    output: workspace,
    permission: 'workspace:write',
    rest: { method: 'POST', path: '/api/workspace/limits', status: 200 },
  }),
  storage: operation({
    kind: 'query',
    summary: 'What the workspace holds by kind: rows, bytes, and since when.',
    input: empty,
    output: z.object({ items: z.array(storedKind) }),
    permission: 'workspace:read',
    rest: { method: 'GET', path: '/api/workspace/storage', status: 200 },
  }),
  previewRetention: operation({
    kind: 'query',
    summary: 'What would be let go if so much were kept.',
    input: retention,
    output: z.object({ events: z.number().int(), oldestAt: time.nullable(), keptSince: time.nullable() }),
    permission: 'workspace:read',
    // A body, as null has no place in a query string.
    rest: { method: 'POST', path: '/api/workspace/retention/preview', status: 200 },
  }),
  setRetention: operation({
    kind: 'mutation',
    summary: 'How long the workspace keeps what may be let go.',
    input: retention,
    output: workspace,
    permission: 'workspace:write',
    rest: { method: 'POST', path: '/api/workspace/retention', status: 200 },
  }),
  deleteDemo: operation({
    kind: 'mutation',
    summary: 'Delete a demo workspace with all that is in it. No other can be deleted like this.',
    input: empty,
    output: nothing,
    permission: 'workspace:delete',
    rest: { method: 'DELETE', path: '/api/workspace/demo', status: 204 },
  }),
};
