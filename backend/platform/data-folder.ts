// The folder of an embedded backend: taken by one process at a time, with the master key's file beside the
// database.
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { keyMissing } from './key-check.ts';
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

/** The desktop app keeps the key here: sealed by the keychain, or as it is where there is none. */
const appKey = z.object({ version: z.literal(1), storage: z.enum(['keychain', 'file']), value: z.string() });

async function readIfThere(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(folder, error);
  });
}

/** The master key that lies in a data folder, undefined when there is none. One that cannot be read is an error. */
export async function findMasterKey(path: string): Promise<Buffer | undefined> {
  const known = await readIfThere(path, 'master.key');
  if (known !== undefined) return parseMasterKey(known);
  const ofApp = await readIfThere(path, 'master-key.json');
  if (ofApp === undefined) return undefined;
  let kept: z.infer<typeof appKey>;
  try {
    kept = appKey.parse(JSON.parse(ofApp));
  } catch {
    // The parser's message may quote the content, so it is not kept as a cause.
    throw new AppError('unavailable', `The master key in ${join(path, 'master-key.json')} cannot be read.`);
  }
  if (kept.storage === 'file') return parseMasterKey(kept.value);
  throw new AppError(
    'unavailable',
    `The keychain of the desktop app keeps the master key of ${path}. ` +
      'Do this in the app, or give the key in SIGNALBOX_MASTER_KEY.',
    { details: { reason: 'key_in_keychain' } },
  );
}

/** The master key of the folder; made on the first run, in a 0600 file, and never beside a database that was used. */
export async function readMasterKey(folder: DataFolder, mayMake = true): Promise<Buffer> {
  const known = await findMasterKey(folder.path);
  if (known !== undefined) return known;
  if (!mayMake) throw keyMissing(join(folder.path, 'master.key'));
  const key = randomBytes(MASTER_KEY_BYTES);
  await writeMasterKey(folder.path, key);
  return key;
}

/** Whole and on the disk before it has its name: half a key would lock the vault for good. */
export async function writeMasterKey(path: string, key: Uint8Array): Promise<void> {
  const beside = join(path, 'master.key.new');
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(`${Buffer.from(key).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, join(path, 'master.key'));
}
