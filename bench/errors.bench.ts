// 100,000 failed tasks in 40 error groups, on the embedded database, which is the slower one: what the console asks to
// show them, and the frozen plans that try a group or all of them again. Beside it what counting them bare takes.
import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { createAgents } from '../backend/agents/index.ts';
import { createBulkPlan } from '../backend/bulk-plans/create.ts';
import { executeBulkPlan, stepBulkPlans } from '../backend/bulk-plans/run.ts';
import { settlers } from '../backend/handlers.ts';
import { readNeeds } from '../backend/overview/needs.ts';
import { createPGliteDatabase } from '../backend/platform/database.ts';
import { newId } from '../backend/platform/ids.ts';
import { migratePlatform } from '../backend/platform/migrations.ts';
import { createRunInTenant, systemCaller, type TenantTransaction } from '../backend/platform/tenant-transaction.ts';
import { createTenants } from '../backend/platform/tenants.ts';
import { migrationsFolder, pgliteTemplate } from '../backend/platform/testing/template.ts';
import { taskHandlers } from '../backend/tasks/handlers.ts';
import { bulkPlanOperations } from '../shared/bulk-plan.ts';
import { taskOperations } from '../shared/task.ts';
import { middle, seconds } from './engine/open.ts';
import type { Figure } from './run.ts';
import { seedFailures } from '../backend/tasks/testing/seed-failures.ts';

const TASKS = 100_000;
const GROUPS = 40;
const TIMES = 5;

async function open() {
  const pglite = new PGlite({ loadDataDir: new Blob([await readFile(await pgliteTemplate())]) });
  const database = createPGliteDatabase(pglite);
  const installation = await migratePlatform(database, migrationsFolder);
  const tenants = await createTenants(database, installation, migrationsFolder);
  const runInTenant = createRunInTenant(database, installation.appLogin, { settlers });
  const tenant = await tenants.provision(newId(), async () => {});
  const run = <Result>(work: (tx: TenantTransaction) => Promise<Result>) => runInTenant(tenant, systemCaller, work);
  await run(async ({ db }) => {
    await sql`insert into head default values`.execute(db);
    await sql`insert into workspace (name, plan) values ('Bench', 'enterprise')`.execute(db);
  });
  // PGlite has no process that does it by itself.
  const analyse = () => database.asOwner((tx) => sql.raw(`analyze ${tenant.schema}.tasks`).execute(tx));
  return { run, analyse, close: () => database.close() };
}

export async function measure(): Promise<Figure[]> {
  const { run, analyse, close } = await open();
  const agents = await run((tx) =>
    createAgents(tx, Array.from({ length: 8 }, (_, index) => ({ name: `agent-${index}`, kind: 'external' as const, concurrency: 10, timeLimitSeconds: 900 }))),
  );
  const made = await seconds(() => run((tx) => seedFailures(tx, { tasks: TASKS, groups: GROUPS, agentIds: agents.map(({ id }) => id) })));
  console.log(`${TASKS} failed tasks in ${GROUPS} groups made in ${made.toFixed(1)} s`);

  const timed = async (work: (tx: TenantTransaction) => Promise<unknown>): Promise<number> => {
    const took: number[] = [];
    for (let time = 0; time < TIMES; time += 1) took.push((await seconds(async () => void (await run(work)))) * 1_000);
    return middle(took);
  };
  const ask = (verb: 'list' | 'count' | 'errorGroups', given: object) => (tx: TenantTransaction) =>
    (taskHandlers[verb] as unknown as { run(tx: TenantTransaction, input: unknown): Promise<unknown> }).run(tx, taskOperations[verb].input.parse(given));
  const groups = (await run(ask('errorGroups', {}))) as { items: { fingerprint: string; count: number }[] };
  if (groups.items.length !== GROUPS) throw new Error(`There are ${groups.items.length} groups, not ${GROUPS}.`);
  const planned = await run((tx) =>
    createBulkPlan(tx, bulkPlanOperations.create.input.parse({ action: 'retry', filter: { errorGroup: groups.items[0]!.fingerprint } })),
  );
  await run((tx) => executeBulkPlan(tx, planned));
  console.log(`needs of the overview, unanalysed: ${(await timed(readNeeds)).toFixed(0)} ms`);
  console.log(`a step of the retry, unanalysed: ${(await timed((tx) => stepBulkPlans(tx))).toFixed(0)} ms`);
  console.log(`first page of the failed, unanalysed: ${(await timed(ask('list', { state: 'failed', limit: 100 }))).toFixed(0)} ms`);
  await analyse();
  const [largest] = groups.items;
  const plan = (filter: object) => (tx: TenantTransaction) =>
    createBulkPlan(tx, bulkPlanOperations.create.input.parse({ action: 'retry', filter }));

  const bare = await timed(({ db }) => sql`select count(*) from tasks where state = 'failed' group by error_fingerprint`.execute(db));
  const figures: [string, number][] = [
    ['needs of the overview', await timed(readNeeds)],
    ['a step of the retry, 500 rows', await timed((tx) => stepBulkPlans(tx))],
    ['the groups', await timed(ask('errorGroups', {}))],
    ['counts by state', await timed(ask('count', {}))],
    ['first page of the failed', await timed(ask('list', { state: 'failed', limit: 100 }))],
    [`first page of the largest group (${largest!.count})`, await timed(ask('list', { errorGroup: largest!.fingerprint, limit: 100 }))],
    ['counts of the largest group', await timed(ask('count', { errorGroup: largest!.fingerprint }))],
    ['frozen plan: retry the largest group', await timed(plan({ state: 'failed', errorGroup: largest!.fingerprint }))],
    ['frozen plan: retry all of them', await timed(plan({ state: 'failed' }))],
  ];
  await close();
  return figures.map(([name, ours]) => ({ name, ours, reference: bare, unit: 'ms', ratio: ours / bare }));
}
