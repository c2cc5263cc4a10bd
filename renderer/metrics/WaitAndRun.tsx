// Wait and run time over a window, for a screen that shows more than this: the 95th percentile of each.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { MetricSeries } from '../../shared/metric.ts';
import { useApi } from '../app/api.ts';
import { useGo } from '../app/routes.ts';
import { chartColor, formatShortSeconds, TimeChart, type ChartPoint, type ChartSeries, type ChartUnit } from '../components/chart/index.ts';
import { Panel } from '../components/layout.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { formatSpanWords, formatTimeOfDay } from '../components/span.ts';
import { tasksUnder } from './links.ts';
import { answeredWindow, chartPoints, figureOf, ticksOf } from './points.ts';
import styles from './metrics.module.css';

const series: ChartSeries[] = [
  { key: 'waitP95', label: 'wait', color: chartColor(5) },
  { key: 'runP95', label: 'run', color: chartColor(0) },
];
const unit: ChartUnit = { format: formatShortSeconds, short: formatShortSeconds, seconds: true };
const leads = { waitP95: { started: true }, runP95: { ended: 'succeeded,failed,lease_expired,handed_off' } } as const;

export const WAIT_AND_RUN = 'Wait and run time, p95';

/** A point is of a minute; while there is none the first is not waited for as long. */
export function refreshMs(series: MetricSeries | undefined): number {
  return series?.points.some(({ waitP95, runP95 }) => waitP95 !== null || runP95 !== null) ? 60_000 : 5_000;
}

export function WaitAndRun({ windowMinutes, height }: { windowMinutes: number; height: number }) {
  const api = useApi();
  const go = useGo();
  const query = useQuery({
    ...api.metrics.series.queryOptions({ windowMinutes }),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => refreshMs(state.data),
    placeholderData: (before) => before,
  });
  const answered = query.data;
  const window = useMemo(() => (answered ? answeredWindow(answered, null) : null), [answered]);
  const points = useMemo(() => (window ? chartPoints(window, ['waitP95', 'runP95']) : []), [window]);
  const present = window?.points.findLast(({ point }) => figureOf(point, 'runP95') !== null || figureOf(point, 'waitP95') !== null)?.point ?? null;
  const none = points.every(({ values }) => values.every((value) => value === null));
  const words = (value: number | null): string => (value === null ? '–' : formatShortSeconds(value));
  const spanWords = ({ at, until }: Pick<ChartPoint, 'at' | 'until'>): string => formatSpanWords(`${at}/${until}`);
  const open = (point: ChartPoint, chosen: ChartSeries | null): void => {
    const key = chosen?.key === 'waitP95' ? 'waitP95' : 'runP95';
    const to = window && tasksUnder({ tasks: leads[key] }, Date.parse(point.until), window.spanMs);
    if (to) go(to);
  };
  return (
    <Panel
      title={WAIT_AND_RUN}
      label={WAIT_AND_RUN}
      aside={
        present && (
          <span className="mono" title={`The newest of the chart, until ${formatTimeOfDay(Date.parse(present.at))}: wait · run time.`}>
            {words(figureOf(present, 'waitP95'))} · {words(figureOf(present, 'runP95'))}
          </span>
        )
      }
    >
      {query.error && !answered ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : !window ? (
        <div className={styles.skeleton} style={{ height }} aria-hidden />
      ) : none ? (
        <p className={styles.nothing} style={{ height }}>No attempt began or ended in this time.</p>
      ) : (
        <TimeChart
          label={WAIT_AND_RUN}
          kind="lines"
          height={height}
          points={points}
          series={series}
          unit={unit}
          axisTicks={ticksOf(window, windowMinutes)}
          axisTime={({ until }) => axisWords(until, windowMinutes)}
          spanWords={spanWords}
          onOpen={open}
          hint="Click or Enter: the tasks"
          endLabels
          endWidth={84}
        />
      )}
    </Panel>
  );
}

function axisWords(until: string, windowMinutes: number): string {
  if (windowMinutes > 2_880) return new Date(until).toLocaleDateString('en', { weekday: 'short', day: 'numeric' });
  return formatTimeOfDay(Math.round(Date.parse(until) / 60_000) * 60_000);
}
