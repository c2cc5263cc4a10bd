// Spans of time as people read and choose them, in their own zone. What filters and charts hand on is shared/schema.ts's.
import { formatSpan, parseSpan } from '../../shared/schema.ts';

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const datedFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const preciseFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** `20 Nov`; with the year when it is another than now's. */
export function formatDay(time: number, now = Date.now()): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dateFormat : datedFormat).format(new Date(time));
}

/** `14:00`; with seconds only where they are not nought. */
export function formatTimeOfDay(time: number): string {
  return (time % 60_000 === 0 ? timeFormat : preciseFormat).format(new Date(time));
}

function midnight(time: number, days = 0): number {
  const day = new Date(time);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime();
}

/** Midnight of the person's day, `days` later. */
export const startOfDay = midnight;

/** `20 Nov, 14:00 – 15:00`, `20 – 26 Nov` as whole days, `since 20 Nov, 14:00`. Takes the text of a span. */
export function formatSpanWords(given: string): string {
  const span = parseSpan(given);
  if (!span) return given;
  const [from, to] = [span.from, span.to].map((time) => (time === null ? null : Date.parse(time)));
  if (from == null) return `before ${formatMoment(to as number)}`;
  if (to == null) return `since ${formatMoment(from)}`;
  if (from === midnight(from) && to === midnight(to)) {
    const last = midnight(to, -1);
    return from === last ? formatDay(from) : `${formatDay(from)} – ${formatDay(last)}`;
  }
  const sameDay = midnight(from) === midnight(to - 1);
  return `${formatMoment(from)} – ${sameDay ? formatTimeOfDay(to) : formatMoment(to)}`;
}

function formatMoment(time: number): string {
  return `${formatDay(time)}, ${formatTimeOfDay(time)}`;
}

/** What a filter by time offers; what is still going on has an open end, so that it stays live. */
export function recentSpans(now: number): { value: string; label: string }[] {
  // To the minute, so that the same choice is the same text while somebody looks at it.
  const minute = Math.floor(now / 60_000) * 60_000;
  const since = (time: number) => formatSpan({ from: new Date(time).toISOString(), to: null });
  const yesterday = { from: new Date(midnight(now, -1)).toISOString(), to: new Date(midnight(now)).toISOString() };
  return [
    { value: since(minute - 15 * 60_000), label: 'Last 15 minutes' },
    { value: since(minute - 3_600_000), label: 'Last hour' },
    { value: since(midnight(now)), label: 'Today' },
    { value: formatSpan(yesterday), label: 'Yesterday' },
    { value: since(midnight(now, -6)), label: 'Last 7 days' },
  ];
}
