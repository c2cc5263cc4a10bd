// Attempts as bars over time: where each begins and how long it is, in per cent of the whole. Pure.
import type { Attempt } from '../../shared/task.ts';

export interface Bar {
  number: number;
  left: number;
  width: number;
}
export interface Bars {
  bars: Bar[];
  /** Seconds from the first start to the end of what is drawn. */
  seconds: number;
}

/** A bar is never thinner, in per cent: a short attempt of a long history must be seen. */
const LEAST = 1.5;

/** `until`: the next try, which is in the picture too. Times in milliseconds. */
export function barsOf(attempts: readonly Attempt[], now: number, until: number | null = null): Bars {
  const spans = attempts.map((attempt) => ({
    number: attempt.number,
    from: Date.parse(attempt.startedAt),
    to: attempt.finishedAt === null ? Math.max(now, Date.parse(attempt.startedAt)) : Date.parse(attempt.finishedAt),
  }));
  if (spans.length === 0) return { bars: [], seconds: 0 };
  const start = Math.min(...spans.map(({ from }) => from));
  const end = Math.max(...spans.map(({ to }) => to), until ?? 0);
  const whole = Math.max(1, end - start);
  const bars = spans.map(({ number, from, to }) => {
    const width = Math.min(100, Math.max(LEAST, ((to - from) / whole) * 100));
    return { number, left: Math.min(100 - width, ((from - start) / whole) * 100), width };
  });
  return { bars, seconds: whole / 1000 };
}

/** Seconds of an attempt, so far while it runs. */
export function attemptSeconds(attempt: Attempt, now: number): number {
  return Math.max(0, ((attempt.finishedAt === null ? now : Date.parse(attempt.finishedAt)) - Date.parse(attempt.startedAt)) / 1000);
}

/** A word for the bar: the status that a provider answered, or the error's code, or the outcome. */
export function barWord(attempt: Attempt): string {
  if (!attempt.error) return attempt.outcome === 'running' ? 'running' : '';
  const status = /\b[45]\d\d\b/.exec(attempt.error.message)?.[0];
  return status ?? attempt.error.code.replaceAll('_', ' ');
}
