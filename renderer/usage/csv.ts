// What is shown as comma-separated values: the figures of each bucket, and the metric of each group.
import type { UsageMetric, UsageSeries } from '../../shared/usage.ts';
import { toCsv, type ChartSeries } from '../components/chart/index.ts';

const units: Record<UsageMetric, string> = {
  executions: 'Executions',
  attempts: 'Attempts',
  seconds: 'Seconds',
  tokens: 'Tokens',
  cost: 'USD',
};

/** Times in UTC as RFC 3339 has them; figures without units, which stand in the headers. */
export function usageCsv(found: UsageSeries, series: readonly ChartSeries[], metric: UsageMetric): string {
  const groups = found.groups.length === 0 ? [] : series;
  const headers = [
    'From', 'To', 'Executions', 'Attempts', 'Run time (s)', 'Input tokens', 'Output tokens', 'Cost (USD)',
    ...groups.map(({ label }) => `${units[metric]}: ${label}`),
  ];
  const rows = found.points.map(({ at, until, figures, values }) => [
    at, until, figures.executions, figures.attempts, figures.executionSeconds, figures.inputTokens, figures.outputTokens, figures.costUsd,
    ...groups.map((_, index) => values[index] ?? 0),
  ]);
  return toCsv(headers, rows);
}
