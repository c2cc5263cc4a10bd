// The same values as a table: for whoever cannot see a chart, or wants the figures.
import type { ChartPoint, ChartSeries, ChartUnit } from './series.ts';
import { totalOf } from './series.ts';
import styles from './chart.module.css';

interface ChartTableProps {
  label: string;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  unit: ChartUnit;
  spanWords(point: ChartPoint): string;
  /** A column with the sum of a row. */
  sum: boolean;
  height: number;
}

export function ChartTable({ label, points, series, unit, spanWords, sum, height }: ChartTableProps) {
  const summed = sum && series.length > 1;
  const cell = unit.cell ?? unit.format;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard
    <div className={styles.tableBox} style={{ height }} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {summed && <th scope="col">All</th>}
            {series.map((one) => <th key={one.key} scope="col" title={one.label}>{one.label}</th>)}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.at}>
              <th scope="row">{spanWords(point)}</th>
              {summed && <td>{cell(totalOf(point))}</td>}
              {series.map((one, index) => {
                const value = point.values[index] ?? null;
                return <td key={one.key} data-none={value === 0 || undefined}>{value === null ? '–' : cell(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
