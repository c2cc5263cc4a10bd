// The entries as the route asks for them, page by page; a search that finds little goes on by itself for a while.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { AuditShown } from '../../shared/audit.ts';
import { useApi } from '../app/api.ts';
import { auditInput, type Search } from './filters.ts';

const PAGE = 100;
/** Rows that fill a window: until there are so many, the search goes on. */
const ENOUGH = 40;
/** Pages without enough rows after which a person is asked whether to go on; each looks at 20,000 entries. */
const MOST_PAGES = 25;

export interface AuditList {
  /** Undefined: the first answer is on its way, or failed. */
  rows: AuditShown[] | undefined;
  error: unknown;
  retry(): void;
  hasMore: boolean;
  more(): void;
  /** It looks for entries now, and has looked at everything down to `searchedTo`. */
  searching: boolean;
  searchedTo: number | null;
  /** Entries that were written since the first page was read. */
  newer: number;
  refresh(): void;
}

export function useAudit(search: Search, enabled: boolean): AuditList {
  const api = useApi();
  const query = useInfiniteQuery({
    ...api.audit.search.infiniteQueryOptions({ ...auditInput(search), limit: PAGE }, { getNextPageParam: (page) => page.nextCursor }),
    enabled,
    placeholderData: keepPreviousData,
    // Whoever comes to the log expects its newest entry; only what was read further back stays as it was left.
    refetchOnMount: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 'always' : true),
  });
  const { fetchNextPage, isFetching, hasNextPage } = query;
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const pages = query.data?.pages.length ?? 0;
  const goOn = hasNextPage && !isFetching && !query.isPlaceholderData && (rows?.length ?? 0) < ENOUGH && pages < MOST_PAGES ? pages : null;
  useEffect(() => {
    if (goOn !== null) void fetchNextPage();
  }, [goOn, fetchNextPage]);
  // The live stream marks the head, so that it is fetched anew at most once a second.
  const head = useQuery(api.audit.head.queryOptions({}, { enabled })).data?.seq;
  const read = query.data?.pages[0]?.head;
  return {
    rows,
    error: query.error,
    retry: () => void query.refetch(),
    hasMore: hasNextPage,
    more: () => {
      if (!isFetching) void fetchNextPage();
    },
    searching: isFetching || goOn !== null,
    searchedTo: query.data?.pages.at(-1)?.searchedTo ?? null,
    newer: head !== undefined && read !== undefined ? Math.max(0, head - read) : 0,
    refresh: () => void query.refetch(),
  };
}

/** The open entry: its row, or fetched where it is not among the rows. */
export function useEntry(seq: number | null, rows: readonly AuditShown[] | undefined) {
  const api = useApi();
  const row = rows?.find((entry) => entry.seq === seq);
  const query = useQuery(api.audit.get.queryOptions({ seq: seq ?? 1 }, { enabled: seq !== null && row === undefined }));
  return { entry: row ?? (seq === null ? undefined : query.data), error: row ? null : query.error };
}
