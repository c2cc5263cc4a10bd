// What is on the screen, kept for the next start; put back there before the backend is asked, and then asked anew.
import type { InfiniteData, Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { entryOf } from './cache.ts';

/** The overview and the lists: rows and figures. Details are left out, which hold inputs, outputs and notes. */
const kept = new Set([
  'overview.get',
  'workspace.get',
  'agents.list',
  'tasks.list',
  'tasks.count',
  'plans.list',
  'findings.list',
]);
/** Characters; what would make it longer is left out, the longest first. */
const MOST = 1_500_000;
const ASK_AGAIN_MS = 2_000;

interface Kept {
  key: QueryKey;
  data: unknown;
}

/** The answers that are on the screen now, as JSON; null: there are none. */
export function readShown(client: QueryClient): string | null {
  const entries = client
    .getQueryCache()
    .getAll()
    .flatMap((query) => {
      const entry = query.isActive() && query.state.status === 'success' ? entryOf(query) : null;
      return entry && kept.has(entry.path) ? [{ key: query.queryKey, data: firstPage(entry.data) }] : [];
    })
    .map((entry: Kept) => JSON.stringify(entry))
    .toSorted((a, b) => a.length - b.length);
  let length = 0;
  const fitting = entries.filter((entry) => (length += entry.length) <= MOST);
  return fitting.length === 0 ? null : `[${fitting.join(',')}]`;
}

/** Puts them back as answers of that time. They count as loaded, so nothing is asked until `askAnew`. */
export function putBack(client: QueryClient, { entries, at }: { entries: string; at: string }): void {
  const updatedAt = Date.parse(at);
  for (const { key, data } of JSON.parse(entries) as Kept[]) client.setQueryData(key, withoutNull(data), { updatedAt });
}

export interface AskAnew {
  after(milliseconds: number, run: () => void): void;
  /** Everything on the screen has been answered since. */
  onDone(): void;
}

/** Asks for everything again until all that is on the screen has been answered; the answer ends it. */
export function askAnew(client: QueryClient, { after, onDone }: AskAnew): () => void {
  let ended = false;
  // By its answers, not by its marks: a busy stream marks one or another of them at any time.
  const unanswered = new Set(client.getQueryCache().getAll().map(({ queryHash }) => queryHash));
  const unsubscribe = client.getQueryCache().subscribe((notice) => {
    if (notice.type !== 'updated' || notice.action.type !== 'success' || notice.action.manual === true) return;
    unanswered.delete(notice.query.queryHash);
  });
  const old = (query: Query): boolean => query.isActive() && unanswered.has(query.queryHash);
  const end = (): void => {
    ended = true;
    unsubscribe();
  };
  const ask = async (): Promise<void> => {
    if (ended) return;
    await client.refetchQueries({ predicate: old });
    if (ended) return;
    if (client.getQueryCache().findAll({ predicate: old }).length > 0) after(ASK_AGAIN_MS, () => void ask());
    else {
      end();
      onDone();
    }
  };
  void client.invalidateQueries({ refetchType: 'none' }).then(ask);
  return end;
}

/** The first page is asked for by no cursor, which JSON makes null; and null is a cursor that no list takes. */
function withoutNull(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('pageParams' in data)) return data;
  const { pages, pageParams } = data as InfiniteData<unknown>;
  return { pages, pageParams: pageParams.map((param) => param ?? undefined) };
}

/** A long list begins again with its first page. */
function firstPage(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('pages' in data)) return data;
  const { pages, pageParams } = data as InfiniteData<unknown>;
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) };
}
