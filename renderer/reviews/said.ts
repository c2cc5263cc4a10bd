// What the bar of a review says: the last verdict with the way back, and why a key did nothing.
import { createStore, type StoreApi } from 'zustand';

/** The last verdict of this window; it stays until the next one, or until it is taken back. */
export interface Decided {
  ref: string;
  /** "Pass". */
  verdict: string;
  /** What may come next; only while `at` is open. */
  more: string;
  at: string | null;
}

/** Stands in front of it for as long as `at` is open; null: as none is. */
export interface Hint {
  words: string;
  at: string | null;
}

interface Said {
  decided: Decided | null;
  hint: Hint | null;
}
export interface SaidStore extends StoreApi<Said> {
  decided(decided: Decided | null): void;
  hint(hint: Hint): void;
}

export function createSaid(): SaidStore {
  const store = createStore<Said>(() => ({ decided: null, hint: null }));
  return {
    ...store,
    decided: (decided) => store.setState({ decided, hint: null }),
    hint: (hint) => store.setState({ hint }),
  };
}
