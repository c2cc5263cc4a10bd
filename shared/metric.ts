// Live operation: what an SRE watches of a workspace and of the node that serves it, as points in time.
import { z } from 'zod';
import { operation } from './operation.ts';
import { time } from './schema.ts';

/** Null: it was not measured then. A gap, never a zero. */
const measured = z.number().nullable().default(null);

/** One moment. Counts by minute and percentiles are those of the span before it (at least a minute). */
export const metricPoint = z.object({
  at: time,
  /** Tasks by state; `queued` holds those that are tried again too, `retrying` is how many of them. */
  waiting: measured,
  queued: measured,
  retrying: measured,
  running: measured,
  /** Agents that are not retired, by presence. */
  idle: measured,
  busy: measured,
  offline: measured,
  /** Attempts a minute: begun, and ended in each way. `retried`: failed, and queued again. */
  started: measured,
  succeeded: measured,
  failed: measured,
  retried: measured,
  handedOff: measured,
  /** Seconds from queued to claimed, and from claimed to ended; within 5% of the exact percentile. */
  waitP50: measured,
  waitP95: measured,
  waitP99: measured,
  runP50: measured,
  runP95: measured,
  runP99: measured,
  /** Of this node, since it started: milliseconds of database statements. */
  queryP50: measured,
  queryP95: measured,
  queryP99: measured,
  /** Of this node: database connections in use, and requests that wait for one. */
  connections: measured,
  connectionsWaiting: measured,
  /** Of this node: milliseconds from an event's commit to its sending, the slowest. */
  eventLagMs: measured,
  sockets: measured,
  memoryBytes: measured,
});
export type MetricPoint = z.infer<typeof metricPoint>;
export type Metric = Exclude<keyof MetricPoint, 'at'>;

/** Once a second over the live stream; not replayed. */
export const metricSample = metricPoint.extend({
  running: z.number().int(),
  queued: z.number().int(),
  /** Milliseconds from commit to the socket, the last batch. */
  eventLagMs: z.number(),
});
export type MetricSample = z.infer<typeof metricSample>;

/** The share of ended attempts that failed, 0 to 1; null: none ended, or nothing is known. */
export function errorRateOf(point: Pick<MetricPoint, 'succeeded' | 'failed' | 'retried' | 'handedOff'>): number | null {
  const { succeeded, failed, retried, handedOff } = point;
  if (succeeded === null || failed === null || retried === null) return null;
  const ended = succeeded + failed + retried + (handedOff ?? 0);
  return ended === 0 ? null : (failed + retried) / ended;
}

/** Minutes of the windows that the screen offers. */
export const metricWindows = [5, 15, 60, 360, 1_440] as const;
/** How long minutes are kept, in days; seconds are kept for SECONDS_KEPT_MINUTES. */
export const MINUTES_KEPT_DAYS = 7;
export const SECONDS_KEPT_MINUTES = 20;
/** Points that one answer holds at the most, besides the present. */
export const MOST_POINTS = 360;

/** How a window is cut: a point each `stepSeconds`, whose counts are of the `spanSeconds` before it. */
export function cutOf(windowMinutes: number): { stepSeconds: number; spanSeconds: number } {
  // Short windows move by 5 s, each point looking back a whole minute: what stands there is a rate a minute.
  if (windowMinutes <= 15) return { stepSeconds: 5, spanSeconds: 60 };
  const stepSeconds = Math.ceil(windowMinutes / MOST_POINTS) * 60;
  return { stepSeconds, spanSeconds: stepSeconds };
}

export const metricSeries = z.object({
  windowMinutes: z.number().int(),
  stepSeconds: z.number().int(),
  spanSeconds: z.number().int(),
  /** Oldest first, one for each step; the last one is the present, over the last minute. */
  points: z.array(metricPoint),
  /** The node that answered: its figures begin when it started, at most a day ago. */
  node: z.object({
    version: z.string(),
    startedAt: time,
    database: z.enum(['pglite', 'postgres']),
    /** Connections that its pool may open. */
    connectionLimit: z.number().int(),
  }),
});
export type MetricSeries = z.infer<typeof metricSeries>;

export const metricOperations = {
  series: operation({
    kind: 'query',
    summary: 'Queue depth, throughput, wait and run times, agents and the node over a window of time.',
    input: z.object({
      windowMinutes: z.coerce
        .number()
        .int()
        .min(5)
        .max(MINUTES_KEPT_DAYS * 1_440)
        .default(60)
        .describe('Minutes up to now, from 5 to 10080'),
    }),
    output: metricSeries,
    permission: 'metrics:read',
    scope: 'tasks:read',
    rest: { method: 'GET', path: '/api/metrics/series', status: 200 },
  }),
};
