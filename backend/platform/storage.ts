// Opens the database of a node, embedded or server, and brings every schema in it up to date.
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { AppError } from '../../shared/errors.ts';
import { openDataFolder, readMasterKey, type DataFolder } from './data-folder.ts';
import {
  createPGliteDatabase,
  createPostgresDatabase,
  row,
  sql,
  type Database,
  type OnQuery,
  type Transaction,
} from './database.ts';
import type { Log } from './log.ts';
import { EMBEDDED_LOGIN, migratePlatform, readMigrations, type Installation } from './migrations.ts';
import { createTenants, type Tenants } from './tenants.ts';

export type StorageKind =
  | {
      kind: 'pglite';
      dataDir: string;
      /** A dump to start a new database from. */ template?: string | undefined;
    }
  | { kind: 'postgres'; url: string; ownerUrl?: string | undefined };

export interface StorageOptions {
  storage: StorageKind;
  /** Absent: embedded, from the folder's file. */
  masterKey?: Buffer | undefined;
  migrationsDir: string;
  log: Log;
  onQuery?: OnQuery | undefined;
}

export interface Storage {
  database: Database;
  installation: Installation;
  tenants: Tenants;
  /** The given key, or that of the folder's file, which is made when it is first asked for. */
  readMasterKey(): Promise<Buffer>;
  versions: { platform: number; tenant: number };
  /** Tenants whose schema was behind when it was opened. */
  migrated: number;
  /** Embedded only: the data folder, and a way to have its files stand still. */
  embedded: EmbeddedFiles | null;
  close(): Promise<void>;
}

export interface EmbeddedFiles {
  dataDir: string;
  /**
   * Runs the work while nothing changes the database's files: it holds the one connection, and what was in memory has
   * been written. The transaction is the owner's; it must only read.
   */
  whileStill<Result>(work: (folder: string, tx: Transaction<unknown>) => Promise<Result>): Promise<Result>;
}

/** Opens the files of an embedded database that is nobody's data folder, as they are: nothing is migrated. */
export async function openCopy(folder: string): Promise<{ database: Database; appLogin: string }> {
  const pglite = new PGlite({ dataDir: folder });
  await pglite.waitReady;
  return { database: createPGliteDatabase(pglite), appLogin: EMBEDDED_LOGIN };
}

const OLDEST_POSTGRES = 16;

/** A new database comes from the dump when there is one: seconds less than making it. */
async function openPglite(folder: DataFolder, template: string | undefined): Promise<PGlite> {
  // Nobody could have signed in to a database whose making was cut short.
  if (existsSync(folder.unfinished)) await rm(folder.database, { recursive: true, force: true });
  const isNew = !existsSync(folder.database);
  if (isNew) await writeFile(folder.unfinished, '');
  const dump =
    isNew && template !== undefined && existsSync(template)
      ? new Blob([await readFile(template)])
      : undefined;
  const pglite = new PGlite({ dataDir: folder.database, ...(dump && { loadDataDir: dump }) });
  await pglite.waitReady;
  return pglite;
}

async function openEmbedded(dataDir: string, template: string | undefined, options: StorageOptions) {
  const folder = await openDataFolder(dataDir);
  try {
    const pglite = await openPglite(folder, template);
    const database = createPGliteDatabase(pglite, options.onQuery);
    return { folder, database };
  } catch (error) {
    await folder.release();
    if (error instanceof AppError) throw error;
    throw new AppError(
      'unavailable',
      `The database in ${dataDir} cannot be opened. Restore a backup, or choose another folder.`,
      {
        cause: error,
        details: { reason: 'database_unreadable' },
      },
    );
  }
}

async function openServer(url: string, options: StorageOptions): Promise<Database> {
  const { storage, log, onQuery } = options;
  const ownerUrl = storage.kind === 'postgres' ? storage.ownerUrl : undefined;
  if (ownerUrl === undefined) {
    log.warn(
      'SIGNALBOX_OWNER_DATABASE_URL is not set: DATABASE_URL migrates and provisions too. Give each a login of its own.',
    );
  }
  const database = createPostgresDatabase({
    url,
    ownerUrl: ownerUrl ?? url,
    onError: (error) => log.warn({ err: error }, 'a database connection broke; it is opened again'),
    onQuery,
  });
  try {
    const found = await row(
      database.app,
      sql<{ version: number }>`select current_setting('server_version_num')::int as version`,
    );
    if (found!.version < OLDEST_POSTGRES * 10_000) {
      throw new AppError(
        'unavailable',
        `PostgreSQL ${Math.floor(found!.version / 10_000)} is too old: version ${OLDEST_POSTGRES} or newer is needed.`,
      );
    }
    return database;
  } catch (cause) {
    await database.close();
    if (cause instanceof AppError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    throw new AppError(
      'unavailable',
      `DATABASE_URL cannot be reached (${code ?? message}). Check host, port, login and database.`,
      { cause },
    );
  }
}

export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { storage, migrationsDir } = options;
  if (storage.kind === 'postgres') {
    const { masterKey } = options;
    if (!masterKey) throw new AppError('unavailable', 'SIGNALBOX_MASTER_KEY is needed with DATABASE_URL.');
    const database = await openServer(storage.url, options);
    return migrate({
      database,
      migrationsDir,
      embedded: null,
      readMasterKey: async () => masterKey,
      close: () => database.close(),
    });
  }
  const { folder, database } = await openEmbedded(storage.dataDir, storage.template, options);
  const close = async () => {
    await database.close();
    await folder.release();
  };
  const readKey = async () => options.masterKey ?? readMasterKey(folder);
  const embedded: EmbeddedFiles = {
    dataDir: storage.dataDir,
    whileStill: (work) =>
      database.asOwner(async (tx) => {
        await sql`checkpoint`.execute(tx);
        return work(folder.database, tx);
      }),
  };
  const opened = await migrate({ database, migrationsDir, embedded, readMasterKey: readKey, close });
  await rm(folder.unfinished, { force: true });
  return opened;
}

interface Opened {
  database: Database;
  readMasterKey(): Promise<Buffer>;
  migrationsDir: string;
  embedded: EmbeddedFiles | null;
  close(): Promise<void>;
}

async function migrate({ database, readMasterKey: readKey, migrationsDir, embedded, close }: Opened): Promise<Storage> {
  try {
    const [platform, tenant] = await Promise.all(
      ['platform', 'tenant'].map((part) => readMigrations(join(migrationsDir, part))),
    );
    const installation = await migratePlatform(database, migrationsDir);
    const tenants = await createTenants(database, installation, migrationsDir);
    const migrated = await tenants.migrateAll();
    const versions = { platform: platform!.length, tenant: tenant!.length };
    return { database, installation, tenants, readMasterKey: readKey, versions, migrated, embedded, close };
  } catch (error) {
    await close();
    throw error;
  }
}
