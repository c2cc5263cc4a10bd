// When the stream is live again, whatever could not be read meanwhile is read once more.
import type { QueryClient } from '@tanstack/react-query';
import type { LiveStore } from './freshness.ts';

/** Watches until it is stopped. */
export function healWhenLive(store: LiveStore, client: QueryClient): () => void {
  return store.subscribe(({ freshness }, before) => {
    if (freshness.state !== 'live' || before.freshness.state === 'live') return;
    void client.refetchQueries({ type: 'active', predicate: (query) => query.state.status === 'error' });
  });
}
