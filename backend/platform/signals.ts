// Signals: hints that a tenant has committed something, from any node, over LISTEN/NOTIFY. Hints only: whoever
// waits for one also polls, so a lost one costs time and nothing else.
import type { Database } from './database.ts';
import { SIGNAL_CHANNEL } from './conclude.ts';

export type SignalKind = 'events' | 'work';

export interface Signals {
  /** Calls `heard` with the tenant's id at each signal of the kind; the answer stops it. */
  on(kind: SignalKind, heard: (tenantId: string) => void): () => void;
  /** Resolves at the tenant's next signal of the kind, after `milliseconds`, or at the abort. */
  next(kind: SignalKind, tenantId: string, options: { milliseconds: number; signal?: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

export async function createSignals(database: Database): Promise<Signals> {
  const listeners = { events: new Set<(id: string) => void>(), work: new Set<(id: string) => void>() };
  const stop = await database.listen(SIGNAL_CHANNEL, (payload) => {
    const [tenantId = '', kinds = ''] = payload.split(' ');
    if (kinds.includes('e')) for (const heard of listeners.events) heard(tenantId);
    if (kinds.includes('w')) for (const heard of listeners.work) heard(tenantId);
  });
  const on: Signals['on'] = (kind, heard) => {
    listeners[kind].add(heard);
    return () => listeners[kind].delete(heard);
  };
  return {
    on,
    next(kind, tenantId, { milliseconds, signal }) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          off();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const off = on(kind, (id) => {
          if (id === tenantId) done();
        });
        const timer = setTimeout(done, milliseconds);
        signal?.addEventListener('abort', done, { once: true });
        if (signal?.aborted) done();
      });
    },
    close: stop,
  };
}
