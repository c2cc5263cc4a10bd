// How the month stands against its quota, in words. Pure.
import type { UsageForecast } from '../../shared/usage.ts';
import { formatCount } from '../components/format.ts';

export type QuotaLevel = 'calm' | 'near' | 'used_up';

/** Near: nine of ten are used, or it is expected to run out before the month does. */
export function levelOf({ limit, used, runsOutAt }: Pick<UsageForecast, 'limit' | 'used' | 'runsOutAt'>): QuotaLevel {
  if (limit === null) return 'calm';
  if (used >= limit) return 'used_up';
  return runsOutAt !== null || used >= limit * 0.9 ? 'near' : 'calm';
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const momentFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const day = (time: string): string => dayFormat.format(new Date(time));

/** `1 Dec, 01:00` in the person's zone. */
export function momentWords(time: string): string {
  return momentFormat.format(new Date(time));
}

/** When the quota would be used up; null: not before the month ends. */
export function runOutWords(forecast: UsageForecast): string | null {
  const { runsOutAt, runsOutEarliestAt } = forecast;
  if (runsOutAt === null && runsOutEarliestAt === null) return null;
  if (runsOutAt === null) return `Busy days could use it up by ${day(runsOutEarliestAt as string)}.`;
  const earliest = runsOutEarliestAt !== null && day(runsOutEarliestAt) !== day(runsOutAt) ? `, at the earliest on ${day(runsOutEarliestAt)}` : '';
  return `At this rate it is used up on ${day(runsOutAt)}${earliest}.`;
}

/** How the forecast was made, or why there is none yet. */
export function methodWords({ method, days, daysNeeded }: UsageForecast): string {
  switch (method) {
    case 'weekdays':
      return `From the last 7 full days, each weekday weighed by the last ${days} days. In four of five months like these it ends within the range.`;
    case 'mean':
      return `From the mean of the last ${Math.min(7, days)} full days, which are too few to tell weekdays apart. In four of five months like these it ends within the range.`;
    case null:
      return days === 0
        ? `A forecast comes after ${daysNeeded} full days with work.`
        : `A forecast comes after ${daysNeeded} full days; so far there ${days === 1 ? 'is 1' : `are ${days}`}.`;
  }
}

/** "24,100 (22,800 – 25,900)"; without the range where it is none. */
export function expectedWords(figure: { expected: number; low: number; high: number }, format: (value: number) => string): string {
  const range = format(figure.low) === format(figure.high) ? '' : ` (${format(figure.low)} – ${format(figure.high)})`;
  return `${format(figure.expected)}${range}`;
}

/** Three figures that count, so that an expectation does not look exact. */
export function roundCount(value: number): string {
  return formatCount(value < 1_000 ? Math.round(value) : Number(value.toPrecision(3)));
}
