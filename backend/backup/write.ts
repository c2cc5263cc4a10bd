// Writes a backup of an embedded database that runs: it stands still while its files are copied, and goes on.
import { rm, open, stat, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { BACKUP_DATABASE_LIMIT, type BackupProgress } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';
import type { Transaction } from '../platform/database.ts';
import { beginContainer } from './container.ts';
import { fingerprint, type Stored } from './contents.ts';
import { readFacts } from './facts.ts';
import { seal, type KeyCost } from './keys.ts';
import { diskProblem } from './problems.ts';
import { walk, writeRecords } from './records.ts';

export interface BackupSource {
  /** The data folder; a backup never lies in it. */
  dataDir: string;
  /** Runs the work while nothing changes the database's files at `folder`; the transaction is its owner's. */
  whileStill<Result>(work: (folder: string, tx: Transaction<unknown>) => Promise<Result>): Promise<Result>;
  masterKey: Uint8Array;
  program: string;
}

export interface BackupTarget {
  file: string;
  passphrase: string;
}

export type Report = (progress: BackupProgress) => void;

/** Written under this name until it has been proved. */
export const partOf = (file: string) => `${file}.part`;

const NOTHING_LEFT = 'Nothing was left behind; choose another place or free some space, then make the backup again.';

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const entry of walk(folder)) if (!entry.folder) bytes += (await stat(join(folder, entry.path))).size;
  return bytes;
}

function refuseInside(file: string, dataDir: string): void {
  const inside = relative(resolve(dataDir), resolve(file));
  if (inside.startsWith('..') || resolve(inside) === inside) return;
  throw new AppError('validation_failed', 'A backup within the data folder would be lost with it. Choose another place.', {
    details: { reason: 'inside_data_folder', fields: [{ path: 'file', message: 'Choose a place outside of the data folder.' }] },
  });
}

function tooLarge(bytes: number): AppError {
  const gigabytes = (size: number) => `${(size / 1e9).toFixed(1)} GB`;
  return new AppError(
    'payload_too_large',
    `The database has ${gigabytes(bytes)}; a backup holds at most ${gigabytes(BACKUP_DATABASE_LIMIT)}. ` +
      'A database of this size belongs on a PostgreSQL server, with its own tools for backups.',
    { details: { limit: BACKUP_DATABASE_LIMIT } },
  );
}

/** Half the bytes must be free at least: what is written is compressed, how well is not known before. */
async function refuseFull(file: string, bytes: number): Promise<void> {
  const disk = await statfs(dirname(resolve(file)));
  const free = disk.bavail * disk.bsize;
  if (free < bytes / 8) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
}

interface WriteOptions {
  report: Report;
  openPart?: (path: string) => Promise<FileHandle>;
  cost?: KeyCost;
}

/**
 * Writes `<file>.part`, flushed to the disk. Throws an AppError that says what the disk or the database refused, and
 * leaves nothing behind then. `openPart` and `cost` are for tests.
 */
export async function writeBackup(
  source: BackupSource,
  target: BackupTarget,
  { report, openPart = (path) => open(path, 'wx', 0o600), cost }: WriteOptions,
): Promise<void> {
  refuseInside(target.file, source.dataDir);
  const part = partOf(target.file);
  let file: FileHandle | undefined;
  try {
    await rm(part, { force: true });
    file = await openPart(part);
    const into = file;
    const createdAt = new Date().toISOString();
    const { program, masterKey } = source;
    // The costly part of the keys is done before the database stands still.
    const container = await beginContainer({ program, createdAt, passphrase: target.passphrase, cost });
    await source.whileStill(async (folder, tx) => {
      const bytes = await sizeOf(folder);
      if (bytes > BACKUP_DATABASE_LIMIT) throw tooLarge(bytes);
      await refuseFull(target.file, bytes);
      const contents: Stored = {
        createdAt,
        program,
        databaseBytes: bytes,
        facts: await readFacts(tx),
        masterKey: { sealed: seal(container.keys.seal, masterKey), sha256: fingerprint(masterKey) },
      };
      const records = writeRecords(folder, contents, (done) => report({ stage: 'copying', done, total: bytes }));
      // Level 1: the database stands still meanwhile.
      await pipeline(Readable.from(records, { objectMode: false }), createGzip({ level: 1 }), (packed) =>
        container.write(into, packed),
      );
    });
    await file.close();
    file = undefined;
  } catch (cause) {
    await file?.close().catch(() => undefined);
    await rm(part, { force: true }).catch(() => undefined);
    throw diskProblem(cause, NOTHING_LEFT);
  }
}
