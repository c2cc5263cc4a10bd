// How long to wait before what crashed is started again, and when to stop trying.

const WINDOW_MS = 60_000;
const MOST_RESTARTS = 5;
const FIRST_DELAY_MS = 1_000;

/**
 * Milliseconds to wait after the latest of `crashes` (times in milliseconds, oldest first): 1 s, doubled for
 * each crash in the last minute. Null: it has crashed more than five times in a minute, give up.
 */
export function restartDelay(crashes: number[], now: number): number | null {
  const recent = crashes.filter((time) => now - time < WINDOW_MS).length;
  if (recent > MOST_RESTARTS) return null;
  return FIRST_DELAY_MS * 2 ** Math.max(0, recent - 1);
}
