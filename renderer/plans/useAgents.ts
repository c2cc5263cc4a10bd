// Every agent of the workspace: a preview says of each name whether it is one of them.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Agent } from '../../shared/agent.ts';
import { useApi } from '../app/api.ts';

/** Undefined until the last page is there. */
export function useAgents(): readonly Agent[] | undefined {
  const api = useApi();
  const query = useInfiniteQuery(
    api.agents.list.infiniteQueryOptions({ limit: 200 }, { getNextPageParam: (page) => page.nextCursor }),
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return useMemo(
    () => (query.data && !hasNextPage ? query.data.pages.flatMap((page) => page.items) : undefined),
    [query.data, hasNextPage],
  );
}
