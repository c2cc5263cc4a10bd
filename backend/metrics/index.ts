// Live operation: its handler, and what other nouns and the composition roots may use.
import type { metricOperations } from '../../shared/metric.ts';
import { cutOf } from '../../shared/metric.ts';
import type { Database } from '../platform/database.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import type { NodeHistory } from '../platform/node-history.ts';
import { readSeries } from './series.ts';

export { settleMetrics, trimMetrics } from './count.ts';
export { createPace, type Pace } from './pace.ts';
export { createSampler, type Sampler } from './sampler.ts';
export { readStanding } from './sample.ts';
export { readNow } from './series.ts';

export interface MetricParts {
  history: NodeHistory;
  version: string;
  database: Pick<Database, 'dialect'>;
}

export function createMetricHandlers({ history, version, database }: MetricParts): HandlersOf<typeof metricOperations> {
  return {
    series: inTenant(async (tx, { windowMinutes }) => ({
      windowMinutes,
      ...cutOf(windowMinutes),
      points: await readSeries(tx, windowMinutes, history),
      node: {
        version,
        startedAt: history.startedAt.toISOString(),
        database: database.dialect,
        connectionLimit: history.connectionLimit(),
      },
    })),
  };
}
