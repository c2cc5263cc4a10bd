// The end of the app: windows close at once, the backend drains, then the process exits.
import { BrowserWindow, type App } from 'electron';

export interface QuitParts {
  /** Whether something would be lost, about which the person must be asked first. */
  mustAsk(): boolean;
  ask(): Promise<boolean>;
  /** At once, when the app is asked to quit. */
  begin(): void;
  drain(): Promise<void>;
  /** Whether the app goes on without a window, in the tray. */
  staysWithoutWindows(): boolean;
}

/** Asks when it must, then runs `begin` and `drain` once when the app is asked to quit, and exits when they have ended. */
export function drainBeforeQuit(app: App, parts: QuitParts): void {
  let draining = false;
  let asking = false;
  const end = (): void => {
    draining = true;
    parts.begin();
    for (const window of BrowserWindow.getAllWindows()) window.close();
    void parts.drain().finally(() => app.exit(0));
  };
  app.on('window-all-closed', () => {
    // On macOS an app without windows stays, as people there expect.
    if (process.platform !== 'darwin' && !parts.staysWithoutWindows()) app.quit();
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (draining || asking) return;
    if (!parts.mustAsk()) return end();
    asking = true;
    void parts
      .ask()
      .then((yes) => (yes ? end() : undefined))
      .finally(() => (asking = false));
  });
}
