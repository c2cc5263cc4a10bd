// A migrated database of its own for one test file, on either dialect.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { inject } from 'vitest';
import { createPGliteDatabase, createPostgresDatabase, type Database, type OnQuery } from '../database.ts';
import { migratePlatform, readMigrations, type Installation } from '../migrations.ts';
import { createTenants, type Tenants } from '../tenants.ts';
import { createRunInTenant, type RunInTenant } from '../tenant-transaction.ts';
import { createSignals, type Signals } from '../signals.ts';
import { migrationsFolder, pgliteTemplate } from './template.ts';

export type Dialect = 'pglite' | 'postgres';

export interface TestDatabase {
  database: Database;
  installation: Installation;
  tenants: Tenants;
  runInTenant: RunInTenant;
  signals: Signals;
  versions: { platform: number; tenant: number };
  /** For a second node on the same PostgreSQL. */
  urls: { app: string; owner: string } | null;
  close(): Promise<void>;
}

async function openPglite(onQuery?: OnQuery): Promise<Database> {
  const dump = new Blob([await readFile(await pgliteTemplate())]);
  const pglite = new PGlite({ loadDataDir: dump });
  await pglite.waitReady;
  return createPGliteDatabase(pglite, onQuery);
}

/** A database with an owner's login that may create roles and schemas, and the application's, which owns nothing. */
export async function createPostgresUrls(superuserUrl: string): Promise<{ app: string; owner: string }> {
  const name = `sb_test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const admin = new pg.Client({ connectionString: `${superuserUrl}/postgres` });
  await admin.connect();
  await admin.query(`create role ${name}_owner login createrole password 'owner'`);
  await admin.query(`create role ${name}_app login password 'app'`);
  await admin.query(`create database ${name} owner ${name}_owner`);
  await admin.end();
  const base = new URL(superuserUrl);
  const as = (user: string, password: string) => `postgres://${user}:${password}@${base.host}/${name}`;
  return { app: as(`${name}_app`, 'app'), owner: as(`${name}_owner`, 'owner') };
}

/** Opens a new database, or connects once more to one on PostgreSQL, as a second node would. */
export async function openTestDatabase(
  dialect: Dialect,
  known?: TestDatabase['urls'],
  onQuery?: OnQuery,
): Promise<TestDatabase> {
  const urls = known ?? (dialect === 'postgres' ? await createPostgresUrls(inject('postgresUrl')) : null);
  const database = urls
    ? createPostgresDatabase({ url: urls.app, ownerUrl: urls.owner, poolSize: 8, onError: () => {}, onQuery })
    : await openPglite(onQuery);
  const installation = await migratePlatform(database, migrationsFolder);
  const tenants = await createTenants(database, installation, migrationsFolder);
  const signals = await createSignals(database);
  const [platform, tenant] = await Promise.all(['platform', 'tenant'].map((part) => readMigrations(join(migrationsFolder, part))));
  return {
    database,
    installation,
    tenants,
    runInTenant: createRunInTenant(database, installation.appLogin),
    signals,
    versions: { platform: platform!.length, tenant: tenant!.length },
    urls,
    async close() {
      await signals.close();
      await database.close();
    },
  };
}
