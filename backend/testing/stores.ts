// Where a proof's backends keep their data: an embedded database in a folder of its own, or a PostgreSQL of its own.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresUrls } from '../platform/testing/database.ts';
import { startPostgres } from '../platform/testing/postgres.ts';

/** The variables that lead a backend to its data. */
export type StoreVariables = Record<string, string>;

export async function onEmbedded<Result>(work: (env: StoreVariables) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-store-'));
  try {
    return await work({ SIGNALBOX_DATA_DIR: join(folder, 'data') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The variables of a new database on a server that runs. */
export async function postgresVariables(serverUrl: string): Promise<StoreVariables> {
  const urls = await createPostgresUrls(serverUrl);
  const masterKey = randomBytes(32).toString('base64');
  return { DATABASE_URL: urls.app, SIGNALBOX_OWNER_DATABASE_URL: urls.owner, SIGNALBOX_MASTER_KEY: masterKey };
}

export async function onPostgres<Result>(work: (env: StoreVariables) => Promise<Result>): Promise<Result> {
  const cluster = await startPostgres();
  try {
    return await work(await postgresVariables(cluster.url));
  } finally {
    await cluster.stop();
  }
}
