// When a budget's period began and ends, in UTC: a period is told by its beginning, so that none needs a clock to end it.
import type { BudgetPeriod } from '../../shared/budget.ts';

/** Of a total: before everything. */
const EVER = new Date(0);

export function periodStart(period: BudgetPeriod, now: Date): Date {
  if (period === 'total') return EVER;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), period === 'day' ? now.getUTCDate() : 1));
}

/** The first moment after; null: never. */
export function periodEnd(period: BudgetPeriod, now: Date): Date | null {
  if (period === 'total') return null;
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return new Date(period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1));
}
