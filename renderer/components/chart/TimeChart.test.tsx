// @vitest-environment jsdom
// A chart by mouse and by keyboard: the cursor that charts share, a range, and the way to what is under a point.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import '../../testing/dom.ts';
import { ChartCursorProvider } from './cursor.tsx';
import { ChartTable } from './ChartTable.tsx';
import { indexOfTime, toCsv, type ChartPoint, type ChartSeries } from './series.ts';
import { TimeChart } from './TimeChart.tsx';

const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 20);
const points = Array.from({ length: 10 }, (_, index): ChartPoint => ({
  at: new Date(start + index * HOUR).toISOString(),
  until: new Date(start + (index + 1) * HOUR).toISOString(),
  values: [index, index === 3 ? 0 : 2],
}));
const series: ChartSeries[] = [{ key: 'a', label: 'Writer', color: 'red' }, { key: 'b', label: 'Reviewer', color: 'blue' }];
const unit = { format: (value: number) => `${value} tasks`, short: String, whole: true };
const hour = (point: { at: string; until: string }): string => `${point.at.slice(11, 13)}–${point.until.slice(11, 13)}`;
// Of a box 1,024 px wide: the axis takes 46, the right margin 8.
const xOf = (index: number): number => 46 + ((index + 0.5) * (1024 - 54)) / 10;

function setup() {
  const onOpen = vi.fn();
  const onRange = vi.fn();
  const shared = { points, unit, height: 130, axisTime: hour, spanWords: hour } as const;
  render(
    <ChartCursorProvider>
      <TimeChart label="Tasks" kind="bars" series={series} {...shared} onOpen={onOpen} onRange={onRange} />
      <TimeChart label="Wait" kind="lines" series={series} {...shared} />
    </ChartCursorProvider>,
  );
  const chart = screen.getByRole('slider', { name: 'Tasks' });
  return { chart, other: screen.getByRole('slider', { name: 'Wait' }), onOpen, onRange, text: () => chart.getAttribute('aria-valuetext') };
}
const pointer = (chart: HTMLElement, type: 'pointerMove' | 'pointerDown' | 'pointerUp', at: [number, number]): void => {
  // jsdom has no PointerEvent: a mouse event of the same name carries the place.
  const name = { pointerMove: 'pointermove', pointerDown: 'pointerdown', pointerUp: 'pointerup' }[type];
  fireEvent(chart, new MouseEvent(name, { bubbles: true, clientX: at[0], clientY: at[1], button: 0 }));
};
afterEach(cleanup);

test('arrow keys go through time and through the stack, and say what is there', () => {
  const { chart, text } = setup();
  fireEvent.keyDown(chart, { key: 'ArrowLeft' });
  expect(text()).toBe('09–10: Writer 9 tasks, Reviewer 2 tasks');
  fireEvent.keyDown(chart, { key: 'ArrowLeft' });
  fireEvent.keyDown(chart, { key: 'ArrowUp' });
  expect(text()).toBe('08–09: Writer 8 tasks');
  fireEvent.keyDown(chart, { key: 'ArrowUp' });
  expect(text()).toBe('08–09: Reviewer 2 tasks');
  fireEvent.keyDown(chart, { key: 'Home' });
  fireEvent.keyDown(chart, { key: 'ArrowUp' });
  // Nothing of the writer in the first hour: the stack's only part is the reviewer's.
  expect(text()).toBe('00–01: Reviewer 2 tasks');
  fireEvent.keyDown(chart, { key: 'Escape' });
  expect(text()).toBe('Arrow keys move through time.');
});

test('the other chart shows its value at the same time', () => {
  const { chart, other } = setup();
  fireEvent.keyDown(chart, { key: 'Home' });
  fireEvent.keyDown(chart, { key: 'PageDown' });
  expect(other.getAttribute('aria-valuetext')).toContain('09–10');
  fireEvent.blur(chart);
  expect(other.getAttribute('aria-valuetext')).toBe('Arrow keys move through time.');
});

test('Enter opens the point, or the part of it that is meant', () => {
  const { chart, onOpen } = setup();
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(onOpen).not.toHaveBeenCalled();
  fireEvent.keyDown(chart, { key: 'End' });
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(onOpen).toHaveBeenLastCalledWith(points[9], null);
  fireEvent.keyDown(chart, { key: 'ArrowDown' });
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(onOpen).toHaveBeenLastCalledWith(points[9], series[1]);
});

test('Shift and arrows choose a range, Enter takes it, Escape lets it go', () => {
  const { chart, onRange, onOpen, text } = setup();
  fireEvent.keyDown(chart, { key: 'End' });
  fireEvent.keyDown(chart, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(chart, { key: 'ArrowLeft', shiftKey: true });
  expect(text()).toBe('Range 07–10');
  fireEvent.keyDown(chart, { key: 'Escape' });
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(onRange).not.toHaveBeenCalled();
  fireEvent.keyDown(chart, { key: 'End' });
  fireEvent.keyDown(chart, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(chart, { key: 'Enter' });
  expect(onRange.mock.calls).toEqual([[points[8]?.at, points[9]?.until]]);
  expect(onOpen).not.toHaveBeenCalled();
});

test('a click opens the part under it; a drag, either way, chooses the range', () => {
  const { chart, onOpen, onRange } = setup();
  // The axis ends at 12: of the 100 px of the plot the writer's 8 take the lower two thirds.
  pointer(chart, 'pointerMove', [xOf(8), 100]);
  pointer(chart, 'pointerDown', [xOf(8), 100]);
  pointer(chart, 'pointerUp', [xOf(8), 100]);
  expect(onOpen).toHaveBeenLastCalledWith(points[8], series[0]);
  pointer(chart, 'pointerDown', [xOf(8), 12]);
  pointer(chart, 'pointerUp', [xOf(8), 12]);
  expect(onOpen).toHaveBeenLastCalledWith(points[8], null);
  pointer(chart, 'pointerDown', [xOf(6), 50]);
  pointer(chart, 'pointerMove', [xOf(5), 50]);
  pointer(chart, 'pointerMove', [xOf(2), 50]);
  pointer(chart, 'pointerUp', [xOf(2), 50]);
  expect(onRange.mock.calls).toEqual([[points[2]?.at, points[6]?.until]]);
  expect(onOpen).toHaveBeenCalledTimes(2);
});

test('the table has every figure, the newest first', () => {
  render(<ChartTable label="Tasks by hour" points={points} series={series} unit={unit} spanWords={hour} sum height={200} />);
  const [head, newest] = screen.getAllByRole('row');
  expect(head?.textContent).toBe('TimeAllWriterReviewer');
  expect(newest?.textContent).toBe('09–1011 tasks9 tasks2 tasks');
});

test('a time is found in its point; beyond the last there is none', () => {
  expect([start, start + HOUR - 1, start + HOUR, start + 10 * HOUR, start - 1].map((at) => indexOfTime(points, at))).toEqual([0, 0, 1, null, null]);
});

test('CSV keeps commas and quotes in their cells, and runs nothing in a spreadsheet', () => {
  expect(toCsv(['a', 'b'], [['x, "y"', 1.5], ['=1+1', -2]])).toBe('a,b\r\n"x, ""y""",1.5\r\n\'=1+1,-2\r\n');
});
