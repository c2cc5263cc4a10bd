// The live cache over TanStack Query: one patch a frame, late answers corrected, refetches held back.
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import type { LiveEvent } from '../../shared/events.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { makeTask } from '../stories/fixtures.ts';
import { createLiveCache, type Clock } from './cache.ts';
import { receive } from './connect.ts';
import { createLiveStore } from './freshness.ts';
import type { Page } from './rows.ts';

const LIST = [['tasks', 'list'], { input: {}, type: 'query' }] as const;

function setup() {
  const frames: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const time = { now: 0, pauses: [] as number[] };
  const clock: Clock = {
    nextFrame: (run) => void frames.push(run),
    after: (milliseconds, run) => void (time.pauses.push(milliseconds), timers.push(run)),
    now: () => time.now,
  };
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } });
  const cache = createLiveCache(client, clock);
  const drain = (queue: (() => void)[]): void => queue.splice(0).forEach((run) => run());
  return { client, cache, frames, timers, time, frame: () => drain(frames), second: () => drain(timers) };
}
const event = (seq: number, row: TaskSummary): LiveEvent => ({
  seq, at: '2026-11-20T17:42:00.000Z', type: 'task.changed', entity: 'task', id: row.id, version: row.version, data: row,
});
const page = (...items: TaskSummary[]): Page<TaskSummary> => ({ items, nextCursor: null });
const shown = (client: QueryClient): TaskSummary[] => client.getQueryData<Page<TaskSummary>>(LIST)?.items ?? [];

test('many batches draw once, at the next frame', () => {
  const { client, cache, frames, frame } = setup();
  const row = makeTask(1, { version: 1 });
  client.setQueryData(LIST, page(row));
  const notices = vi.fn();
  client.getQueryCache().subscribe((notice) => notice.type === 'updated' && notices());
  for (let version = 2; version < 50; version += 1) cache.push([event(version, { ...row, version })]);
  expect([frames.length, shown(client)[0]?.version]).toEqual([1, 1]);
  frame();
  expect([notices.mock.calls.length, shown(client)[0]?.version]).toEqual([1, 49]);
});

test('an answer older than the events that came meanwhile is brought up to date', async () => {
  const { client, cache, frame } = setup();
  const row = makeTask(1, { version: 1, state: 'running' });
  let answer: (page: Page<TaskSummary>) => void = () => undefined;
  const observer = new QueryObserver(client, {
    queryKey: LIST,
    queryFn: () => new Promise<Page<TaskSummary>>((resolve) => (answer = resolve)),
  });
  const stop = observer.subscribe(() => undefined);
  cache.push([event(7, { ...row, version: 2, state: 'succeeded' })]);
  frame();
  answer(page(row));
  await vi.waitFor(() => expect(shown(client)[0]).toMatchObject({ version: 2, state: 'succeeded' }));
  stop();
});

test('a query that took long is fetched less often, and never less than every quarter of a minute', async () => {
  const { client, cache, frame, second, time } = setup();
  const queryKey = [['usage', 'series'], { input: {}, type: 'query' }];
  const queryFn = vi.fn(() => {
    time.now += [40, 600, 4_000][queryFn.mock.calls.length - 1] ?? 0;
    return Promise.resolve({});
  });
  const stop = new QueryObserver(client, { queryKey, queryFn }).subscribe(() => undefined);
  for (let count = 1; count <= 3; count += 1) {
    await vi.waitFor(() => expect(client.getQueryState(queryKey)).toMatchObject({ fetchStatus: 'idle', dataUpdateCount: count }));
    cache.push([{ ...event(count, makeTask(1)), type: 'task.claimed' }]);
    frame();
    second();
  }
  expect(time.pauses).toEqual([1_000, 6_000, 15_000]);
  stop();
});

test('a marked list is fetched again once, not once an event', async () => {
  const { client, cache, frame, timers, second } = setup();
  const queryKey = [['tasks', 'count'], { input: {}, type: 'query' }];
  const queryFn = vi.fn(() => Promise.resolve({ running: 1 }));
  const stop = new QueryObserver(client, { queryKey, queryFn }).subscribe(() => undefined);
  await vi.waitFor(() => expect(client.getQueryData(queryKey)).toBeDefined());
  for (let seq = 1; seq < 20; seq += 1) {
    cache.push([event(seq, makeTask(seq))]);
    frame();
  }
  expect(timers).toHaveLength(1);
  second();
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  stop();
});

test('the stream: duplicates are dropped, a resync fetches everything again', () => {
  const store = createLiveStore();
  const cache = { push: vi.fn(), resync: vi.fn(), dispose: vi.fn() };
  const [first, second] = [event(1, makeTask(1)), event(2, makeTask(2))];
  receive({ kind: 'events', events: [first, second] }, store, cache);
  receive({ kind: 'events', events: [second] }, store, cache);
  expect(cache.push.mock.calls).toEqual([[[first, second]]]);
  expect(store.getState().seq).toBe(2);
  receive({ kind: 'resync' }, store, cache);
  expect(cache.resync).toHaveBeenCalledTimes(1);
  receive({ kind: 'events', events: [first] }, store, cache);
  expect(store.getState().seq).toBe(1);
  receive({ kind: 'freshness', freshness: { state: 'stale', since: first.at, reason: 'Gone.' } }, store, cache);
  expect(store.getState().freshness.state).toBe('stale');
});

test('a screen that is not open stays marked, whatever is patched into it afterwards', async () => {
  const { client, cache, frame, second } = setup();
  const row = makeTask(1, { version: 1, state: 'running' });
  client.setQueryData(LIST, page(row));
  await client.invalidateQueries({ queryKey: LIST, exact: true });
  cache.push([event(7, { ...row, version: 2, progress: { percent: 10, message: null } })]);
  frame();
  second();
  expect(shown(client)[0]?.version).toBe(2);
  expect(client.getQueryState(LIST)?.isInvalidated).toBe(true);
});
