// One chart of the grid: its question, the figure of now or of where the cursor is, and its lines over time.
import { Tooltip } from '@mantine/core';
import { useMemo } from 'react';
import { useGo } from '../app/routes.ts';
import { ChartTable, TimeChart, useChartCursor, type ChartPoint, type ChartSeries, type ChartUnit } from '../components/chart/index.ts';
import { formatSpanWords, formatTimeOfDay } from '../components/span.ts';
import { tasksUnder } from './links.ts';
import { chartPoints, figureOf, ticksOf, type Window } from './points.ts';
import type { Panel } from './panels.ts';
import styles from './metrics.module.css';

interface MetricPanelProps {
  panel: Panel;
  window: Window;
  windowMinutes: number;
  view: 'charts' | 'figures';
  /** Px of the chart. */
  height: number;
}


export function MetricPanel({ panel, window, windowMinutes, view, height }: MetricPanelProps) {
  const go = useGo();
  const { lines, unit, title } = panel;
  const points = useMemo(() => chartPoints(window, lines.map(({ figure }) => figure)), [window, lines]);
  const ticks = useMemo(() => ticksOf(window, windowMinutes), [window, windowMinutes]);
  const series = useMemo(() => lines.map(({ figure, label, color, dash }): ChartSeries => ({ key: figure, label, color, ...(dash && { dash }) })), [lines]);
  const linked = lines.some(({ tasks }) => tasks);
  const spanWords = (point: Pick<ChartPoint, 'at' | 'until'>): string => wordsOfSpan(point, window);
  const open = (point: ChartPoint, chosen: ChartSeries | null): void => {
    const line = lines.find(({ figure }) => figure === chosen?.key) ?? lines.find(({ tasks }) => tasks);
    const to = line && tasksUnder(line, Date.parse(point.until), window.spanMs);
    if (to) go(to);
  };
  const shared = { points, series, spanWords };
  const nothing = points.every(({ values }) => values.every((value) => value === null));
  return (
    <section className={styles.panel} aria-label={title}>
      <div className={styles.panelHead}>
        <Tooltip label={panel.about} multiline w={260}>
          <h2 className="ellipsis">{title}</h2>
        </Tooltip>
        {panel.node && <span className={styles.node}>this node</span>}
        <span className="grow" />
        <Main panel={panel} window={window} />
      </div>
      {view === 'figures' ? (
        <ChartTable label={`${title}, figures`} {...shared} unit={plainUnit(unit)} sum={false} height={height} />
      ) : nothing ? (
        <p className={styles.nothing} style={{ height }}>{whyNothing(panel, window)}</p>
      ) : (
        <TimeChart
          label={`${title} over time`}
          kind="lines"
          height={height}
          endLabels
          endWidth={lines.some(({ label }) => label.length > 8) ? 116 : 96}
          present
          axisTicks={ticks}
          axisTime={({ until }) => formatTimeOfDay(Math.round(Date.parse(until) / 60_000) * 60_000)}
          {...shared}
          unit={unit}
          {...(linked && { onOpen: open, hint: 'Click or Enter: the tasks' })}
        />
      )}
    </section>
  );
}

/** In a table the heading says that values are of a minute. */
function plainUnit(unit: ChartUnit): ChartUnit {
  return { ...unit, format: (value) => unit.format(value).replace(' / min', '') };
}

/** Nothing was there to be measured, or nobody measured. */
function whyNothing({ node, none }: Panel, { points }: Window): string {
  const measured = points.some(({ point }) => point !== null && (node ? point.sockets : point.queued) !== null);
  if (measured && none !== undefined) return none;
  return node ? 'This node did not run in this time.' : 'Nothing was measured in this time.';
}

/** The moment of a point, and how far back it speaks where that is more than the point's own time. */
function wordsOfSpan({ at, until }: Pick<ChartPoint, 'at' | 'until'>, { stepMs, spanMs }: Window): string {
  if (spanMs > stepMs) return `${formatTimeOfDay(Date.parse(until))}, the minute before`;
  return formatSpanWords(`${at}/${until}`);
}

/** The large figure: of now, or of the moment under the cursor of any chart. */
function Main({ panel, window }: { panel: Panel; window: Window }) {
  const { at } = useChartCursor();
  const pointed = at === null ? undefined : window.points.find((one) => one.at > at);
  const value = figureOf((pointed ?? window.points.at(-1))?.point ?? null, panel.main);
  return (
    <span className={styles.main} data-pointed={pointed !== undefined || undefined}>
      <b>{value === null ? '–' : plainUnit(panel.unit).format(value)}</b> {panel.mainWords}
    </span>
  );
}
