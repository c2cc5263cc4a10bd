// By how much this computer's clock differs from the backend's: told once it is more than a little, and only when two
// tellings agree, as one may have been on its way while the clock was set or the computer slept.
import type { Clock } from '../embedded/backend.ts';

/** What the way there and back, and a clock told in whole seconds, may make, in milliseconds. */
const NOISE_MS = 2_500;

export interface ClockAhead {
  /** The backend's time as it was told just now, in milliseconds. */
  heard(serverTime: number): void;
  /** Whole seconds by which this computer is ahead, below zero when it is behind; null: they agree. */
  seconds(): number | null;
}

export function createClockAhead(clock: Clock, onChange: () => void): ClockAhead {
  let last: number | null = null;
  let told: number | null = null;
  return {
    heard(serverTime) {
      const ahead = clock.now() - serverTime;
      const agrees = last !== null && Math.abs(ahead - last) < NOISE_MS;
      last = ahead;
      if (!agrees || Math.abs(ahead - (told ?? 0)) < NOISE_MS) return;
      told = Math.abs(ahead) < NOISE_MS ? null : ahead;
      onChange();
    },
    seconds: () => (told === null ? null : Math.round(told / 1000)),
  };
}
