// Composition root of the main process, behind its entry (boot.ts): wires the rooms, starts the backends.
import { app, BrowserWindow, dialog, Menu, nativeTheme, powerMonitor } from 'electron';
import { setTimeout as wait } from 'node:timers/promises';
import { accentOf } from '../shared/accent.ts';
import { isMainAction, type ActionId } from '../shared/actions.ts';
import { textFactorOf } from '../shared/text-size.ts';
import { withPreferences, type Preferences, type PreferencesPatch } from '../shared/preferences.ts';
import type { AppStatus } from '../shared/ipc.ts';
import { checkServer } from './connections/address.ts';
import { makeBackend, presetServer, tokenHome } from './connections/backends.ts';
import { createConnection, type Connection } from './connections/connection.ts';
import { createConnectionManager } from './connections/manager.ts';
import { createOpenConnections } from './connections/open.ts';
import { COMPUTER, createConnectionRecords, type ConnectionRecord } from './connections/records.ts';
import { systemClock } from './embedded/backend.ts';
import type { EarlyRequests } from './ipc/early.ts';
import { answerRequests } from './ipc/handle.ts';
import { createHandlers } from './ipc/handlers.ts';
import { notify, notifyAll } from './ipc/notices.ts';
import { createDraftBook } from './keeping/drafts.ts';
import { createKeeping } from './keeping/keeping.ts';
import { createDesktop, frontOf } from './native/desktop.ts';
import { followLink, linkIn, registerLinks, type GivenLink } from './native/links.ts';
import { createLogFile } from './native/log-file.ts';
import { menuTemplate } from './native/menu.ts';
import type { Page } from './native/page.ts';
import type { Places } from './native/places.ts';
import { askDiscard, askWithoutKey } from './native/dialogs.ts';
import { drainBeforeQuit } from './native/quit.ts';
import { createShownKeys } from './native/shown-keys.ts';
import { openStores } from './native/stores.ts';
import { groundColour } from './native/theme.ts';
import { takeWayOut } from './native/ways-out.ts';
import { actInWindow } from './native/window-actions.ts';
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
    textFactor: () => textFactorOf(preferences.read().textSize),
    store: stores.windows,
    connections: { known: (id) => records.find(id) !== null, first: () => records.first().id },
    mayClose: (opened) => shownKeys.mayClose(opened.window) && desktop.mayClose(opened),
    onChange: () => void systemClock.after(0, windowsChanged),
    onClosed: ({ window, connection }) => {
      shownKeys.show(window, false);
      const other = windows.front(connection);
      if (drafts.release(window) && other !== null) notify(other.window, 'drafts:left', null);
    },
    tellPath: (window, path) => notify(window, 'menu:go', path),
  });
  // The windows paint while the rest is made.
  windows.restore(first);

  const shown = createShownKeeper({
    folder: places.lastShown,
    build,
    keychain,
    sessionOf: (connection) => sessionOf(stores.sessions, connection),
  });
  const drafts = createDraftBook<BrowserWindow>({ store: stores.drafts, keychain, clock: systemClock });
  const shownKeys = createShownKeys<BrowserWindow>(askWithoutKey);
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
    onDemo: () => {
      const computer = connections.find(COMPUTER);
      if (computer !== null) changed(computer);
    },
  });
  const manager = createConnectionManager({
    records,
    open: connections,
    check: (url) => checkServer(url, { fetch, version: app.getVersion() }),
    windows: {
      has: (id) => windows.front(id) !== null,
      close: windows.closeAll,
      openFirst: () => {
        if (windows.all().length === 0) open(records.first().id);
      },
    },
    forget: (id) => {
      sessionOf(stores.sessions, id).write({});
      drafts.forget(id);
    },
    now: () => new Date(),
    wait,
    onChange: connectionsChanged,
  });
  const desktop = createDesktop({
    icon: places.icon,
    records,
    connections,
    windows,
    preferences: preferences.read,
    prefer: (patch) => notifyAll('preferences', setPreferences(patch)),
    goTo,
    show,
    onChange: () => connections.all().forEach(tellStatus),
  });

  function connect(record: ConnectionRecord): Connection {
    const connection: Connection = createConnection({
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
      onChange: () => changed(connection),
      onEvents: (events) => desktop.events(connection, events),
      onMetrics: (sample) => desktop.metrics(connection, sample),
    });
    return connection;
  }

  /** The connection of a window; one whose connection was removed meanwhile has the first. */
  function connectionOf(window: BrowserWindow): Connection {
    const id = windows.find(window)?.connection ?? records.first().id;
    const connection = connections.open(id) ?? connections.open(records.first().id);
    if (connection === null) throw new Error('There is no connection.');
    return connection;
  }

  function statusOf({ id, status }: Connection): AppStatus {
    const { kind, name, workspace } = records.find(id) ?? records.first();
    return {
      connection: { id, kind, name, accent: workspace === null ? null : accentOf(workspace.id) },
      ...status(),
      demo: { offered: id === COMPUTER, ...keeping.demo.status() },
      keychain: keychain !== null,
      ...desktop.facts(),
      version: app.getVersion(),
      platform: process.platform,
    };
  }

  function tellStatus(connection: Connection): void {
    for (const opened of windows.all()) {
      if (opened.connection === connection.id) notify(opened.window, 'app:status', statusOf(connection));
    }
  }

  function changed(connection: Connection): void {
    const session = connection.session.status();
    if (connection.id === COMPUTER) keeping.demo.follow();
    if (session.state === 'signed_in') manager.used(connection.id, session.me.organization);
    desktop.changed(connection);
    tellStatus(connection);
  }

  function connectionsChanged(): void {
    notifyAll('connections', manager.list());
    connections.all().forEach(tellStatus);
  }

  function windowsChanged(): void {
    refreshMenu();
    desktop.windowsChanged();
    notifyAll('connections', manager.list());
    // A server whose last window is closed is left alone; this computer's agents work on.
    for (const { id } of connections.all()) {
      if (id === records.first().id || records.find(id)?.kind === 'embedded' || windows.front(id) !== null) continue;
      desktop.closed(id);
      void connections.close(id);
    }
  }

  function open(connection: string, path?: string): void {
    connections.open(connection);
    windows.open(connection, path);
  }

  function goTo(connection: string, path: string): void {
    if (frontOf(windows, connection, path) === null) open(connection, path);
  }

  /** Null: what was last in front; where nothing is open, what was open last. */
  function show(connection: string | null): void {
    if (frontOf(windows, connection) !== null) return;
    if (connection !== null) return open(connection);
    windows.restore();
    for (const opened of windows.all()) connections.open(opened.connection);
  }

  function setPreferences(patch: PreferencesPatch, from?: BrowserWindow): Preferences {
    const before = preferences.read();
    const next = withPreferences(before, patch);
    try {
      preferences.write(next);
    } catch (cause) {
      // A full disk: they hold until the app ends, which is better than a choice that does nothing.
      log.note('error', `The preferences cannot be saved: ${cause instanceof Error ? cause.message : typeof cause}`);
    }
    notifyAll('preferences', next, from);
    if (before.theme !== next.theme) {
      nativeTheme.themeSource = next.theme;
      refreshMenu();
    }
    if (before.textSize !== next.textSize) windows.resizeText();
    desktop.preferencesChanged();
    return next;
  }

  /** From the menu: main's own actions here, the window's in the window in front. */
  function act(action: ActionId): void {
    const front = windows.front();
    if (front === null) {
      if (action === 'app.quit') app.quit();
      else if (action === 'window.new') show(null);
      return;
    }
    if (isMainAction(action)) actInWindow(windows, front, action);
    else notify(front.window, 'menu:action', action);
  }

  function refreshMenu(): void {
    const front = windows.front();
    const template = menuTemplate({
      isMac: process.platform === 'darwin',
      isDevelopment: page.isDevelopment,
      theme: preferences.read().theme,
      windows: windows.all().map((opened) => ({
        title: opened.window.getTitle(),
        front: opened === front,
        show: () => showWindow(opened.window),
      })),
      act,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  async function explainLink(words: { message: string; detail: string; connect: boolean }): Promise<void> {
    const front = frontOf(windows, null);
    const buttons = words.connect ? ['Close', 'Connect to a server…'] : ['Close'];
    const asked = { type: 'info' as const, message: words.message, detail: words.detail, buttons, defaultId: 0, cancelId: 0 };
    const { response } = await (front ? dialog.showMessageBox(front.window, asked) : dialog.showMessageBox(asked));
    if (response === 1) act('connection.add');
  }

  const answer = answerRequests({
    origins: page.origins,
    handlers: createHandlers({
      connectionOf,
      keeping,
      isOfComputer: (window) => connectionOf(window).id === COMPUTER,
      shown,
      drafts,
      shownKeys,
      status: (window) => statusOf(connectionOf(window)),
      wayOut: (way, window) => takeWayOut(way, { window, places, backend: connectionOf(window).backend }),
      preferences: preferences.read,
      setPreferences,
      manager,
      show,
      act: (action, window) => {
        const opened = windows.find(window);
        if (opened !== null) actInWindow(windows, opened, action);
        return opened?.zoom ?? 1;
      },
      testNotification: (window) => {
        const opened = windows.find(window);
        return opened !== null && desktop.testNotification(opened);
      },
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
  const follow = (given: GivenLink): void => {
    followLink(given, { ownerOf: manager.ownerOf, goTo, explain: (words) => void explainLink(words) });
  };
  app.on('second-instance', (_event, args) => {
    const given = linkIn(args);
    if (given === null) show(null);
    else follow(given);
  });
  app.on('open-url', (event, address) => {
    event.preventDefault();
    follow(linkIn([address]) ?? { link: null });
  });
  app.on('activate', () => show(null));
  for (const event of ['resume', 'unlock-screen'] as const) {
    powerMonitor.on(event as 'resume', () => connections.all().forEach((connection) => connection.wake()));
  }
  drainBeforeQuit(app, {
    mustAsk: () => shownKeys.any() || drafts.unkept() > 0,
    ask: async () => {
      if (!(await shownKeys.mayQuit())) return false;
      if (drafts.unkept() === 0) return true;
      const front = windows.front();
      const yes = await askDiscard(front?.window ?? null, keychain !== null);
      // The last window was closed for it: it comes back, and offers what was written in it.
      if (!yes && windows.front() === null) show(null);
      return yes;
    },
    begin: () => {
      windows.keepAll();
      drafts.flush();
    },
    drain: async () => {
      await connections.closeAll();
      drafts.flush();
      await log.flush();
    },
    staysWithoutWindows: () => desktop.isInBackground(),
  });
  registerLinks(app);
  for (const { connection } of windows.all()) connections.open(connection);
  requests.handOver(answer);
  const given = linkIn(process.argv.slice(1));
  if (given !== null) follow(given);
}

function versionsOf(): Record<string, string> {
  const { electron, chrome, node, v8 } = process.versions;
  return { signalbox: app.getVersion(), electron: electron ?? '', chromium: chrome ?? '', node, v8 };
}
