// Composition root of the server: variables in, one line on stdout when it listens, drained on SIGTERM and
// SIGINT.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { readConfig } from './platform/config.ts';
import { createLog } from './platform/log.ts';
import { startBackend, type RunningBackend } from './start.ts';

const root = join(import.meta.dirname, '..');

function readVersion(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** One line for the person who started it; the stack of what we did not expect, for whoever they ask. */
function explain(error: unknown): string {
  if (error instanceof AppError && error.code !== 'internal') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function run(): Promise<RunningBackend> {
  const config = readConfig(process.env, process.cwd());
  const { port, host, logLevel, storage, ...rest } = config;
  const log = createLog(logLevel);
  const backend = await startBackend({
    ...rest,
    storage:
      storage.kind === 'pglite'
        ? { ...storage, template: join(root, 'out/resources/pglite-template.tar') }
        : storage,
    listen: { host, port, orFree: false },
    migrationsDir: join(import.meta.dirname, 'migrations'),
    checklistsDir: join(root, 'resources/checklists'),
    version: readVersion(),
    log,
    onBroken(error) {
      log.fatal({ err: error }, 'the database can do no more work in this process, which ends');
      // At once: the next statement would never return. What was committed is in the files.
      process.exit(70);
    },
  });
  process.stdout.write(`${JSON.stringify({ event: 'listening', url: backend.url })}\n`);
  return backend;
}

const starting = run();
let stopping = false;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // A second signal says that waiting is over.
    if (stopping) process.exit(1);
    stopping = true;
    starting
      .then((backend) => backend.stop())
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        process.stderr.write(`Signalbox did not stop cleanly. ${explain(error)}\n`);
        process.exit(1);
      });
  });
}

starting.catch((error: unknown) => {
  process.stderr.write(`Signalbox could not start. ${explain(error)}\n`);
  process.exit(1);
});
