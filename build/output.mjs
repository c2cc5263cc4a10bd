// What the commands print: short lines of progress, headings with seconds, and one kind of expected failure.

/** An expected failure: its message is all that a person needs, so no stack is printed. */
export class CommandError extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

let stream = process.stdout;

/** Keeps stdout for the command itself (the backend's JSON line, the verifier's report). */
export function sayOnStandardError() {
  stream = process.stderr;
}

/** Prints one line of progress. */
export function say(line) {
  stream.write(`${line}\n`);
}

/** Prints text as it is, with a line end where it has none. */
export function sayBlock(text) {
  if (text.length > 0) stream.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Milliseconds as seconds for a heading: `0.4 s`, `12.3 s`, `125 s`. */
export function seconds(milliseconds) {
  const value = milliseconds / 1000;
  return value < 100 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`;
}

/**
 * Runs `work` and says that it goes on every 15 s, so that nobody takes a quiet download for a hang.
 * @template T @param {string} what @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withHeartbeat(what, work) {
  const started = Date.now();
  const timer = setInterval(
    () => say(`  ... ${what}, ${Math.round((Date.now() - started) / 1000)} s so far`),
    15_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
