// What runs, waits and needs a person on each open connection: what the tray, closing and staying awake go by.
import { z } from 'zod';
import type { LiveEvent } from '../../shared/events.ts';
import type { MetricSample } from '../../shared/metric.ts';
import type { Clock } from '../embedded/backend.ts';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';

/** The overview is asked again this long after something changed, at the earliest. */
const ASK_AFTER_MS = 3_000;

export interface Counts {
  running: number;
  queued: number;
  /** Null: not known yet. */
  needs: number | null;
  paused: boolean;
}

export interface Tally {
  metrics(connection: string, sample: Pick<MetricSample, 'running' | 'queued'>): void;
  events(connection: string, events: readonly LiveEvent[]): void;
  /** Somebody signed in there, or a stream must be read anew. */
  refresh(connection: string): void;
  /** Nobody is signed in there any more. */
  forget(connection: string): void;
  of(connection: string): Counts | null;
}

export interface TallyParts {
  clock: Clock;
  /** Calls as the person who is signed in there. */
  call(connection: string, request: RpcRequest): Promise<RpcResponse>;
  onChange(): void;
}

const overviewAnswer = z.object({ needs: z.array(z.unknown()) });
const workspaceAnswer = z.object({ paused: z.boolean() });
/** Changes of these can change what needs a person. */
const telling = new Set(['task', 'agent', 'finding', 'plan', 'usage', 'budget']);

export function createTally(parts: TallyParts): Tally {
  const counts = new Map<string, Counts>();
  const due = new Map<string, () => void>();

  function set(connection: string, change: Partial<Counts>): void {
    const before = counts.get(connection);
    const next = { ...(before ?? { running: 0, queued: 0, needs: null, paused: false }), ...change };
    counts.set(connection, next);
    if (JSON.stringify(next) !== JSON.stringify(before)) parts.onChange();
  }

  async function ask(connection: string): Promise<void> {
    due.delete(connection);
    const [overview, workspace] = await Promise.all([
      parts.call(connection, { path: 'overview.get', type: 'query', input: { windowMinutes: 5 } }),
      parts.call(connection, { path: 'workspace.get', type: 'query', input: {} }),
    ]);
    const needs = overviewAnswer.safeParse(overview.ok ? overview.data : null);
    const paused = workspaceAnswer.safeParse(workspace.ok ? workspace.data : null);
    if (!counts.has(connection)) return;
    set(connection, {
      ...(needs.success && { needs: needs.data.needs.length }),
      ...(paused.success && { paused: paused.data.paused }),
    });
  }

  function askLater(connection: string, milliseconds: number): void {
    if (due.has(connection)) return;
    due.set(connection, parts.clock.after(milliseconds, () => void ask(connection)));
  }

  return {
    metrics: (connection, { running, queued }) => set(connection, { running, queued }),
    events(connection, events) {
      const workspace = events.findLast(({ entity }) => entity === 'workspace');
      const read = workspaceAnswer.safeParse(workspace?.data);
      if (read.success) set(connection, { paused: read.data.paused });
      if (events.some(({ entity }) => telling.has(entity))) askLater(connection, ASK_AFTER_MS);
    },
    refresh(connection) {
      if (!counts.has(connection)) set(connection, {});
      askLater(connection, 0);
    },
    forget(connection) {
      due.get(connection)?.();
      due.delete(connection);
      if (counts.delete(connection)) parts.onChange();
    },
    of: (connection) => counts.get(connection) ?? null,
  };
}
