// Hands the one stream of a connection to all windows, each over a port of its own.
import type { Freshness, LiveEvent, LiveMessage } from '../../shared/events.ts';
import type { Clock } from '../embedded/backend.ts';
import { createCoalescer } from './coalescer.ts';

/** What a window that reloads can catch up on without loading its data again. */
const KEPT_EVENTS = 5_000;

/** The main side of a window's MessagePort. */
export interface WindowPort {
  send(message: LiveMessage): void;
  onClose(listener: () => void): void;
}

export interface LiveHub {
  /** Adds a window that has applied everything up to `since`; null: it loads its data from now. */
  open(port: WindowPort, since: number | null): void;
  events(events: LiveEvent[]): void;
  /** Everything loaded is of doubtful age: the windows load it again. */
  resync(): void;
  pass(message: LiveMessage): void;
  freshness(freshness: Freshness): void;
  /** Another person or organisation: nothing of the last one may be replayed. */
  reset(): void;
}

/** A hub without windows yet. */
export function createLiveHub(clock: Clock): LiveHub {
  const ports = new Set<WindowPort>();
  let kept: LiveEvent[] = [];
  /** True while what came before `kept` is lost, so that no older window can be brought up to date. */
  let broken = false;
  let latest: Freshness = { state: 'connecting' };

  const broadcast = (message: LiveMessage) => {
    for (const port of ports) port.send(message);
  };
  const coalescer = createCoalescer<LiveEvent>((events) => broadcast({ kind: 'events', events }), clock);

  return {
    open(port, since) {
      // What is held is in `kept` already; sent now, it does not reach the new window twice.
      coalescer.flush();
      ports.add(port);
      port.onClose(() => ports.delete(port));
      port.send({ kind: 'freshness', freshness: latest });
      const missed = missedSince(kept, since);
      const lost = broken && since !== null && kept.length === 0;
      if (missed === 'unknown' || lost) port.send({ kind: 'resync' });
      else if (missed.length > 0) port.send({ kind: 'events', events: missed });
    },
    events(events) {
      for (const event of events) kept.push(event);
      if (kept.length > 2 * KEPT_EVENTS) kept = kept.slice(-KEPT_EVENTS);
      coalescer.add(events);
    },
    resync() {
      kept = [];
      broken = true;
      coalescer.flush();
      broadcast({ kind: 'resync' });
    },
    pass(message) {
      broadcast(message);
    },
    freshness(freshness) {
      latest = freshness;
      broadcast({ kind: 'freshness', freshness });
    },
    reset() {
      coalescer.flush();
      kept = [];
      broken = false;
      latest = { state: 'connecting' };
      broadcast({ kind: 'freshness', freshness: latest });
    },
  };
}

/** What follows `since` among the kept events; `unknown` when they do not reach back that far. */
function missedSince(kept: LiveEvent[], since: number | null): LiveEvent[] | 'unknown' {
  const first = kept[0];
  if (since === null || first === undefined) return [];
  if (since < first.seq - 1) return 'unknown';
  return kept.filter((event) => event.seq > since);
}
