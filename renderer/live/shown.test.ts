// What is kept of the screen, and how it is asked anew.
import { InfiniteQueryObserver, QueryClient, QueryObserver, type QueryKey } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { makeTask } from '../stories/fixtures.ts';
import { askAnew, putBack, readShown } from './shown.ts';

const keyOf = (path: string, input: object = {}, type = 'query'): QueryKey => [path.split('.'), { input, type }];
const AT = '2026-11-25T10:42:00.000Z';

function clientWith(entries: [QueryKey, unknown][], options: { ask?: (key: QueryKey) => Promise<unknown> } = {}) {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        queryFn: ({ queryKey }) => options.ask?.(queryKey) ?? Promise.reject(new Error('not asked for')),
      },
    },
  });
  for (const [key, data] of entries) client.setQueryData(key, data);
  return client;
}
/** As a component that is drawn. */
const watch = (client: QueryClient, queryKey: QueryKey): (() => void) =>
  new QueryObserver(client, { queryKey }).subscribe(() => undefined);

test('keeps lists and figures that are on the screen, of a long list its first page, and no details', () => {
  const list = keyOf('tasks.list', {}, 'infinite');
  const pages = [1, 2, 3].map((page) => ({ items: [makeTask(page)], nextCursor: String(page) }));
  const client = clientWith([
    [list, { pages, pageParams: [undefined, '1', '2'] }],
    [keyOf('overview.get'), { figures: 1 }],
    [keyOf('agents.list'), { items: [], nextCursor: null }],
    [keyOf('tasks.details', { id: 'a' }), { output: 'what an agent wrote' }],
    [keyOf('keys.list'), { items: ['a key'] }],
  ]);
  for (const key of [list, keyOf('overview.get'), keyOf('tasks.details', { id: 'a' }), keyOf('keys.list')]) watch(client, key);

  const other = clientWith([]);
  putBack(other, { entries: readShown(client) ?? '', at: AT });
  expect(other.getQueryData(list)).toEqual({ pages: pages.slice(0, 1), pageParams: [undefined] });
  expect(other.getQueryData(keyOf('overview.get'))).toEqual({ figures: 1 });
  expect(other.getQueryCache().getAll()).toHaveLength(2);
  expect(other.getQueryState(list)?.dataUpdatedAt).toBe(Date.parse(AT));
});

test('nothing on the screen is nothing to keep; what is too long is left out, the rest stays', () => {
  expect(readShown(clientWith([[keyOf('overview.get'), { figures: 1 }]]))).toBeNull();
  const client = clientWith([
    [keyOf('tasks.list'), { items: ['x'.repeat(1_600_000)] }],
    [keyOf('overview.get'), { figures: 1 }],
  ]);
  watch(client, keyOf('tasks.list'));
  watch(client, keyOf('overview.get'));
  expect(JSON.parse(readShown(client) ?? '')).toEqual([{ key: keyOf('overview.get'), data: { figures: 1 } }]);
});

test('what was put back is not asked for until it is asked anew, and then until it is answered', async () => {
  let failures = 1;
  const ask = vi.fn(async () => {
    if (failures > 0) {
      failures -= 1;
      throw new Error('not there yet');
    }
    return { figures: 2 };
  });
  const client = clientWith([], { ask });
  putBack(client, { entries: JSON.stringify([{ key: keyOf('overview.get'), data: { figures: 1 } }]), at: AT });
  watch(client, keyOf('overview.get'));
  await Promise.resolve();
  expect(ask).not.toHaveBeenCalled();

  const waiting: (() => void)[] = [];
  const onDone = vi.fn();
  askAnew(client, { after: (_milliseconds, run) => void waiting.push(run), onDone });
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  expect(onDone).not.toHaveBeenCalled();
  expect(client.getQueryData(keyOf('overview.get'))).toEqual({ figures: 1 });
  waiting.splice(0).forEach((run) => run());
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(client.getQueryData(keyOf('overview.get'))).toEqual({ figures: 2 });
});

test('a window that is gone meanwhile is told nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const client = clientWith([[keyOf('overview.get'), { figures: 1 }]], { ask: () => promise });
  watch(client, keyOf('overview.get'));
  const onDone = vi.fn();
  askAnew(client, { after: () => undefined, onDone })();
  resolve({ figures: 2 });
  await promise;
  await Promise.resolve();
  expect(onDone).not.toHaveBeenCalled();
});

test('a list that was put back is asked for its first page as at first: by no cursor', async () => {
  const list = keyOf('tasks.list', {}, 'infinite');
  const before = clientWith([[list, { pages: [{ items: ['old'] }], pageParams: [undefined] }]]);
  watch(before, list);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } });
  putBack(client, { entries: readShown(before) ?? '', at: AT });
  const cursors: unknown[] = [];
  new InfiniteQueryObserver(client, {
    queryKey: list,
    queryFn: async ({ pageParam }: { pageParam: unknown }) => {
      cursors.push(pageParam);
      return { items: ['new'] };
    },
    initialPageParam: undefined,
    getNextPageParam: () => null,
  }).subscribe(() => undefined);
  const onDone = vi.fn();
  askAnew(client, { after: () => undefined, onDone });
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(cursors).toEqual([undefined]);
});

test('a stream that marks what was answered just now does not keep the screen old', async () => {
  const key = keyOf('overview.get');
  const client = clientWith([], {
    ask: async () => ({ figures: 2 }),
  });
  putBack(client, { entries: JSON.stringify([{ key, data: { figures: 1 } }]), at: AT });
  watch(client, key);
  // The next event comes with the answer.
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && !query.state.isInvalidated) query.invalidate();
  });
  const onDone = vi.fn();
  askAnew(client, { after: () => undefined, onDone });
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
});
