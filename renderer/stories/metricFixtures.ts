// Live operation on a busy evening: an even load with a spike of failures a while ago.
import { cutOf, type MetricPoint, type MetricSample, type MetricSeries } from '../../shared/metric.ts';
import { createRandom, NOW, secondsAgo } from './fixtures.ts';

const wave = (at: number, length: number): number => Math.sin((at / (length * 1_000)) * Math.PI * 2);

/** How it stood at a time; `ago` in minutes. */
function pointAt(at: number, ago: number): MetricPoint {
  const random = createRandom(1 + (Math.floor(at / 5_000) % 100_000));
  const spike = ago > 3 && ago < 4 ? 1 : 0;
  const queued = Math.max(0, Math.round(24 + 14 * wave(at, 900) + 6 * random() + spike * 30));
  const wait = 1.4 + 0.8 * wave(at, 700) + random() * 0.4 + spike * 6;
  const run = 38 + 9 * wave(at, 1_100) + random() * 4;
  return {
    at: new Date(at).toISOString(),
    waiting: 41,
    queued,
    retrying: Math.min(queued, Math.round(2 + spike * 11 + random() * 2)),
    running: Math.round(6 + 2 * wave(at, 400)),
    busy: 5,
    idle: 4,
    offline: 1,
    started: Math.round(36 + 8 * wave(at, 800)),
    succeeded: Math.round(34 + 8 * wave(at, 800) - spike * 12),
    failed: Math.round(random() * 1.3 + spike * 6),
    retried: Math.round(random() * 2 + spike * 9),
    handedOff: random() > 0.8 ? 1 : 0,
    waitP50: wait * 0.4,
    waitP95: wait,
    waitP99: wait * 1.7,
    runP50: run * 0.5,
    runP95: run,
    runP99: run * 1.4,
    queryP50: 0.8 + random() * 0.2,
    queryP95: 3.1 + random() + spike * 20,
    queryP99: 9 + random() * 4 + spike * 90,
    connections: 2 + Math.round(random() * 2),
    connectionsWaiting: spike,
    eventLagMs: 8 + random() * 10 + spike * 200,
    sockets: 3,
    memoryBytes: 214_000_000 + 9_000_000 * wave(at, 3_000),
  };
}

export const unmeasured = (at: number): MetricPoint => ({
  ...(Object.fromEntries(Object.keys(pointAt(at, 0)).map((name) => [name, null])) as unknown as MetricPoint),
  at: new Date(at).toISOString(),
});

/** The same point where no work is, and agents wait for some. */
export const atRest = (point: MetricPoint): MetricPoint => ({
  ...point, waiting: 0, queued: 0, retrying: 0, running: 0, started: 0, succeeded: 0, failed: 0, retried: 0, handedOff: 0,
  waitP50: null, waitP95: null, waitP99: null, runP50: null, runP95: null, runP99: null, busy: 0, idle: 10, offline: 0,
  eventLagMs: null,
});

export interface SeriesOptions {
  /** Minutes ago until which nothing was measured. */
  gapUntil?: number;
  database?: MetricSeries['node']['database'];
  change?: (point: MetricPoint, minutesAgo: number) => MetricPoint;
}

export function makeMetricSeries(windowMinutes: number, options: SeriesOptions = {}): MetricSeries {
  const { stepSeconds, spanSeconds } = cutOf(windowMinutes);
  const count = Math.round((windowMinutes * 60) / stepSeconds);
  const last = Math.floor(NOW / (stepSeconds * 1_000)) * stepSeconds * 1_000;
  const times = [...Array.from({ length: count }, (_, index) => last - (count - 1 - index) * stepSeconds * 1_000), NOW];
  return {
    windowMinutes,
    stepSeconds,
    spanSeconds,
    points: times.map((at) => {
      const ago = (NOW - at) / 60_000;
      if (options.gapUntil !== undefined && ago > options.gapUntil) return unmeasured(at);
      const point = pointAt(at, ago);
      return options.change ? options.change(point, ago) : point;
    }),
    node: { version: '0.1.0', startedAt: secondsAgo(11_520), database: options.database ?? 'postgres', connectionLimit: 10 },
  };
}

/** What the live stream brought in the last minute. */
export const metricSamples: MetricSample[] = Array.from({ length: 60 }, (_, index) => {
  const at = NOW - (59 - index) * 1_000;
  const point = pointAt(at, (NOW - at) / 60_000);
  return { ...point, running: point.running ?? 0, queued: point.queued ?? 0, eventLagMs: point.eventLagMs ?? 0 };
});
