// How tall the charts of a grid may be, so that all of them fill the height that there is.
import { useLayoutEffect, useState, type RefObject } from 'react';

/** Px; below the least the grid scrolls. */
const LEAST = 128;
const MOST = 260;
/** Of a panel, besides its chart; and between two panels. */
const AROUND = 45;
const GAP = 12;

export function useChartHeight(grid: RefObject<HTMLElement | null>, count: number): number {
  const [height, setHeight] = useState(LEAST);
  useLayoutEffect(() => {
    const box = grid.current;
    if (!box) return;
    const measure = (): void => {
      const columns = getComputedStyle(box).gridTemplateColumns.split(' ').length;
      const rows = Math.max(1, Math.ceil(count / columns));
      const room = Math.floor((box.clientHeight - (rows - 1) * GAP) / rows) - AROUND;
      setHeight(Math.max(LEAST, Math.min(MOST, room)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    measure();
    return () => observer.disconnect();
  }, [grid, count]);
  return height;
}
