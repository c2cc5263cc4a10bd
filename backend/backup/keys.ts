// From a passphrase to the keys of one backup: scrypt, then a key for each purpose.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Of scrypt: 128 MB and some 0.4 s for each guess. */
export const COST = { N: 131_072, r: 8, p: 1 };
export type KeyCost = typeof COST;
const SALT_BYTES = 32;
const KEY_BYTES = 32;

/** Read from a file's header before anything is authenticated, so bounded: a forged one must not take the memory. */
export const keyParameters = z.object({
  name: z.literal('scrypt'),
  salt: z.base64().max(128),
  N: z.number().int().min(16_384).max(1_048_576).refine((value) => (value & (value - 1)) === 0, 'a power of two'),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(4),
});
export type KeyParameters = z.infer<typeof keyParameters>;

export interface BackupKeys {
  /** Encrypts the frames of the file. */
  content: Buffer;
  /** Encrypts the master key once more, so that it is never plain in what is read to be shown. */
  seal: Buffer;
  /** Tells a wrong passphrase from a damaged file. */
  check: string;
}

/** `cost` is lower in tests that read one file many times. */
export function newParameters(cost: KeyCost = COST): KeyParameters {
  return { name: 'scrypt', salt: randomBytes(SALT_BYTES).toString('base64'), ...cost };
}

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** The same passphrase typed on another system may have other code points: NFKC makes them one. */
export async function deriveKeys(passphrase: string, { salt, N, r, p }: KeyParameters): Promise<BackupKeys> {
  const root = await derive(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), KEY_BYTES, {
    N,
    r,
    p,
    maxmem: 128 * N * r * p + 64 * 1024 * 1024,
  });
  const key = (purpose: string) => Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `signalbox:backup:${purpose}`, KEY_BYTES));
  return {
    content: key('content'),
    seal: key('master-key'),
    check: createHmac('sha256', key('check')).update('signalbox backup').digest('base64'),
  };
}

export function sameCheck(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(first!, second!);
}

/** AES-256-GCM; the answer is nonce, tag and ciphertext in base64. */
export function seal(key: Buffer, plain: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Throws when the key is another or a bit has changed. */
export function unseal(key: Buffer, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
}
