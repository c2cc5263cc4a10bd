// The first code of a built window: what main has put into the page is painted before anything else runs. Without such
// a picture there is nothing to wait for. The build names the window's own code in `data-window` (see
// electron.vite.config.ts), which is fetched and compiled meanwhile.

/** A window that is hidden or minimised paints nothing. */
const LATEST_MS = 1_000;

async function painted() {
  const { promise, resolve } = Promise.withResolvers();
  // Said when the frame is on the screen, which main must have its hands free for.
  new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length > 0) resolve();
  }).observe({ type: 'paint', buffered: true });
  setTimeout(() => resolve(), LATEST_MS);
  await promise;
  // From here on main may load the rest of itself.
  void window.signalbox.request('app:shown');
}

if (document.getElementById('root')?.firstElementChild) await painted();
for (const { href } of document.querySelectorAll('link[data-window]')) await import(href);
