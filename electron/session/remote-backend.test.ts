import { expect, test, vi } from 'vitest';
import type { BackendStatus } from '../../shared/ipc.ts';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createRemoteBackend, reconnectPause } from './remote-backend.ts';

const ready = () => new Response('{"status":"ready","version":"0.1.0"}', { headers: { date: 'Wed, 25 Nov 2026 10:00:00 GMT' } });
const refuse = () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
};

function setUp() {
  const clock = createFakeClock();
  const asked: string[] = [];
  const statuses: BackendStatus[] = [];
  const times: number[] = [];
  const server = { answer: refuse as () => Response };
  const backend = createRemoteBackend({
    url: 'https://signalbox.example',
    fetch: async (address) => {
      asked.push(address as string);
      return server.answer();
    },
    clock,
    onStatus: (status) => statuses.push(status),
    onServerTime: (time) => times.push(time),
    random: () => 1,
  });
  const states = () => statuses.map(({ state }) => state);
  return { clock, asked, statuses, states, server, backend, times };
}

test('a server that says that it is ready is ready, and tells its time', async () => {
  const { backend, server, asked, times } = setUp();
  server.answer = ready;
  backend.start();
  await vi.waitFor(() => expect(backend.status()).toEqual({ state: 'ready', url: 'https://signalbox.example' }));
  expect(asked).toEqual(['https://signalbox.example/ready']);
  expect(times).toEqual([Date.parse('2026-11-25T10:00:00Z')]);
});

test('one that never answered is asked ever more rarely until it does', async () => {
  const { backend, server, clock, states } = setUp();
  backend.start();
  for (const pause of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    await vi.waitFor(() => expect(clock.waiting()).toEqual([pause]));
    expect(backend.status()).toMatchObject({ state: 'failed', reason: 'unreachable' });
    clock.pass(pause);
  }
  server.answer = ready;
  await vi.waitFor(() => expect(clock.waiting()).toEqual([15_000]));
  clock.pass(15_000);
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ state: 'ready' }));
  expect(new Set(states())).toEqual(new Set(['failed', 'ready']));
  expect(clock.waiting()).toEqual([]);
});

test('one that was ready is away since a moment that stays, and comes back', async () => {
  const { backend, server, clock } = setUp();
  server.answer = ready;
  backend.start();
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ state: 'ready' }));
  server.answer = () => new Response('<html>', { status: 502 });
  const since = new Date(clock.now()).toISOString();
  backend.suspect?.();
  backend.suspect?.();
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ state: 'away', since, tries: 1 }));
  clock.pass(1_000);
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ state: 'away', since, tries: 2 }));
  expect(backend.status()).toMatchObject({ message: expect.stringContaining('something before it answers') });
  server.answer = ready;
  // "Try now": at once, and nothing flickers on the way.
  const before = clock.waiting();
  expect(before).toHaveLength(1);
  await backend.restart();
  expect(backend.status()).toEqual({ state: 'ready', url: 'https://signalbox.example' });
  expect(clock.waiting()).toEqual([]);
});

test('looking at a server that is well changes nothing', async () => {
  const { backend, server, statuses } = setUp();
  server.answer = ready;
  backend.start();
  await vi.waitFor(() => expect(statuses).toHaveLength(1));
  backend.suspect?.();
  await new Promise(setImmediate);
  expect(statuses).toHaveLength(1);
});

test.each([
  ['maintenance with its words', () => new Response('{"detail":"Back at noon."}', { status: 503 }), /it says: Back at noon\./],
  ['maintenance without', () => new Response('<html>', { status: 503 }), /not available now/],
  ['another page, as of a hotel’s network', () => new Response('<html>Sign in</html>'), /not a Signalbox server/],
  ['nothing', refuse, /refused/],
])('what is away is said: %s', async (_what, answer, words) => {
  const { backend, server } = setUp();
  server.answer = answer;
  backend.start();
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ message: expect.stringMatching(words) }));
});

test('an answer that comes after the stop changes nothing', async () => {
  const { backend, server, clock, asked, statuses } = setUp();
  server.answer = ready;
  backend.start();
  await backend.stop();
  await new Promise(setImmediate);
  clock.pass(60_000);
  expect(asked).toHaveLength(1);
  expect(statuses).toEqual([]);
});

test('the pauses are between half and all of their length', () => {
  expect([1, 2, 5, 40].map((tries) => reconnectPause(tries, 0))).toEqual([500, 1_000, 7_500, 7_500]);
  expect([1, 2, 5, 40].map((tries) => reconnectPause(tries, 1))).toEqual([1_000, 2_000, 15_000, 15_000]);
});
