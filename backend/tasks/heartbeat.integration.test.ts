// Heartbeats of hosted attempts, on both databases: those of a node go together, each is told its own news, and those whose
// leases are lost harm no other.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { budgetOperations } from '../../shared/budget.ts';
import { serviceSettings } from '../../shared/provider.ts';
import { createAgents } from '../agents/index.ts';
import { budgetHandlers } from '../budgets/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import type { AttemptRun, RunAccount } from '../providers/index.ts';
import { claimFor } from './claim.ts';
import { cancelTask } from './commands.ts';
import { createTask } from './create.ts';
import { taskSettlers } from './index.ts';
import { createRunner, type Runner } from './runner.ts';

const LEASE = 30;
const account: RunAccount = {
  id: newId(), tenantId: newId(), name: 'Main', kind: 'simulator', settings: {}, service: serviceSettings.parse({}), secret: null,
  troubled: false, probing: false, coolingCount: 0, breakerEpoch: 0,
};

const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 30_000 });

describe.each(['pglite', 'postgres'] as const)('the beat of a node on %s', (dialect) => {
  let test: TestDatabase;
  let workspace: HandlerWorkspace;
  let runner: Runner;
  let transactions: number;
  let agentId: string;
  const runs = new Map<string, AttemptRun>();
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    // The beat alone is the test's; what waits for the database waits as ever.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    workspace = await makeHandlerWorkspace(test, { plan: 'enterprise', settlers: taskSettlers });
    transactions = 0;
    runs.clear();
    const counting: RunInTenant = (...given) => {
      transactions += 1;
      return workspace.runInTenant(...given);
    };
    runner = createRunner({ runInTenant: counting, leaseSeconds: LEASE, log: createLog('silent') });
  });
  afterEach(async () => {
    await runner.stop();
    vi.useRealTimers();
  });

  /** Starts so many attempts of one agent, which run until they are stopped; answers their tasks. */
  async function start(count: number): Promise<string[]> {
    const [agent] = await workspace.run((tx) => createAgents(tx, [{ name: `worker ${newId()}`, kind: 'external', concurrency: 100, timeLimitSeconds: 900 }]));
    agentId = agent!.id;
    const claims = await workspace.run(async (tx) => {
      for (let index = 0; index < count; index += 1) {
        await createTask(tx, { title: `Task ${index}`, instructions: '', kind: 'work', priority: 5, maxAttempts: 3, agentId });
      }
      return claimFor(tx, agentId, { limit: count, leaseSeconds: LEASE, throwOnQuota: true });
    });
    const run = (given: AttemptRun) => {
      runs.set(given.task.id, given);
      return new Promise<never>((_, reject) => given.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
    };
    for (const claim of claims) void runner.start({ tenant: workspace.tenant, claim, agent: agent!, provider: { run }, model: 'm', account, rates: null });
    return claims.map(({ task }) => task.id);
  }
  const beat = () => vi.advanceTimersByTime((LEASE * 1000) / 3);
  const leases = () =>
    workspace.run(async ({ db }) => new Map((await rows(db, sql<{ id: string; at: Date }>`
      select id, lease_expires_at as at from tasks where state = 'running'`)).map(({ id, at }) => [id, at.getTime()])));
  const told = (id: string, fact: string) =>
    workspace.run(({ db }) => rows(db, sql<{ kind: string; id: string }>`
      select actor->>'kind' as kind, actor->>'id' as id from audit where entity_id = ${id} and action = ${`tasks.${fact}`}`));

  it('is one transaction for all that runs, of however many agents', async () => {
    const tasks = [...(await start(20)), ...(await start(15))];
    const before = await leases();
    await until(() => runs.size).toBe(35);
    beat();
    await until(async () => [...(await leases())].filter(([id, at]) => at > before.get(id)!).length).toBe(35);
    expect(transactions).toBe(1);
    expect(tasks).toHaveLength(35);
  });

  it('tells each its own news: who was cancelled or has lost its lease stops, and a limit that is near is said once', async () => {
    const [cancelled, lost, near, ...others] = await start(6);
    const before = await leases();
    await workspace.run((tx) => cancelTask(tx, { id: cancelled! }));
    await workspace.run(({ db }) => sql`update tasks set lease_token = 'of another' where id = ${lost!}`.execute(db));
    await workspace.run(({ db }) => sql`update tasks set deadline_at = now() + interval '5 seconds' where id = ${near!}`.execute(db));
    beat();
    await until(() => [cancelled, lost].map((id) => runs.get(id!)!.signal.aborted)).toEqual([true, true]);
    await until(() => runner.running()).toBe(4);
    expect([near, ...others].map((id) => runs.get(id!)!.signal.aborted)).toEqual([false, false, false, false]);
    const after = await leases();
    for (const id of [near, ...others]) expect(after.get(id!)).toBeGreaterThan(before.get(id!)!);
    expect(after.get(lost!)).toBe(before.get(lost!));
    beat();
    await until(async () => (await leases()).get(near!)).toBeGreaterThan(after.get(near!)!);
    const warned = await told(near!, 'warned');
    expect(warned).toEqual([{ kind: 'agent', id: agentId }]);
  });

  it('notes what each has used, and stops those for which a budget has no more room', async () => {
    await workspace.call(budgetOperations.create, budgetHandlers.create, { scope: 'workspace', unit: 'usd', amount: '1', period: 'total', reserveUsd: '0.2' });
    const tasks = await start(4);
    await until(() => runs.size).toBe(4);
    const usage = (costUsd: string) => ({ inputTokens: 10, outputTokens: 5, costUsd });
    // Each has used what was held for it, and there is room for one more step.
    await Promise.all(tasks.map((id) => runs.get(id)!.report.usage(usage('0.2'))));
    await until(() => runner.running()).toBe(1);
    const stopped = tasks.filter((id) => runs.get(id)!.signal.aborted);
    expect(stopped).toHaveLength(3);
    for (const id of stopped) expect(await told(id, 'revoked')).toEqual([{ kind: 'agent', id: agentId }]);
    const figures = () =>
      workspace.run(({ db }) => row(db, sql<{ spent: number; held: number; cost: number }>`select spent::float8 as spent,
        reserved::float8 as held, (select sum(cost_usd)::float8 from attempts) as cost from budgets`));
    expect(await figures()).toEqual({ spent: 0.8, held: 0.2, cost: 0.8 });
    const going = tasks.find((id) => !stopped.includes(id));
    await runs.get(going!)!.report.usage(usage('0.35'));
    expect(await figures()).toEqual({ spent: 0.95, held: 0.05, cost: 0.95 });
    expect(runs.get(going!)!.signal.aborted).toBe(false);
  });
});
