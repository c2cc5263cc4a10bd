// The log: JSON lines on stderr, so that stdout carries only what the contract says. Secrets are cut out.
import { writeSync } from 'node:fs';
import pino, { type Logger } from 'pino';

export type Log = Logger;

const secrets = ['password', 'accessToken', 'refreshToken', 'leaseToken', 'key', 'authorization', 'masterKey', 'token'];

export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[removed]' },
    },
    { write: writeLine },
  );
}

const STDERR = 2;
/** A pipe that is full is tried again so often, a millisecond apart. */
const TRIES = 50;

/**
 * Writes a line at once, so that the last one before a crash is there. One that cannot be written, on a full disk or
 * because its reader went away, is dropped: pino's own destination tries for ever and stops the process with it.
 */
function writeLine(line: string): void {
  let rest = Buffer.from(line);
  for (let tried = 0; rest.length > 0 && tried < TRIES; tried += 1) {
    try {
      rest = rest.subarray(writeSync(STDERR, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
