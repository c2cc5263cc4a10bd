// The workspace as a whole: its name, its plan, and the one switch that pauses everything.
import { z } from 'zod';
import { operation } from './operation.ts';
import { empty, id, time } from './schema.ts';
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
});
export type Workspace = z.infer<typeof workspace>;

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
};
