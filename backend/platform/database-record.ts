// What a data folder says of its database, beside it: read before the database is opened, so that one that must not
// be opened is not touched, and none is ever made over one that is there.
import { existsSync, statSync } from 'node:fs';
import { open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { newerDatabase } from './migrations.ts';

/** The PostgreSQL whose files the PGlite in package.json reads and writes. */
export const POSTGRES_MAJOR = 18;

export interface SchemaVersions {
  platform: number;
  tenant: number;
}

const databaseRecord = z.object({
  /** The Signalbox that opened it last. */
  program: z.string(),
  platform: z.number().int(),
  tenant: z.number().int(),
});
export type DatabaseRecord = z.infer<typeof databaseRecord>;

const NAME = 'database.json';
const CONTROL_BYTES = 8_192;

/** Undefined when there is none, or it cannot be read: the database itself decides then. */
export async function readRecord(dataDir: string): Promise<DatabaseRecord | undefined> {
  try {
    return databaseRecord.parse(JSON.parse(await readFile(join(dataDir, NAME), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes it whole or not at all, and only when it says something new. */
export async function writeRecord(dataDir: string, record: DatabaseRecord): Promise<void> {
  if (JSON.stringify(await readRecord(dataDir)) === JSON.stringify(record)) return;
  const beside = join(dataDir, `${NAME}.new`);
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, join(dataDir, NAME));
}

/** Throws, having changed nothing, when the database in the folder must not be opened by this program. */
export async function checkBeforeOpening(dataDir: string, known: SchemaVersions): Promise<void> {
  const record = await readRecord(dataDir);
  if (record && record.platform > known.platform) throw newerDatabase(record.platform, known.platform, record.program);
  if (record && record.tenant > known.tenant) throw newerDatabase(record.tenant, known.tenant, record.program);
  // Its making was cut short: nobody could sign in to it, and it is made anew.
  if (existsSync(join(dataDir, 'database.unfinished'))) return;
  const database = join(dataDir, 'database');
  const names = await readdir(database).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    // The folder itself is a file: whoever opens it says so.
    if (cause.code === 'ENOTDIR' && statSync(dataDir).isFile()) return undefined;
    throw unreadable(dataDir, `its folder cannot be read (${cause.code ?? 'unknown'})`, cause);
  });
  if (names === undefined) {
    if (record) throw missing(dataDir);
    return;
  }
  await checkFiles(dataDir, database);
}

/** PGlite takes a folder without PG_VERSION for an empty one and makes a new database over what is there. */
async function checkFiles(dataDir: string, database: string): Promise<void> {
  const version = await readFile(join(database, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) throw unreadable(dataDir, 'the file PG_VERSION is missing');
  const major = Number(version.trim());
  if (!Number.isInteger(major) || major <= 0) throw unreadable(dataDir, 'the file PG_VERSION is damaged');
  if (major > POSTGRES_MAJOR) throw newerDatabase(major, POSTGRES_MAJOR);
  if (major < POSTGRES_MAJOR) throw unreadable(dataDir, `its files are of PostgreSQL ${major}, and this program reads ${POSTGRES_MAJOR}`);
  const control = await stat(join(database, 'global/pg_control')).catch(() => undefined);
  if (control?.size !== CONTROL_BYTES) throw unreadable(dataDir, 'the file global/pg_control is missing or cut off');
}

/** The database is there and cannot be used; what is there stays as it is. */
export function unreadable(dataDir: string, why: string, cause?: unknown): AppError {
  return new AppError(
    'unavailable',
    `The database in ${dataDir} cannot be opened: ${why}. Nothing in it was deleted. ` +
      'Restore a backup, or choose another folder.',
    { cause, details: { reason: 'database_unreadable' } },
  );
}

function missing(dataDir: string): AppError {
  return new AppError(
    'unavailable',
    `The database of ${dataDir} is not there any more: its folder "database" is missing. No new one was made in its ` +
      'place. Put the folder back, restore a backup, or remove database.json to begin with an empty one.',
    { details: { reason: 'database_missing' } },
  );
}
