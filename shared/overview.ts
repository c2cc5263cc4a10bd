// The overview: the board of lanes, the figures above it, and what needs a person.
import { z } from 'zod';
import { agent } from './agent.ts';
import { budgetPeriods, budgetScopes, budgetUnits } from './budget.ts';
import { operation } from './operation.ts';
import { id, money, time } from './schema.ts';
import { taskState } from './task.ts';

/** One attempt on a lane. `finishedAt` null: it runs now. */
export const laneBlock = z.object({
  taskId: id,
  title: z.string(),
  attempt: z.number().int(),
  /** The state that the attempt ended in, or running. */
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'handed_off', 'queued']),
  startedAt: time,
  finishedAt: time.nullable(),
  timeLimitSeconds: z.number().int(),
});
export type LaneBlock = z.infer<typeof laneBlock>;

export const lane = z.object({
  agent,
  /** Newest first, at most 60 within the window. */
  blocks: z.array(laneBlock),
  queued: z.number().int(),
  waiting: z.number().int(),
});
export type Lane = z.infer<typeof lane>;

/** What a person should look at, most urgent first. */
export const need = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('finding'), at: time, findingId: id, taskId: id, title: z.string(), agentName: z.string().nullable(), simulated: z.boolean() }),
  z.object({ kind: z.literal('time_limit'), at: time, taskId: id, title: z.string(), agentName: z.string().nullable(), deadline: time }),
  z.object({ kind: z.literal('approval'), at: time, taskId: id, title: z.string(), planName: z.string().nullable() }),
  z.object({ kind: z.literal('error_group'), at: time, title: z.string(), fingerprint: z.string(), count: z.number().int(), taskIds: z.array(id) }),
  z.object({ kind: z.literal('agent_offline'), at: time, agentId: id, agentName: z.string(), queued: z.number().int() }),
  z.object({ kind: z.literal('agent_without_provider'), at: time, agentId: id, agentName: z.string(), queued: z.number().int() }),
  /** A provider account that refuses us: its agents start nothing until somebody mends it. */
  z.object({ kind: z.literal('provider_refused'), at: time, accountId: id, name: z.string(), message: z.string(), queued: z.number().int() }),
  z.object({
    kind: z.literal('budget'), at: time, budgetId: id, name: z.string(), scope: z.enum(budgetScopes), period: z.enum(budgetPeriods),
    unit: z.enum(budgetUnits), spent: z.string(), amount: z.string(),
    /** False: it was warned of alone. */
    exhausted: z.boolean(),
    resetsAt: time.nullable(),
  }),
  z.object({ kind: z.literal('quota'), at: time, limit: z.number().int(), resetsAt: time }),
]);
export type Need = z.infer<typeof need>;

export const overview = z.object({
  at: time,
  /** The last event that this answer includes. */
  seq: z.number().int(),
  figures: z.object({
    activeAgents: z.number().int(),
    /** Highest floor of the running plans, 0 without one. */
    floor: z.number().int(),
    tasks: z.record(taskState, z.number().int()),
    retrying: z.number().int(),
    /** Tasks that failed for good in the last hour. */
    failedLastHour: z.number().int(),
    /** Attempts that failed or lost their lease in the last hour; most of them are tried again. */
    attemptsFailedLastHour: z.number().int(),
    /** Seconds from queued to started over the window; null without a start. */
    waitP95Seconds: z.number().nullable(),
    costTodayUsd: money,
    executions: z.number().int(),
    executionsLimit: z.number().int().nullable(),
    agents: z.number().int(),
    plansRunning: z.number().int(),
    openFindings: z.number().int(),
    /** Undecided, over all open reviews. */
    openReviewItems: z.number().int(),
  }),
  lanes: z.array(lane),
  needs: z.array(need),
  /** Tasks finished by minute over the window, oldest first. */
  throughput: z.array(z.object({ at: time, succeeded: z.number().int(), failed: z.number().int() })),
});
export type Overview = z.infer<typeof overview>;

export const overviewOperations = {
  get: operation({
    kind: 'query',
    summary: 'The board of lanes, its figures and what needs a person.',
    input: z.object({ windowMinutes: z.coerce.number().int().min(5).max(10_080).default(30) }),
    output: overview,
    permission: 'workspace:read',
    rest: { method: 'GET', path: '/api/overview', status: 200 },
  }),
};
