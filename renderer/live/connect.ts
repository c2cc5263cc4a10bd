// Takes the window's live port and brings what it says to the cache and to the freshness store.
import type { LiveMessage } from '../../shared/events.ts';
import { LIVE_PORT, type Bridge } from '../../shared/ipc.ts';
import type { LiveCache } from './cache.ts';
import { KEPT_SAMPLES, type LiveStore } from './freshness.ts';

/** One message of the stream: events to the cache, the rest to the store. */
export function receive(message: LiveMessage, store: LiveStore, cache: LiveCache): void {
  switch (message.kind) {
    case 'events': {
      const seen = store.getState().seq ?? -1;
      const events = message.events.filter((event) => event.seq > seen);
      const last = events.at(-1);
      if (!last) return;
      store.setState({ seq: last.seq });
      cache.push(events);
      return;
    }
    case 'resync':
      // The sequence starts anew with whatever comes next.
      store.setState({ seq: null });
      cache.resync();
      return;
    case 'metrics':
      store.setState(({ samples }) => ({ metrics: message.sample, samples: [...samples, message.sample].slice(-KEPT_SAMPLES) }));
      return;
    case 'freshness':
      store.setState({ freshness: message.freshness });
  }
}

/** Opens the stream; the answer closes it. The port comes as a window message from the preload. */
export function connectLive(bridge: Bridge, store: LiveStore, cache: LiveCache): () => void {
  let port: MessagePort | null = null;
  const onMessage = (event: MessageEvent): void => {
    const [next] = event.ports;
    if (event.source !== window || event.data !== LIVE_PORT || !next) return;
    port?.close();
    port = next;
    port.addEventListener('message', (received: MessageEvent<LiveMessage>) => receive(received.data, store, cache));
    port.start();
  };
  window.addEventListener('message', onMessage);
  bridge.request('live:open', { since: store.getState().seq }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : 'The live connection could not be opened.';
    store.setState({ freshness: { state: 'stale', since: new Date().toISOString(), reason } });
  });
  return () => {
    window.removeEventListener('message', onMessage);
    port?.close();
    cache.dispose();
  };
}
