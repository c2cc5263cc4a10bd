// Budgets in every state in which a person meets them, and the forms.
import type { Budget } from '../../shared/budget.ts';
import { AppError } from '../../shared/errors.ts';
import { budgets, removedBudget } from '../stories/budgetFixtures.ts';
import { failing, paged, pending } from '../stories/bridge.ts';
import { meAs } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';
import { BudgetDialog } from './BudgetDialog.tsx';

const nothing = (): void => undefined;
const at = (index: number): string => `/budgets/${budgets[index]?.id ?? ''}`;
const many = Array.from({ length: 300 }, (_, index): Budget => ({
  ...(budgets[index % budgets.length] as Budget),
  id: `019d2f6a-0400-7a31-8f0c-d${String(index).padStart(11, '0')}`,
}));
const taken = (): never => {
  throw new AppError('conflict', 'The monthly budget of the workspace in dollars is there already. Change its amount, or choose another period.', {
    details: { fields: [{ path: 'period', message: 'There is a budget of this period already.' }] },
  });
};

export const stories = defineStories('budgets', {
  some: { path: '/budgets' },
  'in budget': { path: at(0) },
  'executions nearly used': { path: at(1) },
  'used up': { path: at(2) },
  'nearly used': { path: at(3) },
  'of a plan': { path: at(4) },
  unused: { path: at(5) },
  removed: { path: at(3), handlers: { 'budgets.get': () => removedBudget, 'budgets.list': () => ({ items: budgets.filter(({ id }) => id !== removedBudget.id), nextCursor: null }) } },
  gone: { path: '/budgets/019d2f6a-0400-7a31-8f0c-a000000000ff' },
  viewer: { path: at(2), me: meAs('viewer') },
  many: { path: '/budgets', handlers: { 'budgets.list': (input) => paged(many, input) } },
  empty: { path: '/budgets', handlers: { 'budgets.list': (input) => paged([], input) } },
  loading: { path: at(0), handlers: { 'budgets.list': pending, 'budgets.get': pending } },
  failing: { path: '/budgets', handlers: { 'budgets.list': failing('unavailable', 'The backend does not answer.') } },
  'one failing': {
    path: at(0),
    handlers: {
      'budgets.get': failing('unavailable', 'The backend does not answer.'),
      'budgets.list': failing('unavailable', 'The backend does not answer.'),
    },
  },
  new: { path: '/budgets?new=1' },
  'new, for an agent': { path: `/budgets?new=1&agent=${budgets[2]?.agentId ?? ''}` },
  'new, there already': { path: '/budgets?new=1', handlers: { 'budgets.create': taken } },
  change: { frame: 'shell', render: () => <BudgetDialog opened budget={budgets[2]} onClose={nothing} onSaved={nothing} /> },
});
