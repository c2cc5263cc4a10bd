// The folder of an embedded backend: taken by one process at a time, with the master key's file beside the
// database.
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../shared/errors.ts';
import { MASTER_KEY_BYTES, parseMasterKey } from './vault.ts';

export interface DataFolder {
  path: string;
  /** Where PGlite keeps its files. */
  database: string;
  /** Set while a new database is made: what is there then is not whole. */
  unfinished: string;
  release(): Promise<void>;
}

function unusable(path: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC';
  const why = full
    ? 'The disk is full.'
    : code === 'ENOTDIR' || code === 'EEXIST'
      ? 'It is a file.'
      : 'It cannot be read and written.';
  const action = full
    ? 'Free some space and start again.'
    : 'Check who owns it and its permissions, or choose another with SIGNALBOX_DATA_DIR.';
  return new AppError('unavailable', `The data folder ${path} cannot be used. ${why} ${action}`, {
    cause,
    details: { reason: full ? 'disk_full' : 'data_folder_unusable' },
  });
}

/**
 * An exclusive lock of the operating system, held by SQLite over a file of its own: it ends with the process however
 * that ends, so that nothing stale is ever left, and it works alike on Linux, macOS and Windows.
 */
function takeLock(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(join(path, 'lock.sqlite'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (/locked|busy/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

async function inUse(path: string): Promise<AppError> {
  const pid = await readFile(join(path, 'process'), 'utf8').then(
    (text) => ` by process ${text.trim()}`,
    () => '',
  );
  return new AppError(
    'unavailable',
    `The data folder ${path} is in use${pid}. Stop that backend, or close the Signalbox window that runs it.`,
    {
      details: { reason: 'data_folder_in_use' },
    },
  );
}

/** Makes the folder when it is not there, and takes it until `release` or the end of the process. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  let lock: DatabaseSync | undefined;
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    lock = takeLock(path);
    if (lock) await writeFile(join(path, 'process'), `${process.pid}\n`);
  } catch (cause) {
    lock?.close();
    throw unusable(path, cause);
  }
  if (!lock) throw await inUse(path);
  const held = lock;
  return {
    path,
    database: join(path, 'database'),
    unfinished: join(path, 'database.unfinished'),
    async release() {
      await rm(join(path, 'process'), { force: true });
      held.close();
    },
  };
}

/** The master key of the folder's 0600 file; made on the first run. */
export async function readMasterKey(folder: DataFolder): Promise<Buffer> {
  const path = join(folder.path, 'master.key');
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(folder.path, error);
  });
  if (known !== undefined) return parseMasterKey(known);
  const key = randomBytes(MASTER_KEY_BYTES);
  const beside = `${path}.new`;
  // Whole and on the disk before it has its name: half a key would lock the vault for good.
  const file = await open(beside, 'w', 0o600);
  await file.writeFile(`${key.toString('base64')}\n`);
  await file.sync();
  await file.close();
  await rename(beside, path);
  return key;
}
