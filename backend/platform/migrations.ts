// Migrations: numbered SQL files, for the platform once and for each tenant's schema; what ran is recorded
// with its checksum, and a database that is newer than this program is refused.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql as raw, type Transaction } from 'kysely';
import { AppError } from '../../shared/errors.ts';
import { row, rows, type Database } from './database.ts';

export interface Migration {
  version: number;
  name: string;
  text: string;
  checksum: string;
}

/** A role or schema name that stands quoted in SQL; only names that we made ourselves pass. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/i.test(name)) throw new Error(`Not an identifier of ours: ${name}`);
  return `"${name}"`;
}

/** The numbered files of a folder, in order; a gap or a doubled number is an error. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  const migrations: Migration[] = [];
  for (const [index, name] of names.entries()) {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) throw new Error(`Migration ${name} should have the number ${index + 1}.`);
    const text = await readFile(join(folder, name), 'utf8');
    migrations.push({ version, name, text, checksum: createHash('sha256').update(text).digest('hex') });
  }
  return migrations;
}

/** Fills in `{{name}}`; a placeholder without a value is an error. */
export function fillIn(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`No value for {{${name}}} in a migration.`);
    return value;
  });
}

/** Runs a file of several statements, which must hold no parameters. */
export async function runScript(tx: Transaction<unknown>, text: string): Promise<void> {
  for (const statement of splitStatements(text)) await raw.raw(statement).execute(tx);
}

/** Splits at semicolons outside of quotes, comments and dollar-quoted bodies. */
export function splitStatements(text: string): string[] {
  const token = /--[^\n]*|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;
  const statements: string[] = [];
  let start = 0;
  for (const match of text.matchAll(token)) {
    if (match[0] !== ';') continue;
    statements.push(text.slice(start, match.index));
    start = match.index + 1;
  }
  statements.push(text.slice(start));
  return statements.map((part) => part.trim()).filter((part) => part.replaceAll(/--[^\n]*/g, '').trim() !== '');
}

/** The way out of a database that a newer program has migrated. */
export function newerDatabase(found: number, known: number, program?: string): AppError {
  const by = program === undefined ? '' : ` It was opened by Signalbox ${program} last.`;
  return new AppError(
    'unavailable',
    `This database is at version ${found}, this program knows versions up to ${known}.${by} ` +
      'Nothing was changed. Update Signalbox, or restore a backup from before the update.',
    { details: { reason: 'newer_database', found, known } },
  );
}

/** Where an opened database stands, before anything in it is changed. */
export interface FoundVersions {
  platform: number;
  /** Of the workspaces, the oldest schema and the newest; null without any. */
  oldestTenant: number | null;
  newestTenant: number | null;
}

/** Null: there is nothing in it yet. */
export async function findVersions(database: Database): Promise<FoundVersions | null> {
  return database.asOwner(async (tx) => {
    if ((await findInstallation(tx)) === undefined) return null;
    const found = await row(tx, raw<{ platform: number; oldest: number | null; newest: number | null }>`
      select (select count(*) from platform.migrations)::int as platform,
        (select min(schema_version) from platform.tenants)::int as oldest,
        (select max(schema_version) from platform.tenants)::int as newest`);
    return { platform: found!.platform, oldestTenant: found!.oldest, newestTenant: found!.newest };
  });
}

/** The names of the installation's roles: roles belong to a whole cluster, so they carry its id. */
export interface Installation {
  id: string;
  ownerRole: string;
  appLogin: string;
}

async function findInstallation(tx: Transaction<unknown>): Promise<string | undefined> {
  const known = await row(tx, raw<{ there: boolean }>`select to_regclass('platform.installation') is not null as there`);
  if (!known?.there) return undefined;
  return (await row(tx, raw<{ id: string }>`select id from platform.installation`))?.id;
}

/** The role of the application in an embedded database. */
export const EMBEDDED_LOGIN = 'signalbox_app';

async function appLoginName(database: Database): Promise<string> {
  if (database.dialect === 'pglite') return EMBEDDED_LOGIN;
  return (await row(database.app, raw<{ name: string }>`select current_user as name`))!.name;
}

/** Makes the owner role and schema on the first run; takes the owner's role for what follows. */
async function takeOwnerRole(tx: Transaction<unknown>, installation: Installation, dialect: string): Promise<void> {
  const ownerRole = identifier(installation.ownerRole);
  const exists = await row(tx, raw`select 1 from pg_roles where rolname = ${installation.ownerRole}`);
  if (!exists) {
    await raw.raw(`create role ${ownerRole} nologin`).execute(tx);
    await raw.raw(`grant ${ownerRole} to current_user with inherit true, set true`).execute(tx);
  }
  if (dialect === 'pglite') {
    const app = await row(tx, raw`select 1 from pg_roles where rolname = ${installation.appLogin}`);
    if (!app) await raw.raw(`create role ${identifier(installation.appLogin)} nologin`).execute(tx);
  }
  await raw.raw(`create schema if not exists platform authorization ${ownerRole}`).execute(tx);
  await raw.raw(`set local role ${ownerRole}`).execute(tx);
}

/** Brings the platform's schema up to date; safe to run by several nodes at once. */
export async function migratePlatform(database: Database, folder: string): Promise<Installation> {
  const migrations = await readMigrations(join(folder, 'platform'));
  const appLogin = await appLoginName(database);
  const installation = await database.asOwner(async (tx) => {
    // One node migrates, the others wait here.
    await raw`select pg_advisory_xact_lock(7461382915)`.execute(tx);
    const known = await findInstallation(tx);
    const id = known ?? crypto.randomUUID().replaceAll('-', '').slice(0, 8);
    const names = { id, ownerRole: `sb_${id}_owner`, appLogin };
    await takeOwnerRole(tx, names, database.dialect);
    await raw`create table if not exists platform.migrations (
      version integer primary key, name text not null, checksum text not null,
      applied_at timestamptz not null default now())`.execute(tx);
    const applied = await rows(tx, raw<{ version: number; checksum: string }>`
      select version, checksum from platform.migrations order by version`);
    if (applied.length > migrations.length) throw newerDatabase(applied.length, migrations.length);
    for (const migration of migrations) {
      const before = applied[migration.version - 1];
      if (before) {
        if (before.checksum !== migration.checksum) throw new Error(`Migration ${migration.name} has changed since it ran.`);
        continue;
      }
      await runScript(tx, fillIn(migration.text, { app: identifier(appLogin), installation: id }));
      await raw`insert into platform.migrations (version, name, checksum)
        values (${migration.version}, ${migration.name}, ${migration.checksum})`.execute(tx);
    }
    return names;
  });
  if (database.dialect === 'pglite') await raw.raw(`set role ${identifier(appLogin)}`).execute(database.app);
  return installation;
}
