// Frozen bulk plans: what an action would touch is written down first, and then done to exactly those rows.
import { z } from 'zod';
import { actor } from './actor.ts';
import { operation } from './operation.ts';
import { byId, id, money, page, pageInput, time } from './schema.ts';
import { taskFilter, taskState, type TaskState } from './task.ts';

export const bulkActions = ['retry', 'cancel', 'reassign', 'reprioritise', 'pause', 'delete'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** The states of a task in which an action does something. */
export const actsOn = {
  retry: ['failed', 'cancelled'],
  cancel: ['waiting', 'queued', 'running'],
  reassign: ['waiting', 'queued'],
  reprioritise: ['waiting', 'queued'],
  pause: ['waiting', 'queued'],
  delete: ['succeeded', 'failed', 'cancelled', 'handed_off'],
} as const satisfies Record<BulkAction, readonly TaskState[]>;

/** Whether what was done can be taken back; a retry cannot: its tasks may have run again. */
export const undoable: Record<BulkAction, boolean> = {
  retry: false,
  cancel: true,
  reassign: true,
  reprioritise: true,
  pause: true,
  delete: true,
};

export const bulkPlanStates = ['planned', 'running', 'stopped', 'done', 'undoing', 'undone'] as const;
export type BulkPlanState = (typeof bulkPlanStates)[number];

/** A plan that is not executed before its time is let go. */
export const bulkPlanTransitions = {
  planned: ['running'],
  running: ['stopped', 'done'],
  stopped: ['undoing'],
  done: ['undoing'],
  undoing: ['undone'],
  undone: [],
} as const satisfies Record<BulkPlanState, readonly BulkPlanState[]>;

export function canBulkTransition(from: BulkPlanState, to: BulkPlanState): boolean {
  return (bulkPlanTransitions[from] as readonly BulkPlanState[]).includes(to);
}

/** Tasks that one plan holds at the most, and seconds for which it can be executed. */
export const MAX_BULK_TASKS = 200_000;
export const BULK_PLAN_SECONDS = 600;

export const bulkInput = z.object({
  /** For `reassign`. */
  agentId: id.optional(),
  /** For `reprioritise`. */
  priority: z.number().int().min(0).max(9).optional(),
  /** For `cancel`: what the tasks say of it. */
  reason: z.string().trim().max(500).optional(),
});
export type BulkInput = z.infer<typeof bulkInput>;

export const bulkPlanInput = z.object({
  action: z.enum(bulkActions),
  /** As the tasks' list takes it; with `ids`, these tasks alone. */
  filter: taskFilter.extend({ ids: z.array(id).min(1).max(10_000).optional() }),
  input: bulkInput.default({}),
});

const counted = z.object({ key: z.string().nullable(), name: z.string(), count: z.number().int() });

export const bulkBreakdown = z.object({
  states: z.array(z.object({ state: taskState, count: z.number().int() })),
  /** The ten largest of each; `key` null: without one, or all the others. */
  agents: z.array(counted),
  plans: z.array(counted),
  errorGroups: z.array(counted),
});
export type BulkBreakdown = z.infer<typeof bulkBreakdown>;

export const bulkPlan = z.object({
  id,
  version: z.number().int(),
  action: z.enum(bulkActions),
  filter: z.record(z.string(), z.unknown()),
  input: bulkInput,
  state: z.enum(bulkPlanStates),
  hash: z.string(),
  count: z.number().int(),
  /** Tasks under the filter that the action does not touch, as their state does not allow it. */
  leftOut: z.number().int(),
  sample: z.array(z.object({ id, title: z.string(), state: taskState, agentName: z.string().nullable() })),
  breakdown: bulkBreakdown,
  /** Of running them again, by what their attempts have cost so far. */
  estimatedCostUsd: money,
  undoable: z.boolean(),
  /** Rows gone through so far, and what became of them. */
  goneThrough: z.number().int(),
  changed: z.number().int(),
  skipped: z.number().int(),
  undone: z.number().int(),
  kept: z.number().int(),
  createdBy: actor,
  createdAt: time,
  expiresAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
export type BulkPlan = z.infer<typeof bulkPlan>;

export const bulkOutcomes = ['changed', 'skipped', 'undone', 'kept'] as const;
export const bulkRow = z.object({
  n: z.number().int(),
  taskId: id,
  title: z.string().nullable(),
  stateBefore: taskState,
  outcome: z.enum(bulkOutcomes).nullable(),
  note: z.string().nullable(),
});
export type BulkRow = z.infer<typeof bulkRow>;

const operate = { permission: 'tasks:operate', scope: 'tasks:write' } as const;
const read = { permission: 'tasks:read', scope: 'tasks:read' } as const;

export const bulkPlanOperations = {
  list: operation({
    kind: 'query',
    summary: 'Bulk plans, newest first.',
    /** `confirmed`: without those that were looked at and never executed. */
    input: pageInput.extend({ confirmed: z.stringbool().or(z.boolean()).optional() }),
    output: page(bulkPlan),
    ...read,
    rest: { method: 'GET', path: '/api/bulk-plans', status: 200 },
  }),
  create: operation({
    kind: 'mutation',
    summary: 'Freeze what a bulk action would touch; nothing is done yet.',
    input: bulkPlanInput,
    output: bulkPlan,
    ...operate,
    rest: { method: 'POST', path: '/api/bulk-plans', status: 201 },
  }),
  get: operation({
    kind: 'query',
    summary: 'One bulk plan and how far it is.',
    input: byId,
    output: bulkPlan,
    ...read,
    rest: { method: 'GET', path: '/api/bulk-plans/:id', status: 200 },
  }),
  rows: operation({
    kind: 'query',
    summary: 'The rows of a bulk plan, in the order in which they are gone through.',
    input: pageInput.extend({ id, outcome: z.enum(bulkOutcomes).optional() }),
    output: page(bulkRow),
    ...read,
    rest: { method: 'GET', path: '/api/bulk-plans/:id/rows', status: 200 },
  }),
  execute: operation({
    kind: 'mutation',
    summary: 'Do it, to exactly the rows that the hash stands for.',
    input: z.object({ id, hash: z.string().length(64, 'Quote the hash of the plan as it was answered.') }),
    output: bulkPlan,
    ...operate,
    rest: { method: 'POST', path: '/api/bulk-plans/:id/execute', status: 202 },
  }),
  stop: operation({
    kind: 'mutation',
    summary: 'Stop where it is; what is done stays done, until it is undone.',
    input: byId,
    output: bulkPlan,
    ...operate,
    rest: { method: 'POST', path: '/api/bulk-plans/:id/stop', status: 200 },
  }),
  undo: operation({
    kind: 'mutation',
    summary: 'Take back what was done, as far as nothing has happened to the tasks since.',
    input: byId,
    output: bulkPlan,
    ...operate,
    rest: { method: 'POST', path: '/api/bulk-plans/:id/undo', status: 202 },
  }),
};
