// The end of the app: windows close at once, the backend drains, then the process exits.
import { BrowserWindow, type App } from 'electron';

/** Runs `begin` and `drain` once when the app is asked to quit, and exits when they have ended. */
export function drainBeforeQuit(app: App, begin: () => void, drain: () => Promise<void>): void {
  let draining = false;
  app.on('window-all-closed', () => {
    // On macOS an app without windows stays, as people there expect.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (draining) return;
    draining = true;
    begin();
    for (const window of BrowserWindow.getAllWindows()) window.close();
    void drain().finally(() => app.exit(0));
  });
}
