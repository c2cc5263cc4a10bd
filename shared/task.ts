// Tasks: the unit of work, its states, and the one table of allowed transitions.
import { z } from 'zod';
import { actor } from './actor.ts';
import { timeLimitSeconds } from './agent.ts';
import { bulkLine, BULK_TEXT_LIMIT, errorGroup } from './task-groups.ts';
import { finding } from './finding.ts';
import { operation } from './operation.ts';
import { byId, id, largeText, line, money, page, pageInput, span, TASK_TEXT_LIMIT, text, time } from './schema.ts';
import { why } from './why.ts';

export { BULK_TEXT_LIMIT, MAX_BULK_LINES, type BulkLine, type ErrorGroup } from './task-groups.ts';

export const taskStates = [
  'waiting',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'handed_off',
] as const;
export const taskState = z.enum(taskStates);
export type TaskState = z.infer<typeof taskState>;

/** A state changes only along this table; the database enforces the same one by a trigger. */
export const taskTransitions = {
  // To succeeded: a person completes a gate.
  waiting: ['queued', 'succeeded', 'cancelled'],
  queued: ['running', 'cancelled'],
  // Back to queued: an attempt failed or its lease ran out, and attempts are left.
  running: ['queued', 'succeeded', 'failed', 'cancelled', 'handed_off'],
  succeeded: [],
  // A retry; to waiting when a dependency is not done.
  failed: ['queued', 'waiting'],
  cancelled: ['queued', 'waiting'],
  handed_off: [],
} as const satisfies Record<TaskState, readonly TaskState[]>;

/** Whether a task may go from one state to the other. */
export function canTransition(from: TaskState, to: TaskState): boolean {
  return (taskTransitions[from] as readonly TaskState[]).includes(to);
}

/** States in which nothing more happens unless a person asks. */
export const finalStates = ['succeeded', 'failed', 'cancelled', 'handed_off'] as const;
export function isFinal(state: TaskState): boolean {
  return (finalStates as readonly TaskState[]).includes(state);
}

export const taskKinds = ['work', 'approval'] as const;
export const waitReasons = ['dependency', 'dependency_failed', 'approval', 'plan_not_started'] as const;
export const attemptOutcomes = [
  'running',
  'succeeded',
  'failed',
  'lease_expired',
  'cancelled',
  'handed_off',
  'released',
] as const;

export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** At most this many handoffs in a row; the next one fails the task. */
export const MAX_HANDOFFS = 3;
/** How failed attempts are tried again. Times in seconds. */
export const retryPolicy = z.object({
  /** Before the second attempt. */
  initialSeconds: z.number().min(0).max(86_400),
  /** What the time grows by with each failed attempt. */
  factor: z.number().min(1).max(10),
  maxSeconds: z.number().min(0).max(86_400),
  /** Codes of errors that are not tried again. */
  nonRetryable: z.array(line(60)).max(50, 'List at most 50 codes.'),
});
export type RetryPolicy = z.infer<typeof retryPolicy>;
export const defaultRetryPolicy: RetryPolicy = { initialSeconds: 2, factor: 2, maxSeconds: 300, nonRetryable: [] };

/** What is left out of a policy is as in the default one. */
const { initialSeconds, factor, maxSeconds, nonRetryable } = retryPolicy.shape;
export const retryPolicyInput = z.object({
  initialSeconds: initialSeconds.default(defaultRetryPolicy.initialSeconds),
  factor: factor.default(defaultRetryPolicy.factor),
  maxSeconds: maxSeconds.default(defaultRetryPolicy.maxSeconds),
  nonRetryable: nonRetryable.default([]),
});

/** Seconds before the attempt after the n-th failed one; by default 2, 4, 8 ... capped at five minutes. */
export function backoffSeconds(failedAttempts: number, policy: RetryPolicy = defaultRetryPolicy): number {
  return Math.min(policy.maxSeconds, policy.initialSeconds * policy.factor ** Math.max(0, failedAttempts - 1));
}

/** The queue of a task that names none. */
export const DEFAULT_QUEUE = 'default';
export const queueName = line(60);

export const taskInput = z.object({
  title: line(200),
  instructions: largeText(TASK_TEXT_LIMIT).default(''),
  kind: z.enum(taskKinds).default('work'),
  agentId: id.optional(),
  capabilities: z.array(line(60)).max(50).optional(),
  priority: z.number().int().min(0).max(9).default(5),
  dependsOn: z.array(id).max(500, 'List at most 500 dependencies.').optional(),
  runAt: time.optional(),
  timeLimitSeconds: timeLimitSeconds.optional(),
  maxAttempts: z.number().int().min(1).max(100).default(3),
  queue: queueName.default(DEFAULT_QUEUE),
  retry: retryPolicyInput.optional(),
});
export type TaskInput = z.infer<typeof taskInput>;

export const taskError = z.object({ code: z.string(), message: z.string() });

/** A row of a list, a node of a graph, a block on a lane: everything but the long texts. */
export const taskSummary = z.object({
  id,
  version: z.number().int(),
  title: z.string(),
  kind: z.enum(taskKinds),
  state: taskState,
  /** Set while waiting. */
  waitReason: z.enum(waitReasons).nullable(),
  agentId: id.nullable(),
  agentName: z.string().nullable(),
  /** No model runs behind the agent that has it. */
  simulated: z.boolean(),
  capabilities: z.array(z.string()),
  planId: id.nullable(),
  planKey: z.string().nullable(),
  queue: z.string(),
  priority: z.number().int(),
  /** Attempts made so far; the current one while running. */
  attempt: z.number().int(),
  maxAttempts: z.number().int(),
  /** Not tried before this time; with a failed attempt behind it the screen says "Retrying". */
  runAt: time.nullable(),
  timeLimitSeconds: z.number().int(),
  progress: z.object({ percent: z.number().nullable(), message: z.string().nullable() }).nullable(),
  error: taskError.nullable(),
  /** The group of its error, while it is failed. */
  errorGroup: z.string().nullable(),
  /** How many handoffs lie before this task in its chain. */
  handoffs: z.number().int(),
  succeededBy: id.nullable(),
  executionSeconds: z.number(),
  costUsd: money,
  createdBy: actor,
  createdAt: time,
  /** Start of the current or last attempt. */
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  /** Who holds it, while it is held: it is not claimed until it is resumed. */
  heldBy: z.string().nullable(),
  /** It has left the lists. */
  deletedAt: time.nullable(),
});
export type TaskSummary = z.infer<typeof taskSummary>;

export const task = taskSummary.extend({
  instructions: z.string(),
  output: z.string().nullable(),
  /** Where the result is expected, as the plan names it. */
  expectedOutput: z.string().nullable(),
  tools: z.array(z.string()),
  successCriteria: z.array(z.string()),
  dependsOn: z.array(id),
  /** The task that this one continues, and what it left. */
  handoffFrom: id.nullable(),
  handoffNotes: z.string().nullable(),
  /** Null: the default policy. */
  retry: retryPolicy.nullable(),
  /** The schedule that created it. */
  scheduleId: id.nullable(),
});
export type Task = z.infer<typeof task>;

export const attempt = z.object({
  number: z.number().int(),
  agentId: id,
  agentName: z.string(),
  outcome: z.enum(attemptOutcomes),
  error: taskError.nullable(),
  startedAt: time,
  finishedAt: time.nullable(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: money,
  model: z.string().nullable().describe("Null: an external agent's own"),
  providerAccountId: id.nullable(),
  /** Counted from the texts: the provider did not say, or said what cannot be. */
  usageEstimated: z.boolean(),
  unpriced: z.boolean().describe('No price was known for its model: the cost is not counted'),
});
export type Attempt = z.infer<typeof attempt>;

export const timelineEntry = z.object({
  seq: z.number().int(),
  at: time,
  type: z.string(),
  actor,
  message: z.string(),
});

export const taskDetails = z.object({
  task,
  attempts: z.array(attempt),
  findings: z.array(finding),
  timeline: z.array(timelineEntry),
  dependencies: z.array(taskSummary),
  dependents: z.array(taskSummary),
});
export type TaskDetails = z.infer<typeof taskDetails>;

/** A task and what went on from it by handoffs, first to last: one piece of work. */
export const taskChain = z.object({
  items: z.array(z.object({ task: taskSummary, notes: z.string().nullable(), attempts: z.array(attempt) })),
  nextCursor: z.null(),
  /** Of all of them together. */
  attempts: z.number().int(),
  executionSeconds: z.number(),
  costUsd: money,
  /** When the first was made, and when the last has ended; null: it has not. */
  startedAt: time,
  finishedAt: time.nullable(),
});
export type TaskChain = z.infer<typeof taskChain>;

type Shown = Pick<TaskSummary, 'state' | 'attempt' | 'runAt' | 'waitReason'>;

/** "Retrying" on screen: queued again, with a failed attempt behind it and a time before which it is not tried. */
export function isRetrying(task: Shown): boolean {
  return task.state === 'queued' && task.attempt > 0 && task.runAt !== null;
}

/** Failed, retrying, or a gate that waits for a person. */
export function needsAttention(task: Shown): boolean {
  return task.state === 'failed' || task.waitReason === 'approval' || isRetrying(task);
}

/**
 * `state` and `outcome` take one or several, separated by commas. `ended`, `started`, `counted`, `accountId` and `outcome` are of one
 * attempt: a task is listed when it has an attempt for which all of them hold, and then `agentId` is that attempt's agent.
 */
export const taskFilter = z.object({
  state: z
    .union([taskState, z.string().max(120)])
    .optional()
    .describe('One state or several, separated by commas'),
  attention: z
    .stringbool()
    .or(z.boolean())
    .optional()
    .describe('Only what may need a person: failed, retrying, or a gate that waits'),
  agentId: id.optional(),
  planId: id.or(z.literal('none')).optional().describe('Of this plan; "none": of no plan'),
  queue: queueName.optional(),
  scheduleId: id.optional().describe('Only tasks that this schedule created'),
  chain: z.literal('last').optional().describe('Of tasks that were handed on, only the last of each chain'),
  errorGroup: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'Use the fingerprint of an error group.')
    .optional()
    .describe('Only failed tasks of this error group, by its fingerprint'),
  q: z.string().max(200).optional().describe('Words of the title, or the start of an id'),
  created: span.optional().describe('Only tasks that were created in this time: <from>/<to>'),
  ended: span.optional().describe('Only tasks with an attempt that ended in this time: <from>/<to>'),
  started: span.optional().describe('Only tasks with an attempt that started in this time: <from>/<to>'),
  accountId: id.or(z.literal('none')).optional().describe('Only tasks with an attempt that ran on this provider account; "none": on none, as of an external agent'),
  counted: span.optional().describe('Only tasks that were counted as an execution in this time: <from>/<to>'),
  outcome: z.string().max(120).optional().describe('Only tasks with an attempt that ended so; one or several, separated by commas'),
});

const read = { permission: 'tasks:read', scope: 'tasks:read' } as const;

export const taskOperations = {
  list: operation({
    kind: 'query',
    summary: 'Tasks, newest first.',
    input: pageInput.extend(taskFilter.shape),
    output: page(taskSummary),
    ...read,
    rest: { method: 'GET', path: '/api/tasks', status: 200 },
  }),
  count: operation({
    kind: 'query',
    summary: 'How many tasks each state holds under a filter.',
    input: taskFilter.omit({ state: true }),
    output: z.record(taskState, z.number().int()),
    ...read,
    rest: { method: 'GET', path: '/api/tasks/count', status: 200 },
  }),
  create: operation({
    kind: 'mutation',
    summary: 'Create a task. With an Idempotency-Key the same request creates it once.',
    input: taskInput,
    output: task,
    permission: 'tasks:create',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/tasks', status: 201 },
    bodyLimit: 2_500_000,
  }),
  createMany: operation({
    kind: 'mutation',
    summary: 'Create many tasks, one JSON object a line, at most 10,000; a bad line stops no other.',
    input: z.object({
      ndjson: largeText(BULK_TEXT_LIMIT),
      /** Given again with the same text, each line that was created before answers its task: as the Idempotency-Key of REST. */
      key: line(100).optional(),
    }),
    output: z.object({ items: z.array(bulkLine) }),
    permission: 'tasks:create',
    scope: 'tasks:write',
    rest: {
      method: 'POST',
      path: '/api/tasks/bulk',
      status: 200,
      body: 'application/x-ndjson',
      mediaType: 'application/x-ndjson',
    },
    bodyLimit: BULK_TEXT_LIMIT,
  }),
  get: operation({
    kind: 'query',
    summary: 'One task.',
    input: byId,
    output: task,
    ...read,
    rest: { method: 'GET', path: '/api/tasks/:id', status: 200 },
  }),
  details: operation({
    kind: 'query',
    summary: 'One task with its attempts, findings, timeline and neighbours.',
    input: byId,
    output: taskDetails,
    ...read,
    rest: { method: 'GET', path: '/api/tasks/:id/details', status: 200 },
  }),
  chain: operation({
    kind: 'query',
    summary: 'A task with all that it continues and that continues it, as one piece of work with its totals.',
    input: byId,
    output: taskChain,
    ...read,
    rest: { method: 'GET', path: '/api/tasks/:id/chain', status: 200 },
  }),
  errorGroups: operation({
    kind: 'query',
    summary: 'Failed tasks grouped by what their errors say, the largest group first; at most 200 groups.',
    input: taskFilter.omit({ state: true, attention: true, errorGroup: true }),
    output: z.object({ items: z.array(errorGroup), nextCursor: z.null() }),
    ...read,
    rest: { method: 'GET', path: '/api/tasks/error-groups', status: 200 },
  }),
  why: operation({
    kind: 'query',
    summary: 'Why a task is not running: the reasons, in the order in which they must go, each with its fix.',
    input: byId,
    output: why,
    ...read,
    rest: { method: 'GET', path: '/api/tasks/:id/why', status: 200 },
  }),
  cancel: operation({
    kind: 'mutation',
    summary: 'Cancel a task; a running agent is told at its next heartbeat.',
    input: z.object({ id, reason: text(500).optional() }),
    output: task,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/tasks/:id/cancel', status: 200 },
  }),
  retry: operation({
    kind: 'mutation',
    summary: 'Queue a failed or cancelled task again, with its full number of attempts; a queued one that waits for its time may be taken now.',
    input: byId,
    output: task,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/tasks/:id/retry', status: 200 },
  }),
  setPaused: operation({
    kind: 'mutation',
    summary: 'Hold a task that has not started, or resume it.',
    input: z.object({ id, paused: z.boolean() }),
    output: task,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/tasks/:id/paused', status: 200 },
  }),
  approve: operation({
    kind: 'mutation',
    summary: 'Complete a gate that waits for a person.',
    input: z.object({ id, note: text(2_000).optional() }),
    output: task,
    permission: 'tasks:operate',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/tasks/:id/approve', status: 200 },
  }),
};
