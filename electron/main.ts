// Composition root of the main process: wires the rooms, opens a window, starts the backend beside it.
import { app, BrowserWindow, dialog, Menu, nativeTheme, protocol, safeStorage } from 'electron';
import { session as pageSession } from 'electron';
import ElectronStore from 'electron-store';
import { setTimeout as wait } from 'node:timers/promises';
import { preferences as preferencesSchema, type AppStatus, type Preferences } from '../shared/ipc.ts';
import { systemClock, type Backend } from './embedded/backend.ts';
import { forkBackend } from './embedded/fork.ts';
import { loadMasterKey } from './embedded/master-key.ts';
import { createSupervisor } from './embedded/supervisor.ts';
import { handleRequests } from './ipc/handle.ts';
import { createHandlers } from './ipc/handlers.ts';
import { notify, notifyAll } from './ipc/notices.ts';
import { createLiveFollower } from './live/follow.ts';
import { createLiveHub } from './live/hub.ts';
import { createLiveConnection } from './live/live-connection.ts';
import { openSocket } from './live/socket.ts';
import { APP_ORIGIN, APP_SCHEME, developmentPolicy, serveApp } from './native/app-protocol.ts';
import { guardContents, guardSession } from './native/guards.ts';
import { menuTemplate } from './native/menu.ts';
import { chooseUserData, findPlaces, type Places } from './native/places.ts';
import { drainBeforeQuit } from './native/quit.ts';
import { openStore } from './native/store.ts';
import { groundColour } from './native/theme.ts';
import { focusFirstWindow, openWindow, windowState } from './native/windows.ts';
import { createBackendClient } from './session/backend-client.ts';
import { openKeychain, type Keychain } from './session/keychain.ts';
import { createRemoteBackend } from './session/remote-backend.ts';
import { createSession } from './session/session.ts';
import { createTokenStore, savedSession } from './session/token-store.ts';

const environment = process.env;
/** Set by electron-vite while developing; an installed app never takes its page from a server. */
const developmentServer = app.isPackaged ? undefined : environment.ELECTRON_RENDERER_URL;
const origins = [APP_ORIGIN, ...(developmentServer === undefined ? [] : [new URL(developmentServer).origin])];

app.setName('Signalbox');
chooseUserData(app, environment);
// Root cannot have Chromium's sandbox (containers); asking for it there ends in a crash loop.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
]);

// One instance a user-data folder: two would write the same stores and the same database.
if (app.requestSingleInstanceLock()) {
  guardContents(app, origins);
  // Not awaited: an ESM main that awaits at its top level never becomes ready.
  app.whenReady().then(startConsole).catch(giveUp);
} else {
  app.quit();
}

function startConsole(): void {
  const places = findPlaces(app.getPath('userData'), import.meta.dirname, environment);
  const store = { Store: ElectronStore, directory: places.userData };
  const preferences = openStore({ ...store, name: 'preferences', schema: preferencesSchema });
  const windows = openStore({ ...store, name: 'window', schema: windowState });

  nativeTheme.themeSource = preferences.read().theme;
  guardSession(pageSession.defaultSession, origins);
  servePage(places.renderer);
  const open = () =>
    openWindow({
      preload: places.preload,
      icon: places.icon,
      address: developmentServer ?? `${APP_ORIGIN}/`,
      background: groundColour(nativeTheme.shouldUseDarkColors),
      developerTools: !app.isPackaged,
      state: windows,
      clock: systemClock,
    });
  // The window paints while the rest is made.
  open();

  const keychain = openKeychain(safeStorage, process.platform);
  const hub = createLiveHub(systemClock);
  const client = createBackendClient({ url: () => readyUrl(backend), fetch });
  const session = createSession({
    client,
    tokens: createTokenStore({
      store: openStore({ ...store, name: 'session', schema: savedSession }),
      keychain,
      server: environment.SIGNALBOX_SERVER_URL ?? `embedded:${places.dataDir}`,
    }),
    now: Date.now,
    wait,
    onChange: changed,
  });
  const live = createLiveFollower(
    createLiveConnection({
      open: openSocket,
      accessToken: session.accessToken,
      renewed: session.renewed,
      sink: {
        events: hub.events,
        resync: hub.resync,
        metrics: (sample) => hub.pass({ kind: 'metrics', sample }),
        freshness: hub.freshness,
      },
      clock: systemClock,
    }),
    hub,
  );
  const backend = createBackend(places, keychain, () => {
    changed();
    if (backend.status().state === 'ready') void session.restore();
  });

  function status(): AppStatus {
    return {
      backend: backend.status(),
      session: session.status(),
      keychain: keychain !== null,
      version: app.getVersion(),
      platform: process.platform,
    };
  }

  function changed(): void {
    live.follow(session.status(), readyUrl(backend));
    notifyAll('app:status', status());
  }

  function setPreferences(patch: Partial<Preferences>): Preferences {
    const next = { ...preferences.read(), ...patch };
    preferences.write(next);
    if (nativeTheme.themeSource !== next.theme) {
      nativeTheme.themeSource = next.theme;
      notifyAll('preferences', next);
      installMenu(next.theme, (theme) => void setPreferences({ theme }));
    }
    return next;
  }

  handleRequests({
    origins,
    handlers: createHandlers({
      backend,
      client,
      session,
      hub,
      status,
      watch: live.watch,
      preferences: preferences.read,
      setPreferences,
    }),
    report: (channel, cause) => {
      const what = cause instanceof Error ? (cause.stack ?? cause.message) : typeof cause;
      process.stderr.write(`The request ${channel} failed: ${what}\n`);
    },
  });
  installMenu(preferences.read().theme, (theme) => void setPreferences({ theme }));
  nativeTheme.on('updated', () => {
    for (const window of BrowserWindow.getAllWindows()) {
      window.setBackgroundColor(groundColour(nativeTheme.shouldUseDarkColors));
    }
  });
  app.on('second-instance', () => {
    if (!focusFirstWindow()) open();
  });
  app.on('activate', () => {
    if (!focusFirstWindow()) open();
  });
  drainBeforeQuit(app, async () => {
    live.close();
    await backend.stop();
  });
  backend.start();
}

/** Nothing is open yet, so the system says it: most likely the user's folder cannot be written. */
function giveUp(cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : 'The reason is not known.';
  dialog.showErrorBox('Signalbox cannot start', `${reason}\n\nIts folder is ${app.getPath('userData')}.`);
  app.exit(1);
}

function readyUrl(backend: Backend): string | null {
  const status = backend.status();
  return status.state === 'ready' ? status.url : null;
}

function createBackend(places: Places, keychain: Keychain | null, onStatus: () => void): Backend {
  const server = environment.SIGNALBOX_SERVER_URL;
  if (server !== undefined && server !== '') {
    return createRemoteBackend({ url: server.replace(/\/+$/, ''), fetch, clock: systemClock, onStatus });
  }
  return createSupervisor({
    fork: () => forkBackend(places.backend),
    startMessage: () => ({
      kind: 'start',
      dataDir: places.dataDir,
      masterKey: environment.SIGNALBOX_MASTER_KEY ?? loadMasterKey(places.masterKey, keychain),
      port: portFrom(environment.PORT),
      migrationsDir: places.migrations,
      resourcesDir: places.resources,
      logLevel: environment.LOG_LEVEL ?? 'info',
    }),
    clock: systemClock,
    onStatus,
  });
}

/** Agents find the embedded backend at 4180 unless told otherwise; 0 takes a free port. */
function portFrom(text: string | undefined): number {
  const port = Number(text ?? 4180);
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? port : 4180;
}

function servePage(root: string): void {
  protocol.handle(APP_SCHEME, (request) => serveApp(root, request));
  if (developmentServer === undefined) return;
  const policy = developmentPolicy(new URL(developmentServer).origin);
  pageSession.defaultSession.webRequest.onHeadersReceived((details, answer) => {
    answer({ responseHeaders: { ...details.responseHeaders, 'content-security-policy': [policy] } });
  });
}

function installMenu(theme: Preferences['theme'], setTheme: (theme: Preferences['theme']) => void): void {
  const front = () => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const template = menuTemplate({
    isMac: process.platform === 'darwin',
    isDevelopment: developmentServer !== undefined,
    theme,
    setTheme,
    importPlan: () => {
      const window = front();
      if (window) notify(window, 'menu:import-plan', null);
    },
    go: (path) => {
      const window = front();
      if (window) notify(window, 'menu:go', path);
    },
    about: () => {
      app.setAboutPanelOptions({ applicationName: 'Signalbox', applicationVersion: app.getVersion() });
      app.showAboutPanel();
    },
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
