// A backend in a process of its own, as `npm run backend` starts it: what it prints, and how it ends.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BackendProcess {
  child: ChildProcess;
  /** Lines of stdout so far. */
  lines: string[];
  /** All of stderr so far. */
  errors(): string;
  /** The URL, once it listens; rejects when it ends before. */
  listening: Promise<string>;
  /** The exit code, or the signal that ended it. */
  exited: Promise<number | string>;
}

/** What reaches a backend of this process's variables; the second says where compiled code is kept (build/steps.mjs). */
const INHERITED = new Set(['PATH', 'NODE_COMPILE_CACHE']);

/** Starts a script of the backend. */
export function spawnBackend(
  environment: Record<string, string>,
  script: string[] = ['server.ts'],
): BackendProcess {
  const [file = '', ...rest] = script;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED.has(name)));
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', file), ...rest], {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  const exited = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? 'unknown',
  );
  const listening = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('{"event":"listening"')) resolve((JSON.parse(line) as { url: string }).url);
    });
    void exited.then(() => reject(new Error(`It ended before it listened. ${errors}`)));
  });
  // Whoever waits for the exit alone need not handle this.
  listening.catch(() => {});
  return { child, lines, errors: () => errors, listening, exited };
}
