// All agents, plans, queues and schedules, for what offers them by name: filters, choices, the name behind an id.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Agent } from '../../shared/agent.ts';
import type { PlanSummary } from '../../shared/plan.ts';
import type { Price } from '../../shared/price.ts';
import type { ProviderAccount } from '../../shared/provider.ts';
import type { Queue } from '../../shared/queue.ts';
import type { Schedule } from '../../shared/schedule.ts';
import { useApi } from './api.ts';

const PAGE = 200;
/** Two thousand of a kind: beyond that nobody chooses from a list. */
const MOST_PAGES = 10;

export interface AllOf<Row> {
  /** What is there so far; undefined until the first page is. */
  rows: readonly Row[] | undefined;
  /** Nothing more comes. */
  complete: boolean;
  error: unknown;
  retry(): void;
}

export function useAllAgents(enabled = true): AllOf<Agent> {
  const api = useApi();
  const options = { getNextPageParam: nextOf<Agent>, enabled };
  return useAll(useInfiniteQuery(api.agents.list.infiniteQueryOptions({ limit: PAGE }, options)));
}

export function useAllPlans(enabled = true): AllOf<PlanSummary> {
  const api = useApi();
  const options = { getNextPageParam: nextOf<PlanSummary>, enabled };
  return useAll(useInfiniteQuery(api.plans.list.infiniteQueryOptions({ limit: PAGE }, options)));
}

export function useAllQueues(enabled = true): AllOf<Queue> {
  const api = useApi();
  const options = { getNextPageParam: nextOf<Queue>, enabled };
  return useAll(useInfiniteQuery(api.queues.list.infiniteQueryOptions({ limit: PAGE }, options)));
}

export function useAllSchedules(): AllOf<Schedule> {
  const api = useApi();
  return useAll(useInfiniteQuery(api.schedules.list.infiniteQueryOptions({ limit: PAGE }, { getNextPageParam: nextOf<Schedule> })));
}

export function useAllProviders(): AllOf<ProviderAccount> {
  const api = useApi();
  return useAll(useInfiniteQuery(api.providers.list.infiniteQueryOptions({ limit: PAGE }, { getNextPageParam: nextOf<ProviderAccount> })));
}

export function useAllPrices(): AllOf<Price> {
  const api = useApi();
  return useAll(useInfiniteQuery(api.prices.list.infiniteQueryOptions({ limit: PAGE }, { getNextPageParam: nextOf<Price> })));
}

interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
}
function nextOf<Row>(page: Page<Row>, pages: Page<Row>[]): string | null {
  return pages.length < MOST_PAGES ? page.nextCursor : null;
}

interface Paged<Row> {
  data: { pages: Page<Row>[] } | undefined;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isError: boolean;
  error: unknown;
  fetchNextPage(): Promise<unknown>;
  refetch(): Promise<unknown>;
}
function useAll<Row>({ data, hasNextPage, isFetchingNextPage, isError, error, fetchNextPage, refetch }: Paged<Row>): AllOf<Row> {
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  return useMemo(
    () => ({
      rows: data?.pages.flatMap(({ items }) => items),
      complete: data !== undefined && !hasNextPage,
      error,
      retry: () => void refetch(),
    }),
    [data, hasNextPage, error, refetch],
  );
}
