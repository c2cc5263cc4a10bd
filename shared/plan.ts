// Plans: a graph of micro-tasks over agents, previewed from a document, created, started and reported on.
import { z } from 'zod';
import { agentProvider, timeLimitSeconds } from './agent.ts';
import { finding } from './finding.ts';
import { operation } from './operation.ts';
import { byId, id, line, page, pageInput, text, time } from './schema.ts';
import { taskSummary } from './task.ts';

export const planStates = ['draft', 'running', 'paused', 'succeeded', 'failed', 'cancelled'] as const;
export const planState = z.enum(planStates);
export type PlanState = z.infer<typeof planState>;

/** `failed`: nothing can run any more and a task has failed; a retry makes it run again. */
export const planTransitions = {
  draft: ['running', 'cancelled'],
  running: ['paused', 'succeeded', 'failed', 'cancelled'],
  paused: ['running', 'succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: ['running', 'cancelled'],
  cancelled: ['running'],
} as const satisfies Record<PlanState, readonly PlanState[]>;

/** Whether a plan may go from one state to the other. */
export function canPlanTransition(from: PlanState, to: PlanState): boolean {
  return (planTransitions[from] as readonly PlanState[]).includes(to);
}

export const DEFAULT_TIME_LIMIT_SECONDS = 900;
export const MAX_PLAN_TASKS = 5_000;

export const plannedTask = z.object({
  /** Unique in the plan; what dependsOn names. */
  key: line(120),
  title: line(200),
  /** The agent's name; null goes to the coordinator. */
  agent: line(80).nullable(),
  instructions: text(200_000).default(''),
  /** Where the result is expected, such as a path of a report. */
  output: text(500).nullable().default(null),
  tools: z.array(text(500)).max(200).default([]),
  successCriteria: z.array(text(1_000)).max(200).default([]),
  dependsOn: z.array(line(120)).max(500).default([]),
  timeLimitSeconds: timeLimitSeconds.default(DEFAULT_TIME_LIMIT_SECONDS),
});
export type PlannedTask = z.infer<typeof plannedTask>;

export const plannedPlan = z.object({
  name: line(200),
  /** The floor: at least this many of its tasks run while so many could. 0: no floor. */
  minActive: z.number().int().min(0).max(1000).default(0),
  timeLimitSeconds: timeLimitSeconds.default(DEFAULT_TIME_LIMIT_SECONDS),
  tasks: z.array(plannedTask).min(1, 'A plan needs at least one task.').max(MAX_PLAN_TASKS),
  successCriteria: z.array(text(1_000)).max(500).default([]),
});
export type PlannedPlan = z.infer<typeof plannedPlan>;

/** `line` counts from 1 in the text as it was sent; 0: the document as a whole. */
export const planWarning = z.object({ line: z.number().int(), message: z.string() });
export type PlanWarning = z.infer<typeof planWarning>;

export const planPreview = z.object({ plan: plannedPlan, warnings: z.array(planWarning) });
export type PlanPreview = z.infer<typeof planPreview>;

/** How the agents that the plan names, and the workspace does not have yet, come to run. */
export const newAgents = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hosted'), provider: agentProvider }),
  z.object({ kind: z.literal('external') }),
]);

export const planInput = plannedPlan.extend({
  /** Absent: new agents are external and wait for their programs to connect. */
  newAgents: newAgents.optional(),
});

export const planCounts = z.object({
  total: z.number().int(),
  waiting: z.number().int(),
  queued: z.number().int(),
  running: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
});

/** The floor as it is now; `reason` says in words why fewer run. */
export const planFloor = z.object({
  target: z.number().int(),
  running: z.number().int(),
  /** Running, or queued and free to start. */
  runnable: z.number().int(),
  reason: z.string().nullable(),
});

export const planSummary = z.object({
  id,
  version: z.number().int(),
  name: z.string(),
  state: planState,
  minActive: z.number().int(),
  timeLimitSeconds: z.number().int(),
  counts: planCounts,
  /** At least one of its agents is simulated. */
  simulated: z.boolean(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
export type PlanSummary = z.infer<typeof planSummary>;

export const planCriterion = z.object({
  text: z.string(),
  /** Met when every task that carries it, or the whole plan, has succeeded. */
  met: z.boolean(),
  evidence: z.string().nullable(),
});

/** A node of the graph: the latest task of its chain of handoffs. */
export const planNode = taskSummary.extend({
  key: z.string(),
  dependsOn: z.array(z.string()),
  output: z.string().nullable(),
  successCriteria: z.array(z.string()),
});
export type PlanNode = z.infer<typeof planNode>;

export const plan = planSummary.extend({
  tasks: z.array(planNode),
  successCriteria: z.array(planCriterion),
  findings: z.array(finding),
  urgentIssues: z.array(finding),
  floor: planFloor,
});
export type Plan = z.infer<typeof plan>;

const operate = { kind: 'mutation', permission: 'plans:operate', scope: 'tasks:write' } as const;

export const planOperations = {
  import: operation({
    kind: 'mutation',
    summary: 'Read a plan from a document and show what it would create. Creates nothing.',
    input: z.object({
      format: z.enum(['markdown', 'json', 'yaml']).optional(),
      text: z.string().min(1, 'The document is empty.'),
      name: line(200).optional(),
    }),
    output: planPreview,
    permission: 'plans:create',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/plans/import', status: 200 },
    // JSON escapes may double a text of 5 MB and more; the text itself is measured by the handler.
    bodyLimit: 12_000_000,
  }),
  list: operation({
    kind: 'query',
    summary: 'Plans, newest first.',
    input: pageInput,
    output: page(planSummary),
    permission: 'plans:read',
    scope: 'tasks:read',
    rest: { method: 'GET', path: '/api/plans', status: 200 },
  }),
  create: operation({
    kind: 'mutation',
    summary: 'Create a plan as previewed, with its agents and tasks. It starts when it is told to.',
    input: planInput,
    output: plan,
    permission: 'plans:create',
    scope: 'tasks:write',
    rest: { method: 'POST', path: '/api/plans', status: 201 },
    bodyLimit: 12_000_000,
  }),
  get: operation({
    kind: 'query',
    summary: 'One plan with the state of each task, its findings and urgent issues.',
    input: byId,
    output: plan,
    permission: 'plans:read',
    scope: 'tasks:read',
    rest: { method: 'GET', path: '/api/plans/:id', status: 200 },
  }),
  start: operation({
    ...operate,
    summary: 'Start a plan, or resume a paused one.',
    input: byId,
    output: plan,
    rest: { method: 'POST', path: '/api/plans/:id/start', status: 200 },
  }),
  pause: operation({
    ...operate,
    summary: 'Pause a plan: nothing new starts, what runs, runs on.',
    input: byId,
    output: plan,
    rest: { method: 'POST', path: '/api/plans/:id/pause', status: 200 },
  }),
  cancel: operation({
    ...operate,
    summary: 'Cancel a plan and all of its unfinished tasks.',
    input: byId,
    output: plan,
    rest: { method: 'POST', path: '/api/plans/:id/cancel', status: 200 },
  }),
  report: operation({
    kind: 'query',
    summary: 'The report of a plan in Markdown.',
    input: byId,
    output: z.string(),
    permission: 'plans:read',
    scope: 'tasks:read',
    rest: { method: 'GET', path: '/api/plans/:id/report', status: 200, mediaType: 'text/markdown' },
  }),
};
