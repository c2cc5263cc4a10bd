// Mouse and keyboard on a chart: both move the cursor, choose a range and open what is under it.
import { useRef, type HTMLAttributes, type KeyboardEvent, type PointerEvent } from 'react';
import { indexAt, segmentAt, type Plot } from './scale.ts';
import type { ChartKind, ChartPoint, ChartSeries } from './series.ts';

export interface ChartHandsOptions {
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  plot: Plot;
  /** The value at the top of the plot. */
  top: number;
  kind: ChartKind;
  /** The point under this chart's cursor. */
  at: number | null;
  /** The series that is meant, of the point under the cursor; null: all. */
  active: number | null;
  range: [number, number] | null;
  moveTo(index: number | null): void;
  setActive(series: number | null): void;
  setRange(range: [number, number] | null): void;
  open(index: number, series: number | null): void;
  choose(range: [number, number]): void;
}

type Hands = Pick<
  HTMLAttributes<HTMLElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerLeave' | 'onPointerCancel' | 'onKeyDown' | 'onBlur'
>;
const PAGE = 12;

export function useChartHands(options: ChartHandsOptions): Hands {
  const { points, series, plot, top, kind, at, active, range } = options;
  const pressed = useRef<number | null>(null);

  const placeOf = (event: PointerEvent<HTMLElement>): { index: number | null; part: number | null } => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = indexAt(event.clientX - box.left, plot, points.length);
    const height = 1 - (event.clientY - box.top - plot.top) / plot.height;
    const values = index === null ? [] : (points[index]?.values ?? []);
    return { index, part: kind === 'lines' ? nearest(values, height * top) : segmentAt(values, height * top) };
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const { index, part } = placeOf(event);
    if (pressed.current !== null && index !== null && (index !== pressed.current || range)) options.setRange([pressed.current, index]);
    if (index === null && pressed.current !== null) return;
    options.moveTo(index);
    options.setActive(part);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    pressed.current = placeOf(event).index;
    // A drag that ends outside of the chart ends there too. (jsdom has no capture.)
    event.currentTarget.setPointerCapture?.(event.pointerId);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    const start = pressed.current;
    pressed.current = null;
    if (start === null) return;
    const { index, part } = placeOf(event);
    if (range) {
      options.setRange(null);
      if (range[0] !== range[1]) options.choose(range);
    } else if (index !== null) options.open(index, part);
  };
  const cancel = (): void => {
    pressed.current = null;
    options.setRange(null);
    options.moveTo(null);
    options.setActive(null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || points.length === 0) return;
    const last = points.length - 1;
    const from = at ?? last;
    const to = nextIndex(event.key, at, last);
    if (to !== null) {
      options.moveTo(to);
      options.setRange(event.shiftKey ? [range?.[0] ?? from, to] : null);
      options.setActive(null);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (at === null) options.moveTo(last);
      options.setActive(nextPart(points[from]?.values ?? [], active, event.key === 'ArrowUp' ? 1 : -1));
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (range) {
        options.setRange(null);
        options.choose(range);
      } else if (at !== null) options.open(at, series.length > 1 ? active : null);
    } else if (event.key === 'Escape' && (range || at !== null)) cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerLeave: () => {
      if (pressed.current === null) cancel();
    },
    onPointerCancel: cancel,
    onKeyDown,
    onBlur: cancel,
  };
}

/** Where a key leads; null: it leads nowhere. Without a cursor it begins at the newest point. */
function nextIndex(key: string, at: number | null, last: number): number | null {
  const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -PAGE, PageDown: PAGE }[key];
  if (key === 'Home') return 0;
  if (key === 'End' || (step !== undefined && at === null)) return last;
  return step === undefined || at === null ? null : Math.max(0, Math.min(last, at + step));
}

/** The next part of a stack that is not nought, or null for the whole. */
function nextPart(values: readonly (number | null)[], active: number | null, step: 1 | -1): number | null {
  const there = values.flatMap((value, index) => ((value ?? 0) === 0 ? [] : [index]));
  if (there.length === 0) return null;
  if (active === null) return (step === 1 ? there[0] : there.at(-1)) ?? null;
  return there[there.indexOf(active) + step] ?? null;
}

function nearest(values: readonly (number | null)[], value: number): number | null {
  let best: number | null = null;
  for (const [index, one] of values.entries()) {
    if (one === null) continue;
    if (best === null || Math.abs(one - value) < Math.abs((values[best] ?? 0) - value)) best = index;
  }
  return best;
}
