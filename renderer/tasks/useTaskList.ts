// The list as the route's search asks for it: pages by cursor, and counts.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { listInput, matching, scopeOf, total, viewOf, type Search } from './filters.ts';

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
  running: number | undefined;
  failed: number | undefined;
  /** Tasks under the same filter that may need a person. */
  attention: number | undefined;
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
  const scoped = useQuery(api.tasks.count.queryOptions(scope, { placeholderData: keepPreviousData }));
  const needed = useQuery(
    api.tasks.count.queryOptions({ ...scope, attention: true }, { placeholderData: keepPreviousData }),
  );
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
    running: scoped.data?.running,
    failed: scoped.data?.failed,
    attention: needed.data ? total(needed.data) : undefined,
  };
}
