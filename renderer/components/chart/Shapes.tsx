// What recharts draws: grid, axes and the shapes. All that moves with the pointer lies over it (overlay.tsx), so
// that a pointer that moves draws nothing anew.
import { memo } from 'react';
import { Area, Bar, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import type { ChartKind, ChartPoint, ChartSeries, ChartUnit } from './series.ts';

export const AXIS_WIDTH = 46;
export const AXIS_HEIGHT = 20;
/** Px above the plot. */
export const TOP = 10;
/** Px of a bar below which an edge around its parts would hide them. */
const EDGED_FROM = 6;
const tick = { fontSize: 10.5, fill: 'var(--faint)' };

export interface ShapesProps {
  width: number;
  height: number;
  /** Px at the right that the plot leaves free. */
  right: number;
  kind: ChartKind;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  ticks: readonly number[];
  unit: ChartUnit;
  /** The word on the axis under a point. */
  axisTime(point: ChartPoint): string;
  /** `at` of the points that have one; absent: as many as there is room for. */
  axisTicks?: readonly string[] | undefined;
}

export const Shapes = memo(function Shapes({ width, height, right, kind, points, series, ticks, unit, axisTime, axisTicks }: ShapesProps) {
  const rows = points.map((point) => ({ at: point.at, ...Object.fromEntries(point.values.map((value, index) => [`v${index}`, value])) }));
  const times = new Map(points.map((point) => [point.at, axisTime(point)]));
  return (
    <ComposedChart
      width={width}
      height={height}
      data={rows}
      margin={{ top: TOP, right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      barCategoryGap={points.length > 120 ? 0 : '14%'}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" strokeDasharray="2 4" />
      <XAxis
        dataKey="at"
        scale="band"
        tickFormatter={(at: string) => times.get(at) ?? ''}
        tick={tick}
        tickLine={false}
        axisLine={{ stroke: 'var(--line)' }}
        height={AXIS_HEIGHT}
        tickMargin={4}
        minTickGap={26}
        interval={axisTicks ? 0 : 'preserveStart'}
        {...(axisTicks && { ticks: [...axisTicks] })}
      />
      <YAxis
        width={AXIS_WIDTH}
        tick={tick}
        tickLine={false}
        axisLine={false}
        // A blank would break the figure from its unit.
        tickFormatter={(value: number) => unit.short(value).replaceAll(' ', '\u00a0')}
        ticks={[...ticks]}
        domain={[0, ticks.at(-1) ?? 1]}
        interval={0}
      />
      {series.map((one, index) => drawSeries({ kind, index, points, edged: width / points.length > EDGED_FROM }, one))}
    </ComposedChart>
  );
});

interface Drawn {
  kind: ChartKind;
  index: number;
  points: readonly ChartPoint[];
  edged: boolean;
}
function drawSeries({ kind, index, points, edged }: Drawn, { key, color, dash }: ChartSeries) {
  const dataKey = `v${index}`;
  const still = { isAnimationActive: false } as const;
  switch (kind) {
    case 'bars':
      // The ground between two parts of a stack keeps them apart where their colours are alike.
      return <Bar key={key} dataKey={dataKey} stackId="all" fill={color} stroke={edged ? 'var(--panel)' : 'none'} strokeWidth={0.75} maxBarSize={64} {...still} />;
    case 'areas':
      return (
        <Area key={key} dataKey={dataKey} stackId="all" type="monotone" stroke={color} strokeWidth={1.5} strokeDasharray={dash} fill={color} fillOpacity={0.16} {...still} />
      );
    case 'lines':
      return <Line key={key} dataKey={dataKey} type="monotone" stroke={color} strokeWidth={1.6} strokeDasharray={dash} dot={dotsOf(points, index, color)} {...still} />;
  }
}

/** A value between two gaps is no line: it is a dot, or it would not be seen. */
function dotsOf(points: readonly ChartPoint[], series: number, color: string) {
  const value = (index: number): number | null => points[index]?.values[series] ?? null;
  const alone = new Set(points.flatMap((_, index) => (value(index) !== null && value(index - 1) === null && value(index + 1) === null ? [index] : [])));
  if (alone.size === 0) return false;
  return ({ cx, cy, index }: { cx?: number; cy?: number; index?: number }) =>
    alone.has(index ?? -1) ? <circle key={index} cx={cx} cy={cy} r={1.7} fill={color} /> : <g key={index} />;
}
