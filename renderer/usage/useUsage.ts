// What the screen asks the backend. Answers stay while the next ones are on their way, so that nothing blinks; the
// live stream has them fetched anew when an attempt begins or ends, at most once a second.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { UsageGroup, UsageMetric, UsagePart, UsageShare } from '../../shared/usage.ts';
import { useApi } from '../app/api.ts';
import type { Range } from './ranges.ts';

/** Time goes on where nothing happens: what is counted to the end of the month is looked at again. */
const AGAIN_MS = 60_000;
const iso = (time: number): string => new Date(time).toISOString();

export function useQuota() {
  const api = useApi();
  const usage = useQuery(api.usage.month.queryOptions({}, { refetchInterval: AGAIN_MS }));
  const forecast = useQuery(api.usage.forecast.queryOptions({}, { refetchInterval: AGAIN_MS }));
  return { usage, forecast };
}

interface Asked {
  range: Range;
  metric: UsageMetric;
  by: UsageGroup;
}

export function useSeries({ range, metric, by }: Asked) {
  const api = useApi();
  const { from, to, bucket, timeZone, compare } = range;
  return useQuery(
    api.usage.series.queryOptions(
      {
        bucket,
        from: iso(from),
        to: iso(to),
        timeZone,
        groupBy: by,
        metric,
        compareFrom: iso(compare.from),
        compareTo: iso(compare.to),
      },
      { placeholderData: keepPreviousData },
    ),
  );
}

export interface Shares {
  rows: UsageShare[] | undefined;
  error: unknown;
  retry(): void;
  hasMore: boolean;
  more(): void;
}

export function useShares({ range, metric, by }: Asked & { by: UsagePart }): Shares {
  const api = useApi();
  const query = useInfiniteQuery(
    api.usage.breakdown.infiniteQueryOptions(
      { by, metric, from: iso(range.from), to: iso(range.to), limit: 8 },
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return {
    rows,
    error: query.error,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    more: () => {
      if (!query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}
