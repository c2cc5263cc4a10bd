// Loaded before the main process of either application (`electron -r`): says on stdout when what was reached, in
// milliseconds of the computer's clock. What the page has painted it asks of the page, once it is there, from
// the browser's own records (paint and element timing), so that nothing is watched while it starts.
const { app } = require('electron');

/** What is waited for in the page: painted, rows, usable, live. */
const wanted = (process.env.BENCH_WANTED ?? 'painted').split(',');
const now = () => performance.timeOrigin + performance.now();
const say = (reached) => process.stdout.write(`bench ${JSON.stringify(reached)}\n`);

say({ main: now() });
app.once('ready', () => say({ ready: now() }));
app.once('browser-window-created', (_event, window) => {
  say({ window: now() });
  window.once('show', () => say({ shown: now() }));
  window.webContents.once('did-finish-load', () => say({ loaded: now() }));
  window.webContents.once('dom-ready', () => {
    const script = `(${observePage.toString()})(${JSON.stringify(wanted)})`;
    window.webContents.executeJavaScript(script).then(
      (page) => say({ page }),
      // Closed before all of it was there.
      (cause) => say({ lost: String(cause) }),
    );
  });
});

/** Runs in the page. */
function observePage(names) {
  const { promise, resolve } = Promise.withResolvers();
  const found = {};
  const reach = (name, time) => {
    found[name] ??= performance.timeOrigin + time;
    if (names.every((one) => one in found)) resolve(found);
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name === 'first-contentful-paint') reach('painted', entry.startTime);
  }).observe({ type: 'paint', buffered: true });
  new PerformanceObserver((list) => {
    // The time at which the frame with it was shown.
    for (const entry of list.getEntries())
      if (entry.identifier === 'rows') reach('rows', entry.renderTime || entry.startTime);
  }).observe({ type: 'element', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('usable')) reach('usable', entry.startTime);
  }).observe({ type: 'mark', buffered: true });
  if (names.includes('live')) {
    const look = () => {
      const mark = document.querySelector('[data-testid="freshness"]');
      if (mark?.textContent.startsWith('live')) reach('live', performance.now());
    };
    new MutationObserver(look).observe(document.documentElement, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    look();
  }
  return promise;
}
