// The file of a backup: a plain header, then frames of AES-256-GCM in which a flipped bit, a frame that is missing or
// in another place, and a cut end are all refused. Written and read as a stream: its size needs no memory.
//
//   magic (16) · length (4) · header, JSON · SHA-256 of all before (32) · frames of length (4) and ciphertext with tag
//
// A frame's nonce is its number and whether it is the last; the SHA-256 of the header is authenticated with each.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { deriveKeys, keyParameters, newParameters, sameCheck, type BackupKeys, type KeyCost } from './keys.ts';
import { damaged, foreignFile, newerBackup, truncated, wrongPassphrase } from './problems.ts';

const MAGIC = Buffer.from('SIGNALBOX-BACKUP', 'ascii');
const FORMAT = 1;
const FRAME = 1 << 20;
const TAG = 16;
const MOST_HEADER = 64 * 1024;

/** What may be read without the passphrase. */
const header = z.object({
  format: z.number().int(),
  program: z.string().max(40),
  createdAt: z.iso.datetime(),
  keys: keyParameters,
  check: z.string().max(100),
});
export type BackupHeader = z.infer<typeof header>;

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 0);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function encryptFrame(key: Buffer, plain: Uint8Array, place: { number: number; last: boolean; bound: Buffer }): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place.number, place.last));
  cipher.setAAD(place.bound);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(encrypted.length);
  return Buffer.concat([length, encrypted]);
}

function decryptFrame(key: Buffer, encrypted: Buffer, place: { number: number; last: boolean; bound: Buffer }): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place.number, place.last));
    decipher.setAAD(place.bound);
    decipher.setAuthTag(encrypted.subarray(encrypted.length - TAG));
    return Buffer.concat([decipher.update(encrypted.subarray(0, encrypted.length - TAG)), decipher.final()]);
  } catch {
    return null;
  }
}

export interface NewContainer {
  program: string;
  createdAt: string;
  passphrase: string;
  /** Of each guess; the usual one unless told otherwise. */
  cost?: KeyCost | undefined;
}

/** Starts a file: answers its keys, and the function that writes a stream into it. */
export async function beginContainer(given: NewContainer) {
  const parameters = newParameters(given.cost);
  const keys = await deriveKeys(given.passphrase, parameters);
  const { program, createdAt } = given;
  const text = Buffer.from(JSON.stringify({ format: FORMAT, program, createdAt, keys: parameters, check: keys.check } satisfies BackupHeader));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([MAGIC, length, text]);
  const bound = createHash('sha256').update(plain).digest();
  return { keys, write: (file: FileHandle, content: AsyncIterable<Uint8Array>) => writeFrames(file, content, { keys, plain, bound }) };
}

/** Writes all of it and has it on the disk when it answers; answers the bytes of the file. */
async function writeFrames(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  start: { keys: BackupKeys; plain: Buffer; bound: Buffer },
): Promise<number> {
  const { keys, plain, bound } = start;
  let bytes = 0;
  const put = async (chunk: Buffer) => {
    await file.appendFile(chunk);
    bytes += chunk.length;
  };
  await put(Buffer.concat([plain, bound]));
  let number = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    waiting.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    size += chunk.byteLength;
    // More than a frame: what is left is never empty, so that the last frame is known when it is written.
    while (size > FRAME) {
      const all = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      await put(encryptFrame(keys.content, all.subarray(0, FRAME), { number, last: false, bound }));
      number += 1;
      waiting = [all.subarray(FRAME)];
      size = waiting[0]!.length;
    }
  }
  await put(encryptFrame(keys.content, Buffer.concat(waiting), { number, last: true, bound }));
  await file.sync();
  return bytes;
}

/** Reads exactly so many bytes, or fewer at the end of the file. */
async function take(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

interface Opened {
  header: BackupHeader;
  bound: Buffer;
  position: number;
}

/** The header of a backup; a foreign file, a cut one and one of a newer format are each told apart. */
export async function readHeader(file: FileHandle): Promise<Opened> {
  const start = await take(file, 0, MAGIC.length + 4);
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw foreignFile();
  if (start.length < MAGIC.length + 4) throw truncated();
  const length = start.readUInt32BE(MAGIC.length);
  if (length > MOST_HEADER) throw damaged();
  const rest = await take(file, start.length, length + 32);
  if (rest.length < length + 32) throw truncated();
  const plain = Buffer.concat([start, rest.subarray(0, length)]);
  const bound = createHash('sha256').update(plain).digest();
  if (!bound.equals(rest.subarray(length))) throw damaged();
  let said: unknown;
  try {
    said = JSON.parse(rest.subarray(0, length).toString('utf8'));
  } catch (cause) {
    throw damaged(cause);
  }
  const format = z.object({ format: z.number(), program: z.string().max(40).catch('unknown') }).safeParse(said);
  if (!format.success) throw damaged();
  if (format.data.format > FORMAT) throw newerBackup(format.data.program);
  const parsed = header.safeParse(said);
  if (!parsed.success) throw damaged();
  return { header: parsed.data, bound, position: start.length + rest.length };
}

/** Opens a backup with its passphrase: its keys, and its content as a stream that ends in an error if it is not whole. */
export async function openContainer(file: FileHandle, passphrase: string, onRead: (done: number, total: number) => void = () => {}) {
  const opened = await readHeader(file);
  const keys = await deriveKeys(passphrase, opened.header.keys);
  if (!sameCheck(keys.check, opened.header.check)) throw wrongPassphrase();
  return { header: opened.header, keys, content: readFrames(file, { ...opened, key: keys.content, onRead }) };
}

async function* readFrames(
  file: FileHandle,
  from: Opened & { key: Buffer; onRead: (done: number, total: number) => void },
): AsyncGenerator<Buffer> {
  const { key, bound, onRead } = from;
  const { size } = await file.stat();
  let { position } = from;
  for (let number = 0; ; number += 1) {
    const head = await take(file, position, 4);
    if (head.length < 4) throw truncated();
    const length = head.readUInt32BE(0);
    if (length < TAG || length > FRAME + TAG) throw damaged();
    const encrypted = await take(file, position + 4, length);
    if (encrypted.length < length) throw truncated();
    position += 4 + length;
    const last = position >= size;
    const plain = decryptFrame(key, encrypted, { number, last, bound });
    if (plain === null) {
      // It opens as a frame in the middle: the frames after it are gone.
      throw last && decryptFrame(key, encrypted, { number, last: false, bound }) !== null ? truncated() : damaged();
    }
    onRead(position, size);
    yield plain;
    if (last) return;
  }
}
