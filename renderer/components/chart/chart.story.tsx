// The chart kit: each kind with one cursor over all, many series, one point, nothing, and the table.
import { createRandom, NOW } from '../../stories/fixtures.ts';
import { defineStories } from '../../stories/story.ts';
import { formatDuration } from '../format.ts';
import { formatDay, formatSpanWords, formatTimeOfDay } from '../span.ts';
import { formatSpan } from '../../../shared/schema.ts';
import { ChartCursorProvider, ChartTable, chartColor, formatShort, formatShortSeconds, Legend, TimeChart, type ChartKind, type ChartPoint, type ChartSeries, type ChartUnit } from './index.ts';

const MINUTE = 60_000;
const names = ['test-engineer', 'docs-writer', 'security-reviewer', 'release-manager-with-a-long-name', 'planner', 'Others'];
const make = (count: number): ChartSeries[] => names.slice(0, count).map((label, index) => ({ key: label, label, color: chartColor(index) }));
function pointsOf(count: number, series: number): ChartPoint[] {
  const random = createRandom(5);
  const first = Math.floor(NOW / MINUTE) * MINUTE - (count - 1) * MINUTE;
  return Array.from({ length: count }, (_, index) => ({
    at: new Date(first + index * MINUTE).toISOString(),
    until: new Date(first + (index + 1) * MINUTE).toISOString(),
    values: Array.from({ length: series }, (_, at) => Math.round(random() * 20 * (at + 1) * (1 + Math.sin(index / 9)))),
  }));
}
const counts: ChartUnit = { format: (value) => `${value} tasks`, short: formatShort, whole: true };
const seconds: ChartUnit = { format: formatDuration, short: formatShortSeconds, seconds: true };
const axisTime = ({ at }: ChartPoint): string => formatTimeOfDay(Date.parse(at));
const spanWords = ({ at, until }: ChartPoint): string => formatSpanWords(formatSpan({ from: at, to: until }));
const shared = { axisTime, spanWords, onOpen: () => undefined, onRange: () => undefined, hint: 'Click for the tasks' };
const chart = (label: string, kind: ChartKind, [count, series]: [number, number]) => (
  <TimeChart key={label} label={label} kind={kind} points={pointsOf(count, series)} series={make(series)} unit={kind === 'lines' ? seconds : counts} height={150} endLabels={kind !== 'bars'} {...shared} />
);

export const stories = defineStories('components/chart', {
  kinds: {
    render: () => (
      <ChartCursorProvider>
        <h1>{formatDay(NOW)}</h1>
        <Legend label="Agents" items={make(6).map((one, index) => ({ ...one, value: String(index * 310) }))} />
        {chart('Bars', 'bars', [48, 6])}
        {chart('Areas', 'areas', [60, 2])}
        {chart('Lines', 'lines', [60, 3])}
      </ChartCursorProvider>
    ),
  },
  many: { render: () => <ChartCursorProvider>{chart('Bars', 'bars', [400, 6])}{chart('Lines', 'lines', [400, 5])}</ChartCursorProvider> },
  few: { render: () => <ChartCursorProvider>{chart('One', 'bars', [1, 1])}{chart('None', 'bars', [0, 1])}{chart('Two', 'lines', [2, 2])}</ChartCursorProvider> },
  table: { render: () => <ChartTable label="Tasks" points={pointsOf(60, 4)} series={make(4)} unit={counts} spanWords={spanWords} sum height={320} /> },
});
