// The workspace's one switch and its plan.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { inWorkspace } from './handlers.ts';
import { letGo, setWorkspacePlan } from './index.ts';

let test: TestDatabase;
let tenant: Tenant;
const person: Caller = { actor: { kind: 'user', id: newId(), name: 'Person' }, origin: '203.0.113.7' };

beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.tenants.provision(newId(), async (tx) => {
    await sql`insert into head default values`.execute(tx);
    await sql`insert into workspace (name, plan) values ('Acme', 'starter')`.execute(tx);
  });
});

const run = <Result>(work: (tx: TenantTransaction) => Promise<Result>) =>
  test.runInTenant(tenant, person, work);
/** Runs a handler in the tenant's transaction. */
const handle = (verb: keyof typeof inWorkspace, input: object = {}) =>
  run((tx) =>
    (
      inWorkspace[verb] as unknown as {
        run: (tx: TenantTransaction, input: object) => Promise<unknown>;
      }
    ).run(tx, input),
  );
const setPaused = (paused: boolean) => handle('setPaused', { paused });
const facts = () =>
  run(async ({ db }) => ({
    events: await rows(
      db,
      sql<{ type: string; version: number }>`select type, version from events order by seq`,
    ),
    audit: await rows(
      db,
      sql<{
        action: string;
        before: object;
        after: object;
      }>`select action, before, after from audit order by seq`,
    ),
  }));
const hint = () =>
  row(
    test.database.app,
    sql<{ ready_at: Date }>`select ready_at from platform.work_hints where tenant_id = ${tenant.id}`,
  );

describe('pausing everything', () => {
  it('says who did it and when, and resuming clears that', async () => {
    const paused = await setPaused(true);
    expect(paused).toMatchObject({
      id: tenant.id,
      name: 'Acme',
      paused: true,
      pausedBy: 'Person',
      version: 2,
    });
    expect(await setPaused(false)).toMatchObject({
      paused: false,
      pausedBy: null,
      pausedAt: null,
      version: 3,
    });
    const { events, audit } = await facts();
    expect(events).toEqual([
      { type: 'workspace.paused', version: 2 },
      { type: 'workspace.resumed', version: 3 },
    ]);
    expect(audit.map(({ before, after }) => [before, after])).toEqual([
      [
        expect.objectContaining({ paused: false }),
        expect.objectContaining({ paused: true, pausedBy: 'Person' }),
      ],
      [expect.objectContaining({ paused: true }), expect.objectContaining({ paused: false, pausedBy: null })],
    ]);
  });

  it('twice is once', async () => {
    const first = await setPaused(true);
    expect(await setPaused(true)).toEqual(first);
    expect((await facts()).events).toHaveLength(1);
  });

  it('has the work looked at again when it is resumed', async () => {
    await setPaused(true);
    expect(await hint()).toBeUndefined();
    await setPaused(false);
    expect(await hint()).toBeDefined();
  });
});

describe('the plan', () => {
  it('changes with an event and an entry, once, and has the work looked at again', async () => {
    expect(await run((tx) => setWorkspacePlan(tx, 'enterprise'))).toMatchObject({
      plan: 'enterprise',
      version: 2,
    });
    expect(await run((tx) => setWorkspacePlan(tx, 'enterprise'))).toMatchObject({ version: 2 });
    const { events, audit } = await facts();
    expect(events).toEqual([{ type: 'workspace.plan_changed', version: 2 }]);
    expect(audit).toEqual([
      { action: 'workspace.setPlan', before: { plan: 'starter' }, after: { plan: 'enterprise' } },
    ]);
    expect(await hint()).toBeDefined();
  });
});

describe('the name', () => {
  it('changes once, with what it was', async () => {
    expect(await handle('rename', { name: 'Acme Robotics' })).toMatchObject({ name: 'Acme Robotics', version: 2 });
    expect(await handle('rename', { name: 'Acme Robotics' })).toMatchObject({ version: 2 });
    const { events, audit } = await facts();
    expect(events).toEqual([{ type: 'workspace.renamed', version: 2 }]);
    expect(audit).toEqual([{ action: 'workspace.rename', before: { name: 'Acme' }, after: { name: 'Acme Robotics' } }]);
  });
});

describe('the limit on what runs at the same time', () => {
  it('is set, changed and taken away, each once, with what it was, and has the work looked at again', async () => {
    expect(await handle('setLimits', { maxRunning: 4 })).toMatchObject({ maxRunning: 4, version: 2 });
    expect(await handle('setLimits', { maxRunning: 4 })).toMatchObject({ version: 2 });
    expect(await handle('setLimits', { maxRunning: null })).toMatchObject({ maxRunning: null, version: 3 });
    expect(await hint()).toBeDefined();
    const { events, audit } = await facts();
    expect(events.map(({ type }) => type)).toEqual(['workspace.limits_changed', 'workspace.limits_changed']);
    expect(audit).toEqual([
      { action: 'workspace.setLimits', before: { maxRunning: null }, after: { maxRunning: 4 } },
      { action: 'workspace.setLimits', before: { maxRunning: 4 }, after: { maxRunning: null } },
    ]);
  });
});

describe('what is kept', () => {
  /** Events 1 to `count`, each an hour older than the next; the newest is half an hour old. */
  const writeEvents = (count: number) =>
    run(async ({ db }) => {
      await sql`insert into events (seq, at, type, entity, entity_id, version)
        select n, now() - make_interval(hours => ${count}::int - n::int, mins => 30), 'task.created', 'task', ${newId()}, 1
        from generate_series(1, ${count}::int) n`.execute(db);
      await sql`update head set event_seq = ${count}`.execute(db);
    });
  const kept = async () => (await run(({ db }) => row(db, sql<{ first: number; count: number }>`
    select min(seq)::int as first, count(*)::int as count from events`)))!;

  it('is events of thirty days, and the preview says what another rule would let go', async () => {
    await writeEvents(24 * 40);
    const month = (await handle('previewRetention', { keepEventsDays: 30 })) as { events: number };
    expect(month.events).toBe(24 * 10);
    expect(await handle('previewRetention', { keepEventsDays: 50 })).toMatchObject({ events: 0 });
    expect(await handle('previewRetention', { keepEventsDays: null })).toMatchObject({ events: 0 });
    expect(await handle('previewRetention', { keepEventsDays: 1 })).toMatchObject({ events: 24 * 39 });
    await run(letGo);
    expect(await kept()).toEqual({ first: month.events + 1, count: 24 * 40 - month.events });
  });

  it('goes in bounded steps, and never beyond what the rule says', async () => {
    await writeEvents(12_000);
    await handle('setRetention', { keepEventsDays: 1 });
    const counts: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      await run(letGo);
      counts.push((await kept()).count);
    }
    // 12,000 and the event of the rule itself; a day's worth stays.
    expect(counts).toEqual([7_001, 2_001, 25, 25]);
  });

  it('is everything when the rule says for ever', async () => {
    await writeEvents(24 * 400);
    await handle('setRetention', { keepEventsDays: null });
    await run(letGo);
    expect((await kept()).count).toBe(24 * 400 + 1);
    const { audit } = await facts();
    expect(audit).toEqual([
      { action: 'workspace.setRetention', before: { keepEventsDays: 30 }, after: { keepEventsDays: null } },
    ]);
  });

  it('is told by kind, with its size and the age of the oldest', async () => {
    await writeEvents(100);
    const { items } = (await handle('storage')) as { items: { kind: string; rows: number; bytes: number; oldestAt: string | null }[] };
    const events = items.find(({ kind }) => kind === 'events')!;
    expect(events.rows).toBe(100);
    expect(events.bytes).toBeGreaterThan(8_000);
    expect(Date.parse(events.oldestAt!)).toBeLessThan(Date.now() - 98 * 3_600_000);
    expect(items.find(({ kind }) => kind === 'tasks')).toMatchObject({ rows: 0, oldestAt: null });
    // Every table is of some kind.
    const tables = await run(({ db, tenant: own }) => row(db, sql<{ bytes: number }>`
      select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${own.schema} and c.relkind = 'r'`));
    expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(tables!.bytes);
  });
});
