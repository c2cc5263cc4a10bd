// A cache for what is asked with every request and may be a little old: a value lives for a fixed time.
import { elapsed as elapsedHere } from './clock.ts';

export interface TimedCache<Value> {
  /** The value that was loaded within the time to live, or a new one; a failed load is not kept. */
  get(key: string, load: () => Promise<Value>): Promise<Value>;
  /** The next `get` loads anew. */
  drop(key: string): void;
}

const MAX_ENTRIES = 10_000;

/** Its time is that which passed, not the clock's: one that is set back must not keep a session that was ended. */
export function createTimedCache<Value>(milliseconds: number, elapsed: () => number = elapsedHere): TimedCache<Value> {
  const entries = new Map<string, { value: Promise<Value>; until: number }>();
  return {
    get(key, load) {
      const now = elapsed();
      const known = entries.get(key);
      if (known && known.until > now) return known.value;
      const entry = { value: load(), until: now + milliseconds };
      entries.delete(key);
      entries.set(key, entry);
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      // A Map keeps the order of insertion, so the first is the oldest.
      if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value!);
      return entry.value;
    },
    drop: (key) => void entries.delete(key),
  };
}
