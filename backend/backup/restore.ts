// Restores a backup: into a folder beside the present one, checked there, and only then put in its place. What was
// there before is kept under a dated name.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { BackupContents } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';
import { openDataFolder } from '../platform/data-folder.ts';
import { sql } from '../platform/database.ts';
import { readMigrations } from '../platform/migrations.ts';
import { checkCopy } from './check.ts';
import { describe, type Stored } from './contents.ts';
import { diskProblem, newerBackup } from './problems.ts';
import { noteLastBackup } from './prove.ts';
import { extractBackup, type BackupFile } from './read.ts';
import type { Report } from './write.ts';

export interface Staged {
  /** The folder that will take the data folder's place. */
  folder: string;
  contents: BackupContents;
  masterKey: Buffer;
}

const stagedFor = (dataDir: string) => `${resolve(dataDir)}.restoring`;

async function refuseNewer({ program, facts }: Stored, migrationsDir: string): Promise<void> {
  const [platform, tenant] = await Promise.all(['platform', 'tenant'].map((part) => readMigrations(join(migrationsDir, part))));
  const newer = facts.migrations.length > platform!.length || facts.schemas.some(({ version }) => version > tenant!.length);
  if (newer) throw newerBackup(program);
}

/** Takes the folder for a moment: a backend that runs on it would go on writing into what is kept aside. */
async function refuseInUse(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  await (await openDataFolder(dataDir)).release();
}

/**
 * Makes the folder that is to take the place of `dataDir`, and checks it. Sessions of the backup's time end: everybody
 * signs in anew. The data folder itself is not touched. `running`: its backend may run, as it is stopped before the
 * folders change places.
 */
export async function stageRestore(
  from: BackupFile,
  { dataDir, migrationsDir, running = false }: { dataDir: string; migrationsDir: string; running?: boolean },
  report: Report,
): Promise<Staged> {
  if (!running) await refuseInUse(dataDir);
  const folder = stagedFor(dataDir);
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { contents, masterKey, fileBytes } = await extractBackup(from, join(folder, 'database'), (done, total) =>
      report({ stage: 'restoring', done, total }),
    );
    await refuseNewer(contents, migrationsDir);
    report({ stage: 'checking', done: 0, total: 0 });
    await checkCopy(join(folder, 'database'), contents, async (tx) => {
      await sql`update platform.sessions set revoked_at = now(), revoked_reason = 'restored' where revoked_at is null`.execute(tx);
    });
    await noteLastBackup(folder, { at: contents.createdAt, name: basename(from.file), bytes: fileBytes });
    return { folder, contents: describe(contents, fileBytes), masterKey };
  } catch (cause) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw diskProblem(cause, 'Nothing was changed; free some space, then try again.');
  }
}

/** `2026-11-20-174210`, in UTC. */
function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
}

/** Puts the staged folder in place; answers where the one before is kept, null when there was none. */
export async function finishRestore(dataDir: string, staged: string): Promise<string | null> {
  const target = resolve(dataDir);
  const kept = existsSync(target) && (await readdir(target)).length > 0 ? await freeName(target) : null;
  try {
    if (kept !== null) await rename(target, kept);
    else await rm(target, { recursive: true, force: true });
    await rename(staged, target);
    return kept;
  } catch (cause) {
    // The second rename failed: what was there goes back to its place.
    if (kept !== null && existsSync(kept) && !existsSync(target)) await rename(kept, target);
    throw new AppError(
      'unavailable',
      `The restored folder could not be put in the place of ${target}. Nothing was changed. ` +
        'Close whatever uses the folder, and check that its parent can be written.',
      { cause, details: { reason: 'data_folder_unusable' } },
    );
  }
}

async function freeName(target: string): Promise<string> {
  const wanted = `${basename(target)}.before-restore-${stamp(new Date())}`;
  const taken = new Set(await readdir(dirname(target)));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  return join(dirname(target), name);
}
