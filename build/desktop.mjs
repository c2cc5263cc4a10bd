// A desktop of one's own where there is none: a display, and a D-Bus session with a keyring. Two of them know nothing
// of each other: neither focus, clipboard and tray nor secrets.
import { startDisplay } from './display.mjs';
import { startKeyring } from './keyring.mjs';

/**
 * Starts what is asked for.
 * @param {{ display: boolean, keyring: boolean, number?: number }} parts `number`: from 1, where there are several
 * @returns {Promise<{ display?: object, env: Record<string, string>, stop: () => void }>}
 */
export async function startDesktop({ display: needsDisplay, keyring: needsKeyring, number = 1 }) {
  const display = needsDisplay ? await startDisplay() : undefined;
  const ring = needsKeyring ? await startKeyring(number) : undefined;
  return {
    display,
    env: { ...display?.env, ...ring?.env },
    stop() {
      display?.stop();
      ring?.stop();
    },
  };
}
