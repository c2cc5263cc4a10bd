// The metrics of usage: their words, their units, and their value in a set of figures.
import type { UsageFigures, UsageGroup, UsageMetric } from '../../shared/usage.ts';
import { formatShort, formatShortMoney, formatShortSeconds, type ChartUnit } from '../components/chart/index.ts';
import { formatCount, formatDuration, formatMoney, formatPlural } from '../components/format.ts';

/** Those that a person chooses between; attempts stand in for executions by state. */
export const shownMetrics = ['executions', 'seconds', 'tokens', 'cost'] as const;
export type ShownMetric = (typeof shownMetrics)[number];

export const metricWords: Record<UsageMetric, string> = {
  executions: 'Executions',
  attempts: 'Attempts',
  seconds: 'Run time',
  tokens: 'Tokens',
  cost: 'Cost',
};

const counted = (word: string): ChartUnit => ({ format: (value) => formatPlural(value, word), short: formatShort, cell: formatCount, whole: true });
export const units: Record<UsageMetric, ChartUnit> = {
  executions: counted('execution'),
  attempts: counted('attempt'),
  seconds: { format: formatDuration, short: formatShortSeconds, seconds: true },
  tokens: counted('token'),
  cost: { format: (dollars) => formatMoney(String(dollars)), short: formatShortMoney },
};

export function valueOf(figures: UsageFigures, metric: UsageMetric): number {
  switch (metric) {
    case 'executions':
      return figures.executions;
    case 'attempts':
      return figures.attempts;
    case 'seconds':
      return figures.executionSeconds;
    case 'tokens':
      return figures.inputTokens + figures.outputTokens;
    case 'cost':
      return Number(figures.costUsd);
  }
}

/** What is asked of the backend: an execution has no outcome, so by state attempts are drawn. */
export function askedMetric(shown: ShownMetric, by: UsageGroup): UsageMetric {
  return shown === 'executions' && by === 'state' ? 'attempts' : shown;
}

/** `18,204`, `9 d 9 h`, `50.5M`, `$71.48`: as large as it stands in a tile. */
export function tileValue(metric: UsageMetric, value: number): string {
  switch (metric) {
    case 'executions':
    case 'attempts':
      return formatCount(value);
    case 'seconds':
      return value === 0 ? '0 s' : formatDuration(value);
    case 'tokens':
      return value < 100_000 ? formatCount(value) : formatShort(value);
    case 'cost':
      return formatMoney(String(value));
  }
}

/** `+12% on`, `−8% on`, `12 times`, to be followed by what it is compared with; null: there was nothing before. */
export function changeWords(value: number, before: number): string | null {
  if (before === 0) return null;
  const change = value / before - 1;
  if (change >= 9) return `${formatCount(Math.round(value / before))} times`;
  const percent = Math.round(change * 100);
  if (percent === 0) return 'the same as';
  return `${percent > 0 ? '+' : '−'}${formatCount(Math.abs(percent))}% on`;
}
