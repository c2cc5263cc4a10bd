// The vault's master key: made once, kept by the keychain, or in a file only its owner can read.
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { FailureReason } from '../../shared/backend-status.ts';
import { AppError } from '../../shared/errors.ts';
import type { Keychain } from '../session/keychain.ts';

const KEY_BYTES = 32;

/** `keychain`: `value` is encrypted by the operating system. `file`: it is the key itself, in a 0600 file. */
const keyFile = z.object({
  version: z.literal(1),
  storage: z.enum(['keychain', 'file']),
  value: z.string(),
});
type KeyFile = z.infer<typeof keyFile>;

/** What a master key is in words that name the way out; `action` is what the screen says to do. */
function refuse(reason: FailureReason, message: string, more: { action: string; cause?: unknown }): AppError {
  return new AppError('unavailable', message, { cause: more.cause, details: { reason, action: more.action } });
}

export interface MasterKeyPlace {
  path: string;
  keychain: Keychain | null;
  /** Whether there is a database already: a key that was made now would open nothing of it. */
  databaseThere(): boolean;
}

/**
 * The key in base64. A key that is there but cannot be read is never replaced, and none is made beside a database
 * that is there: the credentials in the vault would be lost with it. Throws an AppError that says what to do.
 */
export function loadMasterKey({ path, keychain, databaseThere }: MasterKeyPlace): string {
  const saved = readKeyFile(path);
  if (saved === null) {
    if (databaseThere()) throw missing(path);
    return makeKey(path, keychain);
  }
  const key = saved.storage === 'file' ? saved.value : decryptKey(saved, keychain);
  if (!isKey(key)) throw unreadable(path);
  return key;
}

/** Writes a key as this computer keeps keys, in place of any that is there: for a folder that was restored. */
export function saveMasterKey(path: string, keychain: Keychain | null, key: string): void {
  if (Buffer.from(key, 'base64').length !== KEY_BYTES) throw new AppError('internal', 'The restored key has the wrong length.');
  writeKey(path, keychain, key);
}

/**
 * Takes over the key of a folder that has none of ours: the one that lay beside the folder before it lay in it, or
 * the one of a server that ran on it. Each is removed only when ours is on the disk.
 */
export function adoptMasterKey(path: string, keychain: Keychain | null, before: { beside: string; server: string }): void {
  if (existsSync(path)) return;
  if (existsSync(before.beside)) {
    writeDurably(path, readFileSync(before.beside, 'utf8'));
    rmSync(before.beside);
  } else if (existsSync(before.server)) {
    const key = readFileSync(before.server, 'utf8').trim();
    if (Buffer.from(key, 'base64').length !== KEY_BYTES) throw unreadable(before.server);
    writeKey(path, keychain, key);
    rmSync(before.server);
  }
}

/** Whether a text is 32 bytes in base64, however it was copied. */
export function readGivenKey(text: string): string {
  const given = text.replaceAll(/\s/g, '');
  if (isKey(given)) return given;
  const message = 'This is no master key: it is 32 bytes in base64, 44 characters that end in “=”.';
  throw new AppError('validation_failed', message, { details: { fields: [{ path: 'key', message }] } });
}

/** Keeps a key that the database has taken; the file before it is kept aside. */
export function keepMasterKey({ path, keychain }: Pick<MasterKeyPlace, 'path' | 'keychain'>, key: string): void {
  if (existsSync(path)) renameSync(path, `${path.replace(/\.json$/, '')}.before-${Date.now()}.json`);
  writeKey(path, keychain, key);
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === KEY_BYTES;
}

function readKeyFile(path: string): KeyFile | null {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw isOpen(dirname(path)) ? unreadable(path, cause) : folderUnusable(dirname(path), cause);
  }
  try {
    return keyFile.parse(JSON.parse(content));
  } catch {
    // The parser's message may quote the content, so it is not kept as a cause.
    throw unreadable(path);
  }
}

function makeKey(path: string, keychain: Keychain | null): string {
  const key = randomBytes(KEY_BYTES).toString('base64');
  writeKey(path, keychain, key);
  return key;
}

function writeKey(path: string, keychain: Keychain | null, key: string): void {
  const content: KeyFile =
    keychain === null
      ? { version: 1, storage: 'file', value: key }
      : { version: 1, storage: 'keychain', value: keychain.encrypt(key) };
  try {
    writeDurably(path, `${JSON.stringify(content)}\n`);
  } catch (cause) {
    const message = `The master key could not be saved to ${path}. Is the disk full or read-only?`;
    throw new AppError('unavailable', message, { cause, details: { reason: 'file' } });
  }
}

function decryptKey(saved: KeyFile, keychain: Keychain | null): string {
  if (keychain === null) {
    throw refuse('key_locked', 'Your keychain keeps the master key of this workspace and is not available now.', {
      action: 'Unlock it or sign in to your desktop again, then try again. Or give the key from a backup.',
    });
  }
  try {
    return keychain.decrypt(saved.value);
  } catch (cause) {
    const message =
      'Your keychain does not open the master key of this workspace, as after a new login password. ' +
      'The key and the database are kept as they are.';
    throw refuse('key_locked', message, {
      action: 'Unlock the keychain that this workspace was made with, then try again. Or give the key from a backup.',
      cause,
    });
  }
}

function missing(path: string): AppError {
  const message =
    `The database of this workspace is here, but its master key is not: ${path} is missing. No new key was made, because ` +
    'it would open nothing of what is stored.';
  return refuse('key_missing', message, { action: 'Put the file back, give the key from a backup, or restore a backup.' });
}

/** Written aside, flushed and renamed: a power cut leaves the whole key or none. */
function writeDurably(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  const descriptor = openSync(beside, 'w', 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(beside, path);
}

/** Whether this program may read and write in a folder: where it may not, the key is the least of it. */
function isOpen(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function folderUnusable(folder: string, cause: unknown): AppError {
  const message = `The data folder ${folder} cannot be read and written. Nothing in it was changed.`;
  return refuse('data_folder_unusable', message, { action: 'Check its permissions, then try again.', cause });
}

function unreadable(path: string, cause?: unknown): AppError {
  const message = `The master key in ${path} cannot be read. It was not replaced; without it the stored credentials are lost.`;
  return refuse('key_unreadable', message, { action: 'Restore this file, or give the key from a backup.', cause });
}
