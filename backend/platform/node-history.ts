// What this node saw of itself in the last day: database statements, connections, event lag, sockets and memory, in
// memory alone. It begins with the process, and says so by gaps.
import { bucketOf, countInto, mergeInto, percentilesOf, type Histogram } from '../../shared/histogram.ts';
import type { MetricPoint } from '../../shared/metric.ts';
import type { Clock } from './clock.ts';

/** Two lengths of slots, in seconds, and how many of each are kept: 20 minutes and a day. */
const rings = [
  { seconds: 5, kept: 240 },
  { seconds: 60, kept: 1_440 },
] as const;
const TICK_MS = 1_000;

export type NodePoint = Pick<
  MetricPoint,
  | 'queryP50'
  | 'queryP95'
  | 'queryP99'
  | 'connections'
  | 'connectionsWaiting'
  | 'eventLagMs'
  | 'sockets'
  | 'memoryBytes'
>;

interface Slot {
  /** Milliseconds of its begin. */
  at: number;
  queries: Histogram;
  most: { connections: number; connectionsWaiting: number; sockets: number; memoryBytes: number };
  lagMs: number | null;
}

/** What is looked at each second; given by its owners once they are there. */
export interface NodeGauges {
  sockets(): number;
  connections(): { used: number; waiting: number; limit: number };
}

export interface NodeHistory {
  startedAt: Date;
  /** The duration of a database statement, in seconds. */
  query(seconds: number): void;
  /** From an event's commit to its sending, in milliseconds. */
  lag(milliseconds: number): void;
  watch(gauges: Partial<NodeGauges>): void;
  connectionLimit(): number;
  /** Looks at the gauges once; the node does so each second between `start` and `stop`. */
  tick(): void;
  start(): void;
  stop(): void;
  /** How it stood at a time: percentiles of the span before it, the most within the step before it. */
  at(time: number, cut: { stepSeconds: number; spanSeconds: number }): NodePoint;
}

const nothing: NodePoint = {
  queryP50: null,
  queryP95: null,
  queryP99: null,
  connections: null,
  connectionsWaiting: null,
  eventLagMs: null,
  sockets: null,
  memoryBytes: null,
};

export function createNodeHistory(clock: Clock): NodeHistory {
  const slots: Slot[][] = rings.map(() => []);
  let gauges: NodeGauges = { sockets: () => 0, connections: () => ({ used: 0, waiting: 0, limit: 0 }) };
  let timer: NodeJS.Timeout | undefined;
  /** As last looked at: what a slot begins with, so that one begun between two looks is not shown as nothing. */
  let looked: Slot['most'] = { connections: 0, connectionsWaiting: 0, sockets: 0, memoryBytes: 0 };

  /** The present slot of each ring, begun where it has not been. */
  function current(): Slot[] {
    const now = clock.now().getTime();
    return rings.map(({ seconds, kept }, index) => {
      const ring = slots[index]!;
      const at = Math.floor(now / (seconds * 1000)) * seconds * 1000;
      const last = ring.at(-1);
      // A clock that was set back goes on in the last slot.
      if (last && at <= last.at) return last;
      const slot: Slot = {
        at,
        queries: new Map(),
        most: { ...looked },
        lagMs: null,
      };
      ring.push(slot);
      if (ring.length > kept) ring.splice(0, ring.length - kept);
      return slot;
    });
  }

  function tick(): void {
    const { used, waiting } = gauges.connections();
    looked = {
      connections: used,
      connectionsWaiting: waiting,
      sockets: gauges.sockets(),
      memoryBytes: process.memoryUsage.rss(),
    };
    for (const { most } of current()) {
      for (const name of Object.keys(looked) as (keyof typeof looked)[]) most[name] = Math.max(most[name], looked[name]);
    }
  }

  function between(ring: Slot[], from: number, to: number): Slot[] {
    let low = ring.length;
    while (low > 0 && ring[low - 1]!.at >= from) low -= 1;
    let high = low;
    while (high < ring.length && ring[high]!.at < to) high += 1;
    return ring.slice(low, high);
  }

  return {
    startedAt: clock.now(),
    query(seconds) {
      const bucket = bucketOf(seconds);
      for (const { queries } of current()) countInto(queries, bucket);
    },
    lag(milliseconds) {
      for (const slot of current()) slot.lagMs = Math.max(slot.lagMs ?? 0, milliseconds);
    },
    watch(given) {
      gauges = { ...gauges, ...given };
    },
    connectionLimit: () => gauges.connections().limit,
    tick,
    start() {
      tick();
      timer = setInterval(tick, TICK_MS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
    },
    at(time, { stepSeconds, spanSeconds }) {
      const ring = slots[stepSeconds < 60 ? 0 : 1]!;
      const spanned = between(ring, time - spanSeconds * 1000, time);
      const stepped = between(ring, time - stepSeconds * 1000, time);
      if (spanned.length === 0 || stepped.length === 0) return nothing;
      const queries: Histogram = new Map();
      for (const slot of spanned) mergeInto(queries, slot.queries);
      const { p50, p95, p99 } = percentilesOf(queries);
      const lags = stepped.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs]));
      const most = (name: keyof Slot['most']) => Math.max(...stepped.map((slot) => slot.most[name]));
      return {
        queryP50: milliseconds(p50),
        queryP95: milliseconds(p95),
        queryP99: milliseconds(p99),
        connections: most('connections'),
        connectionsWaiting: most('connectionsWaiting'),
        eventLagMs: lags.length === 0 ? null : Math.max(...lags),
        sockets: most('sockets'),
        memoryBytes: most('memoryBytes'),
      };
    },
  };
}

/** Three digits are more than the histogram knows. */
function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Number((seconds * 1000).toPrecision(3));
}
