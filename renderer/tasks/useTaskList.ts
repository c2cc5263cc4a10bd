// The list as the route's search asks for it: pages by cursor, and counts.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { listInput, matching, scopeOf, total, viewOf, withView, type Search } from './filters.ts';

export interface TaskList {
  /** Undefined: the first answer is on its way, or failed. */
  rows: TaskSummary[] | undefined;
  error: unknown;
  retry(): void;
  hasMore: boolean;
  more(): void;
  /** Tasks that match; null: not known yet. */
  matching: number | null;
  /** All tasks of the workspace; null: not known yet. */
  total: number | null;
  /** What each view would show that is gone to from here. */
  views: { running: number | undefined; failed: number | undefined; attention: number | undefined };
}

export function useTaskList(search: Search): TaskList {
  const api = useApi();
  const list = useInfiniteQuery(
    api.tasks.list.infiniteQueryOptions(listInput(search), {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
    }),
  );
  const scope = scopeOf(search);
  const scoped = useCount(scope);
  const needed = useCount({ ...scope, attention: true });
  // Going to a view lets go of an error group, and keeps the rest of the filter.
  const beyond = scopeOf(withView(search, 'all'));
  const there = useCount(beyond);
  const neededThere = useCount({ ...beyond, attention: true });
  const all = useQuery(api.tasks.count.queryOptions({}));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const counts = viewOf(search) === 'attention' ? needed.data : scoped.data;

  return {
    rows,
    error: list.error,
    retry: () => void list.refetch(),
    hasMore: list.hasNextPage,
    more: () => {
      if (!list.isFetchingNextPage) void list.fetchNextPage();
    },
    matching: counts ? matching(search, counts) : null,
    total: all.data ? total(all.data) : null,
    views: {
      running: there.data?.running,
      failed: there.data?.failed,
      attention: neededThere.data && total(neededThere.data),
    },
  };
}

/** Tasks of a filter by their state; of two that ask for the same one asks. */
function useCount(filter: ReturnType<typeof scopeOf> & { attention?: true }) {
  const api = useApi();
  return useQuery(api.tasks.count.queryOptions(filter, { placeholderData: keepPreviousData }));
}
