// The log of the console and of its embedded backend: a file that is turned over when it is full, so that it never
// takes more than so much, and whose last lines go into a report of trouble.
import { appendFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface LogFile {
  readonly directory: string;
  /** Takes what a process wrote, in whatever pieces. */
  take(text: string): void;
  /** A line of the console's own, as JSON like the backend's. */
  note(level: 'info' | 'warn' | 'error', message: string): void;
  /** The last lines that were written, the oldest first. */
  tail(lines: number): Promise<string[]>;
  /** Has everything in the file. */
  flush(): Promise<void>;
}

export interface LogFileOptions {
  directory: string;
  /** Bytes of one file. */
  most?: number;
  /** Files that are kept, the one that is written to included. */
  files?: number;
  now?: () => Date;
}

const FLUSH_MS = 200;
/** Waiting for the disk at the most; beyond, the oldest of it is left out. */
const MOST_WAITING = 1_000_000;
const levels = { info: 30, warn: 40, error: 50 };

export function createLogFile(options: LogFileOptions): LogFile {
  const { directory, most = 2_000_000, files = 3, now = () => new Date() } = options;
  const path = (number: number) => join(directory, number === 0 ? 'signalbox.log' : `signalbox.${number}.log`);
  let waiting = '';
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function turnOver(more: number): Promise<void> {
    const size = await stat(path(0)).then((facts) => facts.size, () => 0);
    if (size === 0 || size + more <= most) return;
    await rm(path(files - 1), { force: true });
    for (let number = files - 2; number >= 0; number -= 1) {
      await rename(path(number), path(number + 1)).catch(() => undefined);
    }
  }

  async function write(): Promise<void> {
    const text = waiting;
    waiting = '';
    if (text === '') return;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await turnOver(Buffer.byteLength(text));
      await appendFile(path(0), text, { mode: 0o600 });
    } catch {
      // A full disk must not stop the console; it says so where work is refused for it.
    }
  }

  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(write);
    return writing;
  }

  function take(text: string): void {
    waiting = (waiting + text).slice(-MOST_WAITING);
    timer ??= setTimeout(() => void flush(), FLUSH_MS);
  }

  return {
    directory,
    take,
    note(level, message) {
      take(`${JSON.stringify({ level: levels[level], time: now().toISOString(), from: 'console', msg: message })}\n`);
    },
    async tail(lines) {
      await flush();
      const found: string[] = [];
      for (let number = 0; number < files && found.length < lines; number += 1) {
        const text = await readFile(path(number), 'utf8').catch(() => '');
        found.unshift(...text.split('\n').filter((line) => line !== ''));
      }
      return found.slice(-lines);
    },
    flush,
  };
}
