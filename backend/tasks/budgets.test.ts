// Budgets on real rows: held at the claim, metered while an attempt runs, settled however it ends, stopped at the ceiling.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../shared/operations.ts';
import type { z } from 'zod';
import type { Budget } from '../../shared/budget.ts';
import { changeAgent, createAgents } from '../agents/index.ts';
import { budgetCalendar, budgetHandlers } from '../budgets/index.ts';
import { row, rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { claimFor } from './claim.ts';
import { cancelTask, retryTask } from './commands.ts';
import { completeMany } from './complete.ts';
import { createTask } from './create.ts';
import { failAttempt, handOff, holdLease, leaseLost, releaseAttempt } from './finish.ts';
import { taskSettlers } from './index.ts';
import { sweepTenant } from './sweep.ts';
import { readWhy } from './why-facts.ts';
import { heartbeat } from './heartbeat.ts';

let database: TestDatabase;
let workspace: HandlerWorkspace;
let agent: string;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());
beforeEach(async () => {
  workspace = await makeHandlerWorkspace(database, { settlers: taskSettlers });
  agent = await addAgent('worker');
});

const addAgent = (name: string, attemptCostUsd: string | null = null): Promise<string> =>
  workspace.run(async (tx) => {
    const [made] = await createAgents(tx, [{ name, kind: 'external', concurrency: 100, timeLimitSeconds: 900, attemptCostUsd }]);
    return made!.id;
  });
const addPlan = (): Promise<string> =>
  workspace.run(async ({ db }) => {
    const id = crypto.randomUUID();
    await sql`insert into plans (id, name, state, min_active, time_limit_seconds, success_criteria, counts, created_by, started_at)
      values (${id}, 'Release', 'running', 0, 900, '[]', '{}', '{}', now())`.execute(db);
    return id;
  });
const task = (over: { agentId?: string; planId?: string; maxAttempts?: number } = {}): Promise<string> =>
  workspace.run(async (tx) => {
    const input = { title: 'Task', instructions: '', kind: 'work' as const, priority: 5, maxAttempts: over.maxAttempts ?? 3 };
    const { id } = await createTask(tx, { ...input, agentId: over.agentId ?? agent });
    if (over.planId) await sql`update tasks set plan_id = ${over.planId} where id = ${id}`.execute(tx.db);
    return id;
  });
const tasks = async (count: number, over: Parameters<typeof task>[0] = {}): Promise<string[]> => {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push(await task(over));
  return ids;
};
interface Lease {
  id: string;
  leaseToken: string;
}
const claim = async (limit = 100, of = agent): Promise<Lease[]> => {
  const claims = await workspace.run((tx) => claimFor(tx, of, { limit, leaseSeconds: 60, throwOnQuota: true }));
  return claims.map((made) => ({ id: made.task.id, leaseToken: made.lease.token }));
};
const usage = (costUsd: string) => ({ inputTokens: 10, outputTokens: 1, costUsd });
const beat = (lease: Lease, cost?: string) =>
  workspace.run((tx) => heartbeat(tx, { ...lease, ...(cost !== undefined && { usage: usage(cost) }) }, 60));
const complete = (lease: Lease, cost: string) =>
  workspace.run(async (tx) => {
    const [outcome] = await completeMany(tx, [{ ...lease, output: 'done', usage: usage(cost) }]);
    if (outcome !== 'done') throw leaseLost();
  });
const fail = (lease: Lease, cost: string, retryable = true) =>
  workspace.run(async (tx) => {
    await failAttempt(tx, await holdLease(tx, lease), { code: 'agent_error', message: 'no', retryable, outcome: 'failed', usage: usage(cost) });
    await sql`update tasks set run_at = null where run_at is not null`.execute(tx.db);
  });

type Verb = keyof typeof budgetHandlers;
const call = <V extends Verb>(verb: V, input: z.input<(typeof operations.budgets)[V]['input']>) =>
  workspace.call(operations.budgets[verb] as never, budgetHandlers[verb], input as never);
const create = (input: Partial<z.input<typeof operations.budgets.create.input>> = {}): Promise<Budget> =>
  call('create', { scope: 'agent', ...((input.scope ?? 'agent') === 'agent' && { agentId: agent }), unit: 'usd', amount: '1', period: 'month', ...input });
const get = (id: string): Promise<Budget> => call('get', { id });
const events = (): Promise<string[]> =>
  workspace.run(async ({ db }) => (await rows(db, sql<{ type: string }>`select type from events where entity = 'budget' order by seq`)).map(({ type }) => type));
const state = (id: string) =>
  workspace.run(({ db }) => row(db, sql<{ state: string; failed_attempts: number }>`select state, failed_attempts from tasks where id = ${id}`));

describe('a budget in money', () => {
  it('holds an amount for each attempt, and makes no claim that does not fit', async () => {
    const { id } = await create({ amount: '1', reserveUsd: '0.4' });
    await tasks(4);
    const leases = await claim();
    expect(leases).toHaveLength(2);
    expect(await get(id)).toMatchObject({ spent: '0', reserved: '0.8', remaining: '0.2', running: 2, state: 'ok' });
    expect(await claim()).toEqual([]);
    await complete(leases[0]!, '0.1');
    expect(await get(id)).toMatchObject({ spent: '0.1', reserved: '0.4', remaining: '0.5', running: 1 });
    expect(await claim()).toHaveLength(1);
    expect(await claim()).toEqual([]);
  });

  it('meters what is reported from held to spent, holds anew what is used up, and stops at the ceiling', async () => {
    const { id } = await create({ amount: '1', reserveUsd: '0.4' });
    const [first, second] = await tasks(2);
    const [one, other] = await claim();
    expect((await beat(one!, '0.3')).cancel).toBeNull();
    expect(await get(id)).toMatchObject({ spent: '0.3', reserved: '0.5', remaining: '0.2', overshoot: '0.8' });
    // A report never takes back what an earlier one said.
    await beat(one!, '0.1');
    expect(await get(id)).toMatchObject({ spent: '0.3' });
    // Used up: what is free is held anew, as far as it goes.
    expect((await beat(one!, '0.45')).cancel).toBeNull();
    expect(await get(id)).toMatchObject({ spent: '0.45', reserved: '0.55', remaining: '0' });
    const told = await beat(one!, '0.7');
    expect(told.cancel?.reason).toBe(
      'The monthly budget of worker is used up: $0.70 spent of $1.00, and $0.40 held for others. Stop now; the task is queued again.',
    );
    expect(Date.parse(told.expiresAt) - Date.now()).toBeLessThan(11_000);
    // The lease is not renewed any more, and what it says is the same.
    expect((await beat(one!, '0.71')).expiresAt).toBe(told.expiresAt);
    expect((await beat(other!, '0.2')).cancel).toBeNull();
    await workspace.run(async (tx) => {
      await sql`update tasks set lease_expires_at = now() where revoked is not null`.execute(tx.db);
      await sweepTenant(tx);
    });
    expect(await state(first!)).toEqual({ state: 'queued', failed_attempts: 0 });
    expect(await state(second!)).toMatchObject({ state: 'running' });
    // What was spent stays counted, and the attempt's late end changes nothing.
    expect(await get(id)).toMatchObject({ spent: '0.91', reserved: '0.09', state: 'exhausted' });
    await expect(complete(one!, '5')).rejects.toMatchObject({ code: 'lease_lost' });
    expect((await beat(one!, '5')).cancel?.reason).toMatch(/used up/);
    expect(await get(id)).toMatchObject({ spent: '0.91' });
    const stops = (await call('stops', { id })) as { items: object[] };
    expect(stops.items).toEqual([expect.objectContaining({ taskId: first, agentName: 'worker', attempt: 1, costUsd: '0.71' })]);
    expect(await claim()).toEqual([]);
    const why = await workspace.run((tx) => readWhy(tx, first!));
    expect(why.reasons.find(({ code }) => code === 'budget')).toMatchObject({
      message: 'The monthly budget of worker has no room: $0.91 spent and $0.09 held for attempts that run of $1.00; the next attempt needs $1.00.',
      until: expect.any(String),
      about: { kind: 'budget', id, name: 'worker' },
      fix: { operation: 'budgets.update', input: { id, amount: '2.11', edition: 1 }, label: 'Raise to $2.11' },
    });
    await call('update', { id, amount: '2.11', edition: 1 });
    expect(await claim()).toHaveLength(1);
    expect(await get(id)).toMatchObject({ state: 'ok', exhaustedAt: null });
  });

  it('lets a stopped attempt complete while its lease lasts', async () => {
    await create({ amount: '0.5', reserveUsd: '0.5' });
    const [id] = await tasks(1);
    const [lease] = await claim();
    expect((await beat(lease!, '0.5')).cancel).not.toBeNull();
    await complete(lease!, '0.6');
    expect(await state(id!)).toMatchObject({ state: 'succeeded' });
  });

  it('puts back what reports failure after it was told to stop, without spending an attempt', async () => {
    await create({ amount: '0.5', reserveUsd: '0.5' });
    const [id] = await tasks(1, { maxAttempts: 1 });
    const [lease] = await claim();
    await beat(lease!, '0.5');
    await fail(lease!, '0.5');
    expect(await state(id!)).toEqual({ state: 'queued', failed_attempts: 0 });
  });

  it('is settled to what was used, however an attempt ends', async () => {
    const { id } = await create({ amount: '100', reserveUsd: '1' });
    const ids = await tasks(5);
    const [a, b, c, d, e] = await claim();
    expect(await get(id)).toMatchObject({ reserved: '5', running: 5 });
    await fail(a!, '0.1');
    await workspace.run(async (tx) => handOff(tx, await holdLease(tx, b!), { notes: '', usage: usage('0.2'), reason: 'agent' }));
    await workspace.run(async (tx) => releaseAttempt(tx, await holdLease(tx, c!)));
    await beat(d!, '0.4');
    await workspace.run((tx) => cancelTask(tx, { id: d!.id }));
    await beat(e!, '0.8');
    await workspace.run(async (tx) => {
      await sql`update tasks set lease_expires_at = now() where id = ${e!.id}`.execute(tx.db);
      await sweepTenant(tx);
    });
    expect(ids).toHaveLength(5);
    expect(await get(id)).toMatchObject({ spent: '1.5', reserved: '0', overshoot: '0', running: 0 });
  });

  it('holds the most that is known, else what nearly all cost so far, at least a cent, at most the whole budget', async () => {
    const known = await addAgent('known', '0.75');
    const { id } = await create({ amount: '10', scope: 'workspace' });
    await task({ agentId: known });
    await claim(1, known);
    expect(await get(id)).toMatchObject({ reserved: '0.75', overshoot: '0' });
    await tasks(22);
    const [first] = await claim(1);
    expect(await get(id)).toMatchObject({ reserved: '0.76' });
    await complete(first!, '0.02');
    for (let made = 0; made < 19; made += 1) await complete((await claim(1))[0]!, '0.03');
    await complete((await claim(1))[0]!, '9');
    const before = await get(id);
    await call('update', { id, amount: '1000' });
    await claim(1);
    // Nineteen of twenty cost at most 0.03.
    expect(Number((await get(id)).reserved) - Number(before.reserved)).toBeCloseTo(0.03);
  });

  it('does not let a task be stopped again and again: the next attempt needs what the last one cost, and more', async () => {
    const { id } = await create({ amount: '1', reserveUsd: '0.1' });
    const other = await addAgent('other');
    await create({ scope: 'workspace', amount: '100' });
    await tasks(1);
    const [lease] = await claim();
    await beat(lease!, '1');
    await fail(lease!, '1');
    await call('update', { id, amount: '2' });
    expect(await claim()).toEqual([]);
    await call('update', { id, amount: '2.1' });
    expect(await claim()).toHaveLength(1);
    expect(await claim(1, other)).toEqual([]);
  });

  it('stops an attempt that runs when the ceiling is lowered below what is spent', async () => {
    const { id } = await create({ amount: '5', reserveUsd: '1' });
    await tasks(2);
    const [one, other] = await claim();
    await beat(one!, '0.6');
    await call('update', { id, amount: '0.5', reserveUsd: '0.5' });
    expect((await beat(other!, '0')).cancel?.reason).toMatch(/\$0.60 spent of \$0.50/);
    expect((await beat(one!, '0.6')).cancel).not.toBeNull();
  });

  it('counts what ended and what runs when it is made, and what was used while it was away', async () => {
    await tasks(3);
    const [one, other] = await claim(2);
    await complete(one!, '0.25');
    await beat(other!, '0.5');
    const { id } = await create({ amount: '10', reserveUsd: '1' });
    expect(await get(id)).toMatchObject({ spent: '0.75', reserved: '0.5', running: 1 });
    await beat(other!, '0.75');
    expect(await get(id)).toMatchObject({ spent: '1', reserved: '0.25' });
    expect(await call('remove', { id })).toMatchObject({ reserved: '0', removedAt: expect.any(String) });
    await beat(other!, '0.8');
    await complete(other!, '2');
    await call('restore', { id });
    expect(await get(id)).toMatchObject({ spent: '2.25', reserved: '0', running: 0, removedAt: null });
    await call('update', { id, period: 'total' });
    expect(await get(id)).toMatchObject({ spent: '2.25', period: 'total', resetsAt: null });
  });

  it('begins anew with its period; what runs over midnight is counted where it is used', async () => {
    const { id } = await create({ amount: '1', reserveUsd: '0.5', period: 'day' });
    await tasks(3);
    const [one] = await claim(1);
    await beat(one!, '0.45');
    await workspace.run(({ db }) => sql`update budgets set period_start = period_start - interval '1 day'`.execute(db));
    expect(await get(id)).toMatchObject({ spent: '0', reserved: '0.05', state: 'ok' });
    await workspace.run(budgetCalendar.run);
    expect((await events()).at(-1)).toBe('budget.renewed');
    await beat(one!, '0.6');
    expect(await get(id)).toMatchObject({ spent: '0.15', reserved: '0.5' });
    const next = await workspace.run(budgetCalendar.next);
    expect(next?.toISOString()).toBe((await get(id)).resetsAt);
    await workspace.run(({ db }) => sql`update budgets set period_start = period_start - interval '1 day'`.execute(db));
    expect((await workspace.run(budgetCalendar.next))!.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe('a budget in executions', () => {
  it('is never passed, and does not count a retry or a successor again', async () => {
    const { id } = await create({ unit: 'executions', amount: '2' });
    await tasks(4);
    const leases = await claim();
    expect(leases).toHaveLength(2);
    expect(await get(id)).toMatchObject({ spent: '2', reserved: '0', remaining: '0', overshoot: '0', state: 'exhausted' });
    await fail(leases[0]!, '0');
    await workspace.run(async (tx) => handOff(tx, await holdLease(tx, leases[1]!), { notes: '', reason: 'agent' }));
    expect(await claim()).toHaveLength(2);
    expect(await claim()).toEqual([]);
    expect(await get(id)).toMatchObject({ spent: '2' });
  });

  it('counts those of its period when it is made', async () => {
    await tasks(3);
    await claim(2);
    expect(await create({ unit: 'executions', amount: '2', scope: 'workspace' })).toMatchObject({ spent: '2', state: 'exhausted' });
    expect(await claim()).toEqual([]);
  });
});

describe('several budgets', () => {
  it('hold together: the tightest decides, and a used up plan holds back no other work', async () => {
    const planId = await addPlan();
    const plan = await create({ scope: 'plan', planId, unit: 'usd', amount: '0.2', reserveUsd: '0.2', period: 'total' });
    const whole = await create({ scope: 'workspace', amount: '1', reserveUsd: '0.3' });
    const steps = await tasks(2, { planId });
    const free = await task();
    const leases = await claim();
    // The second of the plan does not fit; what is behind it goes on.
    expect(leases.map(({ id }) => id)).toEqual([expect.any(String), free]);
    const why = await workspace.run((tx) => readWhy(tx, steps[1]!));
    expect(why.reasons.filter(({ code }) => code === 'budget').map(({ about }) => about?.id)).toEqual([plan.id]);
    expect(await get(whole.id)).toMatchObject({ reserved: '0.6', running: 2 });
    await complete(leases[0]!, '0.2');
    expect(await get(plan.id)).toMatchObject({ spent: '0.2', state: 'exhausted' });
    expect(await claim()).toEqual([]);
  });

  it('say once in a period that the soft limit is passed and that all is used, and again after a raise', async () => {
    const { id } = await create({ amount: '1', reserveUsd: '0.1', softPercent: 50 });
    await tasks(4);
    const [one] = await claim(1);
    await beat(one!, '0.5');
    await beat(one!, '0.6');
    expect((await events()).filter((type) => type === 'budget.warned')).toHaveLength(1);
    expect(await get(id)).toMatchObject({ state: 'warned', warnedAt: expect.any(String) });
    await complete(one!, '1');
    await claim();
    await claim();
    expect((await events()).filter((type) => type === 'budget.exhausted')).toHaveLength(1);
    await call('update', { id, amount: '3' });
    expect(await get(id)).toMatchObject({ state: 'ok', warnedAt: null });
    await complete((await claim(1))[0]!, '0.6');
    expect((await events()).filter((type) => type === 'budget.warned')).toHaveLength(2);
  });
});

describe('a change', () => {
  it('is refused where it makes no sense, naming the field', async () => {
    const refused = async (input: object, path: string) => {
      await expect(create(input)).rejects.toMatchObject({ code: 'validation_failed', details: { fields: [{ path }] } });
    };
    await refused({ unit: 'executions', amount: '1.5' }, 'amount');
    await refused({ unit: 'executions', amount: '5', reserveUsd: '1' }, 'reserveUsd');
    await refused({ amount: '1', reserveUsd: '2' }, 'reserveUsd');
    await refused({ scope: 'plan' }, 'planId');
    await refused({ scope: 'workspace', agentId: agent }, 'agentId');
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/monthly budget of worker in dollars is there already/) });
    await create({ period: 'day' });
  });

  it('by somebody else is not overwritten, and metering is none', async () => {
    const { id, edition } = await create({ amount: '1', reserveUsd: '0.1' });
    await tasks(1);
    await claim();
    await call('update', { id, amount: '2', edition });
    await expect(call('update', { id, amount: '3', edition })).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('of an agent’s own limit is seen by the next claim', async () => {
    const { id } = await create({ amount: '10' });
    await workspace.run((tx) => changeAgent(tx, { id: agent, attemptCostUsd: '4' }));
    await tasks(3);
    expect(await claim()).toHaveLength(2);
    expect(await get(id)).toMatchObject({ reserved: '8', overshoot: '0' });
    // A retry by a person is no execution again, and is held anew.
    const [, second] = await workspace.run(({ db }) => rows(db, sql<Lease>`select id, lease_token as "leaseToken" from tasks where state = 'running' order by id`));
    await fail(second!, '1', false);
    await workspace.run((tx) => retryTask(tx, second!.id));
    expect(await claim()).toHaveLength(1);
    expect(await get(id)).toMatchObject({ spent: '1', reserved: '8' });
  });
});
