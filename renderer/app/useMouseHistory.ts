// The mouse's side buttons go back and forward, as in a browser.
import { useEffect } from 'react';
import { useRouteStore } from './routes.ts';

const BACK = 3;
const FORWARD = 4;

export function useMouseHistory(): void {
  const routes = useRouteStore();
  useEffect(() => {
    const onMouseUp = (event: MouseEvent): void => {
      if (event.button !== BACK && event.button !== FORWARD) return;
      // Chromium would walk the page's own history, in which a window has one entry.
      event.preventDefault();
      if (event.button === BACK) routes.getState().back();
      else routes.getState().forward();
    };
    window.addEventListener('mouseup', onMouseUp);
    return () => window.removeEventListener('mouseup', onMouseUp);
  }, [routes]);
}
