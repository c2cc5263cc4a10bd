// Reads a backup: what is in it, and its database out into a folder. Nothing of it counts until all of it is right.
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { BackupContents, BackupProgress } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';
import { openContainer, readHeader } from './container.ts';
import { describe, openMasterKey, parseStored, type Stored } from './contents.ts';
import { damaged, diskProblem } from './problems.ts';
import { readRecords, type Receiver } from './records.ts';

export interface BackupFile {
  file: string;
  passphrase: string;
}

export interface ReadBackup {
  contents: Stored;
  masterKey: Buffer;
  fileBytes: number;
}

type OnRead = (progress: BackupProgress) => void;
/** Where a file's bytes go when they are only checked. */
const nowhere = { write: async () => undefined, close: async () => undefined };
const inspection: Pick<Receiver, 'folder' | 'file'> = { folder: () => undefined, file: async () => nowhere };

function unreadable(cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return new AppError('not_found', 'The backup is not there any more. Choose it again.', { cause });
  if (code === 'EISDIR') return new AppError('malformed_request', 'This is a folder. Choose a backup.', { cause });
  if (code === 'EACCES' || code === 'EPERM') return new AppError('unavailable', 'You may not read this file.', { cause, details: { reason: 'file' } });
  // What was authenticated always unpacks: anything else was written by a broken program.
  if (code?.startsWith('Z_') === true) return damaged(cause);
  return cause;
}

async function read(
  { file: path, passphrase }: BackupFile,
  receiver: Pick<Receiver, 'folder' | 'file'>,
  onRead: (done: number, total: number) => void,
): Promise<ReadBackup> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    const { keys, content } = await openContainer(file, passphrase, onRead);
    let contents: Stored | undefined;
    await pipeline(Readable.from(content, { objectMode: false }), createGunzip(), async (records: AsyncIterable<Buffer>) =>
      readRecords(records, {
        ...receiver,
        contents: (given) => {
          contents = parseStored(given);
        },
      }),
    );
    if (contents === undefined) throw damaged();
    return { contents, masterKey: openMasterKey(keys, contents), fileBytes: (await file.stat()).size };
  } catch (cause) {
    throw unreadable(cause);
  } finally {
    await file?.close();
  }
}

/** What a file says of itself without its passphrase; refuses what is no backup. */
export async function peekBackup(path: string): Promise<{ program: string; createdAt: string; bytes: number }> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    const { header } = await readHeader(file);
    return { program: header.program, createdAt: header.createdAt, bytes: (await file.stat()).size };
  } catch (cause) {
    throw unreadable(cause);
  } finally {
    await file?.close();
  }
}

/** Reads and authenticates all of a backup, writes nothing. */
export async function inspectBackup(from: BackupFile, report: OnRead): Promise<BackupContents> {
  const { contents, fileBytes } = await read(from, inspection, (done, total) => report({ stage: 'checking', done, total }));
  return describe(contents, fileBytes);
}

/** Writes the database of a backup into a new folder, flushed file by file; an unfinished one is taken away. */
export async function extractBackup(from: BackupFile, folder: string, report: (done: number, total: number) => void): Promise<ReadBackup> {
  const receiver: Pick<Receiver, 'folder' | 'file'> = {
    folder: (path) => mkdir(join(folder, path), { recursive: true, mode: 0o700 }).then(() => undefined),
    async file(path) {
      await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
      const file = await open(join(folder, path), 'wx', 0o600);
      return {
        write: (bytes) => file.appendFile(bytes),
        async close() {
          await file.sync().catch(() => undefined);
          await file.close();
        },
      };
    },
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await read(from, receiver, report);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw diskProblem(cause, 'Nothing was changed; free some space, then try again.');
  }
}

