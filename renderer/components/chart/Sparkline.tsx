// A small chart without axes, beside a figure: its course, and the value where the screen's cursor is.
import { useRef } from 'react';
import { useChartCursor } from './cursor.tsx';
import { bandOf, type Plot } from './scale.ts';
import { indexOfTime, totalOf, type ChartPoint } from './series.ts';
import { useWidth } from './useWidth.ts';
import styles from './chart.module.css';

interface SparklineProps {
  points: readonly Pick<ChartPoint, 'at' | 'until' | 'values'>[];
  color?: string;
  height?: number;
}

/** Decoration: the figure beside it says what it means. */
export function Sparkline({ points, color = 'var(--faint)', height = 22 }: SparklineProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { at } = useChartCursor();
  const values = points.map(totalOf);
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  const plot: Plot = { left: 0, top: 0, width: Math.max(1, width), height };
  const index = indexOfTime(points, at);
  return (
    <div ref={box} className={styles.spark} style={{ height }} aria-hidden>
      {width > 0 && (
        <svg width={width} height={height}>
          {values.map((value, each) => {
            const { left, width: band } = bandOf(each, plot, points.length);
            const tall = most === 0 ? 0 : Math.max(value > 0 ? 1.5 : 0, (value / most) * height);
            return (
              <rect
                key={points[each]?.at}
                x={left}
                y={height - tall}
                width={Math.max(0.5, band - (band > 3 ? 1 : 0))}
                height={tall}
                fill={color}
                opacity={index === null || index === each ? 1 : 0.45}
              />
            );
          })}
        </svg>
      )}
    </div>
  );
}

/** The value of one of several small charts at the shared cursor; null: no chart is pointed at. */
export function useValueAtCursor(points: readonly Pick<ChartPoint, 'at' | 'until' | 'values'>[]): number | null {
  const { at } = useChartCursor();
  const index = indexOfTime(points, at);
  const point = index === null ? undefined : points[index];
  return point ? totalOf(point) : null;
}
