// Backups from the app: the backend writes one, a process of its own proves, shows and restores it. The passphrase
// and the master key go over the ports of these processes and nowhere else.
import { z } from 'zod';
import { backupContents, type BackupContents, type BackupProgress } from '../../shared/backup.ts';
import { AppError } from '../../shared/errors.ts';
import type { PickedBackup } from '../../shared/keeping.ts';
import type { Backend } from '../embedded/backend.ts';
import type { Ask } from '../embedded/jobs.ts';

/** A process that works on backups; ended when its work is done. */
export interface BackupProcess {
  ask: Ask;
  end(): void;
}

export interface BackupsParts {
  dataDir: string;
  migrationsDir: string;
  fork(): BackupProcess;
  /** The backend of this computer. */
  backend(): NonNullable<Backend['embedded']>;
  /** Writes the master key, sealed as this computer keeps it, into a folder that is to become the data folder. */
  keepMasterKey(folder: string, key: string): void;
  /** The key that the environment sets, if it does; it would go before any that is restored. */
  presetKey: string | undefined;
  /** Ends the session of this computer's connection; `hint` is what its person reads next. */
  signOut(hint: string): Promise<void>;
  onProgress(progress: BackupProgress | null): void;
}

const picked = z.object({ program: z.string(), createdAt: z.string(), bytes: z.number() });
const staged = z.object({ folder: z.string(), contents: backupContents, masterKey: z.string() });
const finished = z.object({ kept: z.string().nullable() });

export interface Backups {
  make(file: string, passphrase: string): Promise<BackupContents>;
  peek(file: string): Promise<Omit<PickedBackup, 'name'>>;
  inspect(file: string, passphrase: string): Promise<BackupContents>;
  restore(file: string, passphrase: string): Promise<{ kept: string | null }>;
}

export function createBackups(parts: BackupsParts): Backups {
  const { dataDir, onProgress } = parts;
  let busy = false;

  /** One at a time: two would work on the same folders. */
  async function alone<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result> {
    if (busy) throw new AppError('conflict', 'A backup is being made or restored already. Wait until that is done.');
    busy = true;
    const process = parts.fork();
    try {
      return await work((request) => process.ask(request, onProgress));
    } finally {
      process.end();
      busy = false;
      onProgress(null);
    }
  }

  return {
    make: (file, passphrase) =>
      alone(async (ask) => {
        await parts.backend().ask({ kind: 'write-backup', file, passphrase }, onProgress);
        return backupContents.parse(await ask({ kind: 'prove', file, passphrase, dataDir }));
      }),
    peek: (file) => alone(async (ask) => picked.parse(await ask({ kind: 'peek', file }))),
    inspect: (file, passphrase) => alone(async (ask) => backupContents.parse(await ask({ kind: 'inspect', file, passphrase }))),
    restore: (file, passphrase) =>
      alone(async (ask) => {
        // While the backend still runs: what goes wrong here has changed nothing.
        const { migrationsDir, presetKey } = parts;
        const request = { kind: 'stage', file, passphrase, dataDir, migrationsDir, running: true } as const;
        const ready = staged.parse(await ask(request));
        if (presetKey !== undefined && presetKey.trim() !== ready.masterKey) {
          throw new AppError(
            'conflict',
            'SIGNALBOX_MASTER_KEY names another master key than the one in the backup. Start Signalbox without it, then restore.',
          );
        }
        parts.keepMasterKey(ready.folder, ready.masterKey);
        await parts.signOut('');
        const { kept } = await parts.backend().whileStopped(async () =>
          finished.parse(await ask({ kind: 'finish', dataDir, staged: ready.folder })),
        );
        await parts.signOut(restoredHint(ready.contents, kept));
        return { kept };
      }),
  };
}

function restoredHint({ createdAt }: BackupContents, kept: string | null): string {
  const day = createdAt.slice(0, 10);
  const aside = kept === null ? '' : ` What was here before is kept in ${kept}.`;
  return `Restored the backup of ${day}. Sign in as someone who had an account then.${aside}`;
}

/** A name that sorts by its date: `signalbox-2026-11-20.signalbox-backup`. */
export function suggestedName(now: Date): string {
  return `signalbox-${now.toISOString().slice(0, 10)}.${BACKUP_EXTENSION}`;
}

export const BACKUP_EXTENSION = 'signalbox-backup';

/** The file that a folder's master key lies in, sealed by the keychain where there is one. */
export { masterKeyIn } from '../native/places.ts';
