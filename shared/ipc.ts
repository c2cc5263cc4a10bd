// Every channel between the windows and the main process, with the schema that main checks.
import { z } from 'zod';
import type { Accent } from './accent.ts';
import { mainActions, type ActionId } from './actions.ts';
import { auditFilter } from './audit.ts';
import { waysOut, type BackendStatus } from './backend-status.ts';
import { connectionId, newConnection, renamedConnection, type ConnectionSummary } from './connection.ts';
import type { Problem } from './errors.ts';
import { outsideAddress } from './outside.ts';
import { keepingRequests, type DemoStatus, type KeepingNotices, type KeepingResults } from './keeping.ts';
import { authOperations, registerInput, type Me } from './identity.ts';
import { preferencesPatch, type Preferences } from './preferences.ts';
import { time } from './schema.ts';

export type { BackendStatus, FailedBackend } from './backend-status.ts';
export { preferences, themes, type Preferences, type PreferencesPatch } from './preferences.ts';

export const rpcRequest = z.object({
  path: z.string().max(80).regex(/^[a-z][a-zA-Z]*\.[a-zA-Z]+$/),
  type: z.enum(['query', 'mutation']),
  input: z.unknown(),
});
export type RpcRequest = z.infer<typeof rpcRequest>;
export type RpcResponse = { ok: true; data: unknown } | { ok: false; problem: Problem };

/** What a window may know of the session: never a token. */
export type SessionStatus =
  | { state: 'unknown' }
  | { state: 'signed_out'; hint: string | null }
  | { state: 'signed_in'; me: Me; remembered: boolean };

export interface AppStatus {
  /** Whose backend, session and stream this window has. */
  connection: { id: string; kind: 'embedded' | 'server'; name: string; accent: Accent | null };
  backend: BackendStatus;
  session: SessionStatus;
  /** False: no keychain, so the session ends with the app and the person is told. */
  keychain: boolean;
  /** Whether closing can leave Signalbox at work behind an icon of the system. */
  tray: boolean;
  /** The computer is kept awake now, because work runs and the person asked for it. */
  awake: boolean;
  version: string;
  platform: string;
  /** Absent until main has said it. */
  demo?: DemoStatus;
  /** Seconds by which this computer's clock is ahead of the backend's; behind: below zero. Absent: they agree. */
  clockAhead?: number;
}

/** A document that the person picked or dropped: text and name, never a path. */
export interface PickedDocument {
  name: string;
  text: string;
}

/** What a window showed last, as it is kept for the next start. */
export interface Shown {
  /** Whose it is. */
  me: Me;
  /** When it was the truth. */
  at: string;
  /** The answers on the screen, as JSON of the window's own making. */
  entries: string;
  /** The screen itself, as HTML, with the place that it shows; null: only what it was made of is kept. */
  picture: { html: string; path: string; accent: string } | null;
}

/** What a window needs for its first frame. */
export interface StartState {
  /** As they stand in the file; the window checks them. */
  preferences: unknown;
  /** JSON of a Shown, without its picture; null: nothing was kept, or no remembered session may see it. */
  shown: string | null;
}
/** What main does for the page of a window, beside the actions that a person chooses. */
export const pageActions = ['page.print', 'page.undo'] as const;

/** Requests that a window makes (ipcRenderer.invoke), each with the schema of its argument. */
export const requests = {
  'rpc': rpcRequest,
  'app:start': z.undefined(),
  /** The first frame with what was shown last is on the screen. */
  'app:shown': z.undefined(),
  'app:status': z.undefined(),
  'session:register': registerInput,
  'session:login': authOperations.login.input,
  'session:logout': z.undefined(),
  'backend:restart': z.undefined(),
  'backend:way-out': z.object({ way: z.enum(waysOut) }),
  /** The master key from a backup; never kept before the database has taken it. */
  'backend:give-key': z.object({ key: z.string().max(200) }),
  'plan:pick': z.undefined(),
  'plan:save-report': z.object({ name: z.string().max(200), text: z.string().max(5_000_000) }),
  'audit:export': z.object({ format: z.enum(['ndjson', 'csv']), filter: auditFilter }),
  'table:save': z.object({ name: z.string().max(200), text: z.string().max(150_000_000) }),
  'clipboard:write': z.object({ text: z.string().max(1_000_000) }),
  /** In the system's browser. */
  'outside:open': z.object({ address: outsideAddress }),
  'preferences:get': z.undefined(),
  /** Keeps what is on the screen for the next start, in place of what was kept before. */
  'shown:keep': z.object({
    at: time,
    entries: z.string().max(1_500_000),
    picture: z.object({ html: z.string().max(1_500_000), path: z.string().max(600), accent: z.string().max(20) }).nullable(),
  }),
  'preferences:set': preferencesPatch,
  /** What the person of this window was writing in forms, now or before, and no other window has. */
  'drafts:take': z.undefined(),
  /** Of a form: what is written in it, JSON of the window's own making; null: it was sent or discarded. */
  'drafts:keep': z.object({ name: z.string().max(200), text: z.string().max(6_000_000).nullable() }),
  /** Whether a key stands in the window that nobody has copied, or is being made: then closing it, or the app, asks first. */
  'key:shown': z.object({ shown: z.boolean() }),
  /** What main does for a window: sizes, other windows, printing. */
  'app:act': z.object({ action: z.enum([...mainActions, ...pageActions]) }),
  'connections:list': z.undefined(),
  'connections:add': newConnection,
  'connections:rename': renamedConnection,
  /** Its windows close and its tokens are forgotten. */
  'connections:remove': z.object({ id: connectionId }),
  /** Shows a window of it. */
  'connections:open': z.object({ id: connectionId }),
  'notifications:test': z.undefined(),
  'live:open': z.object({ since: z.number().int().min(0).nullable() }),
  ...keepingRequests,
} as const satisfies Record<string, z.ZodType>;
export type RequestChannel = keyof typeof requests;

export interface RequestResults extends KeepingResults {
  'rpc': RpcResponse;
  'app:start': StartState;
  'app:shown': null;
  'app:status': AppStatus;
  'session:register': RpcResponse;
  'session:login': RpcResponse;
  'session:logout': RpcResponse;
  'backend:restart': null;
  /** `done` false: the person thought better of it. */
  'backend:way-out': { ok: true; done: boolean } | { ok: false; problem: Problem };
  'backend:give-key': { ok: true; data: null } | { ok: false; problem: Problem };
  /** Null: the person cancelled. A file that cannot be read answers a problem. */
  'plan:pick': { ok: true; data: PickedDocument | null } | { ok: false; problem: Problem };
  'plan:save-report': { ok: true; saved: boolean } | { ok: false; problem: Problem };
  /** How many entries were written; null: the person cancelled. */
  'audit:export': { ok: true; saved: number | null } | { ok: false; problem: Problem };
  /** Comma-separated values into a file that the person chooses. */
  'table:save': { ok: true; saved: boolean } | { ok: false; problem: Problem };
  'clipboard:write': null;
  'outside:open': null;
  'preferences:get': Preferences;
  'preferences:set': Preferences;
  'shown:keep': null;
  'drafts:take': string[];
  'drafts:keep': null;
  'key:shown': null;
  /** `zoom`: the size of the window's page afterwards; 1 is 100%. */
  'app:act': { zoom: number };
  'connections:list': ConnectionSummary[];
  'connections:add': { ok: true; id: string } | { ok: false; problem: Problem };
  'connections:rename': ConnectionSummary[];
  'connections:remove': ConnectionSummary[];
  'connections:open': null;
  /** False: this system shows none. */
  'notifications:test': { shown: boolean };
  'live:open': null;
}

/** Notices that main sends to a window. */
export interface Notices extends KeepingNotices {
  'app:status': AppStatus;
  /** An item of the menu that the window does. */
  'menu:action': ActionId;
  /** A path to go to: a link, or a notification that was clicked. */
  'menu:go': string;
  'connections': ConnectionSummary[];
  /** They were changed elsewhere, as by View > Theme. */
  'preferences': Preferences;
  /** A window has closed with something half written: it can be taken by another. */
  'drafts:left': null;
}
export type NoticeChannel = keyof Notices;
export const noticeChannels = [
  'app:status',
  'menu:action',
  'menu:go',
  'connections',
  'preferences',
  'drafts:left',
  'backup:progress',
] as const satisfies NoticeChannel[];

/** The message that brings a window its live port (window.postMessage with the port transferred). */
export const LIVE_PORT = 'signalbox:live-port';

/** What the preload puts on `window.signalbox`; the whole surface of the bridge. */
export interface Bridge {
  request<C extends RequestChannel>(channel: C, argument?: z.input<(typeof requests)[C]>): Promise<RequestResults[C]>;
  on<C extends NoticeChannel>(channel: C, listener: (notice: Notices[C]) => void): () => void;
}
