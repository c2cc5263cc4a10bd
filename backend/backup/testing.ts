// An embedded database with something in it, and what a test does with its backup.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { BackupProgress } from '../../shared/backup.ts';
import { sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import { openStorage, type Storage } from '../platform/storage.ts';
import { createRunInTenant, systemCaller } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { migrationsFolder } from '../platform/testing/template.ts';
import type { BackupSource } from './write.ts';

export const PASSPHRASE = 'the tide turns at nine';
export const masterKey = Buffer.alloc(32, 7);

export function openData(dataDir: string): Promise<Storage> {
  const storage = { kind: 'pglite', dataDir, template: inject('pgliteTemplate') } as const;
  return openStorage({ storage, migrationsDir: migrationsFolder, masterKey, log: createLog('silent') });
}

/** A workspace with `changes` audit entries and events. */
export async function addWorkspace(storage: Storage, name: string, changes: number): Promise<Tenant> {
  const tenant = await storage.tenants.provision(newId(), async (tx) => {
    await sql`insert into head default values`.execute(tx);
    await sql`insert into workspace (name, plan) values (${name}, 'starter')`.execute(tx);
  });
  const run = createRunInTenant(storage.database, storage.installation.appLogin);
  await run(tenant, systemCaller, async (tx) => {
    for (let number = 1; number <= changes; number += 1) {
      tx.record({ audit: { action: 'test.change', entity: 'workspace', id: tenant.id, after: { number } } });
    }
  });
  return tenant;
}

export function sourceOf(storage: Storage, key: Uint8Array = masterKey): BackupSource {
  return { ...storage.embedded!, masterKey: key, program: '0.1.0' };
}

export const newFolder = () => mkdtemp(join(tmpdir(), 'signalbox-backup-'));

/** Collects what was reported. */
export function collect(): { stages: Set<string>; report: (progress: BackupProgress) => void } {
  const stages = new Set<string>();
  return { stages, report: ({ stage }) => void stages.add(stage) };
}
