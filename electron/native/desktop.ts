// What the app does beside its windows: counts, tray, notifications, staying awake, and what closing means.
import { app, BrowserWindow, dialog, Notification, powerSaveBlocker } from 'electron';
import type { LiveEvent } from '../../shared/events.ts';
import type { MetricSample } from '../../shared/metric.ts';
import type { Preferences, PreferencesPatch } from '../../shared/ipc.ts';
import { may } from '../../shared/permissions.ts';
import type { Connection } from '../connections/connection.ts';
import type { OpenConnections } from '../connections/open.ts';
import { COMPUTER, type ConnectionRecords } from '../connections/records.ts';
import { systemClock } from '../embedded/backend.ts';
import { refused } from '../session/backend-client.ts';
import { createAwake } from './awake.ts';
import { closeLastWindow, countTasks, type ClosingQuestion } from './closing.ts';
import { shows, type Happening, type Notice } from './happenings.ts';
import { createNotifier } from './notifier.ts';
import { createTally } from './tally.ts';
import { createTray, type TrayIcon } from './tray.ts';
import { hasTray } from './tray-support.ts';
import type { TrayLine } from './tray-words.ts';
import type { OpenWindow, WindowRegistry } from './window-registry.ts';
import { showWindow } from './windows.ts';

/** What asking the backend how much runs may take while a person waits for a window to close. */
const ASK_MS = 1_500;

export interface Desktop {
  events(connection: Connection, events: readonly LiveEvent[]): void;
  metrics(connection: Connection, sample: MetricSample): void;
  /** The session or the backend of a connection has changed. */
  changed(connection: Connection): void;
  closed(connection: string): void;
  preferencesChanged(): void;
  /** Whether the last window may close now; if not, this sees to it. */
  mayClose(opened: OpenWindow): boolean;
  /** No window is open and the app goes on, in the tray. */
  isInBackground(): boolean;
  windowsChanged(): void;
  facts(): { tray: boolean; awake: boolean };
  testNotification(opened: OpenWindow): boolean;
}

export interface DesktopParts {
  icon: string;
  records: ConnectionRecords;
  connections: OpenConnections;
  windows: WindowRegistry;
  preferences(): Preferences;
  prefer(patch: PreferencesPatch): void;
  goTo(connection: string, path: string): void;
  /** Brings the console to the front; null: any window, opened anew where none is. */
  show(connection: string | null): void;
  /** Whether the tray is there, or the computer is kept awake, has changed. */
  onChange(): void;
}

export function createDesktop(parts: DesktopParts): Desktop {
  const { records, connections, windows } = parts;
  const awake = createAwake(powerSaveBlocker);
  let tray: TrayIcon | null = null;
  let trayIsThere = false;
  let background = false;
  /** The window that was decided about. */
  let approved: OpenWindow | null = null;
  let deciding = false;
  /** The system drops a notification whose object is gone. */
  const shown = new Set<Notification>();

  const tally = createTally({
    clock: systemClock,
    call: async (id, request) =>
      (await connections.find(id)?.session.call(request)) ?? refused('unavailable', 'The connection is closed.'),
    onChange: update,
  });
  const notifier = createNotifier({
    clock: systemClock,
    choices: () => parts.preferences().notifications,
    localTime: () => new Date().toTimeString().slice(0, 5),
    isSeen,
    workspaceOf: (id) => records.find(id)?.workspace?.name ?? records.find(id)?.name ?? '',
    show: notify,
  });
  void hasTray(process.platform).then((there) => {
    trayIsThere = there;
    if (there) tray = createTray(parts.icon, { open: parts.show, setPaused, quit: () => app.quit() });
    update();
    parts.onChange();
    for (const { id, session } of connections.all()) if (session.status().state === 'signed_in') tally.refresh(id);
  });

  function update(): void {
    const before = awake.isHeld();
    const held = awake.update(parts.preferences().keepAwake, tally.of(COMPUTER)?.running ?? 0);
    if (held !== before) parts.onChange();
    tray?.show(connections.all().map(lineOf));
  }

  function lineOf({ id, session }: Connection): TrayLine {
    const status = session.status();
    const record = records.find(id);
    const signedIn = status.state === 'signed_in';
    return {
      id,
      name: record?.name ?? id,
      workspace: signedIn ? status.me.organization.name : null,
      counts: signedIn ? tally.of(id) : null,
      mayPause: signedIn && may(status.me.organization.role, 'workspace:operate'),
    };
  }

  function setPaused(id: string, paused: boolean): void {
    const connection = connections.find(id);
    void connection?.session
      .call({ path: 'workspace.setPaused', type: 'mutation', input: { paused } })
      .then((answer) => {
        if (!answer.ok) void dialog.showMessageBox({ type: 'warning', message: answer.problem.detail });
        tally.refresh(id);
      });
  }

  function isSeen(connection: string, happening: Happening): boolean {
    const focused = windows.find(BrowserWindow.getFocusedWindow());
    return focused !== null && focused.connection === connection && shows(focused.path, happening);
  }

  function notify(connection: string, notice: Notice): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({
      title: notice.title,
      body: notice.body,
      icon: parts.icon,
      urgency: notice.urgent ? 'critical' : 'normal',
      actions: [{ type: 'button', text: 'Open' }],
    });
    const open = () => {
      shown.delete(notification);
      parts.goTo(connection, notice.path);
    };
    notification.on('click', open);
    notification.on('action', open);
    notification.on('close', () => shown.delete(notification));
    shown.add(notification);
    notification.show();
  }

  /** Over all workspaces of this computer's backend, whoever is signed in. */
  async function runningHere(): Promise<number> {
    const status = connections.find(COMPUTER)?.backend.status();
    if (status?.state !== 'ready') return 0;
    try {
      const answer = await fetch(`${status.url}/metrics`, { signal: AbortSignal.timeout(ASK_MS) });
      return countTasks(await answer.text(), 'running');
    } catch {
      return tally.of(COMPUTER)?.running ?? 0;
    }
  }

  async function ask(window: BrowserWindow, question: ClosingQuestion) {
    const { response, checkboxChecked } = await dialog.showMessageBox(window, {
      type: 'question',
      message: question.message,
      detail: question.detail,
      buttons: question.buttons,
      defaultId: 0,
      cancelId: question.choices.indexOf('stay'),
      checkboxLabel: 'Do the same from now on (Settings changes it)',
      noLink: true,
    });
    return { choice: question.choices[response] ?? ('stay' as const), remember: checkboxChecked };
  }

  async function decide(opened: OpenWindow): Promise<void> {
    const close = () => {
      approved = opened;
      if (!opened.window.isDestroyed()) opened.window.close();
    };
    deciding = true;
    try {
      await closeLastWindow({
        closing: () => parts.preferences().closing,
        remember: (closing) => parts.prefer({ closing }),
        running: runningHere,
        tray: () => trayIsThere,
        ask: (question) => ask(opened.window, question),
        close,
        hide: () => {
          background = true;
          close();
        },
        minimise: () => opened.window.minimize(),
        quit: () => app.quit(),
      });
    } finally {
      deciding = false;
    }
  }

  return {
    events(connection, events) {
      notifier.events(connection.id, events);
      tally.events(connection.id, events);
    },
    metrics: (connection, sample) => tally.metrics(connection.id, sample),
    changed(connection) {
      const { state } = connection.session.status();
      if (state !== 'signed_in') tally.forget(connection.id);
      else if (trayIsThere && tally.of(connection.id) === null) tally.refresh(connection.id);
      update();
    },
    closed: (id) => tally.forget(id),
    preferencesChanged: update,
    mayClose(opened) {
      const last = windows.all().length === 1;
      // On macOS an app without windows stays, and its work goes on.
      if (!last || opened === approved || process.platform === 'darwin') return true;
      if (connections.find(COMPUTER) === null) return true;
      if (!deciding) void decide(opened);
      return false;
    },
    isInBackground: () => background,
    windowsChanged() {
      if (windows.all().length > 0) background = false;
      update();
    },
    facts: () => ({ tray: trayIsThere, awake: awake.isHeld() }),
    testNotification(opened) {
      if (!Notification.isSupported()) return false;
      notify(opened.connection, {
        title: 'A test notification',
        body: 'This is how Signalbox tells you. Click it to come back here.',
        path: opened.path,
        urgent: false,
      });
      return true;
    },
  };
}

/** Brings a window of a connection to the front, at a path when one is given. */
export function frontOf(windows: WindowRegistry, connection: string | null, path?: string): OpenWindow | null {
  const front = windows.front(connection ?? undefined);
  if (front === null) return null;
  if (path !== undefined) windows.goTo(front, path);
  showWindow(front.window);
  return front;
}
