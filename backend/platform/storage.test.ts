// Opening an embedded database: made once, kept, made anew only when its making was cut short.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { row, sql } from './database.ts';
import { newId } from './ids.ts';
import { createLog } from './log.ts';
import { openStorage, type Storage } from './storage.ts';
import { migrationsFolder } from './testing/template.ts';

let dataDir: string;
let opened: Storage | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-storage-'));
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

async function open(template: string | undefined = inject('pgliteTemplate')): Promise<Storage> {
  const storage = { kind: 'pglite', dataDir, template } as const;
  opened = await openStorage({ storage, migrationsDir: migrationsFolder, log: createLog('silent') });
  return opened;
}
async function close(): Promise<void> {
  await opened?.close();
  opened = undefined;
}

describe('an embedded database', () => {
  it('keeps what was written, and its key', async () => {
    const first = await open();
    const key = await first.readMasterKey();
    const tenant = await first.tenants.provision(newId(), async () => {});
    await close();
    const second = await open();
    expect(await second.tenants.find(tenant.id)).toEqual(tenant);
    expect(await second.readMasterKey()).toEqual(key);
  });

  it('starts anew when its making was cut short, and only then', async () => {
    await open();
    await close();
    expect(await readdir(dataDir)).not.toContain('database.unfinished');
    await writeFile(join(dataDir, 'database.unfinished'), '');
    await writeFile(join(dataDir, 'database/PG_VERSION'), '');
    const again = await open();
    expect(await row(again.database.app, sql`select count(*)::int as tenants from platform.tenants`)).toEqual(
      { tenants: 0 },
    );
  });

  it('says so when its files are damaged, and changes nothing', async () => {
    await open();
    await close();
    await writeFile(join(dataDir, 'database/PG_VERSION'), 'damaged');
    await expect(open()).rejects.toMatchObject({ details: { reason: 'database_unreadable' } });
    expect(await readFile(join(dataDir, 'database/PG_VERSION'), 'utf8')).toBe('damaged');
  });

  it('refuses the database of a newer program, and says the way out', async () => {
    const first = await open();
    await first.database.asOwner(async (tx) => {
      await sql`insert into platform.migrations (version, name, checksum) values (999, 'later', 'x')`.execute(
        tx,
      );
    });
    await close();
    await expect(open()).rejects.toThrow('Update Signalbox, or restore a backup');
    await expect(open()).rejects.toMatchObject({ details: { reason: 'newer_database' } });
  });
});
