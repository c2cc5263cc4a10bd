// The points of a window: what the backend answered, and the samples of the live stream behind it. Pure.
import type { Metric, MetricPoint, MetricSample, MetricSeries } from '../../shared/metric.ts';
import { errorRateOf } from '../../shared/metric.ts';
import type { ChartPoint } from '../components/chart/index.ts';

/** What is drawn: points at equal distances, and of how long a time each speaks. */
export interface Window {
  /** Oldest first. `at` is the end of what a point covers; null: nothing is known of it. */
  points: readonly { at: number; point: MetricPoint | null }[];
  stepMs: number;
  /** Counts and percentiles of a point are of this long before it. */
  spanMs: number;
}

const SECOND = 1_000;
/** The window that moves every second. */
export const LIVE_MINUTES = 5;
/** A sample stands for this long, should the next one be late. */
const HOLD_MS = 3 * SECOND;

/** Every second of the last five minutes: the sample of that second, or the answer's point that covers it. */
export function liveWindow(series: MetricSeries, samples: readonly MetricSample[]): Window {
  const timed = samples.map((point) => ({ at: Date.parse(point.at), point }));
  const all = series.points.map((point) => ({ at: Date.parse(point.at), point: point as MetricPoint | null }));
  // The present may fall on the end of the last step, and knows more.
  const answered = all.filter(({ at }, index) => at !== all[index + 1]?.at);
  const end = Math.max(answered.at(-1)?.at ?? 0, timed.at(-1)?.at ?? 0);
  // What is counted falls into whole seconds: a sample taken within one speaks of all that has ended in it.
  const last = Math.ceil(end / SECOND) * SECOND;
  const step = series.stepSeconds * SECOND;
  const points: { at: number; point: MetricPoint | null }[] = [];
  let [sample, known] = [0, 0];
  for (let at = last - (LIVE_MINUTES * 60 - 1) * SECOND; at <= last; at += SECOND) {
    while (sample < timed.length && timed[sample]!.at <= at) sample += 1;
    while (known < answered.length && answered[known]!.at <= at - SECOND) known += 1;
    const live = timed[sample - 1];
    const before = answered[known];
    if (live && live.at > at - HOLD_MS) points.push({ at, point: live.point });
    else points.push({ at, point: before && before.at - at < step ? before.point : null });
  }
  return { points, stepMs: SECOND, spanMs: 60 * SECOND };
}

/** The window as it was answered, with the latest sample as its present. */
export function answeredWindow(series: MetricSeries, sample: MetricSample | null): Window {
  const step = series.stepSeconds * SECOND;
  const all = series.points.map((point) => ({ at: Date.parse(point.at), point: point as MetricPoint | null }));
  const present = all.at(-1);
  const whole = all.slice(0, -1);
  const newest = sample && present && Date.parse(sample.at) > present.at ? sample : present?.point;
  const next = (whole.at(-1)?.at ?? present?.at ?? 0) + step;
  return {
    points: newest ? [...whole.slice(1), { at: next, point: newest }] : whole,
    stepMs: step,
    spanMs: series.spanSeconds * SECOND,
  };
}

export function windowOf(series: MetricSeries, samples: readonly MetricSample[]): Window {
  return series.windowMinutes === LIVE_MINUTES ? liveWindow(series, samples) : answeredWindow(series, samples.at(-1) ?? null);
}

/** A figure of a point: one that was measured, or one that follows from several. */
export type Figure = Exclude<Metric, 'memoryBytes'> | 'errorRate' | 'fresh' | 'memoryMb';

export function figureOf(point: MetricPoint | null, figure: Figure): number | null {
  if (point === null) return null;
  if (figure === 'errorRate') return errorRateOf(point);
  // Queued and never tried: what waits for its first attempt.
  if (figure === 'fresh') return point.queued === null ? null : point.queued - (point.retrying ?? 0);
  if (figure === 'memoryMb') return point.memoryBytes === null ? null : point.memoryBytes / 1_000_000;
  return point[figure];
}

/** What a chart draws of a window. */
export function chartPoints({ points, stepMs }: Window, figures: readonly Figure[]): ChartPoint[] {
  return points.map(({ at, point }) => ({
    at: new Date(at - stepMs).toISOString(),
    until: new Date(at).toISOString(),
    values: figures.map((figure) => figureOf(point, figure)),
  }));
}

const MINUTE = 60 * SECOND;
/** How far apart the axis names times, by the window's minutes. */
const tickSteps: [minutes: number, step: number][] = [
  [5, MINUTE],
  [15, 3 * MINUTE],
  [30, 5 * MINUTE],
  [60, 15 * MINUTE],
  [360, 90 * MINUTE],
  [1_440, 360 * MINUTE],
  [10_080, 1_440 * MINUTE],
];

/** The points at whole steps of the person's clock, by their `at`. */
export function ticksOf({ points, stepMs }: Window, windowMinutes: number): string[] {
  const step = tickSteps.find(([minutes]) => windowMinutes <= minutes)?.[1] ?? 1_440 * MINUTE;
  const local = (time: number): number => time - new Date(time).getTimezoneOffset() * MINUTE;
  return points
    .filter(({ at }) => local(at) % step < stepMs)
    .map(({ at }) => new Date(at - stepMs).toISOString());
}
