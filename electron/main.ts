// Composition root of the main process, behind its entry (boot.ts): wires the rooms, starts the backends.
import { app, BrowserWindow, Menu, nativeTheme, powerMonitor } from 'electron';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppStatus, Preferences } from '../shared/ipc.ts';
import { makeBackend, presetServer, tokenHome } from './connections/backends.ts';
import { createConnection, type Connection } from './connections/connection.ts';
import { createOpenConnections } from './connections/open.ts';
import { COMPUTER, createConnectionRecords, type ConnectionRecord } from './connections/records.ts';
import { systemClock } from './embedded/backend.ts';
import type { EarlyRequests } from './ipc/early.ts';
import { answerRequests } from './ipc/handle.ts';
import { createHandlers } from './ipc/handlers.ts';
import { notify, notifyAll } from './ipc/notices.ts';
import { createKeeping } from './keeping/keeping.ts';
import { createLogFile } from './native/log-file.ts';
import { menuTemplate } from './native/menu.ts';
import type { Page } from './native/page.ts';
import type { Places } from './native/places.ts';
import { drainBeforeQuit } from './native/quit.ts';
import { openStores } from './native/stores.ts';
import { groundColour } from './native/theme.ts';
import { takeWayOut } from './native/ways-out.ts';
import { createWindowRegistry, type EarlyWindow } from './native/window-registry.ts';
import { showWindow, type WindowParts } from './native/windows.ts';
import type { Keychain } from './session/keychain.ts';
import { createTokenStore, sessionOf } from './session/token-store.ts';
import { createShownKeeper } from './start/shown-keeper.ts';

const environment = process.env;

/** What the entry of the process (boot.ts) has made and read already. */
export interface Boot {
  page: Page;
  places: Places;
  look: WindowParts;
  first: EarlyWindow;
  build: string;
  keychain: Keychain | null;
  requests: EarlyRequests;
}

/** Takes over from the entry: the stores, the connections and all that windows ask for. */
export function startConsole({ page, places, look, first, build, keychain, requests }: Boot): void {
  const stores = openStores(places.userData);
  const { preferences } = stores;
  const records = createConnectionRecords(stores.connections, presetServer(environment));

  nativeTheme.themeSource = preferences.read().theme;
  const windows = createWindowRegistry({
    ...look,
    store: stores.windows,
    connections: { known: (id) => records.find(id) !== null, first: () => records.first().id },
    onChange: () => undefined,
  });
  // The windows paint while the rest is made.
  windows.restore(first);

  const shown = createShownKeeper({
    folder: places.lastShown,
    build,
    keychain,
    sessionOf: (connection) => sessionOf(stores.sessions, connection),
  });
  const connections = createOpenConnections({ records, connect });
  const log = createLogFile({ directory: places.logs });
  log.note('info', `Signalbox ${app.getVersion()} starts`);
  const keeping = createKeeping<BrowserWindow>({
    places,
    keychain,
    environment,
    log,
    computer: () => connections.open(COMPUTER)!,
    isOfComputer: (window) => connectionOf(window).id === COMPUTER,
    connectionOf,
    status: (window) => statusOf(connectionOf(window)),
    preferences: preferences.read,
    demoStore: stores.demo,
    versions: versionsOf(),
    onProgress: (progress) => notifyAll('backup:progress', progress),
    onDemo: () => changed(COMPUTER),
  });

  function connect(record: ConnectionRecord): Connection {
    return createConnection({
      id: record.id,
      makeBackend: (onStatus) => makeBackend({ places, keychain, environment, log: log.take }, record, onStatus),
      tokens: createTokenStore({
        store: sessionOf(stores.sessions, record.id),
        keychain,
        server: tokenHome(record, places),
        onClear: () => shown.drop(record.id),
      }),
      clock: systemClock,
      fetch,
      wait,
      onChange: () => changed(record.id),
    });
  }

  /** The connection of a window; one whose connection was removed meanwhile has the first. */
  function connectionOf(window: BrowserWindow): Connection {
    const id = windows.find(window)?.connection ?? records.first().id;
    const connection = connections.open(id) ?? connections.open(records.first().id);
    if (connection === null) throw new Error('There is no connection.');
    return connection;
  }

  function statusOf({ id, status }: Connection): AppStatus {
    return {
      ...status(),
      demo: { offered: id === COMPUTER, ...keeping.demo.status() },
      keychain: keychain !== null,
      version: app.getVersion(),
      platform: process.platform,
    };
  }

  function changed(connectionId: string): void {
    const connection = connections.find(connectionId);
    if (connection === null) return;
    if (connectionId === COMPUTER) keeping.demo.follow();
    for (const opened of windows.all()) {
      if (opened.connection === connectionId) notify(opened.window, 'app:status', statusOf(connection));
    }
  }

  function setPreferences(patch: Partial<Preferences>): Preferences {
    const next = { ...preferences.read(), ...patch };
    preferences.write(next);
    if (nativeTheme.themeSource !== next.theme) {
      nativeTheme.themeSource = next.theme;
      notifyAll('preferences', next);
      refreshMenu();
    }
    return next;
  }

  function refreshMenu(): void {
    const template = menuTemplate({
      isMac: process.platform === 'darwin',
      isDevelopment: page.isDevelopment,
      theme: preferences.read().theme,
      setTheme: (theme) => void setPreferences({ theme }),
      importPlan: () => {
        const front = windows.front();
        if (front) notify(front.window, 'menu:import-plan', null);
      },
      go: (path) => {
        const front = windows.front();
        if (front) notify(front.window, 'menu:go', path);
      },
      about: () => {
        app.setAboutPanelOptions({ applicationName: 'Signalbox', applicationVersion: app.getVersion() });
        app.showAboutPanel();
      },
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  const answer = answerRequests({
    origins: page.origins,
    handlers: createHandlers({
      connectionOf,
      keeping,
      isOfComputer: (window) => connectionOf(window).id === COMPUTER,
      shown,
      status: (window) => statusOf(connectionOf(window)),
      wayOut: (way, window) => takeWayOut(way, { window, places, backend: connectionOf(window).backend }),
      preferences: preferences.read,
      setPreferences,
    }),
    report: (channel, cause) => {
      const what = cause instanceof Error ? (cause.stack ?? cause.message) : typeof cause;
      process.stderr.write(`The request ${channel} failed: ${what}\n`);
      log.note('error', `The request ${channel} failed: ${what}`);
    },
  });
  refreshMenu();
  nativeTheme.on('updated', () => {
    for (const window of BrowserWindow.getAllWindows()) {
      window.setBackgroundColor(groundColour(nativeTheme.shouldUseDarkColors));
    }
  });
  const showConsole = () => {
    const front = windows.front() ?? windows.open(records.first().id);
    showWindow(front.window);
  };
  app.on('second-instance', showConsole);
  app.on('activate', showConsole);
  drainBeforeQuit(app, windows.keepAll, async () => {
    await connections.closeAll();
    await log.flush();
  });
  for (const event of ['resume', 'unlock-screen'] as const) {
    powerMonitor.on(event as 'resume', () => connections.all().forEach((connection) => connection.wake()));
  }
  for (const { connection } of windows.all()) connections.open(connection);
  requests.handOver(answer);
}

function versionsOf(): Record<string, string> {
  const { electron, chrome, node, v8 } = process.versions;
  return { signalbox: app.getVersion(), electron: electron ?? '', chromium: chrome ?? '', node, v8 };
}
