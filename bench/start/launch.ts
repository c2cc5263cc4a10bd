// Starts one of the two applications as a person does, and answers when it reached what.
import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const END_WITHIN_MS = 20_000;
const REACH_WITHIN_MS = 60_000;

export interface Application {
  /** The folder of its package.json. */
  folder: string;
  userData: string;
  /** What is waited for: `painted`, `rows`, `live`. */
  wanted: readonly string[];
}

export interface Launched {
  pid: number;
  /** Milliseconds from the start of the process, by name. */
  reached: Record<string, number>;
  quit(): Promise<void>;
}

export const now = (): number => performance.timeOrigin + performance.now();

/** Resolves when all that is wanted was reached. Throws when it ends or hangs before. */
export async function launch({ folder, userData, wanted }: Application): Promise<Launched> {
  const binary: string = createRequire(import.meta.url)('electron');
  const started = now();
  const child = spawn(binary, ['-r', join(import.meta.dirname, 'observe.cjs'), '.'], {
    cwd: folder,
    env: {
      ...process.env,
      SIGNALBOX_USER_DATA: userData,
      PORT: '0',
      LOG_LEVEL: 'warn',
      BENCH_WANTED: wanted.join(','),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = exitOf(child);
  try {
    const reached = await read(child, started);
    return {
      pid: child.pid ?? -1,
      reached,
      async quit() {
        child.kill('SIGTERM');
        await within(exited, END_WITHIN_MS, 'It did not quit.');
      },
    };
  } catch (cause) {
    child.kill('SIGKILL');
    throw cause;
  }
}

/** Collects what observe.cjs says until the page's part, which is the last. */
function read(child: ChildProcess, started: number): Promise<Record<string, number>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, number>>();
  const reached: Record<string, number> = {};
  let written = '';
  let rest = '';
  const take = (found: Record<string, number>): void => {
    for (const [name, time] of Object.entries(found)) reached[name] = time - started;
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(-4_000);
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('bench ')) continue;
      const report = JSON.parse(line.slice('bench '.length)) as Record<string, number> & { page?: Record<string, number> };
      if (report.page === undefined) take(report);
      else {
        take(report.page);
        resolve(reached);
      }
    }
  });
  child.on('error', reject);
  child.on('exit', (code) => reject(new Error(`It ended with exit code ${code} before all was reached.\n${written}`)));
  return within(promise, REACH_WITHIN_MS, `Not all was reached in ${REACH_WITHIN_MS / 1_000} s.`).catch((cause: unknown) => {
    throw new Error(`${String(cause)} Reached: ${JSON.stringify(reached)}\n${written}`, { cause });
  });
}

function exitOf(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  return promise;
}

async function within<T>(promise: Promise<T>, milliseconds: number, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(message)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
