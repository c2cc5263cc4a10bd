// A backup of the embedded database: what its file says of itself, and what is in it. The file is made and read by
// the backend's processes; windows see these facts, never a path or a key.
import { z } from 'zod';
import { id, time } from './schema.ts';

/** Characters of a passphrase at the least: it guards the master key wherever the file goes. */
export const PASSPHRASE_LEAST = 10;
export const passphrase = z
  .string()
  .min(PASSPHRASE_LEAST, `Use at least ${PASSPHRASE_LEAST} characters.`)
  .max(500, 'Use at most 500 characters.');

/** Bytes of a database that one backup holds at the most: the database stands still while it is copied. */
export const BACKUP_DATABASE_LIMIT = 16_000_000_000;

/** One workspace as it was when the backup was made. */
export const backedUpWorkspace = z.object({
  id,
  name: z.string(),
  demo: z.boolean(),
  agents: z.number().int(),
  tasks: z.number().int(),
  plans: z.number().int(),
  auditEntries: z.number().int(),
});

/** What is in a backup, read and authenticated before anything is done with it. */
export const backupContents = z.object({
  createdAt: time,
  /** The Signalbox that made it. */
  program: z.string(),
  databaseVersion: z.object({ platform: z.number().int(), tenant: z.number().int() }),
  workspaces: z.array(backedUpWorkspace),
  people: z.number().int(),
  /** Rows over all tables. */
  rows: z.number().int(),
  tables: z.number().int(),
  /** Bytes of the database's files, and of the backup. */
  databaseBytes: z.number().int(),
  fileBytes: z.number().int(),
});
export type BackupContents = z.infer<typeof backupContents>;

export const backupStages = ['copying', 'reading_back', 'checking', 'restoring'] as const;
export type BackupStage = (typeof backupStages)[number];

/** How far a backup or a restore is; `done` and `total` in bytes, 0 while unknown. */
export interface BackupProgress {
  stage: BackupStage;
  done: number;
  total: number;
}

/** The last backup whose read-back was right; kept in the data folder. */
export const lastBackup = z.object({ at: time, name: z.string(), bytes: z.number().int() });
export type LastBackup = z.infer<typeof lastBackup>;
