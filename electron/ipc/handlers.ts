// What each request of a window does: the table that joins the channels to the rooms behind them.
import { clipboard, shell, type BrowserWindow } from 'electron';
import type { WayOut } from '../../shared/backend-status.ts';
import type { AppStatus, Preferences, PreferencesPatch, RequestResults } from '../../shared/ipc.ts';
import { readOutside } from '../../shared/outside.ts';
import type { Connection } from '../connections/connection.ts';
import type { ConnectionManager } from '../connections/manager.ts';
import type { DraftBook, DraftOwner } from '../keeping/drafts.ts';
import { exportAudit } from '../native/audit-export.ts';
import { readGivenKey } from '../embedded/master-key.ts';
import { dialogsOf } from '../native/dialogs.ts';
import { pickPlan, saveReport, saveTable } from '../native/documents.ts';
import type { ShownKeys } from '../native/shown-keys.ts';
import type { WindowAction } from '../native/window-actions.ts';
import { answerRpc } from '../session/rpc.ts';
import type { ShownKeeper } from '../start/shown-keeper.ts';
import type { Handlers } from './answer.ts';
import { createKeepingHandlers, type KeepingHandlerParts } from './keeping-handlers.ts';
import { handLivePort } from './live-port.ts';

export interface HandlerParts extends KeepingHandlerParts {
  /** Whose session and backend a window has: never another's. */
  connectionOf(window: BrowserWindow): Connection;
  shown: ShownKeeper;
  drafts: DraftBook<BrowserWindow>;
  shownKeys: ShownKeys<BrowserWindow>;
  status(window: BrowserWindow): AppStatus;
  /** Does what a person chose because the backend of this computer cannot be used. */
  wayOut(way: WayOut, window: BrowserWindow): Promise<RequestResults['backend:way-out']>;
  preferences(): Preferences;
  /** The other windows are told. */
  setPreferences(patch: PreferencesPatch, window: BrowserWindow): Preferences;
  manager: ConnectionManager;
  /** Shows a window of a connection. */
  show(connection: string): void;
  /** Answers the size of the window's page afterwards. */
  act(action: WindowAction, window: BrowserWindow): number;
  testNotification(window: BrowserWindow): boolean;
}

/** One handler a channel; a channel without one does not compile. */
export function createHandlers(parts: HandlerParts): Handlers<BrowserWindow> {
  const { connectionOf, manager } = parts;
  return {
    ...createKeepingHandlers(parts),
    'rpc': (request, window) => answerRpc(connectionOf(window), request),
    // A page that comes back by itself: it is not the start any more, and asks for what it shows.
    'app:start': (_argument, window) => {
      parts.shownKeys.show(window, false);
      return { preferences: parts.preferences(), shown: null };
    },
    'app:shown': () => null,
    'app:status': (_argument, window) => parts.status(window),
    'session:register': (input, window) => connectionOf(window).session.signIn('auth.register', input),
    'session:login': (input, window) => connectionOf(window).session.signIn('auth.login', input),
    'session:logout': (_argument, window) => connectionOf(window).session.signOut(),
    'backend:restart': async (_argument, window) => {
      await connectionOf(window).backend.restart();
      return null;
    },
    'backend:way-out': ({ way }, window) => parts.wayOut(way, window),
    'backend:give-key': async ({ key }, window) => {
      await connectionOf(window).backend.giveKey?.(readGivenKey(key));
      return { ok: true, data: null };
    },
    'plan:pick': (_argument, window) => pickPlan(dialogsOf(window)),
    'plan:save-report': (report, window) => saveReport(dialogsOf(window), report),
    'audit:export': (asked, window) => 
      exportAudit({ dialogs: dialogsOf(window), call: connectionOf(window).session.call }, asked),
    'table:save': (table, window) => saveTable(dialogsOf(window), table),
    'clipboard:write': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    'outside:open': async ({ address }) => {
      const read = readOutside(address);
      if (read !== null) await shell.openExternal(read);
      return null;
    },
    'preferences:get': () => parts.preferences(),
    'shown:keep': (given, window) => {
      const { id, session } = connectionOf(window);
      const status = session.status();
      if (status.state === 'signed_in' && status.remembered) parts.shown.keep(id, status.me, given);
      return null;
    },
    'drafts:take': (_argument, window) => {
      const whose = ownerOf(connectionOf(window));
      return whose === null ? [] : parts.drafts.take(whose, window);
    },
    'drafts:keep': (draft, window) => {
      const whose = ownerOf(connectionOf(window));
      if (whose !== null) parts.drafts.keep(whose, window, draft);
      return null;
    },
    'key:shown': ({ shown }, window) => {
      parts.shownKeys.show(window, shown);
      return null;
    },
    'preferences:set': (patch, window) => parts.setPreferences(patch, window),
    'app:act': ({ action }, window) => ({ zoom: parts.act(action, window) }),
    'connections:list': () => manager.list(),
    'connections:add': async (input) => {
      const id = await manager.add(input);
      parts.show(id);
      return { ok: true, id };
    },
    'connections:rename': ({ id, name }) => {
      manager.rename(id, name);
      return manager.list();
    },
    'connections:remove': async ({ id }) => {
      await manager.remove(id);
      return manager.list();
    },
    'connections:open': ({ id }) => {
      parts.show(id);
      return null;
    },
    'notifications:test': (_argument, window) => ({ shown: parts.testNotification(window) }),
    'live:open': ({ since }, window) => {
      const connection = connectionOf(window);
      connection.hub.open(handLivePort(window), since);
      connection.watch(since);
      return null;
    },
  };
}

/** Null: nobody is signed in. */
function ownerOf({ id, session }: Connection): DraftOwner | null {
  const status = session.status();
  return status.state === 'signed_in' ? { connection: id, owner: `${status.me.organization.id} ${status.me.user.id}` } : null;
}
