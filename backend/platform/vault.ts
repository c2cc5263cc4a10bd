// The vault: one master key, and a key derived from it for each purpose, so that no key serves two.
import { hkdfSync } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';

export const MASTER_KEY_BYTES = 32;

/**
 * The master key from its base64 text; anything but 32 bytes is refused. The text never reaches the message.
 */
export function parseMasterKey(text: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  const clean = /^[A-Za-z0-9+/]{43}=$/.test(trimmed);
  if (!clean || key.length !== MASTER_KEY_BYTES) {
    throw new AppError(
      'unavailable',
      'The master key must be 32 bytes in base64, as `openssl rand -base64 32` makes it.',
    );
  }
  return key;
}

/** A 32-byte key for one purpose (HKDF-SHA-256); knowing one tells nothing of the others. */
export function deriveKey(masterKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `signalbox:${purpose}`, 32));
}
