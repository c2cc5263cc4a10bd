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
  type OnBroken,
  type OnQuery,
  type Transaction,
} from './database.ts';
import { checkBeforeOpening, unreadable, writeRecord, type SchemaVersions } from './database-record.ts';
import { checkRoomToOpen } from './disk.ts';
import { checkMasterKey, mayMakeKey } from './key-check.ts';
import type { Log } from './log.ts';
import {
  EMBEDDED_LOGIN,
  findVersions,
  migratePlatform,
  newerDatabase,
  readMigrations,
  type Installation,
} from './migrations.ts';
import { makeSafetyCopy } from './safety-copy.ts';
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
  /** The version of this program, noted beside an embedded database. */
  program?: string | undefined;
  /** Told what is being done while it takes its time, for whoever waits. */
  say?: ((doing: string) => void) | undefined;
  /** Told when an embedded database can do no more work in this process, which must end then. */
  onBroken?: OnBroken | undefined;
}

export interface Storage {
  database: Database;
  installation: Installation;
  tenants: Tenants;
  /** The given key, or that of the folder's file, which is made for a new database. Another than before is refused. */
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
    const database = createPGliteDatabase(pglite, options.onQuery, options.onBroken);
    return { folder, database };
  } catch (error) {
    await folder.release();
    if (error instanceof AppError) throw error;
    // What fills up while it opens is no damage.
    checkRoomToOpen(dataDir);
    throw unreadable(dataDir, 'PostgreSQL cannot read its files', error);
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
  const versions = await readVersions(migrationsDir);
  if (storage.kind === 'postgres') {
    const { masterKey } = options;
    if (!masterKey) throw new AppError('unavailable', 'SIGNALBOX_MASTER_KEY is needed with DATABASE_URL.');
    const database = await openServer(storage.url, options);
    return migrate(options, {
      database,
      versions,
      embedded: null,
      readKey: async () => masterKey,
      close: () => database.close(),
    });
  }
  const { dataDir } = storage;
  await checkBeforeOpening(dataDir, versions);
  checkRoomToOpen(dataDir);
  const { folder, database } = await openEmbedded(dataDir, storage.template, options);
  const embedded: EmbeddedFiles = {
    dataDir,
    whileStill: (work) =>
      database.asOwner(async (tx) => {
        await sql`checkpoint`.execute(tx);
        return work(folder.database, tx);
      }),
  };
  const opened = await migrate(options, {
    database,
    versions,
    embedded,
    readKey: async () => options.masterKey ?? readMasterKey(folder, await mayMakeKey(database)),
    async close() {
      await database.close();
      await folder.release();
    },
  });
  await writeRecord(dataDir, { program: options.program ?? 'unknown', ...versions });
  await rm(folder.unfinished, { force: true });
  return opened;
}

const quiet = (): void => undefined;

async function readVersions(migrationsDir: string): Promise<SchemaVersions> {
  const [platform, tenant] = await Promise.all(
    ['platform', 'tenant'].map((part) => readMigrations(join(migrationsDir, part))),
  );
  return { platform: platform!.length, tenant: tenant!.length };
}

interface Opened {
  database: Database;
  versions: SchemaVersions;
  embedded: EmbeddedFiles | null;
  readKey(): Promise<Buffer>;
  close(): Promise<void>;
}

async function migrate(options: StorageOptions, opened: Opened): Promise<Storage> {
  const { migrationsDir, say = quiet } = options;
  const { database, versions, embedded, close } = opened;
  try {
    await prepare(options, opened);
    const installation = await migratePlatform(database, migrationsDir);
    const tenants = await createTenants(database, installation, migrationsDir);
    const migrated = await tenants.migrateAll((done, all) => say(`Updating the database: workspace ${done + 1} of ${all}…`));
    const keyOf = async () => {
      const key = await opened.readKey();
      await checkMasterKey(database, key);
      return key;
    };
    return { database, installation, tenants, readMasterKey: keyOf, versions, migrated, embedded, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Refuses what is newer before anything is changed, and copies what is older and in use. */
async function prepare({ log, say = quiet }: StorageOptions, { database, versions, embedded }: Opened): Promise<void> {
  const found = await findVersions(database);
  if (found === null) return;
  const { platform, oldestTenant, newestTenant } = found;
  if (platform > versions.platform) throw newerDatabase(platform, versions.platform);
  if ((newestTenant ?? 0) > versions.tenant) throw newerDatabase(newestTenant!, versions.tenant);
  const older = platform < versions.platform || (oldestTenant ?? versions.tenant) < versions.tenant;
  if (!older || oldestTenant === null || embedded === null) return;
  const { dataDir } = embedded;
  const at = { platform, tenant: oldestTenant };
  const where = await embedded.whileStill((folder) =>
    makeSafetyCopy({ dataDir, database: folder, versions: at, now: new Date(), say }),
  );
  log.info({ where }, 'copied the database before it is updated');
}
