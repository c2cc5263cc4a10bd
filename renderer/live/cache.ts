// applyEvents over TanStack Query's cache: at most one patch a frame, at most one refetch a second of a query.
import type { Query, QueryClient } from '@tanstack/react-query';
import type { LiveEvent } from '../../shared/events.ts';
import { applyEvents, type CacheEntry } from './apply.ts';

const REFETCH_EVERY_MS = 1_000;
/** What is open beside a list is small, and contradicts its own heading until it is fetched. */
const DETAILS_EVERY_MS = 200;
/** A query that took long is fetched less often: at most a tenth of the time goes into it, and it is never forgotten. */
const TIMES_ITS_OWN = 10;
const RARELY_MS = 15_000;
/** Kept to be applied once more to an answer that was on its way when they came. */
const RECENT_EVENTS = 2_000;
/** Rows of a page that live inserts may grow to before the list is fetched anew. */
const PAGE_MAY_GROW_TO = 400;

/** What the cache needs of the window's clock; a test hands in its own. */
export interface Clock {
  nextFrame(run: () => void): void;
  after(milliseconds: number, run: () => void): void;
  /** Milliseconds, of no certain beginning. */
  now(): number;
}
/** A hidden window draws no frames: there a timer stands in, so that nothing piles up. */
export const windowClock: Clock = {
  nextFrame: (run) => void (document.hidden ? setTimeout(run, 250) : requestAnimationFrame(run)),
  after: (milliseconds, run) => void setTimeout(run, milliseconds),
  now: () => performance.now(),
};

export interface LiveCache {
  push(events: LiveEvent[]): void;
  /** The stream skipped events: everything loaded is fetched again. */
  resync(): void;
  dispose(): void;
}

/** The entry of a tRPC query; null for any other. */
export function entryOf(query: Pick<Query, 'queryKey' | 'state'>): CacheEntry | null {
  const [path, options] = query.queryKey as [unknown, { input?: Record<string, unknown> } | undefined];
  if (!Array.isArray(path) || query.state.data === undefined) return null;
  return { path: path.join('.'), input: options?.input ?? {}, data: query.state.data };
}

export function createLiveCache(client: QueryClient, clock: Clock = windowClock): LiveCache {
  let pending: LiveEvent[] = [];
  let recent: LiveEvent[] = [];
  let disposed = false;
  let patching = false;
  const waiting = new Set<string>();
  /** When a fetch began, and how long the last one of a query took. */
  const began = new Map<string, number>();
  const took = new WeakMap<Query, number>();

  const pauseOf = (query: Query, path: string): number => {
    const least = path === 'tasks.details' ? DETAILS_EVERY_MS : REFETCH_EVERY_MS;
    return Math.max(least, Math.min(RARELY_MS, (took.get(query) ?? 0) * TIMES_ITS_OWN));
  };
  const time = (query: Query, action: string): void => {
    const start = began.get(query.queryHash);
    if (action === 'fetch') began.set(query.queryHash, clock.now());
    else if (start !== undefined && (action === 'success' || action === 'error')) {
      began.delete(query.queryHash);
      took.set(query, clock.now() - start);
    }
  };

  const refetchSoon = (query: Query, path: string): void => {
    if (waiting.has(query.queryHash)) return;
    waiting.add(query.queryHash);
    clock.after(pauseOf(query, path), () => {
      waiting.delete(query.queryHash);
      if (disposed) return;
      // An answer on its way may be older than the event; cutting it off each second would starve it.
      if (query.state.fetchStatus === 'fetching') refetchSoon(query, path);
      else void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    });
  };

  const patchQuery = (query: Query, events: LiveEvent[]): void => {
    const entry = entryOf(query);
    if (!entry) return;
    const { data, stale } = applyEvents(entry, events);
    const invalidated = query.state.isInvalidated;
    if (data !== entry.data) client.setQueryData(query.queryKey, data, { updatedAt: query.state.dataUpdatedAt });
    // Setting data takes the mark away, and a screen that is not open would come back with what is out of date.
    if (invalidated) query.invalidate();
    if (stale || hasOutgrown(data)) refetchSoon(query, entry.path);
  };

  const flush = (): void => {
    if (disposed) return;
    const events = pending;
    pending = [];
    recent = [...recent, ...events].slice(-RECENT_EVENTS);
    patching = true;
    for (const query of client.getQueryCache().getAll()) patchQuery(query, events);
    patching = false;
  };

  // An answer may be older than events that came while it was on its way.
  const unsubscribe = client.getQueryCache().subscribe((notice) => {
    if (notice.type === 'updated' && !patching) time(notice.query, notice.action.type);
    if (patching || notice.type !== 'updated' || notice.action.type !== 'success' || recent.length === 0) return;
    const entry = entryOf(notice.query);
    if (!entry) return;
    const { data } = applyEvents(entry, recent);
    if (data === entry.data) return;
    patching = true;
    client.setQueryData(notice.query.queryKey, data);
    patching = false;
  });

  return {
    push(events) {
      if (events.length === 0) return;
      if (pending.length === 0) clock.nextFrame(flush);
      pending.push(...events);
    },
    resync() {
      pending = [];
      recent = [];
      void client.invalidateQueries();
    },
    dispose() {
      disposed = true;
      unsubscribe();
    },
  };
}

function hasOutgrown(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const pages = 'pages' in data && Array.isArray(data.pages) ? data.pages : [data];
  return pages.some((page: { items?: unknown[] }) => (page.items?.length ?? 0) > PAGE_MAY_GROW_TO);
}
