// Every reason by itself, as explain() says it of facts; and on real rows, with the chain and each fix applied.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Budget } from '../../shared/budget.ts';
import { whyCodes, type Why } from '../../shared/why.ts';
import { changeAgent } from '../agents/index.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { setHeld } from './act-on-many.ts';
import { claimFor } from './claim.ts';
import { cancelTask, retryTask } from './commands.ts';
import { createTask } from './create.ts';
import { completeAttempt } from './complete.ts';
import { failAttempt, holdLease } from './finish.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';
import { readWhy } from './why-facts.ts';
import { explain, type WhyAccount, type WhyAgent, type WhyFacts } from './why.ts';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-01T13:00:00Z');
const agent: WhyAgent = {
  id: 'a', version: 4, name: 'docs-writer', kind: 'external', status: 'active', presence: 'idle', hasProvider: false, account: null,
  running: 0, concurrency: 1, lastSeenAt: now,
};
const task: WhyFacts['task'] = {
  id: 't', state: 'queued', kind: 'work', waitReason: null, attempt: 0, runAt: null, heldBy: null, counted: false, capabilities: [],
  error: null, startedAt: null, agentName: 'docs-writer',
};
const waiting = { ...task, state: 'waiting' as const, waitReason: 'dependency' };
const base: WhyFacts = {
  task, now, workspace: { paused: false, pausedBy: null }, plan: null, dependencies: [], agent, able: [], queue: null, limits: [],
  budgets: [], quota: { limit: 100, remaining: 1, resetsAt: '2026-04-01T00:00:00.000Z' },
};
const spentBudget: Budget = {
  id: 'b', version: 3, edition: 1, scope: 'workspace', planId: null, agentId: null, name: 'Acme', simulated: false, unit: 'usd', amount: '10',
  softPercent: 80, period: 'month', reserveUsd: null, spent: '9.9', reserved: '0', remaining: '0.1', overshoot: '0', running: 0, state: 'exhausted',
  warnedAt: null, exhaustedAt: null, periodStart: null, resetsAt: null, createdAt: '2026-03-01T00:00:00.000Z', removedAt: null,
};
const plan = (state: 'draft' | 'running' | 'paused' | 'cancelled') => ({ id: 'p', name: 'Release', state });
const open = (capabilities: string[], able: WhyAgent[]) => ({ task: { ...task, capabilities }, agent: null, able });
const held = (code: WhyAccount['code'], until: Date | null): WhyAccount => ({ id: 'p', name: 'Main', code, until, problem: 'It refuses the key (401)' });
const hosted = (id: string): WhyAgent => ({ ...agent, id, kind: 'hosted', hasProvider: true, account: held('provider_refused', null) });

const single: [string, Partial<WhyFacts>][] = [
  ['running', { task: { ...task, state: 'running' } }],
  ['ended', { task: { ...task, state: 'succeeded' } }],
  ['ended', { task: { ...task, state: 'failed', error: 'no space' } }],
  ['plan_not_started', { plan: plan('draft') }],
  ['plan_paused', { plan: plan('paused') }],
  ['plan_ended', { plan: plan('cancelled') }],
  ['dependency', { task: waiting, dependencies: [{ id: 'd', title: 'Read', state: 'running' }] }],
  ['dependency_failed', { task: waiting, dependencies: [{ id: 'd', title: 'Read', state: 'failed' }] }],
  ['dependency_failed', { task: waiting, dependencies: [{ id: 'd', title: 'Read', state: 'cancelled' }] }],
  ['approval', { task: { ...waiting, kind: 'approval', waitReason: 'approval' } }],
  ['workspace_paused', { workspace: { paused: true, pausedBy: 'Ada' } }],
  ['queue_paused', { queue: { name: 'nightly', paused: true, pausedBy: null } }],
  ['task_held', { task: { ...task, heldBy: 'Ada' } }],
  ['workspace_limit', { limits: [{ code: 'workspace_limit', name: 'The workspace', of: '', limit: 2 }] }],
  ['queue_limit', { limits: [{ code: 'queue_limit', name: 'The queue “narrow”', of: 'narrow', limit: 2 }] }],
  ['provider_limit', { limits: [{ code: 'provider_limit', name: 'The provider account “Main”', of: 'p', limit: 2 }] }],
  ['provider_cooling', { agent: { ...agent, kind: 'hosted', hasProvider: true, account: held('provider_cooling', later) } }],
  ['provider_breaker', { agent: { ...agent, kind: 'hosted', hasProvider: true, account: held('provider_breaker', later) } }],
  ['provider_breaker', { agent: { ...agent, kind: 'hosted', hasProvider: true, account: held('provider_breaker', null) } }],
  ['provider_refused', { agent: { ...agent, kind: 'hosted', hasProvider: true, account: held('provider_refused', null) } }],
  ['provider_refused', open([], [hosted('a'), hosted('b')])],
  ['able_agents_unavailable', open([], [hosted('a'), { ...agent, status: 'paused' }])],
  ['retry_at', { task: { ...task, attempt: 1, counted: true, runAt: later } }],
  ['scheduled', { task: { ...task, runAt: later } }],
  ['quota', { quota: { ...base.quota, remaining: 0 } }],
  ['budget', { budgets: [{ budget: spentBudget, needs: '0.25', enough: '12' }] }],
  ['agent_paused', { agent: { ...agent, status: 'paused' } }],
  ['agent_retired', { agent: { ...agent, status: 'retired' } }],
  ['agent_without_provider', { agent: { ...agent, kind: 'hosted', presence: 'offline' } }],
  ['agent_offline', { agent: { ...agent, presence: 'offline' } }],
  ['agent_busy', { agent: { ...agent, presence: 'busy', running: 1 } }],
  ['no_able_agent', open(['welding'], [])],
  ['able_agents_unavailable', open([], [{ ...agent, status: 'paused' }, { ...agent, presence: 'offline' }])],
  ['able_agents_busy', open([], [{ ...agent, status: 'paused' }, { ...agent, running: 1 }])],
];

describe('one reason at a time', () => {
  test.each(single)('%s', (code, over) => {
    const reasons = explain({ ...base, ...over });
    expect(reasons.map((reason) => reason.code)).toEqual([code]);
    expect(reasons[0]?.message).toMatch(/^.{10,}\.$/);
  });

  test('and none is left out', () => {
    expect(new Set(single.map(([code]) => code))).toEqual(new Set(whyCodes));
  });

  test('nothing in the way is no reason', () => {
    expect(explain(base)).toEqual([]);
    expect(explain({ ...base, ...open(['review'], [{ ...agent, status: 'paused' }, agent]) })).toEqual([]);
    // A time that has come, and a quota for what is counted already.
    const tried = { ...task, attempt: 1, counted: true, runAt: now };
    expect(explain({ ...base, task: tried, quota: { ...base.quota, remaining: 0 } })).toEqual([]);
  });

  test('a limit is raised where it is set, and what waits for a time may be taken now', () => {
    const fixes = (over: Partial<WhyFacts>) => explain({ ...base, ...over }).map(({ fix }) => fix);
    const at = (code: 'workspace_limit' | 'queue_limit' | 'provider_limit', of: string) => fixes({ limits: [{ code, name: 'It', of, limit: 2 }] })[0];
    expect(at('workspace_limit', '')).toMatchObject({ operation: 'workspace.setLimits', input: { maxRunning: 3 } });
    expect(at('queue_limit', 'narrow')).toMatchObject({ operation: 'queues.update', input: { name: 'narrow', maxRunning: 3 } });
    expect(at('provider_limit', 'p')).toMatchObject({ operation: 'providers.update', input: { id: 'p', maxRunning: 3 } });
    const now = { operation: 'tasks.retry', input: { id: 't' } };
    expect(fixes({ task: { ...task, runAt: later } })).toEqual([{ ...now, label: 'Run it now' }]);
    expect(fixes({ task: { ...task, attempt: 1, counted: true, runAt: later } })).toEqual([{ ...now, label: 'Try it now' }]);
  });

  test('they stand in the order in which they must go', () => {
    const facts: WhyFacts = {
      ...base,
      task: { ...waiting, runAt: later },
      plan: plan('paused'),
      dependencies: [{ id: 'd', title: 'Read', state: 'failed' }, { id: 'e', title: 'Ask', state: 'queued' }],
      workspace: { paused: true, pausedBy: null },
      quota: { ...base.quota, remaining: 0 },
      agent: { ...agent, running: 1 },
    };
    expect(explain(facts).map(({ code }) => code)).toEqual([
      'plan_paused', 'dependency_failed', 'dependency', 'workspace_paused', 'scheduled', 'quota', 'agent_busy',
    ]);
  });

  test('a gate waits for what is before it, then for a person; agents and quota do not matter', () => {
    const gate = { ...waiting, kind: 'approval' as const };
    const facts: WhyFacts = { ...base, task: gate, dependencies: [{ id: 'd', title: 'Read', state: 'running' }], agent: null };
    expect(explain(facts).map(({ code, fix }) => [code, fix])).toEqual([['dependency', undefined], ['approval', undefined]]);
  });
});

describe('on real rows', () => {
  let database: TestDatabase;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    database = await openTestDatabase('pglite');
    workspace = await makeWorkspace(database);
  });
  afterAll(() => database.close());

  const make = (title: string, agentId: string, dependsOn: string[] = []) =>
    workspace.run(async (tx) => {
      const input = { title, instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 1, agentId, dependsOn };
      return (await createTask(tx, input)).id;
    });
  const ask = (id: string): Promise<Why> => workspace.run((tx) => readWhy(tx, id));
  const online = (id: string) =>
    workspace.run(({ db }) => sql`update agents set online = true, last_seen_at = now() where id = ${id}`.execute(db));
  const codes = (why: Why) => why.reasons.map(({ code }) => code);

  it('follows what waits for what down to what must go first, and is free when each fix was applied', async () => {
    const id = await workspace.addAgent('reader');
    await online(id);
    const [first, second] = [await make('Read it', id), await make('Ask about it', id)];
    const third = await make('Write it', id, [second]);
    const last = await make('Check it', id, [third]);
    await workspace.run((tx) => changeAgent(tx, { id, status: 'paused' }));

    const chain = await ask(last);
    expect(chain.runnable).toBe(false);
    // The paused agent holds all of them back: it is said once, of the task itself.
    expect(chain.reasons.map(({ code, taskId }) => [code, taskId])).toEqual([
      ['dependency', third],
      ['dependency', last],
      ['agent_paused', last],
    ]);
    expect(chain.reasons[0]?.message).toBe('“Write it”: it waits for “Ask about it”, which is queued.');
    const fix = chain.reasons[2]?.fix;
    expect(fix).toEqual({ operation: 'agents.update', input: { id, status: 'active' }, label: 'Resume reader' });
    await workspace.run((tx) => changeAgent(tx, fix!.input as { id: string; status: 'active' }));

    expect(await ask(second)).toEqual({ runnable: true, ahead: 1, reasons: [] });
    expect(await ask(first)).toEqual({ runnable: true, ahead: 0, reasons: [] });
    const claim = () => workspace.run((tx) => claimFor(tx, id, { limit: 1, leaseSeconds: 60, throwOnQuota: true }));
    const [claimed] = await claim();
    expect(codes(await ask(first))).toEqual(['running']);
    expect(codes(await ask(second))).toEqual(['agent_busy']);
    const lease = { id: first, leaseToken: claimed!.lease.token };
    await workspace.run(async (tx) => completeAttempt(tx, await holdLease(tx, lease), { output: 'read' }));
    expect(codes(await ask(first))).toEqual(['ended']);

    const [failing] = await claim();
    await workspace.run(async (tx) =>
      failAttempt(tx, await holdLease(tx, { id: second, leaseToken: failing!.lease.token }), {
        code: 'agent_error', message: 'no answer', retryable: true, outcome: 'failed',
      }),
    );
    expect(codes(await ask(last))).toEqual(['dependency_failed', 'dependency']);
    const mend = (await ask(third)).reasons[0]?.fix;
    expect(mend?.operation).toBe('tasks.retry');
    await workspace.run((tx) => retryTask(tx, String(mend!.input.id)));
    expect((await ask(second)).runnable).toBe(true);
  });

  it('begins with the plan that is not started, before what waits for what within it', async () => {
    const id = await workspace.addAgent('planner');
    await online(id);
    const first = await make('Measure', id);
    const second = await make('Cut', id, [first]);
    const third = await make('Glue', id, [second]);
    await workspace.run(async ({ db }) => {
      await sql`insert into plans (id, name, state, min_active, time_limit_seconds, success_criteria, counts, created_by)
        values ('019d2f6a-0400-7a31-8f0c-000000000009', 'Bench', 'draft', 1, 900, '[]', '{}', '{"kind":"system","id":null,"name":"Test"}')`.execute(db);
      await sql`update tasks set plan_id = '019d2f6a-0400-7a31-8f0c-000000000009' where id = any(${[first, second, third]}::uuid[])`.execute(db);
    });
    const { reasons } = await ask(third);
    expect(reasons.map(({ code, taskId }) => [code, taskId])).toEqual([
      ['plan_not_started', third],
      ['dependency', second],
      ['dependency', third],
    ]);
    expect(reasons[0]?.fix).toMatchObject({ operation: 'plans.start', label: 'Start plan' });
  });

  it('counts only what the same queue takes before it', async () => {
    const id = await workspace.addAgent('queue');
    await online(id);
    const ids = [await make('one', id), await make('two', id), await make('three', id)];
    expect((await ask(ids[2]!)).ahead).toBe(2);
    await workspace.run((tx) => cancelTask(tx, { id: ids[0]! }));
    expect((await ask(ids[2]!)).ahead).toBe(1);
    // What a person holds is not taken, and so is not before it.
    await workspace.run((tx) => setHeld(tx, ids[1]!, true));
    expect((await ask(ids[2]!)).ahead).toBe(0);
  });

  it('says how many are before it while its agent is full, and nothing of a turn while it is paused', async () => {
    const id = await workspace.addAgent('narrow');
    await online(id);
    const ids = [await make('runs', id), await make('next', id), await make('last', id)];
    await workspace.run((tx) => claimFor(tx, id, { limit: 1, leaseSeconds: 60, throwOnQuota: true }));
    expect(await ask(ids[2]!)).toMatchObject({ runnable: false, ahead: 1, reasons: [{ code: 'agent_busy' }] });
    await workspace.run((tx) => changeAgent(tx, { id, status: 'paused' }));
    expect(await ask(ids[2]!)).toMatchObject({ runnable: false, ahead: null, reasons: [{ code: 'agent_paused' }] });
  });

  it('lets go at once of what waits for a time, with the attempts that it has', async () => {
    const id = await workspace.addAgent('early');
    await online(id);
    const runAt = new Date(Date.now() + 3_600_000).toISOString();
    const input = { title: 'At night', instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 3, agentId: id, dependsOn: [], runAt };
    const scheduled = (await workspace.run((tx) => createTask(tx, input))).id;
    // Cancelled and brought back it waits for its time as before.
    await workspace.run((tx) => cancelTask(tx, { id: scheduled }));
    expect(await workspace.run((tx) => retryTask(tx, scheduled))).toMatchObject({ state: 'queued', runAt });
    const fix = (await ask(scheduled)).reasons[0]?.fix;
    expect(fix).toEqual({ operation: 'tasks.retry', input: { id: scheduled }, label: 'Run it now' });
    await workspace.run((tx) => retryTask(tx, scheduled));
    expect(await ask(scheduled)).toEqual({ runnable: true, ahead: 0, reasons: [] });

    const [claimed] = await workspace.run((tx) => claimFor(tx, id, { limit: 1, leaseSeconds: 60, throwOnQuota: true }));
    await workspace.run(async (tx) =>
      failAttempt(tx, await holdLease(tx, { id: scheduled, leaseToken: claimed!.lease.token }), {
        code: 'agent_error', message: 'no answer', retryable: true, outcome: 'failed',
      }),
    );
    expect((await ask(scheduled)).reasons[0]?.fix?.label).toBe('Try it now');
    expect(await workspace.run((tx) => retryTask(tx, scheduled))).toMatchObject({ state: 'queued', attempt: 1, maxAttempts: 3, runAt: null });
    const [again] = await workspace.run((tx) => claimFor(tx, id, { limit: 1, leaseSeconds: 60, throwOnQuota: true }));
    expect(again).toMatchObject({ task: { id: scheduled }, lease: { attempt: 2 } });
    // What only waits for its turn is queued already.
    const other = await make('In turn', id);
    await expect(workspace.run((tx) => retryTask(tx, other))).rejects.toMatchObject({ code: 'transition_not_allowed' });
  });

  it('answers 404 for a task that is not there', async () => {
    await expect(ask('019d2f6a-0400-7a31-8f0c-a000000000ff')).rejects.toMatchObject({ code: 'not_found' });
  });
});
