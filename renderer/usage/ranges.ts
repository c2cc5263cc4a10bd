// The spans that usage is read for, from the route's search: which, cut into what, and what they are compared with.
import type { UsageBucket } from '../../shared/usage.ts';
import { startOfDay } from '../components/span.ts';

export type Search = Record<string, string | undefined>;

export const ranges = ['today', '7d', '30d', 'month', '12m'] as const;
export type RangeName = (typeof ranges)[number];
export const rangeLabels: Record<RangeName, string> = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  month: 'This month',
  '12m': '12 months',
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Range {
  /** Null: a span that was chosen on the chart. */
  name: RangeName | null;
  /** Milliseconds; the first moment, and the first after. */
  from: number;
  to: number;
  bucket: UsageBucket;
  /** In which days begin. */
  timeZone: string;
  /** The span before, as far as this one has come; `words` follow "+12% on", `within` "nothing". */
  compare: { from: number; to: number; words: string; within: string };
}

export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const utcMonth = (time: number, months = 0): number => {
  const at = new Date(time);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1);
};
const monthName = (time: number): string => new Date(time).toLocaleDateString('en', { month: 'long', timeZone: 'UTC' });
/** The end of the hour that runs: what is in it belongs to it. */
const ended = (time: number): number => Math.ceil(time / HOUR) * HOUR;

/** The part of a span before that has been so long as this one until now. */
function before([from, to]: [number, number], range: { from: number; now: number }): { from: number; to: number } {
  return { from, to: Math.min(to, from + Math.max(HOUR, ended(range.now) - range.from)) };
}

function named(name: RangeName, now: number): Range {
  const timeZone = localZone();
  const days = (count: number): Pick<Range, 'from' | 'to' | 'timeZone'> & { earlier: [number, number] } => {
    const from = startOfDay(now, 1 - count);
    return { from, to: startOfDay(now, 1), timeZone, earlier: [startOfDay(now, 1 - 2 * count), from] };
  };
  switch (name) {
    case 'today': {
      const { earlier, ...span } = days(1);
      return { name, ...span, bucket: 'hour', compare: { ...before(earlier, { from: span.from, now }), words: 'yesterday by now', within: 'yesterday by now' } };
    }
    case '7d': {
      const { earlier, ...span } = days(7);
      return { name, ...span, bucket: 'day', compare: { ...before(earlier, { from: span.from, now }), words: 'the 7 days before', within: 'in the 7 days before' } };
    }
    // From here on in UTC: as the quota counts, and as days are kept, of which a busy month has few rows.
    case '30d': {
      const to = Math.floor(now / DAY) * DAY + DAY;
      const from = to - 30 * DAY;
      return { name, from, to, bucket: 'day', timeZone: 'UTC', compare: { ...before([from - 30 * DAY, from], { from, now }), words: 'the 30 days before', within: 'in the 30 days before' } };
    }
    case 'month': {
      const [last, from, to] = [utcMonth(now, -1), utcMonth(now), utcMonth(now, 1)];
      return { name, from, to, bucket: 'day', timeZone: 'UTC', compare: { ...before([last, from], { from, now }), words: `${monthName(last)} by now`, within: `in ${monthName(last)} by now` } };
    }
    case '12m': {
      const [earlier, from, to] = [utcMonth(now, -23), utcMonth(now, -11), utcMonth(now, 1)];
      return { name, from, to, bucket: 'month', timeZone: 'UTC', compare: { ...before([earlier, from], { from, now }), words: 'the 12 months before', within: 'in the 12 months before' } };
    }
  }
}

/** The parts that a span of any length is cut into, so that there are neither too few nor too many. */
export function bucketFor(from: number, to: number): UsageBucket {
  if (to - from <= 3 * DAY) return 'hour';
  return to - from <= 93 * DAY ? 'day' : 'month';
}

/** The range of a route; what it does not say, or says wrongly, is the last seven days. */
export function rangeOf(search: Search, now: number): Range {
  const [from, to] = [Date.parse(search.from ?? ''), Date.parse(search.to ?? '')];
  if (from < to && to - from <= 3 * 366 * DAY) {
    const length = to - from;
    const timeZone = search.zone === 'UTC' ? 'UTC' : localZone();
    const earlier = before([from - length, from], { from, now: Math.min(Math.max(now, from), to) });
    return { name: null, from, to, bucket: bucketFor(from, to), timeZone, compare: { ...earlier, words: 'the time before', within: 'in the time before' } };
  }
  return named(ranges.find((known) => known === search.range) ?? '7d', now);
}

/** The search of a span that was chosen on a range's chart. */
export function chosenSearch(search: Search, range: Range, [from, to]: [string, string]): Search {
  const { range: _range, ...rest } = search;
  return { ...rest, from, to, zone: range.timeZone === 'UTC' ? 'UTC' : undefined };
}
export function namedSearch(search: Search, name: RangeName): Search {
  const { from: _from, to: _to, zone: _zone, ...rest } = search;
  return { ...rest, range: name === '7d' ? undefined : name };
}
