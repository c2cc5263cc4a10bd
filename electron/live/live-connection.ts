// The one socket of a connection: replays from the last event it has, measures how fresh it is.
import type { Socket } from 'socket.io-client';
import { z } from 'zod';
import { liveEvent } from '../../shared/events.ts';
import type { Freshness, LiveEvent } from '../../shared/events.ts';
import { metricSample, type MetricSample } from '../../shared/metric.ts';
import type { Clock } from '../embedded/backend.ts';
import { takeBatch } from './sequence.ts';

const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;
/** After a sleep the other end is most likely gone: that is found out sooner. */
const AWAKE_TIMEOUT_MS = 2_500;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** A replay that has not ended by then is taken as it is, with what is missing in it. */
const REPLAY_MS = 5_000;

export interface LiveSink {
  events(events: LiveEvent[]): void;
  resync(): void;
  metrics(sample: MetricSample): void;
  freshness(freshness: Freshness): void;
}

/** Asked at each (re)connection, so that it goes with the token of that moment. */
export type Authenticate = (answer: (credentials: object) => void) => void;

export interface LiveParts {
  /** A socket to `/live` of the backend, not connected yet. */
  open(url: string, authenticate: Authenticate): Socket;
  /** Null: nobody is signed in any more. Throws when it cannot be had now. */
  accessToken(): Promise<string | null>;
  /** A token other than the refused one. */
  renewed(refusedToken: string): Promise<string | null>;
  sink: LiveSink;
  clock: Clock;
}

export interface LiveConnection {
  /** Connects, or connects anew when the address has changed. `since`: applied by the window already. */
  connect(url: string, since?: number | null): void;
  /** The computer was asleep: asks at once whether the other end is still there, and connects anew if it is not. */
  wake(): void;
  /** Closes it and forgets the position: another person's stream starts over. */
  disconnect(): void;
}

const eventBatch = z.array(liveEvent);

/** A connection that is not open yet. */
export function createLiveConnection(parts: LiveParts): LiveConnection {
  let socket: Socket | null = null;
  let address: string | null = null;
  let last: number | null = null;
  let token: string | null = null;
  let failures = 0;
  /** The computer woke, and nothing was heard since: catching up can be over before anybody reads that it was needed. */
  let awake = false;
  /** How often the other end was asked whether it is there. */
  let questions = 0;
  /** Live events that overtook the replay; null once the replay has ended. */
  let early: LiveEvent[] | null = null;
  let cancelReplay: (() => void) | null = null;
  let freshAt = parts.clock.now();
  let cancelPing: (() => void) | null = null;
  let cancelRetry: (() => void) | null = null;

  function connect(url: string, since: number | null = null): void {
    last ??= since;
    // One that is waiting to try again is replaced: whoever calls knows that the backend is there now.
    if (socket?.connected === true && url === address) return;
    drop();
    address = url;
    freshAt = parts.clock.now();
    parts.sink.freshness({ state: 'connecting' });
    const opened = parts.open(url, (answer) => void authenticate(answer));
    socket = opened;
    opened.on('connect', () => {
      early = [];
      cancelReplay = parts.clock.after(REPLAY_MS, endReplay);
      void measure(opened);
    });
    opened.on('ready', (position: unknown) => {
      last ??= positionOf(position);
      endReplay();
      // Said once more, now with the position.
      void measure(opened);
    });
    opened.on('events', (batch: unknown) => take(batch));
    opened.on('resync', (position: unknown) => resync(position));
    opened.on('metrics', (sample: unknown) => {
      const read = metricSample.safeParse(sample);
      if (read.success) parts.sink.metrics(read.data);
    });
    opened.on('disconnect', () => lost(opened, 'The connection to the backend was lost. Trying again.'));
    opened.on('connect_error', (error) => refusedBy(opened, error));
    opened.connect();
  }

  async function authenticate(answer: (credentials: object) => void): Promise<void> {
    try {
      token = await parts.accessToken();
    } catch {
      // Unreachable: the handshake fails as well and is tried again.
      token = null;
    }
    answer({ token: token ?? '', ...(last === null ? {} : { since: last }) });
  }

  function take(batch: unknown): void {
    const read = eventBatch.safeParse(batch);
    // A batch that cannot be read counts as missing.
    const taken = read.success ? takeBatch(last, read.data) : { fresh: [], gap: true, last };
    if (taken.gap && early !== null) {
      for (const event of taken.fresh) early.push(event);
      return;
    }
    last = taken.last;
    if (taken.gap) parts.sink.resync();
    if (taken.fresh.length > 0) parts.sink.events(taken.fresh);
  }

  function endReplay(): void {
    cancelReplay?.();
    cancelReplay = null;
    const held = early ?? [];
    early = null;
    if (held.length > 0) take(held.toSorted((a, b) => a.seq - b.seq));
  }

  function resync(position: unknown): void {
    last = positionOf(position);
    parts.sink.resync();
  }

  function wake(): void {
    const woken = socket;
    if (woken === null || address === null) return;
    parts.sink.freshness({ state: 'connecting', awake: true });
    awake = true;
    failures = 0;
    if (woken.connected) {
      cancelPing?.();
      void measure(woken, AWAKE_TIMEOUT_MS);
    } else {
      // Whatever it waits for was reckoned before the sleep.
      const url = address;
      drop();
      connect(url);
    }
  }

  async function measure(measured: Socket, timeoutMs = PING_TIMEOUT_MS): Promise<void> {
    if (measured !== socket || !measured.connected) return;
    questions += 1;
    const question = questions;
    // One that a later one has overtaken tells nothing any more, neither how fresh it is nor that it was awake.
    const isLast = (): boolean => question === questions && measured === socket && measured.connected;
    const sent = performance.now();
    try {
      await measured.timeout(timeoutMs).emitWithAck('ping');
      if (!isLast()) return;
      freshAt = parts.clock.now();
      failures = 0;
      const roundTripMs = Math.round((performance.now() - sent) * 10) / 10;
      // Said until the next question, some seconds later.
      parts.sink.freshness({ state: 'live', seq: last ?? 0, roundTripMs, ...(awake && { awake }) });
      awake = false;
    } catch {
      if (!isLast()) return;
      stale('The backend does not answer. Connecting again.');
      // Closes the transport alone: socket.io then connects again by itself.
      measured.io.engine.close();
      return;
    }
    cancelPing?.();
    cancelPing = parts.clock.after(PING_EVERY_MS, () => void measure(measured));
  }

  function lost(from: Socket, reason: string): void {
    pause();
    if (from !== socket) return;
    if (from.active) {
      stale(reason);
      return;
    }
    // The server closed it, as it does when the token expires: with a new one this is over in a moment.
    if (failures > 0) stale(reason);
    const delay = nextDelay();
    void renewAndRetry(delay === FIRST_RETRY_MS ? 0 : delay);
  }

  function refusedBy(from: Socket, error: Error): void {
    if (from !== socket) return;
    if (from.active) {
      stale('The backend cannot be reached. Trying again.');
      return;
    }
    // Refused by the server's middleware: socket.io leaves the retry to us.
    stale('The backend refused the live connection. Trying again.');
    if (error.message === 'unauthenticated') void renewAndRetry(nextDelay());
    else retry(nextDelay());
  }

  function nextDelay(): number {
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    failures += 1;
    return delay;
  }

  async function renewAndRetry(delay: number): Promise<void> {
    const from = socket;
    try {
      // Null: the session is over, and whoever ended it has disconnected this.
      if (token !== null && (await parts.renewed(token)) === null) return;
    } catch {
      // Unreachable: the retry below finds out when that ends.
    }
    if (from === socket) retry(delay);
  }

  function retry(delay: number): void {
    const retried = socket;
    if (retried === null || cancelRetry !== null) return;
    cancelRetry = parts.clock.after(delay, () => {
      cancelRetry = null;
      if (retried === socket) retried.connect();
    });
  }

  function stale(reason: string): void {
    parts.sink.freshness({ state: 'stale', since: new Date(freshAt).toISOString(), reason });
  }

  /** Stops what belongs to an open connection only. */
  function pause(): void {
    cancelPing?.();
    cancelReplay?.();
    cancelPing = null;
    cancelReplay = null;
    early = null;
  }

  function drop(): void {
    pause();
    cancelRetry?.();
    cancelRetry = null;
    const dropped = socket;
    socket = null;
    address = null;
    dropped?.removeAllListeners();
    dropped?.disconnect();
  }

  return {
    connect,
    wake,
    disconnect() {
      drop();
      last = null;
      token = null;
      failures = 0;
    },
  };
}

function positionOf(message: unknown): number | null {
  const read = z.object({ seq: z.number().int() }).safeParse(message);
  return read.success ? read.data.seq : null;
}
