// Gathers events so that a window gets at most one message a frame, and the first one at once.
import type { Clock } from '../embedded/backend.ts';

/** A frame at 60 a second, in milliseconds. */
const FRAME_MS = 16;

export interface Coalescer<Item> {
  add(items: Item[]): void;
  /** Sends what is held now, so that what follows keeps its place in the order. */
  flush(): void;
}

/** Calls `send` with all that came within a frame. */
export function createCoalescer<Item>(send: (items: Item[]) => void, clock: Clock): Coalescer<Item> {
  let held: Item[] = [];
  let sentAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  function flush(): void {
    cancel?.();
    cancel = null;
    if (held.length === 0) return;
    const items = held;
    held = [];
    sentAt = clock.elapsed();
    send(items);
  }

  return {
    flush,
    add(items) {
      if (items.length === 0) return;
      // Not push(...items): a replay of 100,000 would overflow the stack.
      held = held.length === 0 ? items : held.concat(items);
      if (cancel !== null) return;
      const rest = FRAME_MS - (clock.elapsed() - sentAt);
      if (rest <= 0) flush();
      else cancel = clock.after(rest, flush);
    },
  };
}
