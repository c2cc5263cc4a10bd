// Composition root of a window: the bridge in, the screen out.
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { parseRoute, pathOf } from './app/routes.ts';
import { loadScreen } from './app/screens.tsx';
import { wentDown } from './components/crash.ts';

/** Not awaited at the top: the screens' files import from this one, and would wait for it while it waits for them. */
async function begin(): Promise<void> {
  const container = document.getElementById('root');
  if (!container) throw new Error('The page has no #root element.');
  const bridge = window.signalbox;
  const crashed = wentDown();
  const screen = loadScreen(parseRoute(pathOf(window.location.hash)).place);
  const start = await bridge.request('app:start');
  // What was shown last comes with its screen, in one frame. One that cannot be read says so where it is drawn.
  if (start.shown !== null) await screen.catch(() => undefined);
  createRoot(container).render(<App bridge={bridge} start={start} crashed={crashed} />);
}

void begin();
