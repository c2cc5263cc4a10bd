// Signals: hints that a tenant has committed something, from any node, over LISTEN/NOTIFY. Hints only: whoever
// waits for one also polls, so a lost one costs time and nothing else.
import type { Database } from './database.ts';

/** The channel on which a commit is announced. */
export const SIGNAL_CHANNEL = 'signalbox';

export type SignalKind = 'events' | 'work';
/** The agents whom work concerns: those that it is given to, or whose slot is free. */
export type Concerned = 'all' | Set<string>;

/** Agents that one signal names at the most; of more it is said to concern all. A payload holds 8,000 bytes. */
const MOST_NAMED = 40;

/** `<tenant id> <kinds> [<agent id>,...]`. `work`: whom it concerns; absent: there is none. */
export function writeSignal({ tenantId, events, work }: { tenantId: string; events: boolean; work: Concerned | undefined }): string {
  const named = work === undefined || work === 'all' || work.size === 0 || work.size > MOST_NAMED ? '' : ` ${[...work].join(',')}`;
  return `${tenantId} ${events ? 'e' : ''}${work ? 'w' : ''}${named}`;
}

export interface Signals {
  /** Calls `heard` with the tenant's id, and whom it concerns, at each signal of the kind; the answer stops it. */
  on(kind: SignalKind, heard: (tenantId: string, concerned: Concerned) => void): () => void;
  /** Resolves at the tenant's next signal of the kind that `concerns` says yes to, after `milliseconds`, or at the abort. */
  next(kind: SignalKind, tenantId: string, options: NextOptions): Promise<void>;
  close(): Promise<void>;
}

export interface NextOptions {
  milliseconds: number;
  signal?: AbortSignal;
  /** Absent: any does. */
  concerns?: (concerned: Concerned) => boolean;
}

export async function createSignals(database: Database): Promise<Signals> {
  type Heard = (tenantId: string, concerned: Concerned) => void;
  const listeners = { events: new Set<Heard>(), work: new Set<Heard>() };
  const stop = await database.listen(SIGNAL_CHANNEL, (payload) => {
    const [tenantId = '', kinds = '', named] = payload.split(' ');
    const concerned: Concerned = named ? new Set(named.split(',')) : 'all';
    if (kinds.includes('e')) for (const heard of listeners.events) heard(tenantId, concerned);
    if (kinds.includes('w')) for (const heard of listeners.work) heard(tenantId, concerned);
  });
  const on: Signals['on'] = (kind, heard) => {
    listeners[kind].add(heard);
    return () => listeners[kind].delete(heard);
  };
  return {
    on,
    next(kind, tenantId, { milliseconds, signal, concerns = () => true }) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          off();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const off = on(kind, (id, concerned) => {
          if (id === tenantId && concerns(concerned)) done();
        });
        const timer = setTimeout(done, milliseconds);
        signal?.addEventListener('abort', done, { once: true });
        if (signal?.aborted) done();
      });
    },
    close: stop,
  };
}
