// How a list's scroller behaves: rows that come in above do not move what is read, and its width decides on columns.
/* oxlint-disable react/immutability -- the scroller is the DOM’s */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** px; the same as `--row` of the theme. */
export const ROW_HEIGHT = 31;

/**
 * Keeps the row at the top of the view where it is while rows come in or go above it; at the very top new rows show.
 * Other rows altogether (another filter) begin at the top.
 */
export function useSteadyScroll(scroller: { current: HTMLElement | null }, rows: readonly { id: string }[]): void {
  const before = useRef<readonly { id: string }[]>([]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const known = before.current;
    before.current = rows;
    if (!element || element.scrollTop < 1 || known.length === 0 || known === rows) return;
    const top = Math.floor(element.scrollTop / ROW_HEIGHT);
    const places = new Map(rows.map((row, index) => [row.id, index]));
    for (const [offset, row] of known.slice(top, top + 60).entries()) {
      const place = places.get(row.id);
      if (place === undefined) continue;
      if (place !== top + offset) element.scrollTop += (place - top - offset) * ROW_HEIGHT;
      return;
    }
    element.scrollTop = 0;
  }, [scroller, rows]);
}

/** In px; 0 before the first measure. */
export function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observed = element.current;
    if (!observed) return;
    // With its scrollbar: without it, a column that makes the scrollbar appear would leave, and come back, for ever.
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.borderBoxSize[0]?.inlineSize ?? 0)));
    observer.observe(observed, { box: 'border-box' });
    return () => observer.disconnect();
  }, [element]);
  return width;
}
