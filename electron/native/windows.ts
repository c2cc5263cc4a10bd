// The console's windows: sandboxed, shown once painted, back where they were.
import { BrowserWindow, screen } from 'electron';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../embedded/backend.ts';
import { restartDelay } from '../embedded/backoff.ts';
import { placeWindow, type Rectangle } from './window-place.ts';
import type { JsonStore } from './store.ts';

const rectangle = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export const windowState = z.object({ bounds: rectangle.optional(), maximized: z.boolean().default(false) });
export type WindowState = z.infer<typeof windowState>;

const SAVE_AFTER_MS = 400;

export interface WindowParts {
  preload: string;
  icon: string;
  address: string;
  background: string;
  developerTools: boolean;
  state: JsonStore<WindowState>;
  clock: Clock;
}

/** Opens a window of the console. */
export function openWindow(parts: WindowParts): BrowserWindow {
  const saved = parts.state.read();
  const areas: Rectangle[] = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(saved.bounds ?? null, areas),
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Signalbox',
    ...(existsSync(parts.icon) ? { icon: parts.icon } : {}),
    backgroundColor: parts.background,
    webPreferences: {
      preload: parts.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      // The spell checker would fetch its dictionaries from the network.
      spellcheck: false,
      devTools: parts.developerTools,
    },
  });
  if (saved.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  rememberPlace(window, parts);
  reloadAfterCrash(window, parts.clock);
  void window.loadURL(parts.address);
  return window;
}

function rememberPlace(window: BrowserWindow, { state, clock }: WindowParts): void {
  let cancel: (() => void) | null = null;
  const save = () => {
    cancel = null;
    if (window.isDestroyed() || window.isMinimized()) return;
    try {
      state.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch {
      // A full disk: the window opens at its last place, which is no reason to disturb anybody.
    }
  };
  const later = () => {
    cancel?.();
    cancel = clock.after(SAVE_AFTER_MS, save);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', () => {
    cancel?.();
    save();
  });
}

/** The page comes back by itself; what it showed lives in the backend. */
function reloadAfterCrash(window: BrowserWindow, clock: Clock): void {
  const crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    crashes.push(clock.now());
    const delay = restartDelay(crashes, clock.now());
    if (delay === null) return;
    clock.after(crashes.length === 1 ? 0 : delay, () => {
      if (!window.isDestroyed()) window.webContents.reload();
    });
  });
}

/** Brings the first window to the front; false when there is none. */
export function focusFirstWindow(): boolean {
  const window = BrowserWindow.getAllWindows()[0];
  if (window === undefined) return false;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return true;
}
