// The log: JSON lines on stderr, so that stdout carries only what the contract says. Secrets are cut out.
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
    pino.destination(2),
  );
}
