// The findings as the route asks for them, the one that is open found among them, and how one is acknowledged.
import { useInfiniteQuery, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { severities, type Finding, type Severity } from '../../shared/finding.ts';
import { useApi } from '../app/api.ts';
import { notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';

type Search = Record<string, string | undefined>;
interface Page {
  items: Finding[];
  nextCursor: string | null;
}

export function severityOf(search: Search): Severity | undefined {
  return severities.find((known) => known === search.severity);
}

export function findingsInput(search: Search): { limit: number; severity?: Severity; planId?: string } {
  const severity = severityOf(search);
  return { limit: 100, ...(severity && { severity }), ...(search.planId && { planId: search.planId }) };
}

/**
 * Where the finding of an id is: loaded, on a page still to come, or in none. Ids are in the order of time and
 * findings are listed newest first, so a row that is older than the one sought ends the search.
 */
export function whereIs(id: string, rows: readonly Finding[], hasMore: boolean): 'here' | 'further' | 'nowhere' {
  if (rows.some((row) => row.id === id)) return 'here';
  const last = rows.at(-1);
  return hasMore && (last === undefined || last.id > id) ? 'further' : 'nowhere';
}

export function useFindings(search: Search, openId: string | null) {
  const api = useApi();
  const query = useInfiniteQuery(
    api.findings.list.infiniteQueryOptions(findingsInput(search), { getNextPageParam: (page) => page.nextCursor }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const place = openId === null || rows === undefined ? null : whereIs(openId, rows, query.hasNextPage);
  const { isFetching, fetchNextPage } = query;
  // The number of pages, not a flag: an answer that comes at once leaves no moment in which nothing is sought.
  const seekAfter = place === 'further' && !isFetching ? (query.data?.pages.length ?? 0) : null;
  useEffect(() => {
    if (seekAfter !== null) void fetchNextPage();
  }, [seekAfter, fetchNextPage]);
  return { query, rows, place, open: rows?.find((row) => row.id === openId) };
}

/** Every loaded list with the finding changed; the version stays, so that the live row replaces it. */
export function withAcknowledged(data: InfiniteData<Page> | undefined, id: string, at: string | null): InfiniteData<Page> | undefined {
  if (!data) return data;
  const change = (row: Finding): Finding => (row.id === id ? { ...row, acknowledgedAt: at } : row);
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(change) })) };
}

const instant = (): string => new Date().toISOString();

/** Shown at once; taken back, with the reason, when it is refused. */
export function useAcknowledge(search: Search) {
  const api = useApi();
  const client = useQueryClient();
  const key = api.findings.list.infiniteQueryKey(findingsInput(search));
  const set = (id: string, at: string | null): void => {
    client.setQueryData(key, (data) => withAcknowledged(data as InfiniteData<Page> | undefined, id, at) as typeof data);
  };
  const undo = useUndo();
  const { mutateAsync: takeBack } = useMutation(api.findings.unacknowledge.mutationOptions());
  return useMutation(
    api.findings.acknowledge.mutationOptions({
      onMutate: ({ id }) => set(id, instant()),
      onSuccess: (_finding, { id }) =>
        undo.offer({
          done: 'The finding is acknowledged.',
          undone: 'The finding needs a person again.',
          undo: async () => {
            await takeBack({ id });
            set(id, null);
          },
        }),
      onError: (error, { id }) => {
        set(id, null);
        notifyProblem(error);
      },
    }),
  );
}
