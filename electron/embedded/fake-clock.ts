// A clock for tests: time passes when the test says so.
import type { Clock } from './backend.ts';

export interface FakeClock extends Clock {
  /** Lets time pass and runs what has come due, in its order. */
  pass(milliseconds: number): void;
  /** Sets the clock of the wall, as a person or a time server does; no time passes. */
  step(milliseconds: number): void;
  /** When the tasks that wait are due, in milliseconds from now. */
  waiting(): number[];
}

/** A clock that stands at 1,000,000 ms. */
export function createFakeClock(): FakeClock {
  let now = 1_000_000;
  let stepped = 0;
  let timers: { at: number; task: () => void }[] = [];
  return {
    now: () => now + stepped,
    elapsed: () => now,
    step(milliseconds) {
      stepped += milliseconds;
    },
    after(milliseconds, task) {
      const timer = { at: now + milliseconds, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    waiting: () => timers.map((timer) => timer.at - now),
    pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.task();
      }
      now = end;
    },
  };
}
