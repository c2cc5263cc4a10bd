// Before the suites: one migrated PGlite, dumped, from which each test's database is restored in under a second.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { createPGliteDatabase } from '../database.ts';
import { migratePlatform, readMigrations } from '../migrations.ts';

export const migrationsFolder = join(import.meta.dirname, '../../migrations');

declare module 'vitest' {
  interface ProvidedContext {
    pgliteTemplate: string;
    postgresUrl: string;
  }
}

/** Where the dump of this set of migrations is; made when it is not there. */
export async function pgliteTemplate(): Promise<string> {
  const migrations = await readMigrations(join(migrationsFolder, 'platform'));
  const key = createHash('sha256').update(migrations.map((migration) => migration.checksum).join()).digest('hex').slice(0, 16);
  const path = join(import.meta.dirname, `../../../node_modules/.cache/signalbox/pglite-${key}.tar`);
  const there = await readFile(path).then(() => true, () => false);
  if (there) return path;
  const pglite = new PGlite();
  const database = createPGliteDatabase(pglite);
  await migratePlatform(database, migrationsFolder);
  const dump = await pglite.dumpDataDir('none');
  await database.close();
  await mkdir(dirname(path), { recursive: true });
  const whole = `${path}.${process.pid}`;
  await writeFile(whole, Buffer.from(await dump.arrayBuffer()));
  await rename(whole, path);
  return path;
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('pgliteTemplate', await pgliteTemplate());
}
