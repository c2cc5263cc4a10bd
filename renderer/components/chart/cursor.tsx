// The cursor that all charts of a screen share: the time under it, so that each shows its own value there.
import { createContext, useContext, useState, type ReactNode } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';

interface Cursor {
  /** Milliseconds since the epoch; null: no chart is pointed at. */
  at: number | null;
  /** The chart that is pointed at, by its id. */
  owner: string | null;
}
type CursorStore = StoreApi<Cursor>;
const none: Cursor = { at: null, owner: null };

const CursorContext = createContext<CursorStore | null>(null);

/** Around the charts that are read together. */
export function ChartCursorProvider({ children }: { children: ReactNode }) {
  const [store] = useState(() => createStore<Cursor>(() => none));
  return <CursorContext.Provider value={store}>{children}</CursorContext.Provider>;
}

export interface ChartCursor extends Cursor {
  point(at: number, owner: string): void;
  /** Takes the cursor away, if it is this chart's. */
  leave(owner: string): void;
}

/** The shared cursor; a chart that stands alone has one of its own. */
export function useChartCursor(): ChartCursor {
  const shared = useContext(CursorContext);
  const [own] = useState(() => createStore<Cursor>(() => none));
  const store = shared ?? own;
  const cursor = useStore(store);
  return {
    ...cursor,
    point: (at, owner) => {
      const before = store.getState();
      if (before.at !== at || before.owner !== owner) store.setState({ at, owner });
    },
    leave: (owner) => {
      if (store.getState().owner === owner) store.setState(none);
    },
  };
}
