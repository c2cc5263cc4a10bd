// The windows that are open: each belongs to a connection, and all are remembered for the next start.
import { BrowserWindow } from 'electron';
import type { Clock } from '../embedded/backend.ts';
import type { JsonStore } from './store.ts';
import { beside, pathOf, savedWindow, windowsToOpen, type SavedWindow, type SavedWindows } from './window-list.ts';
import { openWindow, type WindowParts } from './windows.ts';

const SAVE_AFTER_MS = 400;

/** An open window with what is remembered of it. */
export interface OpenWindow {
  readonly window: BrowserWindow;
  readonly connection: string;
  /** The place that it shows. */
  path: string;
  /** 1 is 100%. */
  zoom: number;
}

/** A window that was opened before the registry was there. */
export interface EarlyWindow {
  window: BrowserWindow;
  /** As it was read then; without a connection it is the first one's. */
  saved: SavedWindow;
}

export interface WindowRegistry {
  /** Opens what was open last time, or one window of the first connection; `first` is open already. */
  restore(first?: EarlyWindow): void;
  /** Opens another window; beside the one in front when there is one. */
  open(connection: string, path?: string): OpenWindow;
  /** In the order in which they were opened. */
  all(): OpenWindow[];
  find(window: BrowserWindow | null): OpenWindow | null;
  /** The focused one, or the one that was last; of one connection, when it is named. */
  front(connection?: string): OpenWindow | null;
  setZoom(opened: OpenWindow, zoom: number): void;
  /** The person has chosen another size of the text. */
  resizeText(): void;
  /** Goes to a place in it. */
  goTo(opened: OpenWindow, path: string): void;
  /** Closes the windows of a connection, whatever they show. */
  closeAll(connection: string): void;
  /** From now on closing forgets no window: the app ends. */
  keepAll(): void;
}

export interface RegistryParts extends WindowParts {
  store: JsonStore<SavedWindows>;
  clock: Clock;
  connections: { known(id: string): boolean; first(): string };
  /** Whether it may close now; if not, whoever says so sees to it. */
  mayClose(opened: OpenWindow): boolean;
  /** A window was opened, closed, named anew or came to the front; its page may not be there yet. */
  onChange(): void;
  onClosed(opened: OpenWindow): void;
  /** The page of a window is told to go somewhere. */
  tellPath(window: BrowserWindow, path: string): void;
}

/** No window is open yet. */
export function createWindowRegistry(parts: RegistryParts): WindowRegistry {
  let windows: OpenWindow[] = [];
  /** The last focused one first. */
  let recent: OpenWindow[] = [];
  let kept = false;
  const removing = new Set<OpenWindow>();
  const { clock } = parts;
  let cancelSave: (() => void) | null = null;

  function save(): void {
    cancelSave?.();
    cancelSave = null;
    try {
      const described = windows.flatMap((opened) => describe(opened) ?? []);
      if (described.length > 0) parts.store.write({ windows: described });
    } catch {
      // A full disk: the windows open at their last places, which is no reason to disturb anybody.
    }
  }

  function saveLater(): void {
    cancelSave?.();
    cancelSave = clock.after(SAVE_AFTER_MS, save);
  }

  const factorOf = ({ zoom }: OpenWindow): number => zoom * parts.textFactor();

  function adopt(saved: SavedWindow, window = openWindow(parts, saved)): OpenWindow {
    const path = pathOf(window.webContents.getURL()) ?? saved.path;
    const opened: OpenWindow = { window, connection: saved.connection, path, zoom: saved.zoom };
    windows.push(opened);
    recent.push(opened);
    // Not setZoomMode('isolated'), which would give each window a zoom of its own: in Electron 42, which tests run on,
    // it never returns, and no window is ever painted.
    window.webContents.on('dom-ready', () => window.webContents.setZoomFactor(factorOf(opened)));
    window.webContents.on('did-navigate-in-page', (_event, address) => {
      const path = pathOf(address);
      if (path === null) return;
      opened.path = path;
      saveLater();
    });
    for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) window.on(event as 'resize', saveLater);
    window.on('focus', () => {
      recent = [opened, ...recent.filter((other) => other !== opened)];
      parts.onChange();
    });
    window.on('page-title-updated', () => clock.after(0, parts.onChange));
    window.on('close', (event) => {
      if (kept) return;
      save();
      if (!removing.has(opened) && !parts.mayClose(opened)) event.preventDefault();
    });
    window.on('closed', () => {
      windows = windows.filter((other) => other !== opened);
      recent = recent.filter((other) => other !== opened);
      // The last one stays remembered: the next start opens it again.
      if (!kept && windows.length > 0) save();
      parts.onClosed(opened);
      parts.onChange();
    });
    parts.onChange();
    return opened;
  }

  const front = (connection?: string) =>
    recent.find((opened) => connection === undefined || opened.connection === connection) ?? null;

  return {
    restore(early) {
      const { known, first } = parts.connections;
      const [one, ...others] = windowsToOpen(parts.store.read(), { known, first: first() });
      if (one === undefined) return;
      // Its connection was removed, or the file could not be read whole: another window it is then.
      const same = early !== undefined && isSame(early, one, first());
      adopt(one, same ? early.window : undefined);
      for (const saved of others) adopt(saved);
      if (!same) early?.window.destroy();
    },
    open(connection, path = '/') {
      const before = front();
      const bounds = before === null ? parts.store.read().windows[0]?.bounds : beside(before.window.getNormalBounds());
      const plain = { ...savedWindow.parse({}), ...(bounds === undefined ? {} : { bounds }) };
      const opened = adopt({ ...plain, connection, path, zoom: before?.zoom ?? 1 });
      saveLater();
      return opened;
    },
    all: () => [...windows],
    find: (window) => windows.find((opened) => opened.window === window) ?? null,
    front,
    setZoom(opened, zoom) {
      // Chromium has one zoom for all pages of an origin, so the others have it too.
      for (const one of windows) one.zoom = zoom;
      opened.window.webContents.setZoomFactor(factorOf(opened));
      saveLater();
    },
    resizeText() {
      for (const opened of windows) if (!opened.window.isDestroyed()) opened.window.webContents.setZoomFactor(factorOf(opened));
    },
    goTo(opened, path) {
      opened.path = path;
      parts.tellPath(opened.window, path);
    },
    closeAll(connection) {
      for (const opened of windows.filter((one) => one.connection === connection)) {
        removing.add(opened);
        opened.window.close();
      }
    },
    keepAll() {
      if (!kept) save();
      kept = true;
    },
  };
}

function isSame({ window, saved }: EarlyWindow, wanted: SavedWindow, first: string): boolean {
  const connection = saved.connection === '' ? first : saved.connection;
  return !window.isDestroyed() && connection === wanted.connection && saved.path === wanted.path;
}

function describe({ window, connection, path, zoom }: OpenWindow): SavedWindow | null {
  if (window.isDestroyed()) return null;
  return { connection, path, bounds: window.getNormalBounds(), maximized: window.isMaximized(), zoom };
}
