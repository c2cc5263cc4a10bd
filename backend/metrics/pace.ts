// Asks at most as often as the answers' cost allows, and in between gives the last one.
import type { Clock } from '../platform/clock.ts';

/** An answer that took a second is asked for again after this many. */
const REST_FACTOR = 20;
/** Answers that are remembered; more means that most of them are of nobody who still watches. */
const MOST_KEPT = 1_000;

export type Pace<Answer> = (key: string, ask: () => Promise<Answer>) => Promise<Answer>;

/** A million queued tasks take long to count: then they are counted every few seconds, and not once a second. */
export function createPace<Answer>(clock: Clock): Pace<Answer> {
  const known = new Map<string, { answer: Promise<Answer>; until: number }>();
  return (key, ask) => {
    const now = clock.now().getTime();
    const last = known.get(key);
    if (last && now < last.until) return last.answer;
    if (known.size >= MOST_KEPT) known.clear();
    // Until it is answered nobody asks again.
    const entry = { answer: ask(), until: Number.POSITIVE_INFINITY };
    known.set(key, entry);
    entry.answer.then(
      () => {
        const end = clock.now().getTime();
        entry.until = end + (end - now) * REST_FACTOR;
      },
      () => known.delete(key),
    );
    return entry.answer;
  };
}
