// A backup made of a database that runs, proved by reading it back, and restored; and everything that is refused.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows, sql } from '../platform/database.ts';
import { migrationsFolder } from '../platform/testing/template.ts';
import { openCopy, type Storage } from '../platform/storage.ts';
import type { Tenant } from '../platform/tenants.ts';
import { checkCopy } from './check.ts';
import { COST } from './keys.ts';
import { finishRestore, inspectBackup, peekBackup, proveBackup, stageRestore, writeBackup } from './index.ts';
import { extractBackup } from './read.ts';
import { addWorkspace, collect, masterKey, newFolder, openData, PASSPHRASE, sourceOf } from './testing.ts';
import { LAST_BACKUP } from './prove.ts';

let folder: string;
let dataDir: string;
let file: string;
let storage: Storage;
let tenant: Tenant;
const nothing = () => {};
/** The least that is taken: what is proved by reading one file many times is not how long a guess takes. */
const cost = { N: 16_384, r: 8, p: 1 };

beforeAll(async () => {
  folder = await newFolder();
  dataDir = join(folder, 'data');
  file = join(folder, 'acme.signalbox-backup');
  storage = await openData(dataDir);
  tenant = await addWorkspace(storage, 'Acme Harbour Works', 40);
  await addWorkspace(storage, 'Beta', 3);
  await writeBackup(sourceOf(storage), { file, passphrase: PASSPHRASE }, { report: nothing, cost });
  await proveBackup({ file, passphrase: PASSPHRASE }, dataDir, nothing);
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const inspect = (path: string, passphrase = PASSPHRASE) => inspectBackup({ file: path, passphrase }, nothing);

describe('a backup', () => {
  it('says what is in it', async () => {
    const contents = await inspect(file);
    expect(contents.workspaces.map(({ name, auditEntries }) => [name, auditEntries])).toEqual([['Acme Harbour Works', 40], ['Beta', 3]]);
    expect(contents.program).toBe('0.1.0');
    expect(contents.tables).toBeGreaterThan(30);
    expect(contents.rows).toBeGreaterThan(43);
    expect(await peekBackup(file)).toMatchObject({ program: '0.1.0', createdAt: contents.createdAt, bytes: contents.fileBytes });
    expect(JSON.parse(await readFile(join(dataDir, LAST_BACKUP), 'utf8'))).toEqual({
      at: contents.createdAt,
      name: 'acme.signalbox-backup',
      bytes: contents.fileBytes,
    });
  });

  it('leaves nothing beside it, in its folder or in the data folder', async () => {
    expect((await readdir(folder)).toSorted()).toEqual(['acme.signalbox-backup', 'data']);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('scratch'))).toEqual([]);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('holds neither the master key nor a name in the clear', async () => {
    const bytes = await readFile(file);
    for (const secret of [masterKey, Buffer.from(masterKey.toString('base64')), Buffer.from('Acme Harbour Works'), Buffer.from(PASSPHRASE)]) {
      expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('is made while the database is used, and what is written meanwhile is kept', async () => {
    const other = join(folder, 'busy.signalbox-backup');
    const writing = Array.from({ length: 20 }, (_, index) =>
      sql`insert into platform.waitlist (email) values (${`${index}@example.com`})`.execute(storage.database.app),
    );
    const { stages, report } = collect();
    await Promise.all([writeBackup(sourceOf(storage), { file: other, passphrase: PASSPHRASE }, { report }), ...writing]);
    await proveBackup({ file: other, passphrase: PASSPHRASE }, dataDir, report);
    const head = await readFile(other);
    expect(JSON.parse(head.subarray(20, 20 + head.readUInt32BE(16)).toString())).toMatchObject({ keys: COST });
    expect([...stages]).toEqual(['copying', 'reading_back', 'checking']);
    expect(await rows(storage.database.app, sql`select * from platform.waitlist`)).toHaveLength(20);
    await rm(other);
  });
});

describe('what is refused, each in its own words', () => {
  const reasonOf = (path: string, passphrase?: string) =>
    inspect(path, passphrase).then(
      () => 'read',
      (error: { details?: { reason?: string }; code?: string }) => error.details?.reason ?? error.code ?? 'unknown',
    );

  it('a wrong passphrase, a foreign file, a folder, a file that is gone', async () => {
    expect(await reasonOf(file, 'another passphrase')).toBe('wrong_passphrase');
    const foreign = join(folder, 'foreign');
    for (const content of ['', 'PK', 'SIGNALBOX-BACKUX and more', '{"version":1}']) {
      await writeFile(foreign, content);
      expect(await reasonOf(foreign)).toBe('foreign_file');
    }
    await rm(foreign);
    expect(await reasonOf(folder)).toBe('malformed_request');
    expect(await reasonOf(join(folder, 'gone'))).toBe('not_found');
  });

  it('a flipped bit, wherever it is', async () => {
    const original = await readFile(file);
    const changed = join(folder, 'changed');
    const { length } = original;
    const header = 20 + original.readUInt32BE(16) + 32;
    // All kinds of places in the header, the edges of frames, and places drawn over the rest.
    const places = [0, 15, 16, 19, 20, 40, header - 33, header - 1, header, header + 3, header + 4, length - 1, length - 17];
    for (let index = 0; index < 12; index += 1) places.push(Math.floor(((index * 7_919 + 13) % 10_007) / 10_007 * length));
    for (const place of places) {
      const bytes = Buffer.from(original);
      bytes[place] = bytes[place]! ^ (1 << (place % 8));
      await writeFile(changed, bytes);
      expect.soft(await reasonOf(changed), `byte ${place} of ${length}`).not.toBe('read');
    }
    await rm(changed);
  }, 300_000);

  it('a file that is cut short, at any place, or grew', async () => {
    const original = await readFile(file);
    const cut = join(folder, 'cut');
    const firstFrame = 20 + original.readUInt32BE(16) + 32;
    const secondFrame = firstFrame + 4 + original.readUInt32BE(firstFrame);
    for (const size of [18, 60, firstFrame, firstFrame + 2, firstFrame + 100, secondFrame, original.length - 1]) {
      await copyFile(file, cut);
      await truncate(cut, size);
      expect.soft(await reasonOf(cut), `${size} bytes`).toBe('truncated_backup');
    }
    await writeFile(cut, Buffer.concat([original, Buffer.from([0])]));
    expect(await reasonOf(cut)).toMatch(/damaged|truncated/);
    await rm(cut);
  }, 60_000);

  it('one of a newer format, and one of a newer database', async () => {
    const newer = join(folder, 'newer');
    const original = await readFile(file);
    const length = original.readUInt32BE(16);
    const said = JSON.parse(original.subarray(20, 20 + length).toString()) as object;
    const text = Buffer.from(JSON.stringify({ ...said, format: 2, program: '9.0.0' }));
    const head = Buffer.concat([original.subarray(0, 16), Buffer.alloc(4), text]);
    head.writeUInt32BE(text.length, 16);
    await writeFile(newer, Buffer.concat([head, createHash('sha256').update(head).digest(), original.subarray(52 + length)]));
    expect(await reasonOf(newer)).toBe('newer_backup');
    await expect(inspect(newer)).rejects.toThrow('newer Signalbox (9.0.0)');
    await rm(newer);

    // This program knows fewer migrations than the backup has.
    const older = join(folder, 'older-migrations');
    for (const part of ['platform', 'tenant']) {
      await mkdir(join(older, part), { recursive: true });
      const [first] = (await readdir(join(migrationsFolder, part))).toSorted();
      await copyFile(join(migrationsFolder, part, first!), join(older, part, first!));
    }
    const there = join(folder, 'elsewhere');
    await expect(
      stageRestore({ file, passphrase: PASSPHRASE }, { dataDir: there, migrationsDir: older }, nothing),
    ).rejects.toMatchObject({ details: { reason: 'newer_backup' } });
    expect(existsSync(`${there}.restoring`)).toBe(false);
    await rm(older, { recursive: true });
  });
});

describe('a disk that is full', () => {
  it.runIf(process.platform === 'linux')('leaves nothing behind and says so', async () => {
    const target = join(folder, 'full.signalbox-backup');
    const writing = writeBackup(sourceOf(storage), { file: target, passphrase: PASSPHRASE }, {
      report: nothing,
      // The kernel's own full disk: every write is ENOSPC.
      openPart: () => open('/dev/full', 'w'),
    });
    await expect(writing).rejects.toMatchObject({ details: { reason: 'disk_full' } });
    await expect(writing).rejects.toThrow('The disk is full. Nothing was left behind');
    expect((await readdir(folder)).filter((name) => name.startsWith('full'))).toEqual([]);
    // The database goes on.
    expect(await rows(storage.database.app, sql`select 1`)).toHaveLength(1);
  });

  it('a folder that is not there, and one within the data folder, are refused', async () => {
    const write = (path: string) => writeBackup(sourceOf(storage), { file: path, passphrase: PASSPHRASE }, { report: nothing });
    await expect(write(join(folder, 'no/such/file'))).rejects.toMatchObject({ details: { reason: 'no_folder' } });
    await expect(write(join(dataDir, 'file'))).rejects.toMatchObject({ details: { reason: 'inside_data_folder' } });
  });
});

describe('the proof', () => {
  it('refuses a copy whose rows are not those that were counted', async () => {
    const target = { file: join(folder, 'wrong'), passphrase: PASSPHRASE };
    await writeBackup(sourceOf(storage), target, { report: nothing });
    const copy = join(folder, 'copy');
    const { contents } = await extractBackup({ ...target, file: `${target.file}.part` }, copy, nothing);
    await checkCopy(copy, contents);
    contents.facts.tables['platform.waitlist'] = 7;
    await expect(checkCopy(copy, contents)).rejects.toThrow('the table platform.waitlist has');
    contents.facts.tables['platform.waitlist'] = 20;
    // A changed audit entry has the same number of rows.
    const opened = await openCopy(copy);
    await opened.database.asOwner((tx) =>
      sql`update ${sql.raw(`"${tenant.schema}"`)}.audit set after = '{"number": 8}' where seq = 7`.execute(tx),
    );
    await opened.database.close();
    await expect(checkCopy(copy, contents)).rejects.toThrow('does not hold at entry 7');
    await rm(copy, { recursive: true });
    await rm(`${target.file}.part`);
  });
});

describe('a restore', () => {
  it('is refused while a backend runs on the folder', async () => {
    await expect(
      stageRestore({ file, passphrase: PASSPHRASE }, { dataDir, migrationsDir: migrationsFolder }, nothing),
    ).rejects.toMatchObject({ details: { reason: 'data_folder_in_use' } });
  });

  it('brings everything back, keeps what was there aside, and ends the sessions of then', async () => {
    const target = join(folder, 'restored');
    const before = await openData(target);
    await addWorkspace(before, 'Present', 1);
    await before.close();

    const staged = await stageRestore({ file, passphrase: PASSPHRASE }, { dataDir: target, migrationsDir: migrationsFolder }, nothing);
    expect(staged.masterKey).toEqual(masterKey);
    const kept = await finishRestore(target, staged.folder);
    expect(kept).toMatch(/restored\.before-restore-\d{4}-\d\d-\d\d-\d{6}$/);

    const after = await openData(target);
    const names = (await after.tenants.all()).map(({ id }) => id);
    expect(names).toContain(tenant.id);
    expect(names).toHaveLength(2);
    await after.close();
    const old = await openData(kept!);
    expect((await old.tenants.all())).toHaveLength(1);
    await old.close();
  });

  it('goes into a folder that is not there yet', async () => {
    const target = join(folder, 'new-computer');
    const staged = await stageRestore({ file, passphrase: PASSPHRASE }, { dataDir: target, migrationsDir: migrationsFolder }, nothing);
    expect(await finishRestore(target, staged.folder)).toBeNull();
    const opened = await openData(target);
    expect(await opened.tenants.find(tenant.id)).toEqual(tenant);
    await opened.close();
  });

  it('changes nothing when the backup is damaged', async () => {
    const bad = join(folder, 'bad');
    const bytes = await readFile(file);
    bytes[bytes.length - 40] = bytes[bytes.length - 40]! ^ 1;
    await writeFile(bad, bytes);
    const target = join(folder, 'untouched');
    await expect(
      stageRestore({ file: bad, passphrase: PASSPHRASE }, { dataDir: target, migrationsDir: migrationsFolder }, nothing),
    ).rejects.toMatchObject({ details: { reason: 'damaged_backup' } });
    expect((await readdir(folder)).filter((name) => name.startsWith('untouched'))).toEqual([]);
    await rm(bad);
  });
});
