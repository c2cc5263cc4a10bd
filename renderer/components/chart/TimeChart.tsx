// Values over time: bars, areas or lines with one cursor for all charts of the screen, a range chosen with the mouse or
// with Shift and the arrow keys, and a way from any point to what is under it.
import { useId, useMemo, useRef, useState } from 'react';
import { useChartCursor } from './cursor.tsx';
import { CursorLine, EndLabels, RangeShade, ValuesTip } from './overlay.tsx';
import { bandOf, niceTicks, type Plot } from './scale.ts';
import { highest, indexOfTime, totalOf, type ChartKind, type ChartPoint, type ChartSeries, type ChartUnit } from './series.ts';
import { AXIS_HEIGHT, AXIS_WIDTH, Shapes, TOP } from './Shapes.tsx';
import { useChartHands } from './useChartHands.ts';
import { useWidth } from './useWidth.ts';
import styles from './chart.module.css';

export interface TimeChartProps {
  /** What is drawn, for a screen reader: "Executions by agent, by hour". */
  label: string;
  kind: ChartKind;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  unit: ChartUnit;
  height: number;
  axisTime(point: ChartPoint): string;
  /** The point's span in words: the heading of its values. */
  spanWords(point: ChartPoint): string;
  /** A click or Enter; `series` is the part of the stack or the line that was meant, null: the whole point. */
  onOpen?(point: ChartPoint, series: ChartSeries | null): void;
  /** A range was chosen; `until` is the end of its last point. */
  onRange?(from: string, until: string): void;
  /** What a click does, for the tip: "Click for the tasks". */
  hint?: string;
  /** Names at the lines' ends; without, a legend stands elsewhere. */
  endLabels?: boolean;
  /** Px for those names. */
  endWidth?: number;
  /** At a line's end stands the value of the last point, even where that is none. */
  present?: boolean;
  /** `at` of the points that the axis names; absent: as many as there is room for. */
  axisTicks?: readonly string[];
}

const END_LABELS = 112;
/** Px that the plot keeps beside them at the least. */
const PLOT_BESIDE = 170;

export function TimeChart(props: TimeChartProps) {
  const { label, kind, points, series, unit, height, axisTime, spanWords, onOpen, onRange, hint, endLabels = false, endWidth = END_LABELS } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const cursor = useChartCursor();
  const [active, setActive] = useState<number | null>(null);
  const [range, setRange] = useState<[number, number] | null>(null);

  const named = endLabels && width > AXIS_WIDTH + endWidth + PLOT_BESIDE;
  const right = named ? endWidth : 8;
  const plot: Plot = { left: AXIS_WIDTH, top: TOP, width: Math.max(1, width - AXIS_WIDTH - right), height: height - TOP - AXIS_HEIGHT };
  const ticks = useMemo(
    () => niceTicks(highest(points, kind), { seconds: unit.seconds ?? false, whole: unit.whole ?? false }),
    [points, kind, unit],
  );
  const top = ticks.at(-1) ?? 1;
  const index = indexOfTime(points, cursor.at);
  const own = cursor.owner === id;
  const point = index === null ? undefined : points[index];
  const hands = useChartHands({
    points,
    series,
    plot,
    top,
    kind,
    at: own ? index : null,
    active,
    range,
    moveTo(next) {
      const to = next === null ? undefined : points[next];
      if (to) cursor.point(Date.parse(to.at), id);
      else cursor.leave(id);
    },
    setActive,
    setRange: onRange ? setRange : () => undefined,
    open: (at, part) => {
      const opened = points[at];
      if (opened) onOpen?.(opened, part === null ? null : (series[part] ?? null));
    },
    choose: ([from, to]) => {
      const [first, last] = [points[Math.min(from, to)], points[Math.max(from, to)]];
      if (first && last) onRange?.(first.at, last.until);
    },
  });

  const words = point ? wordsOf({ point, series, unit, active: own ? active : null, heading: spanWords(point) }) : 'Arrow keys move through time.';
  const [first, last] = range ? [points[Math.min(...range)], points[Math.max(...range)]] : [];
  return (
    <div
      ref={box}
      className={styles.chart}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={index ?? 0}
      aria-valuetext={first && last ? `Range ${spanWords({ ...first, until: last.until })}` : words}
      data-open={onOpen ? true : undefined}
      data-own={own || undefined}
      {...hands}
    >
      {width > 0 && (
        <div aria-hidden>
          <Shapes {...{ width, height, right, kind, points, series, ticks, unit, axisTime }} axisTicks={props.axisTicks} />
          {range && <RangeShade range={range} plot={plot} count={points.length} />}
          {index !== null && <CursorLine index={index} plot={plot} count={points.length} band={kind === 'bars'} />}
          {named && (
            <EndLabels {...{ points, series, unit, plot, top, index, width: endWidth, present: props.present }} stacked={kind === 'areas'} />
          )}
          {point && index !== null && own && !range && (
            <ValuesTip
              {...{ point, series, unit, plot, index, hint, active }}
              heading={spanWords(point)}
              stacked={kind !== 'lines'}
              count={points.length}
            />
          )}
          {point && index !== null && !own && kind !== 'lines' && (
            <span className={styles.readout} style={readoutPlace(bandOf(index, plot, points.length), plot)}>{unit.format(totalOf(point))}</span>
          )}
          {range && first && last && (
            <span className={styles.readout} style={readoutPlace(bandOf(Math.max(...range), plot, points.length), plot)}>
              {spanWords({ ...first, until: last.until })}
            </span>
          )}
        </div>
      )}
    </div>
  );
}

function readoutPlace({ left, width }: { left: number; width: number }, plot: Plot) {
  const middle = left + width / 2;
  return middle > plot.left + plot.width / 2 ? { right: `calc(100% - ${middle - 5}px)`, top: 0 } : { left: middle + 5, top: 0 };
}

interface Worded {
  point: ChartPoint;
  series: readonly ChartSeries[];
  unit: ChartUnit;
  active: number | null;
  heading: string;
}
/** The values under the cursor in a sentence, for whoever hears the chart. */
function wordsOf({ point, series, unit, active, heading }: Worded): string {
  const value = (at: number): string => `${series[at]?.label ?? ''} ${point.values[at] == null ? 'nothing' : unit.format(point.values[at])}`;
  if (active !== null) return `${heading}: ${value(active)}`;
  return `${heading}: ${series.map((_, at) => value(at)).join(', ')}`;
}
