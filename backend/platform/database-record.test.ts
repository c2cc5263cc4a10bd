// A database that must not be opened is not touched, none is made over one that is there, and one that is older is
// copied before it is updated.
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { row, sql } from './database.ts';
import { POSTGRES_MAJOR, readRecord } from './database-record.ts';
import { newId } from './ids.ts';
import { createLog } from './log.ts';
import { openStorage, type Storage, type StorageOptions } from './storage.ts';
import { migrationsFolder } from './testing/template.ts';

let home: string;
/** A database that was used, closed; each test works on a copy. */
let used: string;
let dataDir: string;
let opened: Storage | undefined;

type Options = Partial<Pick<StorageOptions, 'migrationsDir' | 'masterKey' | 'say' | 'program'>>;
async function open(more: Options = {}): Promise<Storage> {
  const storage = { kind: 'pglite', dataDir, template: inject('pgliteTemplate') } as const;
  opened = await openStorage({ storage, migrationsDir: migrationsFolder, log: createLog('silent'), program: '0.1.0', ...more });
  return opened;
}
async function close(): Promise<void> {
  await opened?.close();
  opened = undefined;
}

/** Everything in a folder: names, contents and times of change. */
async function fingerprint(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs } = await stat(path);
    const content = entry.isFile() ? createHash('sha256').update(await readFile(path)).digest('hex') : 'folder';
    found[path.slice(folder.length)] = `${content} ${mtimeMs}`;
  }
  return found;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-record-'));
  used = dataDir = join(home, 'used');
  const storage = await open();
  await storage.readMasterKey();
  for (const _one of [1, 2]) await storage.tenants.provision(newId(), async () => {});
  await close();
});
beforeEach(async () => {
  dataDir = join(home, `copy-${newId()}`);
  await cp(used, dataDir, { recursive: true, preserveTimestamps: true });
});
afterEach(async () => {
  await close();
  await rm(dataDir, { recursive: true, force: true });
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('a database that must not be opened', () => {
  it.each([
    ['of a newer Signalbox', { program: '9.0.0', platform: 900, tenant: 1 }, /9\.0\.0.*Nothing was changed/],
    ['with newer workspaces', { program: '9.0.0', platform: 1, tenant: 900 }, /version 900/],
  ])('%s is refused, and not one byte or time of it changes', async (_what, record, words) => {
    await writeFile(join(dataDir, 'database.json'), JSON.stringify(record));
    const before = await fingerprint(dataDir);
    const refused = open();
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.toMatchObject({ details: { reason: 'newer_database' } });
    expect(await fingerprint(dataDir)).toEqual(before);
  });

  it('of a newer PostgreSQL is refused untouched as well', async () => {
    await writeFile(join(dataDir, 'database/PG_VERSION'), `${POSTGRES_MAJOR + 1}\n`);
    const before = await fingerprint(dataDir);
    await expect(open()).rejects.toMatchObject({ details: { reason: 'newer_database' } });
    expect(await fingerprint(dataDir)).toEqual(before);
  });

  it.each([
    ['has lost PG_VERSION', (folder: string) => rm(join(folder, 'database/PG_VERSION')), 'database_unreadable'],
    ['has a cut off pg_control', (folder: string) => truncate(join(folder, 'database/global/pg_control'), 100), 'database_unreadable'],
    ['has lost all its files', async (folder: string) => {
      await rm(join(folder, 'database'), { recursive: true });
      await mkdir(join(folder, 'database'));
    }, 'database_unreadable'],
    ['is not there any more', (folder: string) => rename(join(folder, 'database'), join(folder, 'elsewhere')), 'database_missing'],
  ])('because it %s is refused untouched; no new one is made over it', async (_what, damage, reason) => {
    await damage(dataDir);
    const before = await fingerprint(dataDir);
    await expect(open()).rejects.toMatchObject({ details: { reason } });
    expect(await fingerprint(dataDir)).toEqual(before);
  });

  it('because PostgreSQL cannot read it keeps every file of it', async () => {
    for (const name of await readdir(join(dataDir, 'database/pg_wal'))) {
      if (/^[0-9A-F]{24}$/.test(name)) await writeFile(join(dataDir, 'database/pg_wal', name), Buffer.alloc(16 * 1024 * 1024, 7));
    }
    const before = Object.keys(await fingerprint(join(dataDir, 'database')));
    await expect(open()).rejects.toMatchObject({ details: { reason: 'database_unreadable' } });
    expect(Object.keys(await fingerprint(join(dataDir, 'database')))).toEqual(expect.arrayContaining(before));
  });
});

describe('the master key of a database that was used', () => {
  it('is not made anew when it is missing', async () => {
    await rm(join(dataDir, 'master.key'));
    await expect((await open()).readMasterKey()).rejects.toMatchObject({ details: { reason: 'key_missing' } });
    expect(await readdir(dataDir)).not.toContain('master.key');
  });

  it('is refused when it is another one, and taken when it is the right one', async () => {
    const right = Buffer.from(await readFile(join(dataDir, 'master.key'), 'utf8'), 'base64');
    await expect((await open({ masterKey: Buffer.alloc(32, 1) })).readMasterKey()).rejects.toMatchObject({
      details: { reason: 'key_wrong' },
    });
    await close();
    expect(await (await open({ masterKey: right })).readMasterKey()).toEqual(right);
  });
});

describe('a database of an older Signalbox', () => {
  /** The migrations of a program after this one. */
  async function laterMigrations(): Promise<string> {
    const folder = join(home, `later-${newId()}`);
    await cp(migrationsFolder, folder, { recursive: true });
    const next = (await readdir(join(folder, 'tenant'))).length + 1;
    const name = `${String(next).padStart(4, '0')}_later.sql`;
    await writeFile(join(folder, 'tenant', name), `create table later (tenant_id uuid not null default '{{tenant_id}}');`);
    return folder;
  }

  it('is copied, updated with its progress said, and the copy still opens with the older one', async () => {
    const later = await laterMigrations();
    const said: string[] = [];
    const updated = await open({ migrationsDir: later, program: '0.2.0', say: (doing) => said.push(doing) });
    expect(updated.migrated).toBe(2);
    expect(said[0]).toMatch(/^Making a safety copy of the database \(\d+ MB\)/);
    expect(said.slice(1)).toEqual(['Updating the database: workspace 1 of 2…', 'Updating the database: workspace 2 of 2…']);
    expect(await readRecord(dataDir)).toEqual({ program: '0.2.0', ...updated.versions });
    await close();

    const [copy, ...others] = await readdir(join(dataDir, 'before-update'));
    expect(others).toEqual([]);
    expect(copy).toMatch(new RegExp(`-version-${updated.versions.platform}\\.${updated.versions.tenant - 1}$`));
    const whole = dataDir;
    dataDir = join(dataDir, 'before-update', copy!);
    const back = await open();
    expect(back.migrated).toBe(0);
    expect(await row(back.database.app, sql`select count(*)::int as count from platform.tenants`)).toEqual({ count: 2 });
    await close();
    dataDir = whole;
  });

  it('is not copied when nothing changes', async () => {
    await open();
    expect(await readdir(dataDir)).not.toContain('before-update');
  });
});
