// Limits of workspace, provider account and queue; retry policies; the warning before a time limit; error groups.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backoffSeconds, defaultRetryPolicy, type RetryPolicy } from '../../shared/task.ts';
import { queueHandlers } from '../queues/index.ts';
import { row } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import type { SignedInRequest } from '../platform/doors/handlers.ts';
import { claimFor } from './claim.ts';
import { createTask, type TaskRequest } from './create.ts';
import { readErrorGroups } from './error-groups.ts';
import { completeAttempt } from './complete.ts';
import { failAttempt, holdLease, releaseAttempt } from './finish.ts';
import { readTask } from './rows.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';
import { heartbeat, warningSeconds } from './heartbeat.ts';

let database: TestDatabase;
let workspace: TestWorkspace;
let agent: string;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());
beforeEach(async () => {
  workspace = await makeWorkspace(database);
  agent = await workspace.addAgent('worker', { concurrency: 100 });
});

const create = (over: Partial<TaskRequest> = {}): Promise<string> =>
  workspace.run(async (tx) => {
    const input = { title: 'Task', instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 3, agentId: agent };
    return (await createTask(tx, { ...input, ...over })).id;
  });
const claim = (limit = 100, of = agent) =>
  workspace.run((tx) => claimFor(tx, of, { limit, leaseSeconds: 60, throwOnQuota: true }));
const complete = (claimed: Awaited<ReturnType<typeof claim>>[number]) =>
  workspace.run(async (tx) =>
    completeAttempt(tx, await holdLease(tx, { id: claimed.task.id, leaseToken: claimed.lease.token }), { output: 'done' }),
  );
const updateQueue = (change: { name: string; paused?: boolean; maxRunning?: number | null }) => {
  const { update } = queueHandlers;
  if (update.where !== 'tenant') throw new Error('not in a tenant transaction');
  return workspace.run((tx) => update.run(tx, change, {} as SignedInRequest));
};

describe('a queue', () => {
  it('that is paused gives nothing, and what is behind it in other queues goes on', async () => {
    await create({ queue: 'nightly', priority: 9 });
    const other = await create({ queue: 'daily' });
    expect(await updateQueue({ name: 'nightly', paused: true })).toMatchObject({ paused: true, queued: 1, running: 0 });
    expect((await claim()).map(({ task }) => task.id)).toEqual([other]);
    await updateQueue({ name: 'nightly', paused: false });
    expect((await claim()).map(({ task }) => task.queue)).toEqual(['nightly']);
  });

  it('runs as many as its limit, whatever the claims ask for', async () => {
    for (let count = 0; count < 6; count += 1) await create({ queue: 'narrow', priority: 9 });
    for (let count = 0; count < 2; count += 1) await create();
    await updateQueue({ name: 'narrow', maxRunning: 2 });
    const first = await claim(5);
    expect(first.map(({ task }) => task.queue)).toEqual(['narrow', 'narrow']);
    // The full queue is left out, so that the others are reached.
    expect((await claim(5)).map(({ task }) => task.queue)).toEqual(['default', 'default']);
    expect(await claim(5)).toEqual([]);
    await complete(first[0]!);
    expect((await claim(5)).map(({ task }) => task.queue)).toEqual(['narrow']);
    await updateQueue({ name: 'narrow', maxRunning: null });
    expect(await claim(5)).toHaveLength(3);
  });
});

describe('a month without executions left', () => {
  it('does not hold back what has been counted already, whatever stands before it', async () => {
    const counted = await create({ priority: 1 });
    const [first] = await claim(1);
    await workspace.run(async (tx) => releaseAttempt(tx, await holdLease(tx, { id: counted, leaseToken: first!.lease.token })));
    for (let count = 0; count < 3; count += 1) await create({ priority: 9 });
    await workspace.run(async ({ db }) => {
      await sql`update workspace set plan = 'starter'`.execute(db);
      await sql`update usage_months set executions = 999`.execute(db);
    });
    // One more fits, then only what needs none; of what was reserved nothing is left over.
    expect((await claim(2)).map(({ task }) => task.priority)).toEqual([9, 1]);
    await expect(claim(1)).rejects.toMatchObject({ code: 'quota_exceeded' });
    const used = await workspace.run(({ db }) => row(db, sql<{ executions: number }>`select executions from usage_months`));
    expect(used?.executions).toBe(1_000);
  });
});

describe('a limit on what runs at the same time', () => {
  it('of the workspace holds over all agents', async () => {
    const second = await workspace.addAgent('second', { concurrency: 100 });
    for (let count = 0; count < 4; count += 1) await create();
    for (let count = 0; count < 4; count += 1) await create({ agentId: second });
    await workspace.run(({ db }) => sql`update workspace set max_running = 3`.execute(db));
    const claims = [...(await claim(2)), ...(await claim(5, second)), ...(await claim(5))];
    expect(claims).toHaveLength(3);
    await complete(claims[0]!);
    expect(await claim(5, second)).toHaveLength(1);
  });

  it('of a provider account holds over the agents that run on it', async () => {
    const account = crypto.randomUUID();
    const second = await workspace.addAgent('second', { concurrency: 100 });
    await workspace.run(async ({ db }) => {
      await sql`insert into provider_accounts (id, name, kind, settings, max_running)
        values (${account}, 'Account', 'simulator', '{}', 2)`.execute(db);
      await sql`update agents set provider_account_id = ${account}, model = 'simulator'`.execute(db);
    });
    for (const agentId of [agent, agent, second, second]) await create({ agentId });
    expect([...(await claim(1)), ...(await claim(5, second)), ...(await claim(5))]).toHaveLength(2);
  });
});

describe('a retry policy', () => {
  it('decides how long and how often, and what is not tried again', async () => {
    expect([1, 2, 3, 20].map((failed) => backoffSeconds(failed))).toEqual([2, 4, 8, 300]);
    const policy: RetryPolicy = { initialSeconds: 10, factor: 3, maxSeconds: 60, nonRetryable: ['bad_input'] };
    expect([1, 2, 3].map((failed) => backoffSeconds(failed, policy))).toEqual([10, 30, 60]);

    const fail = async (id: string, code: string) => {
      const [claimed] = await claim(1);
      expect(claimed?.task.id).toBe(id);
      await workspace.run(async (tx) =>
        failAttempt(tx, await holdLease(tx, { id, leaseToken: claimed!.lease.token }), { code, message: 'no', retryable: true, outcome: 'failed' }),
      );
      return workspace.run((tx) => readTask(tx, id));
    };
    const again = await create({ retry: policy });
    const before = Date.now();
    const retried = await fail(again, 'agent_error');
    expect(retried.state).toBe('queued');
    const delay = (Date.parse(retried.runAt!) - before) / 1000;
    expect(delay).toBeGreaterThan(8);
    expect(delay).toBeLessThan(20);
    const never = await create({ retry: policy });
    expect(await fail(never, 'bad_input')).toMatchObject({ state: 'failed', error: { code: 'bad_input' } });
    const plain = await create();
    expect(await fail(plain, 'bad_input')).toMatchObject({ state: 'queued', retry: null });
    expect(defaultRetryPolicy.nonRetryable).toEqual([]);
  });
});

describe('the warning before a time limit', () => {
  it('comes with the heartbeat once little is left, and stands once in the timeline', async () => {
    expect([20, 300, 900, 86_400].map(warningSeconds)).toEqual([10, 60, 90, 8_640]);
    const id = await create({ timeLimitSeconds: 900 });
    const [claimed] = await claim(1);
    const beat = () => workspace.run((tx) => heartbeat(tx, { id, leaseToken: claimed!.lease.token }, 60));
    expect((await beat()).warning).toBeNull();
    await workspace.run(({ db }) => sql`update tasks set deadline_at = now() + interval '80 seconds'`.execute(db));
    const told = await beat();
    expect(told.warning).toMatchObject({ code: 'time_limit', deadline: expect.any(String) });
    expect(told.warning?.message).toMatch(/^(79|80) s of the time limit are left/);
    await beat();
    const found = await workspace.run(({ db }) =>
      row(db, sql<{ count: number }>`select count(*)::int as count from audit where action = 'tasks.warned'`),
    );
    expect(found?.count).toBe(1);
  });
});

describe('error groups', () => {
  it('are what errors say but for ids and figures, counted while their tasks are failed', async () => {
    const messages = [
      'provider answered 429, retry-after: 60',
      'provider answered 503, retry-after: 1.5',
      'no file at 0xdeadbeef\nstack of one',
      'no file at 0xcafe\nstack of another',
      'nothing like it',
    ];
    for (const message of messages) {
      const id = await create({ maxAttempts: 1 });
      const [claimed] = await claim(1);
      await workspace.run(async (tx) =>
        failAttempt(tx, await holdLease(tx, { id, leaseToken: claimed!.lease.token }), { code: 'agent_error', message, retryable: true, outcome: 'failed' }),
      );
    }
    const groups = await workspace.run((tx) => readErrorGroups(tx, { where: sql`true`, limit: 10, ids: 20 }));
    expect(groups.map(({ title, count }) => [title, count])).toEqual([
      ['no file at …', 2],
      ['provider answered …, retry-after: …', 2],
      ['nothing like it', 1],
    ]);
    const [first] = groups;
    for (const id of first!.taskIds) {
      expect(await workspace.run((tx) => readTask(tx, id))).toMatchObject({ errorGroup: first!.fingerprint });
    }
  });
});
