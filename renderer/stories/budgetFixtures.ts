// Budgets in every state, and attempts that one has stopped.
import type { Budget, BudgetStop } from '../../shared/budget.ts';
import { AppError } from '../../shared/errors.ts';
import { agents, planSummaries, secondsAgo, secondsAhead, tasks, workspace } from './fixtures.ts';
import type { Handlers } from './bridge.ts';

const id = (number: number): string => `019d2f6a-0400-7a31-8f0c-b${String(number).padStart(11, '0')}`;
const base: Budget = {
  id: id(0), version: 412, edition: 2, scope: 'workspace', planId: null, agentId: null, name: workspace.name, simulated: false, unit: 'usd',
  amount: '120', softPercent: 80, period: 'month', reserveUsd: null, spent: '71.482', reserved: '3.2', remaining: '45.318', overshoot: '0', running: 5,
  state: 'ok', warnedAt: null, exhaustedAt: null, periodStart: '2026-11-01T00:00:00.000Z', resetsAt: secondsAhead(460_000), createdAt: secondsAgo(1_900_000),
  removedAt: null,
};
const agent = (index: number): Pick<Budget, 'scope' | 'agentId' | 'name' | 'simulated'> => {
  const found = agents[index]!;
  return { scope: 'agent', agentId: found.id, name: found.name, simulated: found.provider?.simulated ?? false };
};

export const budgets: Budget[] = [
  base,
  { ...base, id: id(1), unit: 'executions', amount: '20000', spent: '18204', reserved: '0', remaining: '1796', running: 0, state: 'warned', warnedAt: secondsAgo(90_000), period: 'month' },
  { ...base, ...agent(3), id: id(2), amount: '5', spent: '4.91', reserved: '0.09', remaining: '0', overshoot: '0.42', running: 2, reserveUsd: '0.25', state: 'exhausted', warnedAt: secondsAgo(9_000), exhaustedAt: secondsAgo(340), period: 'day', resetsAt: secondsAhead(31_000) },
  { ...base, ...agent(2), id: id(3), amount: '12.5', spent: '10.75', reserved: '0.8', remaining: '0.95', overshoot: '0', running: 1, state: 'warned', warnedAt: secondsAgo(4_000) },
  { ...base, scope: 'plan', planId: planSummaries[0]!.id, name: planSummaries[0]!.name, id: id(4), amount: '40', spent: '6.2', reserved: '1.5', remaining: '32.3', running: 3, period: 'total', periodStart: null, resetsAt: null },
  { ...base, ...agent(6), id: id(5), amount: '2', spent: '0', reserved: '0', remaining: '2', running: 0 },
];
export const removedBudget: Budget = { ...budgets[3]!, removedAt: secondsAgo(20), reserved: '0', running: 0, remaining: '1.75' };

export const budgetStops: BudgetStop[] = tasks.slice(0, 3).map((task, index) => ({
  taskId: task.id, title: task.title, attempt: index + 1, agentId: agents[3]!.id, agentName: agents[3]!.name, costUsd: ['0.71', '0.404', '1.2'][index]!, at: secondsAgo(340 + index * 5_000),
}));

function one(wanted: unknown): Budget {
  const found = budgets.find((budget) => budget.id === wanted);
  if (!found) throw new AppError('not_found', 'No such budget. It may have been deleted, or the id is of another workspace.');
  return found;
}

export const budgetHandlers: Handlers = {
  'budgets.list': ({ agentId, planId }) => ({
    items: budgets.filter((budget) => budget.scope === 'workspace' || ((!agentId || budget.agentId === agentId) && (!planId || budget.planId === planId))),
    nextCursor: null,
  }),
  'budgets.get': (input) => one(input.id),
  'budgets.stops': (input) => ({ items: one(input.id).state === 'exhausted' ? budgetStops : [], nextCursor: null }),
  'budgets.create': (input) => ({ ...base, ...input, id: id(9), spent: '0', reserved: '0', remaining: input.amount, running: 0 }),
  'budgets.update': (input) => ({ ...one(input.id), ...input, version: 9_999 }),
  'budgets.remove': (input) => ({ ...one(input.id), removedAt: secondsAgo(0), version: 9_999 }),
  'budgets.restore': (input) => one(input.id),
};
