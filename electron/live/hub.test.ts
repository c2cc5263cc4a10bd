import { expect, test } from 'vitest';
import type { LiveEvent, LiveMessage } from '../../shared/events.ts';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { createLiveHub, type WindowPort } from './hub.ts';

const event = (seq: number) => ({ seq }) as LiveEvent;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));

function createPort() {
  const messages: LiveMessage[] = [];
  let close = () => {};
  const port: WindowPort = {
    send: (message) => messages.push(message),
    onClose: (listener) => {
      close = listener;
    },
  };
  const batches = () =>
    messages.flatMap((message) => (message.kind === 'events' ? [message.events.map(({ seq }) => seq)] : []));
  const resyncs = () => messages.filter(({ kind }) => kind === 'resync').length;
  return { port, messages, batches, resyncs, close: () => close() };
}

test('the first event goes at once, what follows within a frame goes together', () => {
  const clock = createFakeClock();
  const hub = createLiveHub(clock);
  const window = createPort();
  hub.open(window.port, null);
  hub.events([event(1)]);
  hub.events([event(2)]);
  hub.events([event(3), event(4)]);
  expect(window.batches()).toEqual([[1]]);
  clock.pass(15);
  expect(window.batches()).toEqual([[1]]);
  clock.pass(1);
  expect(window.batches()).toEqual([[1], [2, 3, 4]]);
});

test('at most one message a frame, whatever comes', () => {
  const clock = createFakeClock();
  const hub = createLiveHub(clock);
  const window = createPort();
  hub.open(window.port, null);
  for (let seq = 1; seq <= 1_000; seq += 1) {
    hub.events([event(seq)]);
    clock.pass(1);
  }
  clock.pass(16);
  expect(window.batches().length).toBeLessThanOrEqual(1_000 / 16 + 2);
  expect(window.batches().flat()).toEqual(range(1, 1_000).map(({ seq }) => seq));
});

test('a window that comes back gets what it missed, once', () => {
  const clock = createFakeClock();
  const hub = createLiveHub(clock);
  const first = createPort();
  hub.open(first.port, null);
  hub.events(range(1, 3));
  hub.events(range(4, 6));
  first.close();
  const second = createPort();
  hub.open(second.port, 2);
  clock.pass(100);
  hub.events([event(7)]);
  expect(second.batches()).toEqual([[3, 4, 5, 6], [7]]);
  expect(second.resyncs()).toBe(0);
  expect(first.batches().flat()).not.toContain(7);
});

test('a window that was away for longer than events are kept loads its data again', () => {
  const hub = createLiveHub(createFakeClock());
  hub.events(range(1, 10_001));
  const away = createPort();
  hub.open(away.port, 100);
  expect(away.resyncs()).toBe(1);
  const recent = createPort();
  hub.open(recent.port, 10_000);
  expect(recent.batches()).toEqual([[10_001]]);
});

test('a resync keeps its place in the order and makes what was kept useless', () => {
  const clock = createFakeClock();
  const hub = createLiveHub(clock);
  const window = createPort();
  hub.open(window.port, null);
  hub.events([event(1)]);
  hub.events([event(2)]);
  hub.resync();
  expect(window.messages.map(({ kind }) => kind)).toEqual(['freshness', 'events', 'events', 'resync']);
  const late = createPort();
  hub.open(late.port, 1);
  expect(late.resyncs()).toBe(1);
  expect(late.batches()).toEqual([]);
});

test('nothing of one person is replayed to the next', () => {
  const hub = createLiveHub(createFakeClock());
  hub.events(range(1, 5));
  hub.reset();
  const window = createPort();
  hub.open(window.port, 2);
  expect(window.messages).toEqual([{ kind: 'freshness', freshness: { state: 'connecting' } }]);
});
