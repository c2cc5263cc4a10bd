// How fresh what is shown is: what the title bar and the status line read, and nothing else.
import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { Freshness } from '../../shared/events.ts';
import type { MetricSample } from '../../shared/metric.ts';

export interface LiveState {
  freshness: Freshness;
  /** What is shown was kept at this time by the last start and has not been answered anew; null: it has. */
  asOf: string | null;
  /** The last event applied; null before the first. */
  seq: number | null;
  metrics: MetricSample | null;
  /** The samples of the last minutes, oldest first: one a second, as they came. */
  samples: readonly MetricSample[];
}
export type LiveStore = StoreApi<LiveState>;

/** A little more than the five minutes that the shortest window shows. */
export const KEPT_SAMPLES = 330;

export function createLiveStore(initial: Partial<LiveState> = {}): LiveStore {
  return createStore<LiveState>(() => ({ freshness: { state: 'connecting' }, asOf: null, seq: null, metrics: null, samples: [], ...initial }));
}

const LiveContext = createContext<LiveStore | null>(null);
export const LiveProvider = LiveContext.Provider;

/** `useLive((state) => state.freshness)`. */
export function useLive<Selected>(select: (state: LiveState) => Selected): Selected {
  const store = useContext(LiveContext);
  if (!store) throw new Error('useLive needs a LiveProvider above it.');
  return useStore(store, select);
}
