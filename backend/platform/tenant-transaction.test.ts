// The tenant transaction on PGlite: who it may reach, the order it writes, and what a rollback leaves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { auditHash, GENESIS_HASH, type AuditContent } from './audit-chain.ts';
import { row, rows } from './database.ts';
import { newId } from './ids.ts';
import { systemCaller } from './tenant-transaction.ts';
import type { Tenant } from './tenants.ts';
import { openTestDatabase, type TestDatabase } from './testing/database.ts';

let test: TestDatabase;
let one: Tenant;
let other: Tenant;

async function makeTenant(): Promise<Tenant> {
  const tenant = await test.tenants.provision(newId(), async () => {});
  await test.runInTenant(tenant, systemCaller, async ({ db }) => {
    await sql`insert into head default values`.execute(db);
    await sql`insert into workspace (name, plan) values ('Test', 'starter')`.execute(db);
  });
  return tenant;
}

beforeAll(async () => {
  test = await openTestDatabase('pglite');
  one = await makeTenant();
  other = await makeTenant();
});
afterAll(() => test.close());

const event = (id: string, version: number) => ({ type: 'agent.paused', entity: 'agent' as const, id, version, data: { n: version } });

describe('the tenant transaction', () => {
  it('numbers events and audit entries without a gap, and chains the hashes', async () => {
    const id = newId();
    await Promise.all(
      [1, 2, 3, 4, 5].map((version) =>
        test.runInTenant(one, systemCaller, async (tx) => {
          tx.record({ event: event(id, version), audit: { action: 'agents.update', entity: 'agent', id, before: { b: 1, a: '0.10' }, after: null } });
        }),
      ),
    );
    const read = await test.runInTenant(one, systemCaller, async ({ db }) => ({
      events: await rows(db, sql<{ seq: number }>`select seq from events order by seq`),
      audit: await rows(db, sql<AuditContent & { entity_id: string; at: Date; hash: string }>`select * from audit order by seq`),
      head: await row(db, sql<{ event_seq: number; audit_hash: string }>`select * from head`),
    }));
    expect(read.events.map((found) => found.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(read.head?.event_seq).toBe(5);
    let hash = GENESIS_HASH;
    for (const { actor, origin, action, entity, before, after, seq, at, entity_id } of read.audit) {
      hash = auditHash(hash, { seq, at: at.toISOString(), actor, origin, action, entity, entityId: entity_id, before, after });
    }
    expect(hash).toBe(read.head?.audit_hash);
  });

  it('leaves nothing of a transaction that throws, neither rows nor numbers nor after-commit work', async () => {
    let ran = false;
    const before = await test.runInTenant(one, systemCaller, ({ db }) => row(db, sql`select * from head`));
    const failing = test.runInTenant(one, systemCaller, async (tx) => {
      tx.record({ event: event(newId(), 1) });
      tx.afterCommit(() => (ran = true));
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await test.runInTenant(one, systemCaller, ({ db }) => row(db, sql`select * from head`))).toEqual(before);
    expect(ran).toBe(false);
  });

  it('reaches neither another tenant nor the platform', async () => {
    const attack = (statement: string) =>
      test.runInTenant(one, systemCaller, ({ db }) => sql.raw(statement).execute(db));
    await expect(attack(`select * from "${other.schema}".workspace`)).rejects.toMatchObject({ code: '42501' });
    await expect(attack('select * from platform.users')).rejects.toMatchObject({ code: '42501' });
    await expect(attack(`insert into workspace (tenant_id, name, plan) values ('${other.id}', 'x', 'starter')`)).rejects.toMatchObject({ code: '42501' });
  });

  it('keeps the earlier of two hints', async () => {
    const at = (minutes: number) => new Date(Date.UTC(2030, 0, 1, 0, minutes));
    for (const minutes of [5, 2, 9]) await test.runInTenant(one, systemCaller, async (tx) => tx.ready(at(minutes)));
    const hint = await row(test.database.app, sql<{ ready_at: Date }>`select ready_at from platform.work_hints where tenant_id = ${one.id}`);
    expect(hint?.ready_at).toEqual(at(2));
  });
});
