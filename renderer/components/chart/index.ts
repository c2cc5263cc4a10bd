// The chart kit: what every screen with values over time is made of.
export { ChartCursorProvider, useChartCursor } from './cursor.tsx';
export { ChartTable } from './ChartTable.tsx';
export { formatShort, formatShortMoney, formatShortSeconds } from './format.ts';
export { Legend } from './Legend.tsx';
export { SeriesMark } from './overlay.tsx';
export { chartColor, chartColors, restColor } from './palette.ts';
export { toCsv, totalOf, type ChartKind, type ChartPoint, type ChartSeries, type ChartUnit } from './series.ts';
export { Sparkline, useValueAtCursor } from './Sparkline.tsx';
export { TimeChart, type TimeChartProps } from './TimeChart.tsx';
export { useWidth } from './useWidth.ts';
