// One window of the console: sandboxed, shown once painted, its page back by itself after a crash.
import { BrowserWindow, dialog, screen } from 'electron';
import { existsSync } from 'node:fs';
import type { Clock } from '../embedded/backend.ts';
import { restartDelay } from '../embedded/backoff.ts';
import { placeWindow, type Rectangle } from './window-place.ts';
import type { SavedWindow } from './window-list.ts';

export interface WindowParts {
  preload: string;
  icon: string;
  /** The page, without a path behind `#`. */
  address: string;
  background(): string;
  /** What the person's text size makes of a zoom. */
  textFactor(): number;
  developerTools: boolean;
  clock: Clock;
}

/** Opens a window where it was, at the place in the console that it showed. */
export function openWindow(parts: WindowParts, saved: SavedWindow): BrowserWindow {
  const areas: Rectangle[] = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(saved.bounds ?? null, areas),
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Signalbox',
    ...(existsSync(parts.icon) ? { icon: parts.icon } : {}),
    backgroundColor: parts.background(),
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
      zoomFactor: saved.zoom * parts.textFactor(),
    },
  });
  if (saved.maximized) window.maximize();
  showWhenPainted(window, parts.clock);
  reloadAfterCrash(window, parts.clock);
  void window.loadURL(`${parts.address}#${saved.path}`);
  return window;
}

/** From the end of loading; that it has painted is otherwise told within a tenth of it. */
const SHOWN_WITHIN_MS = 1_000;

/**
 * On a busy computer, or one without a GPU, Chromium now and then never says that a window has painted (one start of two
 * hundred, on two cores). One that stays hidden draws nothing for ever, so it is shown then too.
 */
function showWhenPainted(window: BrowserWindow, clock: Clock): void {
  let shown = false;
  const show = (): void => {
    if (shown || window.isDestroyed()) return;
    shown = true;
    window.show();
  };
  window.once('ready-to-show', show);
  window.webContents.once('did-finish-load', () => void clock.after(SHOWN_WITHIN_MS, show));
}

/** The page comes back by itself; what it showed lives in the backend. */
function reloadAfterCrash(window: BrowserWindow, clock: Clock): void {
  const crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    crashes.push(clock.elapsed());
    const delay = restartDelay(crashes, clock.elapsed());
    if (delay === null) {
      void askAfterCrashes(window);
      return;
    }
    clock.after(crashes.length === 1 ? 0 : delay, () => {
      if (!window.isDestroyed()) window.webContents.reload();
    });
  });
}

/** Brings a window to the front. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** It fails again and again: the system says so, as the page cannot. */
async function askAfterCrashes(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'This window keeps failing',
    detail: 'It was drawn anew several times and failed each time. Your work is kept by the backend, not by the window.',
    buttons: ['Draw it again', 'Close the window'],
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else window.destroy();
}
