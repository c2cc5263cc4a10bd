// The vault's master key: made once, kept by the keychain, or in a file only its owner can read.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
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
  return key;
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
  mkdirSync(dirname(path), { recursive: true });
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
