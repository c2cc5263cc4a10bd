// Fairness over tenants: one node's engine, one tenant with 100,000 tasks queued beside one that brings ten now and then.
// How long the small one's tasks wait, beside how long they wait when it is alone on the node; in one run, in turns.
import { createAgents } from '../backend/agents/index.ts';
import { newId } from '../backend/platform/ids.ts';
import { createLog } from '../backend/platform/log.ts';
import { jsonb, rows, sql } from '../backend/platform/database.ts';
import { systemCaller } from '../backend/platform/tenant-transaction.ts';
import type { Tenant } from '../backend/platform/tenants.ts';
import { createProviders } from '../backend/providers/index.ts';
import { createEngine, insertTasks } from '../backend/tasks/index.ts';
import { middle, openCluster, rangeOf, type Cluster } from './engine/open.ts';
import type { Figure } from './run.ts';

const CROWD = 100_000;
const FEW = 10;
/** A round's ten tasks wait alike: of so many rounds one slow one is not yet the 95th percentile. */
const ROUNDS = 30;
const CHUNK = 1_000;

interface Workspace {
  tenant: Tenant;
  agentIds: string[];
}

/** A tenant whose hosted agents run on the simulator, a second and a half a task. */
async function makeTenant(cluster: Cluster, agents: number): Promise<Workspace> {
  const tenant = await cluster.tenants.provision(newId(), async () => {});
  const accountId = newId();
  const made = await cluster.runInTenant(tenant, systemCaller, async (tx) => {
    await sql`insert into head default values`.execute(tx.db);
    await sql`insert into workspace (name, plan) values ('Bench', 'enterprise')`.execute(tx.db);
    await sql`insert into provider_accounts (id, name, kind, settings) values (${accountId}, 'Simulator', 'simulator',
      ${jsonb({ seed: 1, typicalSeconds: 0.5, failureRate: 0, overrunRate: 0 })})`.execute(tx.db);
    return createAgents(
      tx,
      Array.from({ length: agents }, (_, index) => ({
        name: `agent ${index}`, kind: 'hosted' as const, concurrency: 10, timeLimitSeconds: 900,
        provider: { accountId, model: 'simulated' },
      })),
    );
  });
  return { tenant, agentIds: made.map(({ id }) => id) };
}

async function fill(cluster: Cluster, { tenant, agentIds }: Workspace, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    const tasks = Array.from({ length: Math.min(CHUNK, count - from) }, (_, index) => ({
      id: newId(), title: `Task ${from + index}`, instructions: '', agentId: agentIds[index % agentIds.length]!, timeLimitSeconds: 900, dependsOn: [],
    }));
    ids.push(...tasks.map(({ id }) => id));
    await cluster.runInTenant(tenant, systemCaller, (tx) => insertTasks(tx, tasks));
  }
  return ids;
}

/** Brings ten tasks, waits until all have started, and answers how long each waited, in milliseconds. */
async function waits(cluster: Cluster, small: Workspace): Promise<number[]> {
  const ids = await fill(cluster, small, FEW);
  for (;;) {
    const started = await cluster.runInTenant(small.tenant, systemCaller, ({ db }) =>
      rows(db, sql<{ wait: number }>`select wait_seconds * 1000 as wait from attempts where number = 1 and task_id = any(${ids}::uuid[])`),
    );
    if (started.length === FEW) return started.map(({ wait }) => wait);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const p95 = (values: number[]): number => values.toSorted((one, other) => one - other)[Math.ceil(values.length * 0.95) - 1]!;

export async function measure(): Promise<Figure[]> {
  const cluster = await openCluster();
  try {
    const [small, large] = [await makeTenant(cluster, 1), await makeTenant(cluster, 50)];
    await fill(cluster, large, CROWD);
    const log = createLog('fatal');
    const { byKind: providers } = createProviders({ masterKey: new Uint8Array(32), policy: 'private' });
    const engine = createEngine({ ...cluster, providers, log, leaseSeconds: 30, alone: false });
    await engine.start();
    const pause = (paused: boolean) =>
      cluster.runInTenant(large.tenant, systemCaller, async (tx) => {
        await sql`update workspace set paused_at = ${paused ? tx.now : null}::timestamptz`.execute(tx.db);
        tx.ready();
      });
    const beside: number[] = [];
    const alone: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(false);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const crowded = await waits(cluster, small);
      await pause(true);
      // What runs there ends within two seconds.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const quiet = await waits(cluster, small);
      beside.push(...crowded);
      alone.push(...quiet);
      ratios.push(p95(crowded) / p95(quiet));
    }
    await engine.stop();
    return [
      {
        name: 'wait of ten tasks beside 100,000, p95',
        unit: 'milliseconds',
        ours: p95(beside),
        reference: p95(alone),
        ratio: p95(beside) / p95(alone),
        spread: { ours: rangeOf(beside), reference: rangeOf(alone), ratio: rangeOf(ratios) },
      },
      { name: 'the same, median', unit: 'milliseconds', ours: middle(beside), reference: middle(alone), ratio: middle(beside) / middle(alone) },
    ];
  } finally {
    await cluster.close();
  }
}
