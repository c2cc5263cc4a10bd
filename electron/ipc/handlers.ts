// What each request of a window does: the table that joins the channels to the rooms behind them.
import { clipboard, type BrowserWindow } from 'electron';
import type { AppStatus, Preferences } from '../../shared/ipc.ts';
import type { Backend } from '../embedded/backend.ts';
import type { LiveHub } from '../live/hub.ts';
import { dialogsOf } from '../native/dialogs.ts';
import { pickPlan, saveReport } from '../native/documents.ts';
import type { BackendClient } from '../session/backend-client.ts';
import { answerRpc } from '../session/rpc.ts';
import type { Session } from '../session/session.ts';
import type { Handlers } from './answer.ts';
import { handLivePort } from './live-port.ts';

export interface HandlerParts {
  backend: Backend;
  client: BackendClient;
  session: Session;
  hub: LiveHub;
  status(): AppStatus;
  /** A window has opened its stream, having applied everything up to `since`. */
  watch(since: number | null): void;
  preferences(): Preferences;
  setPreferences(patch: Partial<Preferences>): Preferences;
}

/** One handler a channel; a channel without one does not compile. */
export function createHandlers(parts: HandlerParts): Handlers<BrowserWindow> {
  const { backend, client, session, hub } = parts;
  return {
    'rpc': (request) => answerRpc({ client, session }, request),
    'app:status': () => parts.status(),
    'session:register': (input) => session.signIn('auth.register', input),
    'session:login': (input) => session.signIn('auth.login', input),
    'session:logout': () => session.signOut(),
    'backend:restart': async () => {
      await backend.restart();
      return null;
    },
    'plan:pick': (_argument, window) => pickPlan(dialogsOf(window)),
    'plan:save-report': (report, window) => saveReport(dialogsOf(window), report),
    'clipboard:write': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    'preferences:get': () => parts.preferences(),
    'preferences:set': (patch) => parts.setPreferences(patch),
    'live:open': ({ since }, window) => {
      hub.open(handLivePort(window), since);
      parts.watch(since);
      return null;
    },
  };
}
