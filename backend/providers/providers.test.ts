// Provider accounts through every door of a node, with its engine: keys that never come out, a rate that is used up and
// heals, a breaker that all nodes see, prices, and what is recorded of them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../shared/agent.ts';
import type { Overview } from '../../shared/overview.ts';
import type { Price } from '../../shared/price.ts';
import type { ProviderAccount, ProviderDetails } from '../../shared/provider.ts';
import type { TaskDetails } from '../../shared/task.ts';
import type { UsageShare } from '../../shared/usage.ts';
import type { Why } from '../../shared/why.ts';
import { openTestBackend, type Api, type TestBackend } from '../testing/backend.ts';
import { rows, sql } from '../platform/database.ts';
import { systemCaller, type TenantTransaction } from '../platform/tenant-transaction.ts';
import { fails, hangs, openPeer, says, stalls, type Peer } from './testing/peer.ts';

const KEY = 'sk-live-abcdef0123456789WXYZ';
let backend: TestBackend;
let peer: Peer;
let api: Api;
let organization: string;
beforeAll(async () => {
  [backend, peer] = await Promise.all([openTestBackend('pglite', { leaseSeconds: 3 }), openPeer()]);
});
afterAll(async () => {
  await backend.close();
  await peer.close();
});
beforeEach(async () => {
  const owner = await backend.register();
  api = owner.api;
  organization = owner.organization.id;
  peer.mode = says();
  peer.asked.length = 0;
});

const inTenant = async <Result>(work: (tx: TenantTransaction) => Promise<Result>): Promise<Result> =>
  backend.foundation.runInTenant((await backend.test.tenants.find(organization))!, systemCaller, work);
const addAccount = (over: object = {}): Promise<ProviderAccount> =>
  api.do('providers.create', { name: 'Main', kind: 'openai_compatible', service: { baseUrl: peer.url, stallSeconds: 5 }, key: KEY, ...over });
const impatient = () => ({ service: { baseUrl: peer.url, stallSeconds: 1 } });
const addAgent = (accountId: string, over: object = {}): Promise<Agent> =>
  api.do('agents.create', { name: 'counter', kind: 'hosted', provider: { accountId, model: 'peer-1' }, ...over });
const addTask = async (agentId: string, over: object = {}): Promise<string> =>
  ((await api.do('tasks.create', { title: 'Count', agentId, ...over })) as { id: string }).id;
const details = (id: string): Promise<TaskDetails> => api.do('tasks.details', { id });
const state = async (id: string): Promise<string> => (await details(id)).task.state;
const account = (id: string): Promise<ProviderDetails> => api.do('providers.get', { id });
const patience = { timeout: 10_000 };

describe('a task on a service', () => {
  it('is done, and what it used is recorded with the price of then', async () => {
    await api.do('prices.set', { pattern: 'peer-*', inputPerMillion: '2', outputPerMillion: '10' });
    const main = await addAccount();
    const agent = await addAgent(main.id);
    const id = await addTask(agent.id);
    await expect.poll(() => state(id), patience).toBe('succeeded');
    const { task, attempts } = await details(id);
    expect(task.output).toBe('Hello world');
    expect(attempts).toMatchObject([{ inputTokens: 100, outputTokens: 2, costUsd: '0.000220', model: 'peer-1', providerAccountId: main.id, usageEstimated: false, unpriced: false }]);
    await api.do('prices.set', { pattern: 'peer-*', inputPerMillion: '2000', outputPerMillion: '10' });
    expect((await details(id)).attempts[0]!.costUsd).toBe('0.000220');
    expect(await account(main.id)).toMatchObject({
      state: 'ok', agents: 1, runs: [{ name: 'counter', model: 'peer-1' }], withoutPrice: [],
      month: [{ model: 'peer-1', attempts: 1, failed: 0, unpriced: 0, inputTokens: 100, outputTokens: 2, costUsd: '0.00022' }],
    });
  });

  it('without a price says so, until one is set', async () => {
    const main = await addAccount();
    const agent = await addAgent(main.id);
    const id = await addTask(agent.id);
    await expect.poll(() => state(id), patience).toBe('succeeded');
    expect((await details(id)).attempts).toMatchObject([{ unpriced: true, costUsd: '0.000000' }]);
    expect(await account(main.id)).toMatchObject({ withoutPrice: ['peer-1'], month: [{ unpriced: 1 }] });
  });

  it('is cancelled in the middle, and its connection ends', async () => {
    peer.mode = stalls();
    const main = await addAccount({ service: { baseUrl: peer.url, stallSeconds: 600 } });
    const agent = await addAgent(main.id);
    const id = await addTask(agent.id);
    const left = peer.left;
    await expect.poll(() => peer.asked.length, patience).toBe(1);
    await api.do('tasks.cancel', { id });
    // Told at the next heartbeat, a third of the lease away.
    await expect.poll(() => peer.left, patience).toBe(left + 1);
    expect(await state(id)).toBe('cancelled');
  });

  it('that stalls is tried again, and the node goes on', async () => {
    peer.mode = hangs;
    const main = await addAccount(impatient());
    const agent = await addAgent(main.id);
    const id = await addTask(agent.id, { retry: { initialSeconds: 0 } });
    await expect.poll(() => peer.asked.length, patience).toBe(1);
    peer.mode = says();
    await expect.poll(() => state(id), patience).toBe('succeeded');
    expect((await details(id)).attempts).toMatchObject([{ outcome: 'failed', error: { code: 'provider_stalled' } }, { outcome: 'succeeded' }]);
    expect((await account(main.id)).troubles).toMatchObject([{ taskId: id, code: 'provider_stalled', attempt: 1 }]);
  });
});

describe('a rate that is used up', () => {
  it('puts the task back without spending an attempt, holds the account until its time, and heals', async () => {
    peer.mode = fails(429, 'Slow down', { headers: { 'retry-after': '3' } });
    const main = await addAccount();
    const agent = await addAgent(main.id, { concurrency: 3 });
    const id = await addTask(agent.id, { maxAttempts: 1 });
    await expect.poll(async () => (await account(main.id)).state, patience).toBe('cooling');
    const cooling = await account(main.id);
    expect(Date.parse(cooling.until!)).toBeGreaterThan(Date.now());
    expect(cooling.problem).toMatchObject({ code: 'provider_rate_limited', message: 'Its rate is used up (429): Slow down.' });
    await expect.poll(() => state(id), patience).toBe('queued');
    const why = (await api.do('tasks.why', { id })) as Why;
    expect(why).toMatchObject({ runnable: false, reasons: [{ code: 'provider_cooling', until: cooling.until, about: { kind: 'provider', id: main.id } }] });
    // Nothing is asked while it cools, whatever else comes.
    peer.mode = says();
    const asked = peer.asked.length;
    await addTask(agent.id);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(peer.asked.length).toBe(asked);
    await expect.poll(() => state(id), patience).toBe('succeeded');
    expect((await details(id)).attempts).toMatchObject([{ outcome: 'released', error: { code: 'provider_rate_limited' }, inputTokens: 0 }, { outcome: 'succeeded' }]);
    await expect.poll(async () => (await account(main.id)).state, patience).toBe('ok');
  });
});

describe('a breaker', () => {
  it('that opens stands in the row, holds every task, and closes by a probe', async () => {
    peer.mode = fails(500, 'down');
    const main = await addAccount(impatient());
    const agent = await addAgent(main.id, { concurrency: 5 });
    const ids = await Promise.all(Array.from({ length: 8 }, () => addTask(agent.id, { maxAttempts: 2, retry: { initialSeconds: 0 } })));
    await expect.poll(async () => (await account(main.id)).state, patience).toBe('breaker_open');
    await expect.poll(async () => (await inTenant(({ db }) => rows(db, sql`select 1 from tasks where state = 'running'`))).length, patience).toBe(0);
    const open = (await Promise.all(ids.map(state))).map((found, index) => (found === 'queued' ? ids[index]! : null)).filter((id) => id !== null);
    expect(open.length).toBeGreaterThanOrEqual(3);
    const why = (await api.do('tasks.why', { id: open[0] })) as Why;
    expect(why.reasons).toMatchObject([{ code: 'provider_breaker', fix: { operation: 'providers.test', input: { id: main.id } } }]);
    // Its time comes; one task probes it while the others wait.
    const asked = peer.asked.length;
    peer.mode = stalls();
    await inTenant(async (tx) => {
      await sql`update provider_accounts set cooling_until = now(), breaker_epoch = breaker_epoch + 1`.execute(tx.db);
      tx.ready();
    });
    await expect.poll(() => peer.asked.length, patience).toBe(asked + 1);
    const queued = (await Promise.all(open.map(async (id) => ({ id, state: await state(id) })))).find((one) => one.state === 'queued')!;
    expect(((await api.do('tasks.why', { id: queued.id })) as Why).reasons[0]).toMatchObject({ code: 'provider_breaker' });
    // The probe stalls: it is open again, and longer.
    await expect.poll(async () => (await account(main.id)).until, patience).not.toBeNull();
    expect(peer.asked.length).toBe(asked + 1);
    // A person's test closes it, and the work goes on.
    peer.mode = says();
    expect(await api.do('providers.test', { id: main.id })).toMatchObject({ ok: true, models: 2, model: 'peer-1' });
    await expect.poll(async () => (await account(main.id)).state, patience).toBe('ok');
    await expect.poll(async () => (await Promise.all(open.slice(1).map(state))).every((found) => found !== 'queued'), patience).toBe(true);
  });
});

describe('a key', () => {
  it('that is refused holds the account after one task, until a new one is given', async () => {
    peer.mode = (asked, answer) => fails(401, `Incorrect API key provided: ${String(asked.headers.authorization)}`)(asked, answer);
    const main = await addAccount();
    const agent = await addAgent(main.id);
    const first = await addTask(agent.id);
    await expect.poll(() => state(first), patience).toBe('failed');
    const second = await addTask(agent.id);
    expect(await account(main.id)).toMatchObject({ state: 'refused', problem: { code: 'provider_auth' } });
    expect(((await api.do('tasks.why', { id: second })) as Why).reasons).toMatchObject([{ code: 'provider_refused' }]);
    const { needs } = (await api.do('overview.get', { windowMinutes: 30 })) as Overview;
    expect(needs.find(({ kind }) => kind === 'provider_refused')).toMatchObject({ accountId: main.id, name: 'Main', queued: 1 });
    peer.mode = says();
    expect(await api.do('providers.update', { id: main.id, key: 'sk-new-0000000000009876' })).toMatchObject({ state: 'ok', keyHint: '9876' });
    await expect.poll(() => state(second), patience).toBe('succeeded');
    expect(peer.asked.at(-1)!.headers.authorization).toBe('Bearer sk-new-0000000000009876');
  });

  it('is in no answer, event, audit entry, attempt, or row but sealed', async () => {
    peer.mode = (asked, answer) => fails(401, `Incorrect API key provided: ${String(asked.headers.authorization)}`)(asked, answer);
    const created = await addAccount();
    const agent = await addAgent(created.id);
    const id = await addTask(agent.id);
    await expect.poll(() => state(id), patience).toBe('failed');
    const test = await api.do('providers.test', { id: created.id });
    const everything = [created, test, await account(created.id), await api.do('providers.list'), await details(id), await api.do('audit.search', { limit: 200 })];
    expect(JSON.stringify(everything)).not.toContain(KEY);
    expect(created.keyHint).toBe('WXYZ');
    const tables = await inTenant(async ({ db }) => {
      const names = await rows(db, sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`);
      const all = await Promise.all(names.map(({ name }) => rows(db, sql<{ text: string }>`select t::text as text from ${sql.ref(name)} t`)));
      return JSON.stringify(all);
    });
    expect(tables).toContain('"text"');
    expect(tables).not.toContain(KEY);
    expect(tables).not.toContain(Buffer.from(KEY).toString('hex'));
  });

  it('is given again for another address, and not for the same one', async () => {
    const main = await addAccount();
    const elsewhere = { baseUrl: 'http://127.0.0.1:9/v1' };
    for (const name of ['providers.update', 'providers.test']) {
      expect(await api.call(name, { id: main.id, service: elsewhere })).toMatchObject({ status: 422, body: { fields: [{ path: 'key' }] } });
    }
    expect(await api.do('providers.update', { id: main.id, service: { baseUrl: `${peer.url}/more`, stallSeconds: 5 } })).toMatchObject({ keyHint: 'WXYZ' });
    expect(await api.do('providers.update', { id: main.id, service: elsewhere, key: null })).toMatchObject({ keyHint: null });
  });
});

describe('an account', () => {
  it('is refused where it cannot be right', async () => {
    const bad: [object, string][] = [
      [{ service: {} }, 'service.baseUrl'],
      [{ service: { baseUrl: 'http://169.254.169.254/latest' } }, 'service.baseUrl'],
      [{ service: { baseUrl: 'http://user:pass@example.com/v1' } }, 'service.baseUrl'],
      [{ service: { baseUrl: 'ftp://example.com' } }, 'service.baseUrl'],
      [{ kind: 'anthropic', service: {}, key: undefined }, 'key'],
      [{ kind: 'simulator', service: undefined }, 'key'],
      [{ key: 'with a space' }, 'key'],
    ];
    for (const [over, path] of bad) {
      const answer = await api.call('providers.create', { name: 'Main', kind: 'openai_compatible', service: { baseUrl: peer.url }, key: KEY, ...over });
      expect([answer.status, answer.body.fields?.[0]?.path], path).toEqual([422, path]);
      expect(JSON.stringify(answer.body)).not.toContain(KEY);
    }
  });

  it('that agents run on is not removed, and names them', async () => {
    const main = await addAccount();
    const agent = await addAgent(main.id);
    expect(await api.call('providers.remove', { id: main.id })).toMatchObject({ status: 409, body: { agents: ['counter'], detail: expect.stringContaining('counter') } });
    const id = await addTask(agent.id);
    await expect.poll(() => state(id), patience).toBe('succeeded');
    const span = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 3_600_000).toISOString() };
    const used = async () => ((await api.do('usage.breakdown', { by: 'account', ...span })) as { items: UsageShare[] }).items;
    expect(await used()).toMatchObject([{ key: main.id, name: 'Main', executions: 1, attempts: 1, inputTokens: 100, simulated: false }]);
    expect((await api.do('tasks.list', { accountId: main.id, counted: `${span.from}/${span.to}` })).items).toMatchObject([{ id }]);
    await api.do('agents.retire', { id: agent.id });
    expect(await api.call('providers.remove', { id: main.id })).toMatchObject({ status: 204 });
    expect(await api.call('providers.get', { id: main.id })).toMatchObject({ status: 404 });
    // What was paid for it stays.
    expect(await used()).toMatchObject([{ key: main.id, name: 'Main (removed)', executions: 1 }]);
  });

  it('is tested before it is saved: what goes wrong is the answer, with what to do', async () => {
    const entered = { kind: 'openai_compatible', service: { baseUrl: peer.url }, key: KEY };
    expect(await api.do('providers.test', entered)).toMatchObject({ ok: true, models: 2, list: ['peer-1', 'peer-2'], problem: null });
    peer.mode = fails(404, 'no such model');
    expect(await api.do('providers.test', { ...entered, model: 'other' })).toMatchObject({ ok: false, model: 'other', problem: { code: 'provider_not_found', fix: expect.stringContaining('/v1') } });
    expect(await api.do('providers.test', { ...entered, service: { baseUrl: 'http://127.0.0.1:9/v1' } })).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } });
    expect((await api.do('providers.list')).items).toEqual([]);
  });

  it('on a server leads only to the internet', async () => {
    const other = await openTestBackend('pglite', { providerAddresses: 'public' });
    try {
      const owner = await other.register();
      const answer = await owner.api.call('providers.create', { name: 'Main', kind: 'openai_compatible', service: { baseUrl: peer.url } });
      expect(answer).toMatchObject({ status: 422, body: { fields: [{ path: 'service.baseUrl', message: expect.stringContaining('SIGNALBOX_PROVIDER_ADDRESSES') }] } });
      // A name is looked at when it is resolved.
      const named = { kind: 'openai_compatible', service: { baseUrl: peer.url.replace('127.0.0.1', 'localhost') } };
      const asked = peer.asked.length;
      expect(await owner.api.do('providers.test', named)).toMatchObject({ ok: false, problem: { code: 'provider_address_refused' } });
      expect(peer.asked.length).toBe(asked);
    } finally {
      await other.close();
    }
  });
});

describe('prices', () => {
  const list = async (): Promise<Price[]> => ((await api.do('prices.list', { limit: 200 })) as { items: Price[] }).items;
  it('are built in, set over, and built in again', async () => {
    const before = (await list()).find(({ pattern }) => pattern === 'gpt-4o*');
    expect(before).toMatchObject({ source: 'builtin', inputPerMillion: '2.5', setBy: null });
    await api.do('prices.set', { pattern: 'GPT-4o*', inputPerMillion: '1.25', outputPerMillion: '5' });
    expect((await list()).filter(({ pattern }) => pattern.toLowerCase() === 'gpt-4o*')).toMatchObject([{ source: 'own', inputPerMillion: '1.25', cachedInputPerMillion: null, builtin: { inputPerMillion: '2.5' }, setBy: 'Owner' }]);
    await api.do('prices.remove', { pattern: 'gpt-4o*' });
    expect((await list()).find(({ pattern }) => pattern === 'gpt-4o*')).toEqual(before);
    expect(await api.call('prices.remove', { pattern: 'gpt-4o*' })).toMatchObject({ status: 404 });
  });

  it('come in pages', async () => {
    const all = await list();
    const paged: Price[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = (await api.do('prices.list', { limit: 7, ...(cursor && { cursor }) })) as { items: Price[]; nextCursor: string | null };
      paged.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(paged).toEqual(all);
  });
});

it('Prometheus hears of answers, faults and breakers', async () => {
  const main = await addAccount();
  const agent = await addAgent(main.id);
  const id = await addTask(agent.id);
  await expect.poll(() => state(id), patience).toBe('succeeded');
  const text = await (await fetch(`${backend.url}/metrics`)).text();
  expect(text).toMatch(/provider_request_duration_seconds_count\{kind="openai_compatible",outcome="answered"\} \d/);
  expect(text).toMatch(/provider_first_token_seconds_count\{kind="openai_compatible"\} \d/);
  expect(text).toMatch(/provider_errors_total\{kind="openai_compatible",code="provider_rate_limited"\} \d/);
  expect(text).toMatch(/provider_breaker_state\{tenant_id="[0-9a-f-]+",account_id="[0-9a-f-]+"\} [012]/);
});
