// The buckets of a series: where each begins, in whole hours. Days are those of a time zone, months those of UTC.
import { AppError } from '../../shared/errors.ts';
import { MOST_BUCKETS, type UsageBucket } from '../../shared/usage.ts';

const HOUR = 3_600_000;
export const floorHour = (time: number): number => Math.floor(time / HOUR) * HOUR;
export const ceilHour = (time: number): number => Math.ceil(time / HOUR) * HOUR;

function refused(path: string, message: string): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] } });
}

/** A span as whole hours, in milliseconds; refused where it ends before it begins. */
export function spanOf(input: { from: string; to: string }, name = 'to'): { from: number; to: number } {
  const [from, to] = [floorHour(Date.parse(input.from)), ceilHour(Date.parse(input.to))];
  if (from >= to) throw refused(name, 'Choose an end after the beginning.');
  return { from, to };
}

const daysIn = new Map<string, Intl.DateTimeFormat>();
/** The day of a time in a zone, as a text that tells days apart. */
function dayIn(time: number, timeZone: string): string {
  const format = daysIn.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  daysIn.set(timeZone, format);
  return format.format(time);
}

/**
 * The edges of the buckets between two full hours, one more than there are buckets. A day has the hours that begin in
 * it: where a zone is half an hour off, so are the days' edges. Too many buckets are refused.
 */
export function edgesOf(bucket: UsageBucket, span: { from: number; to: number }, timeZone: string): number[] {
  const most = MOST_BUCKETS[bucket];
  const tooLong = () => refused('to', `At most ${most} ${bucket}s can be asked for. Choose a shorter span or longer parts.`);
  // Before any edge is made: the span itself may be of a thousand years.
  if ((span.to - span.from) / HOUR > most * { hour: 1, day: 25, month: 744 }[bucket]) throw tooLong();
  const edges = [span.from];
  if (bucket === 'month') {
    for (let at = nextMonth(span.from); at < span.to; at = nextMonth(at)) edges.push(at);
  } else {
    for (let at = span.from + HOUR; at < span.to; at += HOUR) {
      if (bucket === 'hour' || dayIn(at, timeZone) !== dayIn(at - HOUR, timeZone)) edges.push(at);
    }
  }
  if (edges.length > most) throw tooLong();
  return [...edges, span.to];
}

function nextMonth(time: number): number {
  const at = new Date(time);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/** Whether all of these are midnights of UTC: then the rows of days say the same as those of hours. */
export function areDays(edges: readonly number[]): boolean {
  return edges.every((edge) => edge % (24 * HOUR) === 0);
}
