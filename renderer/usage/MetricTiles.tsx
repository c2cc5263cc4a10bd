// The figures of the span, each with its course and what it was before; the one that is chosen is drawn large below.
import { useId, type ReactNode } from 'react';
import type { UsageFigures, UsageSeries } from '../../shared/usage.ts';
import { formatShort, Sparkline, useChartCursor, useValueAtCursor, type ChartPoint } from '../components/chart/index.ts';
import { formatPlural } from '../components/format.ts';
import { SimulatedTag } from '../components/values.tsx';
import { changeWords, metricWords, shownMetrics, tileValue, valueOf, type ShownMetric } from './metrics.ts';
import styles from './usage.module.css';

interface MetricTilesProps {
  found: UsageSeries | undefined;
  chosen: ShownMetric;
  onChoose(metric: ShownMetric): void;
  /** What the span is compared with. */
  compare: { words: string; within: string };
  spanWords(point: Pick<ChartPoint, 'at' | 'until'>): string;
}

/** What a simulator only claims to have used; that its attempts ran, and how long, is so. */
const madeUp: ReadonlySet<ShownMetric> = new Set(['tokens', 'cost']);

export function MetricTiles({ found, chosen, onChoose, compare, spanWords }: MetricTilesProps) {
  const name = useId();
  return (
    <div className={styles.tiles} role="radiogroup" aria-label="What is drawn" aria-busy={found === undefined}>
      {shownMetrics.map((metric) => (
        <label key={metric} className={styles.tile}>
          <input type="radio" name={name} value={metric} checked={metric === chosen} onChange={() => onChoose(metric)} />
          {found ? (
            <Figure {...{ metric, found, compare, spanWords }} tag={found.simulated && madeUp.has(metric) ? <SimulatedTag /> : null} />
          ) : (
            <>
              <span className={styles.tileLabel}>{metricWords[metric]}</span>
              <span className={styles.tileSkeleton} aria-hidden />
            </>
          )}
        </label>
      ))}
    </div>
  );
}

interface FigureProps {
  metric: ShownMetric;
  found: UsageSeries;
  compare: MetricTilesProps['compare'];
  spanWords: MetricTilesProps['spanWords'];
  tag: ReactNode;
}
function Figure({ metric, found, compare, spanWords, tag }: FigureProps) {
  const points = found.points.map(({ at, until, figures }) => ({ at, until, values: [valueOf(figures, metric)] }));
  const at = useChartCursor().at;
  const under = useValueAtCursor(points);
  const point = at === null ? undefined : points.findLast((one) => Date.parse(one.at) <= at);
  const change = found.previous && changeWords(valueOf(found.total, metric), valueOf(found.previous, metric));
  const before = change === null ? `Nothing ${compare.within}` : `${change} ${compare.words}`;
  return (
    <>
      <span className={styles.tileLabel}>
        <span className="ellipsis">{metricWords[metric]}{under !== null && point && <span className="faint"> · {spanWords(point)}</span>}</span>
        {tag}
      </span>
      <span className={styles.tileValue}>{tileValue(metric, under ?? valueOf(found.total, metric))}</span>
      <span className={styles.tileSub}>{partsOf(metric, found.total)}</span>
      <span className={styles.tileSub} title={before}>{before}</span>
      <Sparkline points={points} color="color-mix(in srgb, var(--chart-1) 70%, var(--panel))" height={18} />
    </>
  );
}

/** What else belongs to the figure. */
function partsOf(metric: ShownMetric, total: UsageFigures): string {
  const each = (sum: number, count: number): string => (count === 0 ? '–' : tileValue(metric, sum / count));
  switch (metric) {
    case 'executions':
      return `${formatPlural(total.attempts, 'attempt')} ended`;
    case 'seconds':
      return `${each(total.executionSeconds, total.attempts)} an attempt`;
    case 'tokens':
      return `${formatShort(total.inputTokens)} in, ${formatShort(total.outputTokens)} out`;
    case 'cost':
      return `${each(Number(total.costUsd), total.executions)} an execution`;
  }
}
