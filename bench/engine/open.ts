// What the engine's benchmarks stand on: a PostgreSQL of their own with one tenant and one agent, the engine's own way
// to it, and a bare connection as its superuser, without roles, policies or transactions of ours.
import pg from 'pg';
import { sql } from 'kysely';
import { createAgents } from '../../backend/agents/index.ts';
import { createPostgresDatabase } from '../../backend/platform/database.ts';
import { newId } from '../../backend/platform/ids.ts';
import { migratePlatform } from '../../backend/platform/migrations.ts';
import { createSignals } from '../../backend/platform/signals.ts';
import { createRunInTenant, systemCaller, type Work } from '../../backend/platform/tenant-transaction.ts';
import { createTenants } from '../../backend/platform/tenants.ts';
import { createPostgresUrls } from '../../backend/platform/testing/database.ts';
import { startPostgres } from '../../backend/platform/testing/postgres.ts';
import { migrationsFolder } from '../../backend/platform/testing/template.ts';
import { settlers } from '../../backend/handlers.ts';

/** A PostgreSQL with the platform's tables, and the engine's way to it. */
export async function openCluster() {
  // As it is in use: a commit is on the disk when it is answered.
  const server = await startPostgres({ durable: true });
  const urls = await createPostgresUrls(server.url);
  const database = createPostgresDatabase({ url: urls.app, ownerUrl: urls.owner, onError: () => {} });
  const installation = await migratePlatform(database, migrationsFolder);
  const tenants = await createTenants(database, installation, migrationsFolder);
  const signals = await createSignals(database);
  return {
    server,
    urls,
    database,
    tenants,
    signals,
    runInTenant: createRunInTenant(database, installation.appLogin, { settlers }),
    async close(): Promise<void> {
      await signals.close();
      await database.close();
      await server.stop();
    },
  };
}
export type Cluster = Awaited<ReturnType<typeof openCluster>>;

export async function openBench() {
  const cluster = await openCluster();
  const { tenants, runInTenant, signals } = cluster;
  const tenant = await tenants.provision(newId(), async () => {});
  const run = <Result>(work: Work<Result>) => runInTenant(tenant, systemCaller, work);
  await run(async ({ db }) => {
    await sql`insert into head default values`.execute(db);
    await sql`insert into workspace (name, plan) values ('Bench', 'enterprise')`.execute(db);
  });
  const agents = await run((tx) =>
    createAgents(tx, [{ name: 'bench', kind: 'external', concurrency: 1_000, timeLimitSeconds: 900 }]),
  );
  const bareUrl = `${cluster.server.url}/${new URL(cluster.urls.owner).pathname.slice(1)}`;
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: bareUrl });
    await client.connect();
    await client.query(`set search_path = ${tenant.schema}`);
    return client;
  };
  const bare = await connect();
  return {
    run,
    tenant,
    signals,
    agentId: agents[0]!.id,
    bare,
    connect,
    bareUrl,
    /** Nothing of one round is left to the next. */
    async clear(): Promise<void> {
      await bare.query('truncate tasks, task_dependencies, attempts, findings, events, audit, usage_months, usage_hours, usage_days, metric_counts restart identity cascade');
      await bare.query('update agents set running = 0');
      await bare.query('vacuum analyze tasks');
    },
    async close(): Promise<void> {
      await bare.end();
      await cluster.close();
    },
  };
}
export type Bench = Awaited<ReturnType<typeof openBench>>;

/** Seconds that the work takes. */
export async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

export function middle(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

export const rangeOf = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
