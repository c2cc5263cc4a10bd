// The work engine on a real PostgreSQL: draining a queue with all that a completion means (fence, attempt, event,
// audit, quota), beside bare SQL that moves the same tasks through the same states in the same batches.
import { sql } from 'kysely';
import { createAgents } from '../backend/agents/index.ts';
import { createPostgresDatabase, rows } from '../backend/platform/database.ts';
import { newId } from '../backend/platform/ids.ts';
import { migratePlatform } from '../backend/platform/migrations.ts';
import { createRunInTenant, systemCaller, type TenantTransaction } from '../backend/platform/tenant-transaction.ts';
import { createTenants } from '../backend/platform/tenants.ts';
import { createPostgresUrls } from '../backend/platform/testing/database.ts';
import { startPostgres } from '../backend/platform/testing/postgres.ts';
import { migrationsFolder } from '../backend/platform/testing/template.ts';
import { claimFor } from '../backend/tasks/claim.ts';
import { insertTasks, taskSettlers } from '../backend/tasks/index.ts';
import { completeAttempt } from '../backend/tasks/complete.ts';
import { holdLease } from '../backend/tasks/finish.ts';
import type { Figure } from './run.ts';

const TASKS = 2_000;
const BATCH = 50;
const ROUNDS = 3;

async function open() {
  const cluster = await startPostgres();
  const urls = await createPostgresUrls(cluster.url);
  const database = createPostgresDatabase({ url: urls.app, ownerUrl: urls.owner, onError: () => {} });
  const installation = await migratePlatform(database, migrationsFolder);
  const tenants = await createTenants(database, installation, migrationsFolder);
  const runInTenant = createRunInTenant(database, installation.appLogin, { settlers: taskSettlers });
  const tenant = await tenants.provision(newId(), async () => {});
  const run = <Result>(work: (tx: TenantTransaction) => Promise<Result>) => runInTenant(tenant, systemCaller, work);
  await run(async ({ db }) => {
    await sql`insert into head default values`.execute(db);
    await sql`insert into workspace (name, plan) values ('Bench', 'enterprise')`.execute(db);
  });
  const [agent] = await run((tx) => createAgents(tx, [{ name: 'bench', kind: 'external', concurrency: 1_000, timeLimitSeconds: 900 }]));
  const close = async () => {
    await database.close();
    await cluster.stop();
  };
  return { run, agentId: agent!.id, close };
}

type Bench = Awaited<ReturnType<typeof open>>;

async function fill({ run, agentId }: Bench): Promise<void> {
  for (let from = 0; from < TASKS; from += 1_000) {
    const tasks = Array.from({ length: 1_000 }, (_, index) => ({
      id: newId(), title: `Task ${from + index}`, instructions: '', agentId, timeLimitSeconds: 900, dependsOn: [],
    }));
    await run((tx) => insertTasks(tx, tasks));
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Claims a batch and completes each of it in one transaction, as the hosted runner's reports are grouped at best. */
function drain({ run, agentId }: Bench): Promise<number> {
  return seconds(async () => {
    for (;;) {
      const claims = await run((tx) => claimFor(tx, agentId, { limit: BATCH, leaseSeconds: 30, throwOnQuota: true }));
      if (claims.length === 0) return;
      for (const { task, lease } of claims) {
        await run(async (tx) => completeAttempt(tx, await holdLease(tx, { id: task.id, leaseToken: lease.token }), { output: 'done' }));
      }
    }
  });
}

/** The same states by bare statements: a batch is claimed at once, each task is ended in a transaction of its own. */
function drainBare({ run }: Bench): Promise<number> {
  return seconds(async () => {
    for (;;) {
      const claimed = await run(({ db }) => rows(db, sql<{ id: string }>`
        update tasks set state = 'running', version = version + 1, lease_token = 'x', started_at = now() where id in (
          select id from tasks where state = 'queued' order by priority desc, queued_at, id limit ${BATCH} for update skip locked) returning id`));
      if (claimed.length === 0) return;
      for (const { id } of claimed) {
        await run(({ db }) => sql`update tasks set state = 'succeeded', version = version + 1, lease_token = null, output = 'done',
          finished_at = now() where id = ${id} and lease_token = 'x'`.execute(db));
      }
    }
  });
}

export async function measure(): Promise<Figure[]> {
  const bench = await open();
  try {
    const ours: number[] = [];
    const bare: number[] = [];
    // Interleaved, so that a slow moment of the machine hits both.
    for (let round = 0; round < ROUNDS; round += 1) {
      await fill(bench);
      ours.push(TASKS / (await drain(bench)));
      await fill(bench);
      bare.push(TASKS / (await drainBare(bench)));
    }
    const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const [mine, theirs] = [middle(ours), middle(bare)];
    return [{ name: 'drain', ours: mine, reference: theirs, unit: 'tasks a second', ratio: mine / theirs }];
  } finally {
    await bench.close();
  }
}
