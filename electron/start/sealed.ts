// A text sealed with AES-256-GCM: read again only with its key, unchanged, and for what it was sealed for.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const MARK = Buffer.from('SBSHOWN1');
const IV_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** `context`: what it belongs to; it is not written, and must be the same when it is opened. */
export function seal(text: string, key: Buffer, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context));
  const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([MARK, iv, cipher.getAuthTag(), content]);
}

/** Null for anything that is not exactly what was sealed with this key for this context. */
export function unseal(sealed: Buffer, key: Buffer, context: string): string | null {
  const head = MARK.length + IV_BYTES + TAG_BYTES;
  if (sealed.length < head || key.length !== KEY_BYTES || !sealed.subarray(0, MARK.length).equals(MARK)) return null;
  try {
    const iv = sealed.subarray(MARK.length, MARK.length + IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(MARK.length + IV_BYTES, head));
    return Buffer.concat([decipher.update(sealed.subarray(head)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
