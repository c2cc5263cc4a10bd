// The time as the screen reads it. Stories and tests hand in a fixed one, so that pictures repeat.
import { createContext, useContext, useEffect, useState } from 'react';

const NowContext = createContext<() => number>(Date.now);
export const NowProvider = NowContext.Provider;

/** Milliseconds since the epoch, read anew every `everyMs`; null stops it. */
export function useNow(everyMs: number | null = 10_000): number {
  const read = useContext(NowContext);
  const [now, setNow] = useState(read);
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(read()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, read]);
  return now;
}

/** Reads the time when it is asked, for what is no drawing. */
export function useReadNow(): () => number {
  return useContext(NowContext);
}
