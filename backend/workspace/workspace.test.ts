// The workspace's one switch and its plan.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { setWorkspacePlan, workspaceHandlers } from './index.ts';

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
const setPaused = (paused: boolean) =>
  run((tx) =>
    (
      workspaceHandlers.setPaused as unknown as {
        run: (tx: TenantTransaction, input: object) => Promise<unknown>;
      }
    ).run(tx, { paused }),
  );
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
