// The time as the backend has it: ages and times left are reckoned by the clock that wrote them.
import { useCallback, useEffect, useRef } from 'react';
import { useStatus } from './status.tsx';

/** A function that stays the same, so that nothing is drawn anew when the clocks drift. */
export function useServerNow(): () => number {
  const { clockAhead = 0 } = useStatus().status;
  const ahead = useRef(clockAhead);
  useEffect(() => {
    ahead.current = clockAhead;
  }, [clockAhead]);
  return useCallback(() => Date.now() - ahead.current * 1_000, []);
}
