// Live operation in every state in which a person meets it.
import type { MetricPoint } from '../../shared/metric.ts';
import { emptyWorkspace, failing, pending } from '../stories/bridge.ts';
import { NOW, meAs, secondsAgo, workspace } from '../stories/fixtures.ts';
import { atRest, makeMetricSeries, metricSamples, unmeasured, type SeriesOptions } from '../stories/metricFixtures.ts';
import { defineStories } from '../stories/story.ts';

const series = (options: SeriesOptions) => ({ 'metrics.series': (input: Record<string, unknown>) => makeMetricSeries(Number(input.windowMinutes), options) });
const stuck = (point: MetricPoint, ago: number): MetricPoint =>
  ago > 2 ? point : { ...point, started: 0, succeeded: 0, failed: 0, retried: 0, handedOff: 0, running: 0, busy: 0, idle: 0, offline: 10, queued: 180, waitP50: null, waitP95: null, waitP99: null, runP50: null, runP95: null, runP99: null, queryP95: 1_240, queryP99: 3_900, connections: 10, connectionsWaiting: 14 };
const large = (point: MetricPoint): MetricPoint => ({ ...point, queued: 1_284_311, retrying: 20_114, running: 4_012, waiting: 88_402, succeeded: 12_408, failed: 311, retried: 1_204, waitP99: 186_000, runP99: 903, memoryBytes: 6_100_000_000, sockets: 1_204 });

export const stories = defineStories('metrics', {
  some: { path: '/metrics', samples: metricSamples },
  hour: { path: '/metrics?window=60' },
  day: { path: '/metrics?window=1440' },
  embedded: { path: '/metrics?window=15', handlers: series({ database: 'pglite' }) },
  'just started': { path: '/metrics?window=360', handlers: series({ gapUntil: 38 }) },
  stuck: { path: '/metrics', handlers: series({ change: stuck }) },
  many: { path: '/metrics?window=60', handlers: series({ change: large }) },
  calm: { path: '/metrics?window=15', handlers: series({ change: atRest }) },
  paused: { path: '/metrics?window=15', handlers: { 'workspace.get': () => ({ ...workspace, paused: true, pausedAt: secondsAgo(200), pausedBy: 'Mara Keller' }) } },
  stale: { path: '/metrics?window=15', freshness: { state: 'stale', since: secondsAgo(80), reason: 'The connection to the backend was lost. Trying again.' } },
  empty: {
    path: '/metrics',
    handlers: {
      ...emptyWorkspace,
      'metrics.series': (input) => {
        const made = makeMetricSeries(Number(input.windowMinutes), { gapUntil: -1 });
        return { ...made, points: [...made.points.slice(0, -1), { ...unmeasured(NOW), waiting: 0, queued: 0, retrying: 0, running: 0, idle: 0, busy: 0, offline: 1, started: 0, succeeded: 0, failed: 0, retried: 0, handedOff: 0, sockets: 1, memoryBytes: 190_000_000 }] };
      },
    },
  },
  viewer: { path: '/metrics?window=60', me: meAs('viewer') },
  loading: { path: '/metrics', handlers: { 'metrics.series': pending } },
  failing: { path: '/metrics', handlers: { 'metrics.series': failing('unavailable', 'The backend does not answer.') } },
});
