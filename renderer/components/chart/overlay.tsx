// What lies over a chart's shapes: the cursor, a range being chosen, the values at the cursor, names at lines' ends.
import type { ReactNode } from 'react';
import { totalOf, type ChartPoint, type ChartSeries, type ChartUnit } from './series.ts';
import { bandOf, spreadLabels, type Plot } from './scale.ts';
import styles from './chart.module.css';

/** A square in the colour of a series; its line where it is a broken one. */
export function SeriesMark({ color, dash }: { color: string; dash?: string | undefined }) {
  return <i className={styles.mark} data-dash={dash === undefined ? undefined : true} style={{ '--mark': color } as React.CSSProperties} aria-hidden />;
}

interface CursorLineProps {
  index: number;
  plot: Plot;
  count: number;
  /** A bar is shaded whole; of a line its middle is marked. */
  band: boolean;
}
export function CursorLine({ index, plot, count, band }: CursorLineProps) {
  const { left, width } = bandOf(index, plot, count);
  const style = band && width > 3
    ? { left, width, top: plot.top, height: plot.height }
    : { left: left + width / 2, width: 1, top: plot.top, height: plot.height };
  return <div className={band && width > 3 ? styles.band : styles.line} style={style} />;
}

/** The points from `from` to `to`, both in it, shaded. */
export function RangeShade({ range, plot, count }: { range: [number, number]; plot: Plot; count: number }) {
  const [from, to] = [Math.min(...range), Math.max(...range)];
  const { left, width } = bandOf(from, plot, count);
  return <div className={styles.range} style={{ left, width: width * (to - from + 1), top: plot.top, height: plot.height }} />;
}

interface ValuesTipProps {
  point: ChartPoint;
  series: readonly ChartSeries[];
  unit: ChartUnit;
  heading: string;
  /** Above the values a sum of them all. */
  stacked: boolean;
  /** The series that the pointer or the arrow keys are at. */
  active: number | null;
  /** What a click would do. */
  hint?: ReactNode;
  plot: Plot;
  index: number;
  count: number;
}
const MOST_ROWS = 8;

export function ValuesTip({ point, series, unit, heading, stacked, active, hint, plot, index, count }: ValuesTipProps) {
  const { left, width } = bandOf(index, plot, count);
  const toLeft = left + width / 2 > plot.left + plot.width / 2;
  // As the stack has them, the highest first; what is nought says nothing in a long list.
  const shown = series
    .map((one, at) => ({ ...one, value: point.values[at] ?? null, at }))
    .filter(({ value }) => series.length <= 4 || (value ?? 0) !== 0)
    .toReversed();
  const style = toLeft
    ? { right: `calc(100% - ${left - 6}px)`, top: plot.top }
    : { left: left + width + 6, top: plot.top };
  return (
    <div className={styles.tip} style={style}>
      <div className={styles.tipHead}>{heading}</div>
      {stacked && series.length > 1 && (
        <div className={styles.tipRow}><span>All</span><b>{unit.format(totalOf(point))}</b></div>
      )}
      {shown.slice(0, MOST_ROWS).map(({ key, label, color, dash, value, at }) => (
        <div key={key} className={styles.tipRow} data-active={at === active || undefined}>
          <span><SeriesMark color={color} dash={dash} />{label}</span>
          <b>{value === null ? '–' : unit.format(value)}</b>
        </div>
      ))}
      {shown.length === 0 && <div className="faint">Nothing</div>}
      {hint && <div className={styles.tipHint}>{hint}</div>}
    </div>
  );
}

const LABEL_GAP = 14;
interface EndLabelsProps {
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  /** The point whose values are said; null: the last that has one. */
  index: number | null;
  unit: ChartUnit;
  plot: Plot;
  top: number;
  stacked: boolean;
  width: number;
  /** Without a cursor: the value of the last point, even where that is none. */
  present?: boolean | undefined;
}

/** Names and values at the ends of lines: no legend is needed. With a cursor the values are those under it. */
export function EndLabels({ points, series, index, unit, plot, top, stacked, width, present }: EndLabelsProps) {
  const ends = series.map((_, at) => points.findLast((point) => point.values[at] !== null));
  const heights = series.map((_, at) => {
    const values = ends[at]?.values ?? [];
    const value = stacked ? values.slice(0, at + 1).reduce<number>((sum, part) => sum + (part ?? 0), 0) : (values[at] ?? 0);
    return plot.top + plot.height * (1 - value / top);
  });
  const places = spreadLabels(heights, LABEL_GAP, [plot.top + 5, plot.top + plot.height - 2]);
  return series.map(({ key, label, color }, at) => {
    const point = index === null ? (present ? points.at(-1) : ends[at]) : points[index];
    const value = point?.values[at] ?? null;
    return (
      <div key={key} className={styles.endLabel} style={{ left: plot.left + plot.width + 6, top: places[at], width: width - 8, color }}>
        <span className="ellipsis" title={label}>{label}</span>
        <b>{value === null ? '–' : unit.short(value)}</b>
      </div>
    );
  });
}
