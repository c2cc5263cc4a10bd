// The list as the route's search asks for it: pages by cursor, counts, and the attention view narrowed in the window.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { listInput, matching, needsAttention, scopeOf, total, viewOf, type Search } from './filters.ts';

/** The attention view looks through so many pages by itself, and goes on when asked. */
const PAGES_BY_ITSELF = 10;
const ENOUGH_TO_SHOW = 40;

export interface TaskList {
  /** Undefined: the first answer is on its way, or failed. */
  rows: TaskSummary[] | undefined;
  error: unknown;
  retry(): void;
  hasMore: boolean;
  more(): void;
  /** Tasks that match; null: not counted. */
  matching: number | null;
  /** All tasks of the workspace; null: not known yet. */
  total: number | null;
  running: number | undefined;
  /** Of the attention view: open tasks looked through so far while older ones are left; null: it has seen them all. */
  lookedThrough: number | null;
}

export function useTaskList(search: Search): TaskList {
  const api = useApi();
  const attention = viewOf(search) === 'attention';
  const list = useInfiniteQuery(
    api.tasks.list.infiniteQueryOptions(listInput(search), {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
    }),
  );
  const scope = scopeOf(search);
  const scoped = useQuery(api.tasks.count.queryOptions(scope, { placeholderData: keepPreviousData }));
  const all = useQuery(api.tasks.count.queryOptions({}));

  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const rows = useMemo(() => (attention ? loaded?.filter(needsAttention) : loaded), [attention, loaded]);

  const { hasNextPage, isFetching, fetchNextPage } = list;
  const pages = list.data?.pages.length ?? 0;
  const few = (rows?.length ?? 0) < ENOUGH_TO_SHOW;
  // The number of pages, not a flag: an answer that comes at once leaves no moment in which nothing is fetched.
  const goOnAfter = attention && hasNextPage && !isFetching && few && pages < PAGES_BY_ITSELF ? pages : null;
  useEffect(() => {
    if (goOnAfter !== null) void fetchNextPage();
  }, [goOnAfter, fetchNextPage]);

  return {
    rows,
    error: list.error,
    retry: () => void list.refetch(),
    hasMore: hasNextPage,
    more: () => {
      if (!list.isFetchingNextPage) void fetchNextPage();
    },
    matching: scoped.data ? matching(search, scoped.data) : null,
    total: all.data ? total(all.data) : null,
    running: scoped.data?.running,
    lookedThrough: attention && hasNextPage ? (loaded?.length ?? 0) : null,
  };
}
