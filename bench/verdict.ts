// How a proof ends.

/**
 * Ends the process, with 1 unless all held. An exit code that is only noted is lost where PostgreSQL was started: a hook of
 * its package ends the process with 0 when nothing is left to do.
 */
export function verdict(held: boolean[]): never {
  process.exit(held.every(Boolean) ? 0 : 1);
}
