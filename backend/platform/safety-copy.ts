// Before a database is updated: a copy of its files as they are, so that there is a way back.
import { constants } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { SchemaVersions } from './database-record.ts';

/** Copies that are kept; the older ones make room. */
const KEPT = 2;
/** What must stay free beside the copy, in bytes. */
const SPARE_BYTES = 64_000_000;

/** Where the copies of a data folder are. */
export const copiesFolder = (dataDir: string): string => join(dataDir, 'before-update');

/** Bytes of all files under a folder. */
export async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    sum += found?.size ?? 0;
  }
  return sum;
}

/** Decimal megabytes, as file managers show them. */
export const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1_000_000)).toLocaleString('en')} MB`;

export interface SafetyCopy {
  dataDir: string;
  /** The folder of the database, whose files stand still meanwhile. */
  database: string;
  /** What the copy is at. */
  versions: SchemaVersions;
  now: Date;
  say(doing: string): void;
}

/** Copies the database's files; answers where. Throws `disk_full`, with figures, when they would not fit. */
export async function makeSafetyCopy({ dataDir, database, versions, now, say }: SafetyCopy): Promise<string> {
  const bytes = await folderBytes(database);
  const space = await statfs(dataDir);
  const free = space.bavail * space.bsize;
  if (free < bytes + SPARE_BYTES) {
    throw new AppError(
      'unavailable',
      `The database must be updated, and the copy that is made first needs ${megabytes(bytes + SPARE_BYTES)}; ` +
        `${megabytes(free)} are free in ${dataDir}. Nothing was changed. Free some space.`,
      { details: { reason: 'disk_full', freeBytes: free, neededBytes: bytes + SPARE_BYTES } },
    );
  }
  say(`Making a safety copy of the database (${megabytes(bytes)}) before it is updated…`);
  const folder = copiesFolder(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, '').replace('T', '-');
  const target = join(folder, `${stamp}-version-${versions.platform}.${versions.tenant}`);
  const part = `${target}.part`;
  await rm(part, { recursive: true, force: true });
  // Where the file system can share blocks, the copy costs neither time nor space.
  await cp(database, join(part, 'database'), { recursive: true, mode: constants.COPYFILE_FICLONE });
  await rename(part, target);
  await keepNewest(folder);
  return target;
}

async function keepNewest(folder: string): Promise<void> {
  const copies = (await readdir(folder)).filter((name) => /^\d{8}-\d{6}-version-[\d.]+$/.test(name)).toSorted();
  for (const name of copies.slice(0, -KEPT)) await rm(join(folder, name), { recursive: true, force: true });
}
