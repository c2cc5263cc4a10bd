// The proof of a backup: it is read back into a scratch database and compared before it gets its name.
import { mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BackupContents, LastBackup } from '../../shared/backup.ts';
import { checkCopy } from './check.ts';
import { describe } from './contents.ts';
import { diskProblem } from './problems.ts';
import { extractBackup } from './read.ts';
import { partOf, type BackupTarget, type Report } from './write.ts';

const SCRATCH = 'scratch-';

/** In the data folder, which is the person's alone; what an earlier proof left behind goes first. */
async function makeScratch(dataDir: string): Promise<string> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(SCRATCH)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  await mkdir(dataDir, { recursive: true });
  return mkdtemp(join(dataDir, SCRATCH));
}

/** Proves `<file>.part` and gives it its name; one that is not right is taken away. Notes it as the last backup. */
export async function proveBackup(target: BackupTarget, dataDir: string, report: Report): Promise<BackupContents> {
  const part = partOf(target.file);
  let scratch: string | undefined;
  try {
    scratch = await makeScratch(dataDir);
    const database = join(scratch, 'database');
    const { contents, fileBytes } = await extractBackup({ ...target, file: part }, database, (done, total) =>
      report({ stage: 'reading_back', done, total }),
    );
    report({ stage: 'checking', done: 0, total: 0 });
    await checkCopy(database, contents);
    await rename(part, target.file);
    await syncFolder(dirname(target.file));
    await noteLastBackup(dataDir, { at: contents.createdAt, name: basename(target.file), bytes: fileBytes });
    return describe(contents, fileBytes);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    throw diskProblem(cause, 'The backup could not be proved and was not kept.');
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Has the new name itself on the disk; not every system opens a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

export const LAST_BACKUP = 'last-backup.json';

export async function noteLastBackup(dataDir: string, last: LastBackup): Promise<void> {
  await writeFile(join(dataDir, LAST_BACKUP), `${JSON.stringify(last)}\n`, { mode: 0o600 });
}
