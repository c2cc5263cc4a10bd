// What a budget says of itself, and the form of one. Pure.
import type { z } from 'zod';
import {
  amountWords, budgetInput, DEFAULT_SOFT_PERCENT, type Budget, type budgetPatch, type BudgetPeriod, type BudgetScope, type BudgetState,
  type BudgetUnit,
} from '../../shared/budget.ts';
import { formatMoney, formatPlural } from '../components/format.ts';
import { wordsOf } from '../components/form.ts';
import type { ShownState } from '../components/state.ts';

export const scopeWords: Record<BudgetScope, string> = { workspace: 'Workspace', plan: 'Plan', agent: 'Agent' };
export const unitWords: Record<BudgetUnit, string> = { usd: 'Dollars', executions: 'Executions' };
export const periodWords: Record<BudgetPeriod, string> = { day: 'a day', month: 'a month', total: 'in all' };
export const stateWords: Record<BudgetState, string> = { ok: 'In budget', warned: 'Nearly used', exhausted: 'Used up' };
/** The shape and colour of a state that means as much. */
export const shapes: Record<BudgetState, ShownState> = { ok: 'succeeded', warned: 'retrying', exhausted: 'failed' };

/** To the cent from a dollar on; below it every digit says something. */
export const say = ({ unit }: Pick<Budget, 'unit'>, amount: string): string =>
  amountWords(unit, unit === 'usd' && Number(amount) >= 1 ? Number(amount).toFixed(2) : amount);

/** Without the word behind it, for columns. */
export const figure = (budget: Pick<Budget, 'unit'>, amount: string): string => say(budget, amount).replace(/ executions?$/, '');

/** As money stands in lists: to a tenth of a cent below a dollar, as everywhere else. */
export const rounded = (budget: Pick<Budget, 'unit'>, amount: string): string =>
  budget.unit === 'usd' ? formatMoney(amount) : figure(budget, amount);

/** Of the amount, 0 to 100; what goes beyond is cut. */
export function percentOf({ amount }: Pick<Budget, 'amount'>, part: string): number {
  return Math.max(0, Math.min(100, (Number(part) / Number(amount)) * 100));
}

/** How far it can end above the amount, as one sentence. */
export function overshootWords(budget: Budget): string {
  const { unit, overshoot, running } = budget;
  if (unit === 'executions') return 'Executions never go over: each is counted before it starts.';
  if (Number(overshoot) > 0) {
    const flight = running > 0 ? `: ${formatPlural(running, 'attempt')} in flight may pass it between two reports, and ${running === 1 ? 'is' : 'are'} stopped by the next` : '';
    return `At the worst it ends ${say(budget, overshoot)} over${flight}.`;
  }
  return 'It cannot go over: all that is in flight fits.';
}

/** The bar in words, for a screen reader and a tooltip. */
export function barWords(budget: Budget): string {
  const parts = [`${say(budget, budget.spent)} spent`];
  if (Number(budget.reserved) > 0) parts.push(`${say(budget, budget.reserved)} held for work in flight`);
  parts.push(`${say(budget, budget.remaining)} free of ${say(budget, budget.amount)}`, `warns at ${budget.softPercent} %`);
  if (Number(budget.overshoot) > 0) parts.push(`at most ${say(budget, budget.overshoot)} over`);
  return parts.join(', ');
}

export interface BudgetForm {
  scope: BudgetScope;
  agentId: string | null;
  planId: string | null;
  unit: BudgetUnit;
  amount: string;
  period: BudgetPeriod;
  softPercent: number | string;
  reserveUsd: string;
}

export const emptyBudget: BudgetForm = {
  scope: 'workspace', agentId: null, planId: null, unit: 'usd', amount: '', period: 'month', softPercent: DEFAULT_SOFT_PERCENT, reserveUsd: '',
};

export const formOf = (budget: Budget): BudgetForm => ({
  scope: budget.scope,
  agentId: budget.agentId,
  planId: budget.planId,
  unit: budget.unit,
  amount: budget.amount,
  period: budget.period,
  softPercent: budget.softPercent,
  reserveUsd: budget.reserveUsd ?? '',
});

/** A plan is done once: what it may cost in all is what people ask. */
export const usualPeriod = (scope: BudgetScope): BudgetPeriod => (scope === 'plan' ? 'total' : 'month');

/** As people write money: "$1,200.50" is 1200.50. */
export const plain = (written: string): string => written.trim().replace(/^\$\s*/, '').replaceAll(',', '');

const { shape } = budgetInput;
const amountSchema = wordsOf(shape.amount);
const reserveSchema = wordsOf(shape.reserveUsd);

export const validate = {
  agentId: (id: string | null, { scope }: BudgetForm) => (scope === 'agent' && id === null ? 'Choose the agent.' : null),
  planId: (id: string | null, { scope }: BudgetForm) => (scope === 'plan' && id === null ? 'Choose the plan.' : null),
  amount: (written: string, { unit }: BudgetForm) => {
    const amount = plain(written);
    if (amount === '') return 'Write an amount.';
    if (unit === 'executions' && !/^\d+$/.test(amount)) return 'Write a whole number of executions.';
    return amountSchema(amount);
  },
  softPercent: (value: number | string) => (value === '' ? 'Write a number from 1 to 100.' : wordsOf(shape.softPercent)(Number(value))),
  reserveUsd: (written: string, { unit, amount }: BudgetForm) => {
    if (unit === 'executions' || plain(written) === '') return null;
    const words = reserveSchema(plain(written));
    if (words !== null) return words;
    return Number(plain(written)) > Number(plain(amount)) ? 'At most the whole budget, or no attempt could ever start.' : null;
  },
};

const figures = (form: BudgetForm) => ({
  amount: plain(form.amount),
  period: form.period,
  softPercent: Number(form.softPercent),
  reserveUsd: form.unit === 'usd' && plain(form.reserveUsd) !== '' ? plain(form.reserveUsd) : null,
});

export function toInput(form: BudgetForm): z.input<typeof budgetInput> {
  return {
    scope: form.scope,
    unit: form.unit,
    ...(form.scope === 'agent' && form.agentId !== null && { agentId: form.agentId }),
    ...(form.scope === 'plan' && form.planId !== null && { planId: form.planId }),
    ...figures(form),
  };
}

/** With the edition that the form began from: somebody else's change is not overwritten. */
export function toPatch(form: BudgetForm, budget: Budget): z.input<typeof budgetPatch> {
  return { id: budget.id, edition: budget.edition, ...figures(form) };
}

/** A third more than now, as a round amount: what a person would write who wants it to go on. */
export function raised({ unit, amount }: Pick<Budget, 'unit' | 'amount'>): string {
  const wanted = Number(amount) * 1.5;
  const step = 10 ** Math.max(unit === 'executions' ? 0 : -2, Math.floor(Math.log10(wanted)) - 1);
  return String(Math.round(Math.ceil(wanted / step - 1e-9) * step * 1e6) / 1e6);
}
