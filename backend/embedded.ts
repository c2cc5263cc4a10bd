// The backend inside the desktop app, in a process of its own (utilityProcess): started and stopped by
// messages.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/errors.ts';
import { writeBackup, type Report as Progress } from './backup/index.ts';
import { readDatabaseFacts } from './diagnostics/index.ts';
import { runJob, type ParentPort } from './jobs.ts';
import { ENOUGH_BYTES } from './platform/disk.ts';
import { createLog } from './platform/log.ts';
import { parseMasterKey } from './platform/vault.ts';
import { startBackend, type RunningBackend } from './start.ts';

const startMessage = z.object({
  kind: z.literal('start'),
  dataDir: z.string().min(1),
  masterKey: z.string(),
  port: z.number().int().min(0).max(65_535),
  migrationsDir: z.string().min(1),
  checklistsDir: z.string().min(1),
  resourcesDir: z.string(),
  logLevel: z.string(),
});
const job = z.number().int();
const message = z.discriminatedUnion('kind', [
  startMessage,
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('ping') }),
  /** Writes a backup that is not proved yet. */
  z.object({ kind: z.literal('write-backup'), job, file: z.string().min(1), passphrase: z.string() }),
  z.object({ kind: z.literal('database-facts'), job }),
]);
type Job = Extract<z.infer<typeof message>, { job: number }>;

type Report =
  | { event: 'listening'; url: string; putBack: number }
  | { event: 'doing'; what: string }
  | { event: 'pong' }
  | { event: 'disk'; low: boolean; freeBytes: number; neededBytes: number }
  | { event: 'failed'; code: string; reason: string; title: string; message: string; action: string };

const LEASE_SECONDS = 30;

/** How the process ends when its database can do no more work in it: the disk was full, or PGlite itself broke. */
const EXIT_DISK_FULL = 75;
const EXIT_BROKEN = 70;

// What a person reads about each way in which a start fails, by `details.reason`.
const advice: Record<string, { title: string; action: string }> = {
  data_folder_in_use: {
    title: 'Signalbox is already running',
    action: 'Close the other Signalbox, then try again.',
  },
  data_folder_unusable: {
    title: 'The data folder cannot be used',
    action: 'Check its permissions, then try again.',
  },
  disk_full: { title: 'The disk is full', action: 'Free some space. Signalbox looks every few seconds and goes on by itself.' },
  newer_database: {
    title: 'This database is from a newer Signalbox',
    action: 'Update Signalbox, or restore a backup from before the update.',
  },
  database_unreadable: {
    title: 'The database cannot be opened',
    action: 'Restore a backup. What is there can be set aside; nothing of it is deleted.',
  },
  database_missing: {
    title: 'The database is not where it was',
    action: 'Put its folder back, or restore a backup.',
  },
  key_wrong: {
    title: 'This is not the master key of this database',
    action: 'Give the key that is in a backup of this workspace.',
  },
};

function failure(error: unknown): Report {
  const known = error instanceof AppError ? error : undefined;
  const reason = typeof known?.details['reason'] === 'string' ? known.details['reason'] : 'other';
  const told = advice[reason];
  return {
    event: 'failed',
    code: known?.code ?? 'internal',
    reason,
    title: told?.title ?? 'The backend did not start',
    message: known?.message ?? 'Something unexpected happened. Your data is kept.',
    action: told?.action ?? 'Try again. If it fails again, report it with the log.',
  };
}

/** Beside the bundle's folder in the app, or beside this file's in a checkout. */
function readVersion(): string {
  for (const folder of ['..', '../..']) {
    const path = join(import.meta.dirname, folder, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
  return 'unknown';
}

async function start(given: z.infer<typeof startMessage>, port: ParentPort): Promise<RunningBackend> {
  const log = createLog(given.logLevel);
  return startBackend({
    storage: {
      kind: 'pglite',
      dataDir: given.dataDir,
      template: join(given.resourcesDir, 'pglite-template.tar'),
    },
    masterKey: parseMasterKey(given.masterKey),
    migrationsDir: given.migrationsDir,
    checklistsDir: given.checklistsDir,
    listen: { host: '127.0.0.1', port: given.port, orFree: true },
    defaultPlan: 'enterprise',
    leaseSeconds: LEASE_SECONDS,
    // Local servers are meant to be reached: it is the person's own computer.
    providerAddresses: 'private',
    version: readVersion(),
    log,
    say: (what) => port.postMessage({ event: 'doing', what }),
    onDisk: ({ low, freeBytes }) => port.postMessage({ event: 'disk', low, freeBytes, neededBytes: ENOUGH_BYTES }),
    onBroken(error) {
      log.fatal({ err: error }, 'the database can do no more work in this process; it ends and is started again');
      // At once: the next statement would never return. What was committed is in the files.
      process.exit((error as { code?: string }).code === '53100' ? EXIT_DISK_FULL : EXIT_BROKEN);
    },
  });
}

async function work({ storage, masterKey }: RunningBackend, asked: Job, report: Progress): Promise<unknown> {
  if (asked.kind === 'database-facts') return readDatabaseFacts(storage.database);
  return writeBackup({ ...storage.embedded!, masterKey, program: readVersion() }, asked, { report });
}

/** Serves one parent: the first start message starts, a stop drains and ends the process. */
function serve(port: ParentPort): void {
  let running: Promise<RunningBackend> | undefined;
  const log = createLog('info');
  port.on('message', ({ data }) => {
    const parsed = message.safeParse(data);
    if (!parsed.success) {
      port.postMessage(
        failure(
          new AppError('malformed_request', 'The desktop app sent a message that the backend does not know.'),
        ),
      );
      return;
    }
    if (parsed.data.kind === 'stop') {
      Promise.resolve(running)
        .then((backend) => backend?.stop())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, 'the backend did not stop cleanly');
            process.exit(1);
          },
        );
      return;
    }
    const asked = parsed.data;
    if (asked.kind === 'ping') {
      port.postMessage({ event: 'pong' });
      return;
    }
    if (asked.kind !== 'start') {
      void runJob({ port, log }, asked.job, async (report) => {
        if (!running) throw new AppError('unavailable', 'The backend is not running.');
        return work(await running, asked, report);
      });
      return;
    }
    if (running) return;
    const starting = start(asked, port);
    running = starting;
    starting.then(
      ({ url, putBack }) => port.postMessage({ event: 'listening', url, putBack }),
      (error: unknown) => {
        log.error({ err: error }, 'the backend did not start');
        port.postMessage(failure(error));
        // The report must be on its way before the process is gone.
        setTimeout(() => process.exit(1), 200);
      },
    );
  });
}

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (!parentPort)
  throw new Error('backend/embedded.ts runs inside of Electron only; backend/server.ts is the server.');
serve(parentPort);
