// Checks the order of the stream: each event exactly one after the last, none twice.
import type { LiveEvent } from '../../shared/events.ts';

export interface Sequenced {
  /** The events that were not seen before, in order. */
  fresh: LiveEvent[];
  /** True: something is missing between what was applied and these. */
  gap: boolean;
  /** The last sequence number now. */
  last: number | null;
}

/** Takes a batch after `last`; null: nothing was applied yet, so the first event sets the start. */
export function takeBatch(last: number | null, batch: LiveEvent[]): Sequenced {
  const fresh: LiveEvent[] = [];
  let gap = false;
  let at = last;
  for (const event of batch) {
    if (at !== null && event.seq <= at) continue;
    if (at !== null && event.seq !== at + 1) gap = true;
    at = event.seq;
    fresh.push(event);
  }
  return { fresh, gap, last: at };
}
