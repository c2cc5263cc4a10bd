import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket as ServerSocket } from 'socket.io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Freshness, LiveEvent } from '../../shared/events.ts';
import { metricSample, type MetricSample } from '../../shared/metric.ts';
import { systemClock } from '../embedded/backend.ts';
import { createLiveConnection, type LiveConnection } from './live-connection.ts';
import { openSocket } from './socket.ts';

const event = (seq: number): LiveEvent => ({
  seq,
  at: '2025-06-01T08:00:00.000Z',
  type: 'task.queued',
  entity: 'task',
  id: '01980000-0000-7000-8000-000000000003',
  version: 1,
  data: null,
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));

interface Handshake {
  token: string;
  since?: number;
}

/** A server of the live protocol that remembers handshakes and lets the test send. */
async function startServer(port = 0) {
  const http = createServer();
  const io = new Server(http);
  const live = io.of('/live');
  const handshakes: Handshake[] = [];
  const sockets: ServerSocket[] = [];
  const state = { valid: ['token-1'], greet: (_socket: ServerSocket, _since: number | null) => {} };
  live.use((socket, next) => {
    const auth = socket.handshake.auth as Handshake;
    handshakes.push(auth);
    next(state.valid.includes(auth.token) ? undefined : new Error('unauthenticated'));
  });
  live.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('ping', (answer: () => void) => answer());
    state.greet(socket, (socket.handshake.auth as Handshake).since ?? null);
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    port: (http.address() as AddressInfo).port,
    handshakes,
    sockets,
    state,
    close: () => io.close(),
  };
}

function createClient() {
  const seen = {
    seqs: [] as number[],
    resyncs: 0,
    metrics: [] as MetricSample[],
    freshness: [] as Freshness[],
  };
  const session = { token: 'token-1' as string | null, renewals: 0, next: 'token-2' as string | null };
  const connection = createLiveConnection({
    open: openSocket,
    accessToken: () => Promise.resolve(session.token),
    renewed: () => {
      session.renewals += 1;
      session.token = session.next;
      return Promise.resolve(session.token);
    },
    sink: {
      events: (events) => seen.seqs.push(...events.map(({ seq }) => seq)),
      resync: () => (seen.resyncs += 1),
      metrics: (sample) => seen.metrics.push(sample),
      freshness: (freshness) => seen.freshness.push(freshness),
    },
    clock: systemClock,
  });
  return { connection, seen, session };
}

let server: Awaited<ReturnType<typeof startServer>>;
const connections: LiveConnection[] = [];
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.disconnect();
  await server.close();
});

function connectClient(since: number | null = null) {
  const client = createClient();
  connections.push(client.connection);
  client.connection.connect(server.url, since);
  return client;
}
const socketAt = (index: number) => vi.waitUntil(() => server.sockets[index], { timeout: 5_000 });

test('replays from where the window is, then follows, and measures the round trip', async () => {
  server.state.greet = (socket, since) => {
    socket.emit('events', range((since ?? 0) + 1, 12));
    socket.emit('ready', { seq: 12 });
  };
  const { seen } = connectClient(9);
  const socket = await socketAt(0);
  socket.emit('events', [event(13)]);
  await vi.waitFor(() => expect(seen.seqs).toEqual([10, 11, 12, 13]));
  expect(server.handshakes).toEqual([{ token: 'token-1', since: 9 }]);
  expect(seen.resyncs).toBe(0);
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live' }));
  const live = seen.freshness.at(-1) as Extract<Freshness, { state: 'live' }>;
  expect(live.roundTripMs).toBeGreaterThanOrEqual(0);
});

test('after a lost connection it goes on from the last event, and nothing comes twice', async () => {
  const { seen } = connectClient();
  const first = await socketAt(0);
  first.emit('ready', { seq: 4 });
  first.emit('events', range(5, 6));
  await vi.waitFor(() => expect(seen.seqs).toEqual([5, 6]));
  server.state.greet = (socket) => {
    socket.emit('events', range(6, 8));
    socket.emit('ready', { seq: 8 });
  };
  first.conn.close();
  await vi.waitFor(() => expect(seen.seqs).toEqual([5, 6, 7, 8]), { timeout: 5_000 });
  expect(server.handshakes[1]).toEqual({ token: 'token-1', since: 6 });
  expect(seen.freshness.map(({ state }) => state)).toContain('stale');
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live' }));
  expect(seen.resyncs).toBe(0);
});

test('a gap makes the windows load again, and the stream goes on after it', async () => {
  const { seen } = connectClient();
  const socket = await socketAt(0);
  socket.emit('ready', { seq: 1 });
  socket.emit('events', [event(2)]);
  socket.emit('events', [event(5)]);
  socket.emit('events', [event(6)]);
  await vi.waitFor(() => expect(seen.seqs).toEqual([2, 5, 6]));
  expect(seen.resyncs).toBe(1);
});

test('a batch that cannot be read counts as missing', async () => {
  const { seen } = connectClient();
  const socket = await socketAt(0);
  socket.emit('ready', { seq: 1 });
  socket.emit('events', [{ seq: 'two' }]);
  await vi.waitFor(() => expect(seen.resyncs).toBe(1));
  expect(seen.seqs).toEqual([]);
});

test('events that overtake the replay wait for it', async () => {
  server.state.greet = (socket) => {
    socket.emit('events', [event(8)]);
    socket.emit('events', range(4, 6));
    socket.emit('events', range(7, 8));
    socket.emit('ready', { seq: 7 });
    socket.emit('events', [event(9)]);
  };
  const { seen } = connectClient(3);
  await vi.waitFor(() => expect(seen.seqs).toEqual([4, 5, 6, 7, 8, 9]));
  expect(seen.resyncs).toBe(0);
});

test('told to load again, it goes on from the position it was told', async () => {
  server.state.greet = (socket) => {
    socket.emit('resync', { seq: 900 });
    socket.emit('ready', { seq: 900 });
    socket.emit('events', [event(901)]);
  };
  const { seen } = connectClient(3);
  await vi.waitFor(() => expect(seen.seqs).toEqual([901]));
  expect(seen.resyncs).toBe(1);
});

test('a refused token is renewed, and the connection made with the new one', async () => {
  server.state.valid = ['token-2'];
  const { seen, session } = connectClient();
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live' }), { timeout: 5_000 });
  expect(session.renewals).toBe(1);
  expect(server.handshakes.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
});

test('closed by the server, as when a token ends, it is back with a new one and never stale', async () => {
  const { seen } = connectClient();
  const first = await socketAt(0);
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live' }));
  server.state.valid = ['token-2'];
  first.disconnect(true);
  await socketAt(1);
  expect(server.handshakes.at(-1)?.token).toBe('token-2');
  expect(seen.freshness.map(({ state }) => state)).not.toContain('stale');
});

test('when the session is over it does not try again', async () => {
  const { session } = connectClient();
  const first = await socketAt(0);
  session.next = null;
  first.disconnect(true);
  await vi.waitFor(() => expect(session.renewals).toBe(1));
  await new Promise(setImmediate);
  expect(server.handshakes).toHaveLength(1);
});

test('a backend on another port is followed, from the same position', async () => {
  const { connection, seen } = connectClient();
  const first = await socketAt(0);
  first.emit('ready', { seq: 1 });
  first.emit('events', [event(2)]);
  await vi.waitFor(() => expect(seen.seqs).toEqual([2]));
  const elsewhere = await startServer();
  try {
    connection.connect(elsewhere.url);
    await vi.waitFor(() => expect(elsewhere.handshakes).toEqual([{ token: 'token-1', since: 2 }]));
  } finally {
    await elsewhere.close();
  }
});

test('metric samples pass, malformed ones do not', async () => {
  const { seen } = connectClient();
  const socket = await socketAt(0);
  const sample = { at: '2025-06-01T08:00:00.000Z', running: 1, queued: 2, eventLagMs: 3 };
  socket.emit('metrics', { running: 'many' });
  socket.emit('metrics', sample);
  // What an older backend does not send was not measured.
  await vi.waitFor(() => expect(seen.metrics).toEqual([metricSample.parse(sample)]));
  expect(seen.metrics[0]).toMatchObject({ ...sample, waitP95: null, busy: null });
});

test('after disconnecting, the next stream starts without the position of the last', async () => {
  const { connection, seen } = connectClient();
  const first = await socketAt(0);
  first.emit('ready', { seq: 1 });
  first.emit('events', [event(2)]);
  await vi.waitFor(() => expect(seen.seqs).toEqual([2]));
  connection.disconnect();
  connection.connect(server.url);
  await socketAt(1);
  expect(server.handshakes.at(-1)).toEqual({ token: 'token-1' });
});

test('after a sleep it says so, asks at once, and is live again when the other end is there', async () => {
  const { connection, seen } = connectClient();
  const first = await socketAt(0);
  first.emit('ready', { seq: 1 });
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live', seq: 1 }));
  connection.wake();
  expect(seen.freshness.at(-1)).toEqual({ state: 'connecting', awake: true });
  // Caught up is said as well: the state between may be over before it is drawn.
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live', seq: 1, awake: true }));
  expect(server.handshakes).toHaveLength(1);
});

test('that it was asleep is said also where a question from before the sleep is still open', async () => {
  const { connection, seen } = connectClient();
  const first = await socketAt(0);
  const answers: (() => void)[] = [];
  first.removeAllListeners('ping');
  first.on('ping', (answer: () => void) => answers.push(answer));
  first.emit('ready', { seq: 1 });
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  connection.wake();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  for (const answer of answers) answer();
  await vi.waitFor(() => expect(seen.freshness.at(-1)).toMatchObject({ state: 'live' }));
  // What the server sends after both answers is read after them.
  first.emit('metrics', { at: '2025-06-01T08:00:00.000Z', running: 1, queued: 2, eventLagMs: 3 });
  await vi.waitFor(() => expect(seen.metrics).toHaveLength(1));
  expect(seen.freshness.at(-1)).toMatchObject({ state: 'live', awake: true });
});

test('after a sleep in which the other end went away it connects anew from where it was', async () => {
  const { connection, seen } = connectClient();
  const first = await socketAt(0);
  first.emit('ready', { seq: 1 });
  first.emit('events', [event(2)]);
  await vi.waitFor(() => expect(seen.seqs).toEqual([2]));
  // As of a computer on the other side of a broken line: nothing is answered, nothing is closed.
  first.removeAllListeners('ping');
  connection.wake();
  await vi.waitFor(() => expect(server.handshakes.at(-1)).toEqual({ token: 'token-1', since: 2 }), { timeout: 4_500 });
});
