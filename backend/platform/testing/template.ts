// Before the suites: one migrated PGlite, dumped, from which each test's database is restored in under a second.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { dropTemplates } from '../alone.ts';
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
  const path = join(import.meta.dirname, `../../../node_modules/.cache/signalbox/pglite-alone-${key}.tar`);
  const there = await readFile(path).then(() => true, () => false);
  if (there) return path;
  const pglite = new PGlite();
  await dropTemplates(pglite);
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

// Of what Node has, its types leave this out; a browser's, which have it, are not for this side.
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

/**
 * V8 shares what it has compiled of a WebAssembly module among all threads of a process, for as long as one of them
 * holds it. Held here, PostgreSQL is compiled and optimised once in a run, and not in each test file.
 */
async function holdPostgres(): Promise<() => void> {
  const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  const held = new Set([await WebAssembly.compile(await readFile(join(folder, 'pglite.wasm')))]);
  return () => held.clear();
}

export default async function setup(project: TestProject): Promise<() => void> {
  project.provide('pgliteTemplate', await pgliteTemplate());
  return holdPostgres();
}
