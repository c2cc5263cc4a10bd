// The first record of a backup: the facts of the database, and the master key under a key of its own.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BackupContents } from '../../shared/backup.ts';
import { time } from '../../shared/schema.ts';
import { facts } from './facts.ts';
import { unseal, type BackupKeys } from './keys.ts';
import { damaged } from './problems.ts';

export const stored = z.object({
  createdAt: time,
  program: z.string(),
  databaseBytes: z.number().int(),
  facts,
  /** Sealed; and the SHA-256 of the key, which tells nothing of 32 random bytes. */
  masterKey: z.object({ sealed: z.string(), sha256: z.string() }),
});
export type Stored = z.infer<typeof stored>;

export function fingerprint(masterKey: Uint8Array): string {
  return createHash('sha256').update(masterKey).digest('hex');
}

export function parseStored(contents: unknown): Stored {
  const parsed = stored.safeParse(contents);
  if (!parsed.success) throw damaged(parsed.error);
  return parsed.data;
}

/** The master key of a backup, proved by its fingerprint. */
export function openMasterKey(keys: BackupKeys, { masterKey }: Stored): Buffer {
  let key: Buffer;
  try {
    key = unseal(keys.seal, masterKey.sealed);
  } catch (cause) {
    throw damaged(cause);
  }
  if (fingerprint(key) !== masterKey.sha256) throw damaged();
  return key;
}

/** What a person is shown of a backup. */
export function describe({ createdAt, program, databaseBytes, facts: found }: Stored, fileBytes: number): BackupContents {
  const counts = Object.values(found.tables);
  return {
    createdAt,
    program,
    databaseVersion: {
      platform: found.migrations.length,
      tenant: Math.max(0, ...found.schemas.map(({ version }) => version)),
    },
    workspaces: found.workspaces,
    people: found.people,
    rows: counts.reduce((sum, count) => sum + count, 0),
    tables: counts.length,
    databaseBytes,
    fileBytes,
  };
}
