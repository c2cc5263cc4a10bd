// What the frames of a backup carry: first what is in it, then the database's folders and files, then the sums over
// them. Each record is a line of JSON with a length before it, and, for a file, its bytes.
import { createHash, type Hash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { damaged } from './problems.ts';

const CHUNK = 1 << 18;
const MOST_LINE = 16_000_000;

const path = z
  .string()
  .max(500)
  .regex(/^[\w.-]+(\/[\w.-]+)*$/)
  .refine((text) => !text.split('/').some((part) => part === '.' || part === '..'));
const record = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('contents'), contents: z.unknown() }),
  z.object({ kind: z.literal('folder'), path }),
  z.object({ kind: z.literal('file'), path, size: z.number().int().min(0) }),
  z.object({ kind: z.literal('end'), sha256: z.object({ contents: z.string(), database: z.string() }), files: z.number().int() }),
]);
export type Record = z.infer<typeof record>;

function line(value: Record): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}

/** Every folder and file below, folders before what is in them; nothing else lies in a database's folder. */
export async function* walk(root: string, below = ''): AsyncGenerator<{ path: string; folder: boolean }> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      yield { path: inner, folder: true };
      yield* walk(root, inner);
    } else if (entry.isFile()) yield { path: inner, folder: false };
  }
}

async function* bytesOf(file: FileHandle, size: number, sum: Hash): AsyncGenerator<Buffer> {
  for (let position = 0; position < size;) {
    const buffer = Buffer.alloc(Math.min(CHUNK, size - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new Error('A file of the database became shorter while it was copied.');
    position += bytesRead;
    const part = buffer.subarray(0, bytesRead);
    sum.update(part);
    yield part;
  }
}

/** The records of a database's folder that stands still. `onCopied`: bytes of files so far. */
export async function* writeRecords(
  root: string,
  contents: unknown,
  onCopied: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const database = createHash('sha256');
  let files = 0;
  let copied = 0;
  yield line({ kind: 'contents', contents });
  for await (const entry of walk(root)) {
    if (entry.folder) {
      yield line({ kind: 'folder', path: entry.path });
      continue;
    }
    const file = await open(join(root, entry.path), 'r');
    try {
      const { size } = await file.stat();
      database.update(`${entry.path}\n${size}\n`);
      yield line({ kind: 'file', path: entry.path, size });
      yield* bytesOf(file, size, database);
      files += 1;
      copied += size;
      onCopied(copied);
    } finally {
      await file.close();
    }
  }
  const sums = { contents: sumOf(contents), database: database.digest('hex') };
  yield line({ kind: 'end', sha256: sums, files });
}

function sumOf(contents: unknown): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}

export interface Receiver {
  /** The contents come first; throwing ends the reading. */
  contents(contents: unknown): void | Promise<void>;
  folder(path: string): void | Promise<void>;
  /** Answers where the bytes of a file go. */
  file(path: string): Promise<{ write(bytes: Buffer): Promise<unknown>; close(): Promise<void> }>;
}

/** Hands every record over; ends well only when the sums over all of it are right. */
export async function readRecords(stream: AsyncIterable<Buffer>, receiver: Receiver): Promise<void> {
  const source = createReader(stream);
  const database = createHash('sha256');
  let files = 0;
  let said = '';
  for (let first = true; ; first = false) {
    const head = await source.exactly(4);
    const length = head.readUInt32BE(0);
    if (length > MOST_LINE) throw damaged();
    const one = parse(await source.exactly(length));
    if (first !== (one.kind === 'contents')) throw damaged();
    if (one.kind === 'contents') {
      said = sumOf(one.contents);
      await receiver.contents(one.contents);
    } else if (one.kind === 'folder') await receiver.folder(one.path);
    else if (one.kind === 'file') {
      database.update(`${one.path}\n${one.size}\n`);
      const into = await receiver.file(one.path);
      try {
        for (let left = one.size; left > 0;) {
          const part = await source.some(left);
          left -= part.length;
          database.update(part);
          await into.write(part);
        }
      } finally {
        await into.close();
      }
      files += 1;
    } else {
      const right = one.files === files && one.sha256.contents === said && one.sha256.database === database.digest('hex');
      if (!right || !(await source.ended())) throw damaged();
      return;
    }
  }
}

function parse(text: Buffer): Record {
  try {
    return record.parse(JSON.parse(text.toString('utf8')));
  } catch (cause) {
    throw damaged(cause);
  }
}

function createReader(stream: AsyncIterable<Buffer>) {
  const iterator = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async () => {
    const next = await iterator.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  return {
    async exactly(length: number): Promise<Buffer> {
      while (held.length < length) if (!(await more())) throw damaged();
      const part = held.subarray(0, length);
      held = held.subarray(length);
      return part;
    },
    /** Up to `most` bytes, at least one. */
    async some(most: number): Promise<Buffer> {
      while (held.length === 0) if (!(await more())) throw damaged();
      const part = held.subarray(0, most);
      held = held.subarray(part.length);
      return part;
    },
    async ended(): Promise<boolean> {
      while (held.length === 0) if (!(await more())) return true;
      return false;
    },
  };
}
