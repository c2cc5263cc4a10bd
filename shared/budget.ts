// Budgets: ceilings in money or executions for the workspace, a plan or an agent, held while work runs.
import { z } from 'zod';
import { operation } from './operation.ts';
import { byId, id, money, page, pageInput, time } from './schema.ts';

export const budgetScopes = ['workspace', 'plan', 'agent'] as const;
export type BudgetScope = (typeof budgetScopes)[number];
export const budgetUnits = ['usd', 'executions'] as const;
export type BudgetUnit = (typeof budgetUnits)[number];
/** Days and months begin at midnight UTC, as the quota's; a total never starts anew. */
export const budgetPeriods = ['day', 'month', 'total'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];
export const budgetStates = ['ok', 'warned', 'exhausted'] as const;
export type BudgetState = (typeof budgetStates)[number];

/** The largest ceiling: a thousand million dollars, or as many executions. */
export const LARGEST_BUDGET = 1_000_000_000;
export const DEFAULT_SOFT_PERCENT = 80;
/** What is held for an attempt of which nothing is known. */
export const SMALLEST_RESERVE_USD = '0.01';

/** Dollars, or whole executions, as a decimal string. */
const amount = money
  .refine((given) => Number(given) > 0, 'A budget is more than nothing. To run nothing, pause the work.')
  .refine((given) => Number(given) <= LARGEST_BUDGET, 'Write at most 1,000,000,000.')
  .describe('US dollars, or a whole number of executions, as a decimal string');
const softPercent = z
  .number()
  .int('Write a whole number of per cent.')
  .min(1, 'At least 1 per cent.')
  .max(100, 'At most 100 per cent.')
  .describe('Per cent of the amount at which people are told');
const reserveUsd = money
  .refine((given) => Number(given) > 0, 'Hold more than nothing, or leave it empty.')
  .nullable()
  .describe('Held for an attempt whose highest cost is not known; null: what nearly all of its agent cost so far');

export const budget = z.object({
  id,
  /** Rises with every change, by people and by work. */
  version: z.number().int(),
  /** Rises with changes by people alone: an edit that names another one is refused. */
  edition: z.number().int(),
  scope: z.enum(budgetScopes),
  planId: id.nullable(),
  agentId: id.nullable(),
  /** Of the agent, the plan or the workspace. */
  name: z.string(),
  /** Of an agent behind which no model runs: its cost is made up. */
  simulated: z.boolean(),
  unit: z.enum(budgetUnits),
  amount: z.string(),
  softPercent: z.number().int(),
  period: z.enum(budgetPeriods),
  reserveUsd: money.nullable(),
  /** In this period, as far as it was reported. */
  spent: z.string(),
  /** Held for attempts in flight and not spent yet. */
  reserved: z.string(),
  /** What is free: neither spent nor reserved. */
  remaining: z.string(),
  /**
   * How far it can end above the amount at the worst, by attempts in flight that report at least with each heartbeat and
   * spend between two reports no more than was held for them. Executions never go over.
   */
  overshoot: z.string(),
  /** Attempts in flight that it holds something for. */
  running: z.number().int(),
  state: z.enum(budgetStates),
  /** Since when, in this period. */
  warnedAt: time.nullable(),
  exhaustedAt: time.nullable(),
  periodStart: time.nullable(),
  /** Null: never. */
  resetsAt: time.nullable(),
  createdAt: time,
  removedAt: time.nullable(),
});
export type Budget = z.infer<typeof budget>;

/** An attempt that a budget has stopped. */
export const budgetStop = z.object({
  taskId: id,
  title: z.string(),
  attempt: z.number().int(),
  agentId: id,
  agentName: z.string(),
  costUsd: money,
  at: time,
});
export type BudgetStop = z.infer<typeof budgetStop>;

export const budgetInput = z.object({
  scope: z.enum(budgetScopes),
  planId: id.optional().describe('Of a plan’s budget'),
  agentId: id.optional().describe('Of an agent’s budget'),
  unit: z.enum(budgetUnits),
  amount,
  period: z.enum(budgetPeriods),
  softPercent: softPercent.default(DEFAULT_SOFT_PERCENT),
  reserveUsd: reserveUsd.default(null),
});
export type BudgetInput = z.input<typeof budgetInput>;

export const budgetPatch = z.object({
  id,
  amount: amount.optional(),
  period: z.enum(budgetPeriods).optional(),
  softPercent: softPercent.optional(),
  reserveUsd: reserveUsd.optional(),
  /** With it, an edit of what somebody else has changed meanwhile is refused (409 version_conflict). */
  edition: z.number().int().optional(),
});

const read = { permission: 'budgets:read', scope: 'usage:read' } as const;
const write = { kind: 'mutation', permission: 'budgets:write' } as const;

export const budgetOperations = {
  list: operation({
    kind: 'query',
    summary: 'Budgets with what is spent, held and free: the workspace’s first, then the others as they were made.',
    input: pageInput.extend({
      agentId: id.optional().describe('Those that hold for work of this agent: its own and the workspace’s'),
      planId: id.optional().describe('Those that hold for work of this plan: its own and the workspace’s'),
    }),
    output: page(budget),
    ...read,
    rest: { method: 'GET', path: '/api/budgets', status: 200 },
  }),
  get: operation({
    kind: 'query',
    summary: 'One budget.',
    input: byId,
    output: budget,
    ...read,
    rest: { method: 'GET', path: '/api/budgets/:id', status: 200 },
  }),
  stops: operation({
    kind: 'query',
    summary: 'Attempts that a budget has stopped, the newest first.',
    input: pageInput.extend({ id }),
    output: page(budgetStop),
    ...read,
    rest: { method: 'GET', path: '/api/budgets/:id/stops', status: 200 },
  }),
  create: operation({
    ...write,
    summary: 'Set a budget; what its period has used already counts.',
    input: budgetInput,
    output: budget,
    rest: { method: 'POST', path: '/api/budgets', status: 201 },
  }),
  update: operation({
    ...write,
    summary: 'Raise, lower or change a budget.',
    input: budgetPatch,
    output: budget,
    rest: { method: 'PATCH', path: '/api/budgets/:id', status: 200 },
  }),
  remove: operation({
    ...write,
    summary: 'Remove a budget: it holds nothing back any more.',
    input: byId,
    output: budget,
    rest: { method: 'DELETE', path: '/api/budgets/:id', status: 200 },
  }),
  restore: operation({
    ...write,
    summary: 'Bring a removed budget back; what was used meanwhile counts.',
    input: byId,
    output: budget,
    rest: { method: 'POST', path: '/api/budgets/:id/restore', status: 200 },
  }),
};

/** "$4.98", "12 executions": whole cents at least, and no digit that says nothing. */
export function amountWords(unit: BudgetUnit, given: string): string {
  const [whole = '0', decimals = ''] = given.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  if (unit === 'executions') return `${grouped} ${whole === '1' ? 'execution' : 'executions'}`;
  return `$${grouped}.${decimals.replace(/0+$/, '').padEnd(2, '0')}`;
}

const periodWords: Record<BudgetPeriod, string> = { day: 'daily', month: 'monthly', total: 'total' };

/** "The monthly budget of docs-writer", as a sentence begins with it. */
export function budgetWords({ period, scope, name }: Pick<Budget, 'period' | 'scope' | 'name'>): string {
  const of = scope === 'workspace' ? 'the workspace' : scope === 'plan' ? `the plan “${name}”` : name;
  return `The ${periodWords[period]} budget of ${of}`;
}
