// Asks a process again and again whether it still answers. What counts is how many questions went unanswered, not how
// late it is: a computer that slept asks once when it wakes, and hears the answer.
import type { Clock } from './backend.ts';

const ASK_EVERY_MS = 10_000;
/** A long statement of the database may hold the process for a while; a minute without an answer is no work. */
const UNANSWERED = 6;

export interface WatchdogParts {
  clock: Clock;
  ping(): void;
  onPong(listener: () => void): void;
  onHung(): void;
}

/** Watches until it is stopped, or until the process was found hung. */
export function watchAnswers({ clock, ping, onPong, onHung }: WatchdogParts): () => void {
  let unanswered = 0;
  let cancel: (() => void) | null = null;
  onPong(() => {
    unanswered = 0;
  });
  function ask(): void {
    if (unanswered >= UNANSWERED) {
      cancel = null;
      onHung();
      return;
    }
    unanswered += 1;
    ping();
    cancel = clock.after(ASK_EVERY_MS, ask);
  }
  cancel = clock.after(ASK_EVERY_MS, ask);
  return () => {
    cancel?.();
    cancel = null;
  };
}
