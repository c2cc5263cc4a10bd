// A cache for what is asked with every request and may be a little old: a value lives for a fixed time.
import type { Clock } from './clock.ts';

export interface TimedCache<Value> {
  /** The value that was loaded within the time to live, or a new one; a failed load is not kept. */
  get(key: string, load: () => Promise<Value>): Promise<Value>;
  /** The next `get` loads anew. */
  drop(key: string): void;
}

const MAX_ENTRIES = 10_000;

export function createTimedCache<Value>(milliseconds: number, clock: Clock): TimedCache<Value> {
  const entries = new Map<string, { value: Promise<Value>; until: number }>();
  return {
    get(key, load) {
      const now = clock.now().getTime();
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
