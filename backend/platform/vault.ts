// The vault: one master key, and a key derived from it for each purpose, so that no key serves two.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
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

/** What a sealed secret begins with; another way of sealing gets another number. */
const SEAL = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a secret is sealed for: its purpose has a key of its own, and it opens in no other place. */
export interface Seal {
  purpose: string;
  /** Who it belongs to (tenant, row): a secret that was copied into another row does not open there. */
  place: readonly string[];
}

const bound = ({ place }: Seal): Buffer => Buffer.from(JSON.stringify(place));

/** A secret under the master key: AES-256-GCM with a fresh nonce, bound to its place. */
export function seal(masterKey: Uint8Array, secret: string, given: Seal): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(masterKey, given.purpose), nonce);
  cipher.setAAD(bound(given));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(SEAL), nonce, cipher.getAuthTag(), sealed]);
}

/** The secret again; throws `unavailable` when the key, the place or a byte of it is another one. */
export function unseal(masterKey: Uint8Array, sealed: Uint8Array, given: Seal): string {
  const bytes = Buffer.from(sealed);
  try {
    if (bytes[0] !== SEAL) throw new Error('sealed in another way');
    const body = 1 + NONCE_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(masterKey, given.purpose), bytes.subarray(1, body), { authTagLength: TAG_BYTES });
    decipher.setAAD(bound(given));
    decipher.setAuthTag(bytes.subarray(body, body + TAG_BYTES));
    return decipher.update(bytes.subarray(body + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new AppError('unavailable', 'A stored secret cannot be opened with this master key. Give it again.', {
      details: { reason: 'secret_unreadable' },
      cause,
    });
  }
}
