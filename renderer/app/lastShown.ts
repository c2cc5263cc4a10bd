// The two ends of what is kept of a window: the start on it, and the keeping while it is live.
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Bridge, Shown } from '../../shared/ipc.ts';
import { askAnew, readShown } from '../live/shown.ts';
import type { LiveStore } from '../live/freshness.ts';
import { connectLive } from '../live/connect.ts';
import { createLiveCache, windowClock } from '../live/cache.ts';
import type { Gate } from '../live/gate.ts';
import { takePicture } from './picture.ts';
import { parseRoute, pathOf } from './routes.ts';

const FIRST_AFTER_MS = 2_000;
const KEEP_EVERY_MS = 60_000;

/** What main handed over at the start; null when there is none, or it cannot be read. */
export function shownOf(text: string | null): Shown | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as Shown;
  } catch {
    return null;
  }
}

export interface Parts {
  bridge: Bridge;
  queryClient: QueryClient;
  live: LiveStore;
  gate: Gate;
}

/** Once the session holds: follows the stream, and has what was put back asked anew. */
export function useLiveStream({ bridge, queryClient, live, gate }: Parts, confirmed: boolean): void {
  useEffect(() => {
    if (!confirmed) return;
    gate.open();
    const disconnect = connectLive(bridge, live, createLiveCache(queryClient));
    if (live.getState().asOf === null) return disconnect;
    const end = askAnew(queryClient, { after: windowClock.after, onDone: () => live.setState({ asOf: null }) });
    return () => {
      end();
      disconnect();
    };
  }, [bridge, queryClient, live, gate, confirmed]);
}

/** A longer one costs more than it saves, in characters. */
const MOST_PICTURE = 1_200_000;

function pictureNow(): Shown['picture'] {
  const root = document.getElementById('root');
  const path = pathOf(window.location.hash);
  const html = root && takePicture(root, parseRoute(path));
  if (html === null || html.length > MOST_PICTURE) return null;
  return { html, path, accent: document.documentElement.dataset.accent ?? 'indigo' };
}

/** Keeps what is on the screen: soon after it is live, then while it changes, at most once a minute, and at the end. */
export function useKeepShown({ bridge, queryClient, live }: Parts): void {
  useEffect(() => {
    let changed = true;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const keep = (): void => {
      timer = null;
      const { freshness, asOf } = live.getState();
      // What may be out of date is not kept as the truth of now.
      if (!changed || asOf !== null || freshness.state !== 'live') return;
      const entries = readShown(queryClient);
      if (entries === null) return;
      changed = false;
      void bridge.request('shown:keep', { at: new Date().toISOString(), entries, picture: pictureNow() }).catch(() => undefined);
    };
    const later = (milliseconds: number): void => {
      timer ??= setTimeout(keep, milliseconds);
    };
    const onHidden = (): void => {
      if (document.hidden) keep();
    };
    const stops = [
      queryClient.getQueryCache().subscribe(({ type }) => {
        if (type !== 'updated' && type !== 'observerAdded') return;
        changed = true;
        later(KEEP_EVERY_MS);
      }),
      live.subscribe((state, before) => {
        if (state.freshness.state === before.freshness.state && state.asOf === before.asOf) return;
        if (timer !== null) clearTimeout(timer);
        timer = null;
        later(FIRST_AFTER_MS);
      }),
    ];
    document.addEventListener('visibilitychange', onHidden);
    window.addEventListener('pagehide', keep);
    return () => {
      if (timer !== null) clearTimeout(timer);
      stops.forEach((stop) => stop());
      document.removeEventListener('visibilitychange', onHidden);
      window.removeEventListener('pagehide', keep);
    };
  }, [bridge, queryClient, live]);
}
