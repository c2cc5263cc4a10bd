// The vault's master key: made once, kept by the keychain, or in a file only its owner can read.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
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

/**
 * The key in base64. A key that is there but cannot be read is never replaced: the credentials in the vault
 * would be lost with it. Throws an AppError that says what to do.
 */
export function loadMasterKey(path: string, keychain: Keychain | null): string {
  const saved = readKeyFile(path);
  if (saved === null) return makeKey(path, keychain);
  const key = saved.storage === 'file' ? saved.value : decryptKey(saved, keychain);
  if (Buffer.from(key, 'base64').length !== KEY_BYTES) throw unreadable(path);
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

function readKeyFile(path: string): KeyFile | null {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, cause);
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
    throw new AppError('unavailable', message, { cause });
  }
}

function decryptKey(saved: KeyFile, keychain: Keychain | null): string {
  if (keychain === null) {
    throw new AppError(
      'unavailable',
      'Your keychain keeps the master key and is not available. Unlock it or sign in to your desktop again.',
    );
  }
  try {
    return keychain.decrypt(saved.value);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'Your keychain does not open the master key. Unlock the keychain that this workspace was made with.',
      { cause },
    );
  }
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

function unreadable(path: string, cause?: unknown): AppError {
  const message =
    `The master key in ${path} cannot be read. ` +
    'Restore this file from a backup; without it the stored credentials are lost.';
  return new AppError('unavailable', message, { cause });
}
