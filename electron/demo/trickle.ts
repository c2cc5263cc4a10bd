// Work that comes in by itself while the demo is open: one errand after the other, as somebody would who uses it, so that
// its board and its charts go on moving. It ends by itself, and nothing comes in where enough is waiting.
import type { Clock } from '../embedded/backend.ts';

const EVERY_MS = 9_000;
/** A demo that is forgotten makes no more than some 200 tasks. */
const FOR_MS = 30 * 60_000;
/** Errands that wait already: more would only wait longer. */
export const ENOUGH_QUEUED = 12;

export interface Trickle {
  readonly on: boolean;
  start(): void;
  stop(): void;
}

interface TrickleParts {
  clock: Pick<Clock, 'after' | 'elapsed'>;
  /** Gives one errand. A refusal ends nothing: the next one is tried. */
  give(): Promise<void>;
  onChange(): void;
}

export function createTrickle({ clock, give, onChange }: TrickleParts): Trickle {
  let cancel: (() => void) | null = null;
  let until = 0;

  function next(): void {
    cancel = clock.after(EVERY_MS, () => {
      if (clock.elapsed() >= until) return stop();
      next();
      void give().catch(() => undefined);
    });
  }
  function stop(): void {
    if (cancel === null) return;
    cancel();
    cancel = null;
    onChange();
  }
  return {
    get on() {
      return cancel !== null;
    },
    start() {
      if (cancel !== null) return;
      until = clock.elapsed() + FOR_MS;
      next();
      onChange();
    },
    stop,
  };
}
