// How many pixels the past has on the board, in steps, so that resizing the window does not draw every lane anew.
import { useEffect, useState, type RefObject } from 'react';

const STEP = 16;

export function useTrackWidth(board: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = board.current;
    if (!element) return;
    const measure = (): void => {
      const past = element.querySelector<HTMLElement>('[data-past]');
      setWidth(Math.floor((past?.clientWidth ?? 0) / STEP) * STEP);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [board]);
  return width;
}
