// What a chart draws: points in time, each with a value for every series.

export interface ChartPoint {
  /** RFC 3339; the first moment of the point, and the first after it. */
  at: string;
  until: string;
  /** One for each series, in their order; null: nothing was measured, which a line leaves out. */
  values: readonly (number | null)[];
}

export interface ChartSeries {
  key: string;
  label: string;
  color: string;
  /** A second sign beside the colour: `4 3` for a broken line. */
  dash?: string;
}

/** Bars and areas stand on one another; lines do not. */
export type ChartKind = 'bars' | 'areas' | 'lines';

/** How values read, on the axis and beside it. */
export interface ChartUnit {
  format(value: number): string;
  short(value: number): string;
  /** In a table whose heading says what is counted; absent: as `format`. */
  cell?(value: number): string;
  /** Ticks as clocks have them. */
  seconds?: boolean;
  /** Nothing between two whole numbers. */
  whole?: boolean;
}

export const totalOf = (point: Pick<ChartPoint, 'values'>): number =>
  point.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** The highest that the axis must reach. */
export function highest(points: readonly ChartPoint[], kind: ChartKind): number {
  const tops = points.map((point) => (kind === 'lines' ? Math.max(0, ...point.values.map((value) => value ?? 0)) : totalOf(point)));
  return tops.reduce((most, top) => Math.max(most, top), 0);
}

/** The point that holds a time; null: none does. */
export function indexOfTime(points: readonly ChartPoint[], at: number | null): number | null {
  if (at === null) return null;
  const index = points.findLastIndex((point) => Date.parse(point.at) <= at);
  const point = points[index];
  return point && at < Date.parse(point.until) ? index : null;
}

/** A cell of CSV: quoted where it must be, and never a formula to whoever opens it in a spreadsheet. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Comma-separated values with a line of headers, as RFC 4180 has them. */
export function toCsv(headers: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [headers, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
