import { expect, test, vi } from 'vitest';
import type { BackendStatus } from '../../shared/ipc.ts';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createRemoteBackend } from './remote-backend.ts';

function setUp() {
  const clock = createFakeClock();
  const asked: string[] = [];
  const statuses: BackendStatus['state'][] = [];
  const server = { healthy: false };
  const backend = createRemoteBackend({
    url: 'https://signalbox.example',
    fetch: (address) => {
      asked.push(address as string);
      if (!server.healthy) return Promise.reject(new TypeError('fetch failed'));
      return Promise.resolve(new Response('{}'));
    },
    clock,
    onStatus: ({ state }) => statuses.push(state),
  });
  return { clock, asked, statuses, server, backend };
}

test('a server that answers its health is ready', async () => {
  const { backend, server, asked } = setUp();
  server.healthy = true;
  backend.start();
  const ready = { state: 'ready', url: 'https://signalbox.example' };
  await vi.waitFor(() => expect(backend.status()).toEqual(ready));
  expect(asked).toEqual(['https://signalbox.example/health']);
});

test('one that does not is said to be unreachable, and asked again until it answers', async () => {
  const { backend, server, clock, statuses } = setUp();
  backend.start();
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ state: 'failed' }));
  server.healthy = true;
  clock.pass(3_000);
  await vi.waitFor(() => expect(backend.status()).toMatchObject({ state: 'ready' }));
  expect(statuses).toEqual(['starting', 'failed', 'ready']);
  expect(clock.waiting()).toEqual([]);
});

test('an answer that comes after the stop changes nothing', async () => {
  const { backend, server, clock, asked, statuses } = setUp();
  server.healthy = true;
  backend.start();
  await backend.stop();
  await new Promise(setImmediate);
  clock.pass(60_000);
  expect(asked).toHaveLength(1);
  expect(statuses).toEqual(['starting']);
});
