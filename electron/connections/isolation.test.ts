// The wall between connections, by enumeration: whatever a window of one asks or hears, nothing of the other is in it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, expect, test } from 'vitest';
import type { LiveEvent, LiveMessage } from '../../shared/events.ts';
import { allOperations } from '../../shared/operations.ts';
import { systemClock } from '../embedded/backend.ts';
import { createRemoteBackend } from '../session/remote-backend.ts';
import { answerRpc } from '../session/rpc.ts';
import { createTokenStore, sessionOf, type SavedSessions } from '../session/token-store.ts';
import { createConnection, type Connection } from './connection.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const time = '2026-11-20T10:00:00.000Z';
const uuid = (name: string) => `0000000${name}-0000-7000-8000-000000000000`;
const session = (name: string) => {
  const organization = { id: uuid(name), name: `Workspace ${name}`, role: 'owner', createdAt: time };
  const user = { id: uuid(name), name: `Person ${name}`, email: `${name}@example.com` };
  return { user, organization, organizations: [organization], accessToken: `access-${name}`, refreshToken: `refresh-${name}`, expiresIn: 900 };
};

interface Asked {
  path: string;
  authorization: string | undefined;
  body: string;
}

/** A backend named by a figure: it notes what it is asked, and its answers and events carry its name. */
async function startBackend(name: string) {
  const asked: Asked[] = [];
  const tokens: string[] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push({ path, authorization: request.headers.authorization, body: Buffer.concat(chunks).toString() });
      const data = path.startsWith('/trpc/auth.') ? session(name) : { from: name };
      response.setHeader('content-type', 'application/json');
      const own: Record<string, object> = { '/health': { status: 'ok' }, '/ready': { status: 'ready', version: '0.1.0' } };
      response.end(JSON.stringify(own[path] ?? { result: { data } }));
    });
  });
  const io = new Server(http);
  const live = io.of('/live');
  live.use((socket, next) => {
    tokens.push(String((socket.handshake.auth as { token: string }).token));
    next();
  });
  live.on('connection', (socket) => {
    socket.on('ping', (answer: () => void) => answer());
    socket.emit('ready', { seq: 0 });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  http.listen(0, '127.0.0.1', resolve);
  await promise;
  closing.push(() => io.close());
  const event = (seq: number): LiveEvent => ({ seq, at: time, type: 'task.queued', entity: 'task', id: uuid(name), version: 1, data: { from: name } });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked,
    tokens,
    sockets: () => live.sockets.size,
    send: (seq: number) => live.emit('events', [event(seq)]),
  };
}

function connect(id: string, url: string, store: { value: SavedSessions }): Connection {
  const keychain = { encrypt: (text: string) => `locked ${text}`, decrypt: (text: string) => text.replace('locked ', '') };
  const saved = { read: () => store.value, write: (next: SavedSessions) => void (store.value = next) };
  const connection = createConnection({
    id,
    makeBackend: (onStatus) => createRemoteBackend({ url, fetch, clock: systemClock, onStatus }),
    tokens: createTokenStore({ store: sessionOf(saved, id), keychain, server: url }),
    clock: systemClock,
    fetch,
    wait: () => Promise.resolve(),
    onChange: () => undefined,
    onEvents: () => undefined,
    onMetrics: () => undefined,
  });
  connection.start();
  closing.push(() => connection.close());
  return connection;
}

function listen(connection: Connection): LiveMessage[] {
  const heard: LiveMessage[] = [];
  connection.hub.open({ send: (message) => heard.push(message), onClose: () => undefined }, null);
  return heard;
}

test('no operation, token or event of one connection reaches the other', async () => {
  const store: { value: SavedSessions } = { value: { sessions: {} } };
  const backends = [await startBackend('1'), await startBackend('2')] as const;
  const connections = [connect('one', backends[0].url, store), connect('two', backends[1].url, store)] as const;
  await expect.poll(() => connections.every(({ backend }) => backend.status().state === 'ready')).toBe(true);
  const heard = connections.map(listen);
  for (const { session: own } of connections) {
    const answer = await own.signIn('auth.login', { email: 'a@example.com', password: 'a long password' });
    expect(answer.ok).toBe(true);
  }
  await expect.poll(() => backends.map(({ sockets }) => sockets())).toEqual([1, 1]);

  // Every operation that a window may call, from each.
  for (const [index, connection] of connections.entries()) {
    const before = backends.map(({ asked }) => asked.length);
    for (const { name, operation } of allOperations) {
      const answer = await answerRpc(connection, { path: name, type: operation.kind, input: {} });
      if (answer.ok) expect(answer.data).toEqual({ from: String(index + 1) });
    }
    const grown = backends.map(({ asked }, which) => asked.length > (before[which] ?? 0));
    expect(grown).toEqual([index === 0, index === 1]);
  }
  for (const seq of [1, 2, 3]) backends.forEach((backend) => backend.send(seq));
  const namesOf = (messages: LiveMessage[]) =>
    messages.flatMap((message) => (message.kind === 'events' ? message.events.map(({ data }) => (data as { from: string }).from) : []));
  await expect.poll(() => heard.map((messages) => namesOf(messages).length)).toEqual([3, 3]);
  expect(heard.map((messages) => [...new Set(namesOf(messages))])).toEqual([['1'], ['2']]);

  for (const [index, { asked, tokens }] of backends.entries()) {
    const [own, others] = index === 0 ? ['1', '2'] : ['2', '1'];
    expect([...new Set(asked.map(({ authorization }) => authorization))].toSorted()).toEqual([`Bearer access-${own}`, undefined]);
    expect(new Set(tokens)).toEqual(new Set([`access-${own}`]));
    expect(JSON.stringify(asked)).not.toMatch(new RegExp(`(access|refresh)-${others}`));
  }
  // Signing out of one takes its own token alone.
  await connections[0].session.signOut();
  expect(Object.keys(store.value.sessions)).toEqual(['two']);
  expect(connections[1].session.status().state).toBe('signed_in');
  expect(connections.map(({ session: own }) => JSON.stringify(own.status()).includes('access'))).toEqual([false, false]);
});
