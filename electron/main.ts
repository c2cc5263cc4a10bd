// Composition root of the main process: wires the rooms, opens the windows, starts the backends beside them.
import { app, BrowserWindow, dialog, Menu, nativeTheme, powerMonitor, safeStorage } from 'electron';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppStatus, Preferences } from '../shared/ipc.ts';
import { makeBackend, presetServer, tokenHome } from './connections/backends.ts';
import { createConnection, type Connection } from './connections/connection.ts';
import { createOpenConnections } from './connections/open.ts';
import { COMPUTER, createConnectionRecords, type ConnectionRecord } from './connections/records.ts';
import { systemClock } from './embedded/backend.ts';
import { handleRequests } from './ipc/handle.ts';
import { createHandlers } from './ipc/handlers.ts';
import { notify, notifyAll } from './ipc/notices.ts';
import { createKeeping } from './keeping/keeping.ts';
import { guardContents } from './native/guards.ts';
import { createLogFile } from './native/log-file.ts';
import { menuTemplate } from './native/menu.ts';
import { pageOf, registerPageScheme, servePage } from './native/page.ts';
import { chooseUserData, findPlaces } from './native/places.ts';
import { drainBeforeQuit } from './native/quit.ts';
import { openStores } from './native/stores.ts';
import { groundColour } from './native/theme.ts';
import { takeWayOut } from './native/ways-out.ts';
import { createWindowRegistry } from './native/window-registry.ts';
import { showWindow } from './native/windows.ts';
import { openKeychain } from './session/keychain.ts';
import { createTokenStore, sessionOf } from './session/token-store.ts';

const environment = process.env;
// Nobody reads what is written there, or its disk is full: no reason to end.
process.stderr.on('error', () => undefined);
process.stdout.on('error', () => undefined);
const page = pageOf(app.isPackaged ? undefined : environment.ELECTRON_RENDERER_URL);

app.setName('Signalbox');
chooseUserData(app, environment);
// Root cannot have Chromium's sandbox (containers); asking for it there ends in a crash loop.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerPageScheme();

// One instance a user-data folder: two would write the same stores and the same database.
if (app.requestSingleInstanceLock()) {
  guardContents(app, page.origins);
  // Not awaited: an ESM main that awaits at its top level never becomes ready.
  app.whenReady().then(startConsole).catch(giveUp);
} else {
  app.quit();
}

function startConsole(): void {
  const places = findPlaces(app.getPath('userData'), import.meta.dirname, environment);
  const stores = openStores(places.userData);
  const { preferences } = stores;
  const records = createConnectionRecords(stores.connections, presetServer(environment));

  nativeTheme.themeSource = preferences.read().theme;
  servePage(page, places.renderer);
  const windows = createWindowRegistry({
    preload: places.preload,
    icon: places.icon,
    address: page.address,
    background: () => groundColour(nativeTheme.shouldUseDarkColors),
    developerTools: !app.isPackaged,
    store: stores.windows,
    clock: systemClock,
    connections: { known: (id) => records.find(id) !== null, first: () => records.first().id },
    onChange: () => undefined,
  });
  // The windows paint while the rest is made.
  windows.restore();

  const keychain = openKeychain(safeStorage, process.platform);
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

  handleRequests({
    origins: page.origins,
    handlers: createHandlers({
      connectionOf,
      keeping,
      isOfComputer: (window) => connectionOf(window).id === COMPUTER,
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
}

function versionsOf(): Record<string, string> {
  const { electron, chrome, node, v8 } = process.versions;
  return { signalbox: app.getVersion(), electron: electron ?? '', chromium: chrome ?? '', node, v8 };
}

/** Nothing is open yet, so the system says it: most likely the user's folder cannot be written. */
function giveUp(cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : 'The reason is not known.';
  dialog.showErrorBox('Signalbox cannot start', `${reason}\n\nIts folder is ${app.getPath('userData')}.`);
  app.exit(1);
}
