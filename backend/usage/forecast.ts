// What the month is expected to come to: the mean of its last full days, weighed by weekday when there is enough
// history, with the range in which four of five such months would end. Pure, but for reading the days.
import type { UsageForecast } from '../../shared/usage.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { monthlyLimit, periodEnd, periodOf } from './quota.ts';
import { onSimulator } from './read.ts';

export interface DayOfUse {
  /** Midnight of the day in UTC, in milliseconds. */
  at: number;
  executions: number;
  /** Dollars. */
  cost: number;
}

const DAY = 86_400_000;
/** Fewer full days say nothing of the next ones. */
export const DAYS_NEEDED = 3;
const RECENT_DAYS = 7;
/** Two of each weekday at the least, or one odd Sunday would be the rule. */
const DAYS_FOR_WEEKDAYS = 14;
export const HISTORY_DAYS = 28;
/** Of a normal distribution: four of five lie within so many deviations. */
const FOUR_OF_FIVE = 1.2816;

type Figure = 'executions' | 'cost';
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** What a day is expected to bring, by the days before it. `days`: full days in their order, without gaps. */
function modelOf(days: readonly DayOfUse[], figure: Figure): { on(at: number): number; deviation: number } {
  const level = mean(days.slice(-RECENT_DAYS).map((day) => day[figure]));
  const all = mean(days.map((day) => day[figure]));
  const weighed = days.length >= DAYS_FOR_WEEKDAYS && all > 0;
  const factor = (at: number): number => {
    if (!weighed) return 1;
    const same = days.filter((day) => new Date(day.at).getUTCDay() === new Date(at).getUTCDay());
    return mean(same.map((day) => day[figure])) / all;
  };
  const on = (at: number): number => level * factor(at);
  // Around what the whole of the history would have said, not the last week alone, which may be a calm one.
  const apart = days.map((day) => day[figure] - all * factor(day.at));
  const deviation = Math.sqrt(apart.reduce((sum, value) => sum + value * value, 0) / Math.max(1, days.length - 1));
  return { on, deviation };
}

/** The rest of the month, day by day: of today the part that is left. */
function restOf(now: number, end: number): { at: number; from: number; share: number }[] {
  const today = Math.floor(now / DAY) * DAY;
  const parts = [{ at: today, from: now, share: 1 - (now - today) / DAY }];
  for (let at = today + DAY; at < end; at += DAY) parts.push({ at, from: at, share: 1 });
  return parts;
}

export interface ForecastInput {
  now: Date;
  /** The full days that are known, in their order and without gaps, at most HISTORY_DAYS. */
  days: readonly DayOfUse[];
  used: { executions: number; cost: number };
  limit: number | null;
}

export function forecast({ now, days, used, limit }: ForecastInput): Omit<UsageForecast, 'simulated'> {
  const end = periodEnd(now).getTime();
  const known = {
    period: periodOf(now),
    resetsAt: new Date(end).toISOString(),
    limit,
    used: used.executions,
    days: days.length,
    daysNeeded: DAYS_NEEDED,
  };
  if (days.length < DAYS_NEEDED) {
    return { ...known, method: null, executions: null, costUsd: null, runsOutAt: null, runsOutEarliestAt: null };
  }
  const rest = restOf(now.getTime(), end);
  const endOf = (figure: Figure) => {
    const { on, deviation } = modelOf(days, figure);
    const added = rest.reduce((sum, part) => sum + on(part.at) * part.share, 0);
    // Days vary each for itself; all of them together by the root of how many they are.
    const spread = FOUR_OF_FIVE * deviation * Math.sqrt(rest.reduce((sum, part) => sum + part.share, 0));
    const already = used[figure];
    return { expected: already + added, low: already + Math.max(0, added - spread), high: already + added + spread };
  };
  const cents = (value: number): number => Math.round(value * 100) / 100;
  const executions = endOf('executions');
  const cost = endOf('cost');
  const model = modelOf(days, 'executions');
  const left = limit === null ? null : limit - used.executions;
  const at = (more: number) => (left === null || left <= 0 ? null : runsOut({ left, rest, on: (day) => model.on(day) * more }));
  const added = executions.expected - used.executions;
  return {
    ...known,
    method: days.length >= DAYS_FOR_WEEKDAYS ? 'weekdays' : 'mean',
    executions: { expected: Math.round(executions.expected), low: Math.round(executions.low), high: Math.round(executions.high) },
    costUsd: { expected: cents(cost.expected), low: cents(cost.low), high: cents(cost.high) },
    runsOutAt: at(1),
    // Every day as much above what is expected as the upper end of the range is.
    runsOutEarliestAt: added > 0 ? at((executions.high - used.executions) / added) : null,
  };
}

/** The moment when `left` are used up, a day's being spread over it evenly; null: not before the month ends. */
function runsOut({ left, rest, on }: { left: number; rest: ReturnType<typeof restOf>; on(at: number): number }): string | null {
  let remaining = left;
  for (const part of rest) {
    const expected = on(part.at) * part.share;
    if (expected >= remaining) return new Date(Math.round(part.from + (remaining / expected) * part.share * DAY)).toISOString();
    remaining -= expected;
  }
  return null;
}

/** The full days behind now, from the first on which anything was used, at most four weeks of them. */
async function readDays(tx: TenantTransaction): Promise<DayOfUse[]> {
  const today = Math.floor(tx.now.getTime() / DAY) * DAY;
  const found = await rows(tx.db, sql<{ at: Date; executions: number; cost: number }>`
    select at, sum(executions)::int as executions, sum(cost_usd)::float8 as cost from usage_days
    where at >= ${new Date(today - HISTORY_DAYS * DAY)} and at < ${new Date(today)} group by at order by at`);
  const first = await row(tx.db, sql<{ at: Date | null }>`select min(at) as at from usage_days`);
  if (!first?.at) return [];
  const days = new Map(found.map((day) => [day.at.getTime(), day]));
  const from = Math.max(first.at.getTime(), today - HISTORY_DAYS * DAY);
  return Array.from({ length: Math.max(0, (today - from) / DAY) }, (_, index) => {
    const at = from + index * DAY;
    const day = days.get(at);
    return { at, executions: day?.executions ?? 0, cost: day?.cost ?? 0 };
  });
}

/** Whether anything of the month, or of the days that are looked back on, ran on a simulator. */
async function wasSimulated(tx: TenantTransaction): Promise<boolean> {
  const today = Math.floor(tx.now.getTime() / DAY) * DAY;
  const month = Date.UTC(tx.now.getUTCFullYear(), tx.now.getUTCMonth());
  const from = new Date(Math.min(month, today - HISTORY_DAYS * DAY));
  const found = await row(tx.db, sql<{ simulated: boolean }>`
    select exists (select 1 from usage_days r where r.at >= ${from} and ${onSimulator}) as simulated`);
  return found?.simulated ?? false;
}

export async function readForecast(tx: TenantTransaction): Promise<UsageForecast> {
  const month = await row(tx.db, sql<{ executions: number; cost: number }>`
    select executions, cost_usd::float8 as cost from usage_months where period = ${periodOf(tx.now)}`);
  const found = forecast({
    now: tx.now,
    days: await readDays(tx),
    used: { executions: month?.executions ?? 0, cost: month?.cost ?? 0 },
    limit: await monthlyLimit(tx),
  });
  return { ...found, simulated: await wasSimulated(tx) };
}
