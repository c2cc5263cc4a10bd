// A task that is created while its agent waits for work, on both databases: it starts with the commit that creates it,
// as any claim would have it, or waits for its turn where anything speaks against it.
import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentOperations } from '../../shared/agent.ts';
import { budgetOperations } from '../../shared/budget.ts';
import { queueOperations } from '../../shared/queue.ts';
import { taskInput, taskOperations } from '../../shared/task.ts';
import { workOperations } from '../../shared/work.ts';
import { agentHandlers } from '../agents/index.ts';
import { budgetHandlers } from '../budgets/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { queueHandlers } from '../queues/index.ts';
import { createClaimants, createCreationHandlers, createWorkHandlers, taskHandlers, taskSettlers, type Claimants } from './index.ts';
import { createTask } from './create.ts';

describe.each(['pglite', 'postgres'] as const)('a task for an agent that waits, on %s', (dialect) => {
  let test: TestDatabase;
  let workspace: HandlerWorkspace;
  let agentId: string;
  let claimants: Claimants;
  let work: ReturnType<typeof createWorkHandlers>;
  let creation: ReturnType<typeof createCreationHandlers>;
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
  });
  afterAll(() => test.close());
  const begin = async (plan: 'starter' | 'enterprise' = 'enterprise') => {
    workspace = await makeHandlerWorkspace(test, { plan, settlers: taskSettlers });
    claimants = createClaimants();
    const node = { runInTenant: workspace.runInTenant, signals: test.signals, leaseSeconds: 60, claimants };
    work = createWorkHandlers(node);
    creation = createCreationHandlers(node);
    agentId = await addAgent('worker');
  };
  const addAgent = async (name: string) =>
    (await workspace.call(agentOperations.create, agentHandlers.create, { name, kind: 'external', concurrency: 2 })).id;
  beforeEach(() => begin());

  const create = (over: Partial<z.input<typeof taskInput>> = {}) =>
    workspace.call(taskOperations.create, creation.create, { title: 'Task', agentId, ...over });
  const wait = (waitSeconds = 20) => workspace.as('sre')(workOperations.claim, work.claim, { agentId, waitSeconds });
  let standing = 0;
  /** Until so many stand in line: each has looked before, and found nothing. */
  const inLine = (count = 1) => expect.poll(() => standing).toBe(count);
  beforeEach(() => {
    standing = 0;
    const { wait: stand } = claimants;
    claimants.wait = (...given) => {
      standing += 1;
      return stand(...given).finally(() => (standing -= 1));
    };
  });
  const read = (id: string) => workspace.call(taskOperations.get, taskHandlers.get, { id });

  it('is started by the commit that creates it, told and audited as created by one and claimed by the other', async () => {
    const waiting = wait();
    await inLine();
    const created = await create({ instructions: 'Do it.' });
    const claim = (await waiting)!;
    expect(created).toMatchObject({ state: 'queued', version: 1 });
    expect(claim.task).toMatchObject({ id: created.id, state: 'running', version: 2, attempt: 1, instructions: 'Do it.', dependsOn: [] });
    const told = await workspace.run(({ db }) =>
      rows(db, sql<{ type: string; version: number; at: Date }>`select type, version, at from events where entity_id = ${created.id} order by seq`),
    );
    expect(told.map(({ type, version }) => [type, version])).toEqual([['task.created', 1], ['task.claimed', 2]]);
    expect(told[0]!.at).toEqual(told[1]!.at);
    const noted = await workspace.run(({ db }) =>
      rows(db, sql<{ action: string; id: string }>`select action, actor->>'id' as id from audit where entity_id = ${created.id} order by seq`),
    );
    expect(noted.map(({ action }) => action)).toEqual(['tasks.created', 'tasks.claimed']);
    expect(noted[0]!.id).not.toBe(noted[1]!.id);
    const done = { id: created.id, leaseToken: claim.lease.token, output: 'done' };
    expect(await workspace.call(workOperations.complete, work.complete, done)).toMatchObject({ state: 'succeeded' });
  });

  it('leaves what a creation and a claim after it leave', async () => {
    const rowsOf = async (id: string) =>
      workspace.run(async ({ db }) => {
        const task = (await row(db, sql<{ data: Record<string, unknown> }>`select to_jsonb(t) as data from tasks t where id = ${id}`))!.data;
        const attempt = (await row(db, sql<{ data: Record<string, unknown> }>`select to_jsonb(a) as data from attempts a where task_id = ${id}`))!.data;
        return { task, attempt };
      });
    const input = { priority: 7, maxAttempts: 2, timeLimitSeconds: 120, queue: 'nightly', retry: { initialSeconds: 5 } } as const;
    const apart = await create(input);
    const claimed = await workspace.call(workOperations.claim, work.claim, { agentId });
    const waiting = wait();
    await inLine();
    const together = await create(input);
    const given = await waiting;
    const [one, other] = [await rowsOf(apart.id), await rowsOf(together.id)];
    const ownOf = /^(id|task_id|token|lease_token|created_by|wait_seconds|.*_at)$/;
    const common = (data: Record<string, unknown>) => Object.fromEntries(Object.entries(data).filter(([name]) => !ownOf.test(name)));
    expect(common(other.task)).toEqual(common(one.task));
    expect(common(other.attempt)).toEqual(common(one.attempt));
    expect(Object.entries(other.task).filter(([, value]) => value === null)).toEqual(Object.entries(one.task).filter(([, value]) => value === null));
    const shown = (claim: typeof given) => {
      const { id: _, createdBy: __, createdAt: ___, startedAt: ____, ...task } = claim!.task;
      return task;
    };
    expect(shown(given)).toEqual(shown(claimed));
    const agent = await workspace.call(agentOperations.get, agentHandlers.get, { id: agentId });
    expect(agent.running).toBe(2);
    const counted = await workspace.run(({ db }) => row(db, sql<{ executions: number }>`select executions from usage_months`));
    expect(counted!.executions).toBe(2);
  });

  it.each(['together', 'apart'])('is told as it stands in its row, where it is claimed and created %s', async (how) => {
    const input = { priority: 7, maxAttempts: 2, timeLimitSeconds: 120, queue: 'nightly', retry: { initialSeconds: 5 }, instructions: 'Do it.' } as const;
    const waiting = how === 'together' ? wait() : undefined;
    if (waiting) await inLine();
    await create(input);
    const { task, lease } = (await (waiting ?? wait(0)))!;
    const { handoff: _, sharedFindings: __, ...shown } = task;
    expect(shown).toEqual(await read(shown.id));
    const stood = await workspace.run(({ db }) =>
      row(db, sql<{ expires: Date; agent: unknown; told: unknown }>`select t.lease_expires_at as expires,
        (select e.data from events e where e.entity_id = t.id and e.type = 'task.claimed') as told,
        (select e.data from events e where e.entity_id = t.agent_id order by e.seq desc limit 1) as agent
        from tasks t where t.id = ${shown.id}`),
    );
    expect(lease.expiresAt).toBe(stood!.expires.toISOString());
    expect(shown).toMatchObject(stood!.told as object);
    const { lastSeenAt: ___, ...agent } = await workspace.call(agentOperations.get, agentHandlers.get, { id: agentId });
    expect(stood!.agent).toMatchObject(agent);
  });

  const held: Record<string, () => Promise<unknown>> = {
    'its agent is paused': () => workspace.call(agentOperations.update, agentHandlers.update, { id: agentId, status: 'paused' }),
    'its queue is paused': () => workspace.call(queueOperations.update, queueHandlers.update, { name: 'default', paused: true }),
    'the workspace is paused': () => workspace.run(({ db }) => sql`update workspace set paused_at = now()`.execute(db)),
    'the workspace runs as many as it may': async () => {
      const other = await addAgent('other');
      await create({ agentId: other });
      await workspace.call(workOperations.claim, work.claim, { agentId: other });
      await workspace.run(({ db }) => sql`update workspace set max_running = 1`.execute(db));
    },
    'no execution of the month is left': () =>
      workspace.run(async ({ db }) => {
        await sql`update workspace set plan = 'starter'`.execute(db);
        await sql`insert into usage_months (period, executions) values (to_char(now() at time zone 'utc', 'YYYY-MM'), 1000)`.execute(db);
      }),
  };
  // What is weighed is the same on both.
  if (dialect === 'pglite') it.each(Object.keys(held))('stays queued where %s, and whoever waits goes on waiting', async (name) => {
    const waiting = wait(1).catch((error: { code: string }) => error.code);
    await inLine();
    await held[name]!();
    const created = await create();
    expect(await read(created.id)).toMatchObject({ state: 'queued', version: 1 });
    // A claim that finds work and no quota says so.
    expect(await waiting).toBe(name.startsWith('no execution') ? 'quota_exceeded' : null);
    expect(await read(created.id)).toMatchObject({ state: 'queued', version: 1 });
  });

  it('is told by the signal where a budget has to be asked', async () => {
    const budget = { scope: 'workspace', unit: 'executions', amount: '1', period: 'month' } as const;
    const heard = test.signals.next('work', workspace.tenant.id, { milliseconds: 5_000 });
    await workspace.call(budgetOperations.create, budgetHandlers.create, budget);
    await heard;
    const waiting = wait();
    await inLine();
    const created = await create();
    expect((await waiting)?.task).toMatchObject({ id: created.id, state: 'running' });
    const { items } = await workspace.call(budgetOperations.list, budgetHandlers.list, {});
    expect(items[0]).toMatchObject({ spent: '1' });
  });

  it('comes after what is queued already', async () => {
    const waiting = wait();
    await inLine();
    // Nobody was told of it.
    const first = await workspace.run(async (tx) => {
      const input = { title: 'First', instructions: '', kind: 'work' as const, priority: 1, maxAttempts: 3, agentId };
      const { id } = await createTask({ ...tx, ready: () => undefined }, input);
      return id;
    });
    const second = await create({ priority: 1 });
    expect((await waiting)?.task.id).toBe(first);
    expect(await read(second.id)).toMatchObject({ state: 'queued' });
  });

  it('is given to nobody where its creation fails, and whoever waits has the next', async () => {
    const waiting = wait();
    await inLine();
    const failing = workspace.run(async (tx) => {
      await createTask(tx, { title: 'Task', instructions: '', kind: 'work', priority: 5, maxAttempts: 3, agentId }, { claimants });
      throw new Error('The disk is full.');
    });
    await expect(failing).rejects.toThrow('The disk is full.');
    const next = await create();
    expect((await waiting)?.task.id).toBe(next.id);
    const count = await workspace.run(({ db }) => row(db, sql<{ tasks: number }>`select count(*)::int as tasks from tasks`));
    expect(count!.tasks).toBe(1);
  });

  it('never passes the concurrency of its agent, however many are created and wait at once', async () => {
    const waiting = Array.from({ length: 5 }, () => wait(1));
    await inLine(5);
    const created = await Promise.all(Array.from({ length: 5 }, () => create()));
    const claims = (await Promise.all(waiting)).filter((claim) => claim !== null);
    expect(claims).toHaveLength(2);
    expect(new Set(claims.map(({ task }) => task.id)).size).toBe(2);
    const states = await Promise.all(created.map(async ({ id }) => (await read(id)).state));
    expect(states.filter((state) => state === 'running')).toHaveLength(2);
  });

  it('is not claimed by a caller who is gone', async () => {
    if (work.claim.where !== 'platform') throw new Error('It waits in no transaction.');
    const caller = new AbortController();
    const credential = { kind: 'user', tenant: workspace.tenant, role: 'owner', name: 'Owner', userId: newId(), sessionId: newId() } as const;
    const waiting = work.claim.run({ credential, origin: '127.0.0.1', signal: caller.signal }, { agentId, waitSeconds: 20 });
    await inLine();
    caller.abort();
    const created = await create();
    expect(await waiting).toBeNull();
    expect(await read(created.id)).toMatchObject({ state: 'queued' });
  });

  it('that waits for a time or another task is not started', async () => {
    const waiting = wait(1);
    await inLine();
    const later = await create({ runAt: new Date(Date.now() + 3_600_000).toISOString() });
    const first = await create({ dependsOn: [later.id] });
    expect(await waiting).toBeNull();
    expect([(await read(later.id)).state, (await read(first.id)).state]).toEqual(['queued', 'waiting']);
  });

  it('of another tenant is not for it', async () => {
    const waiting = wait(1);
    await inLine();
    const there = await makeHandlerWorkspace(test, { settlers: taskSettlers });
    // The same id in the other workspace.
    await there.run(({ db }) => sql`insert into agents (id, name, kind) values (${agentId}, 'worker', 'external')`.execute(db));
    const { id } = await there.call(taskOperations.create, creation.create, { title: 'Task', agentId });
    expect(await waiting).toBeNull();
    expect((await there.call(taskOperations.get, taskHandlers.get, { id })).state).toBe('queued');
  });
});
