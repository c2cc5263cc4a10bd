// Transactions that do not wait for each answer, on both databases: what goes out early keeps its order and its numbers,
// and whatever fails is told as it was.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditHash, GENESIS_HASH, type AuditContent } from './audit-chain.ts';
import { keptBriefly, row, rows, sql } from './database.ts';
import { newId } from './ids.ts';
import { atOnce, createRunInTenant, systemCaller, type Settler, type TenantTransaction } from './tenant-transaction.ts';
import type { Tenant } from './tenants.ts';
import { openTestDatabase, type TestDatabase } from './testing/database.ts';

const event = (id: string) => ({ type: 'agent.paused', entity: 'agent' as const, id, version: 1, data: { id } });

describe.each(['pglite', 'postgres'] as const)('the end of a transaction on %s', (dialect) => {
  let test: TestDatabase;
  let tenant: Tenant;
  const provision = (): Promise<Tenant> =>
    test.tenants.provision(newId(), async (tx) => {
      await sql`insert into workspace (name, plan) values ('Test', 'starter')`.execute(tx);
      await sql`insert into head default values`.execute(tx);
    });
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    tenant = await provision();
  });
  afterAll(() => test.close());

  const rename = (tx: TenantTransaction, name: string) => sql`update workspace set name = ${name}`.execute(tx.db);
  const readName = async () =>
    (await test.runInTenant(tenant, systemCaller, ({ db }) => row(db, sql<{ name: string }>`select name from workspace`)))!.name;
  const numbers = () =>
    test.runInTenant(tenant, systemCaller, async ({ db }) => ({
      ids: (await rows(db, sql<{ id: string }>`select entity_id as id from events order by seq`)).map(({ id }) => id),
      seqs: (await rows(db, sql<{ seq: number }>`select seq from events order by seq`)).map(({ seq }) => seq),
      head: (await row(db, sql<{ seq: number }>`select event_seq as seq from head`))!.seq,
    }));

  /** Runs with a settler of `thing` that renames the workspace, and records one more event when that is answered. */
  const withSettler = (at: { once: boolean }, told: string) => {
    const settle: Settler = async (tx, [id]) => {
      await rename(tx, `settled ${id!}`);
      tx.record({ event: event(told) });
    };
    settle.atOnce = at.once;
    return createRunInTenant(test.database, test.installation.appLogin, { settlers: { thing: settle } });
  };

  it('waits for a statement that nobody waited for, and keeps what it wrote', async () => {
    await test.runInTenant(tenant, systemCaller, async (tx) => tx.alongside(rename(tx, 'alongside')));
    expect(await readName()).toBe('alongside');
  });

  it('says what failed, also where it is told after its consequences', async () => {
    // As what stands between a statement and its answer may be longer than with the next.
    const late = async (answer: Promise<unknown>): Promise<unknown> => {
      await answer.catch(() => undefined);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      return answer;
    };
    for (const how of ['silent', undefined] as const) {
      const broken = test.runInTenant(tenant, systemCaller, async (tx) => {
        tx.alongside(late(sql`select 1 / 0`.execute(tx.db)), how);
        tx.alongside(rename(tx, 'after'));
        tx.record({ event: event(newId()) });
      });
      await expect(broken).rejects.toMatchObject({ code: '22012' });
    }
  });

  it('keeps nothing where one fails that the commit did not wait for, and says which', async () => {
    await test.runInTenant(tenant, systemCaller, (tx) => rename(tx, 'before'));
    const broken = test.runInTenant(tenant, systemCaller, async (tx) => {
      tx.alongside(rename(tx, 'silent'), 'silent');
      tx.alongside(sql`select 1 / 0`.execute(tx.db), 'silent');
      // It is told only that the transaction has failed, and the end waits for it.
      tx.alongside(rename(tx, 'after'));
      tx.record({ event: event(newId()) });
    });
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    expect(await readName()).toBe('before');
  });

  it('fails with the statement that failed, not with those behind it', async () => {
    await test.runInTenant(tenant, systemCaller, (tx) => rename(tx, 'before'));
    const broken = test.runInTenant(tenant, systemCaller, async (tx) => {
      await rename(tx, 'during');
      tx.alongside(sql`select 1 / 0`.execute(tx.db));
      tx.record({ event: event(newId()) });
      await rename(tx, 'after');
    });
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    expect(await readName()).toBe('before');
  });

  it('lets nothing that is under way run on after its rollback', async () => {
    const seen: string[] = [];
    const slow = async (tx: TenantTransaction) => {
      await rename(tx, 'one');
      const found = await row(tx.db, sql<{ role: string }>`select current_user::text as role`);
      seen.push(found!.role);
    };
    const thrown = test.runInTenant(tenant, systemCaller, async (tx) => {
      tx.alongside(slow(tx));
      throw new Error('thought better of it');
    });
    await expect(thrown).rejects.toThrow('thought better of it');
    expect(seen).toEqual([tenant.role]);
    expect(await readName()).not.toBe('one');
  });

  it.each([true, false])('numbers what a settler records after a closing, whether it can be asked at once (%s) or not', async (once) => {
    const before = await numbers();
    const [mine, told, thing] = [newId(), newId(), newId()];
    await withSettler({ once }, told)(tenant, systemCaller, async (tx) => {
      tx.settleLater('thing', thing);
      tx.closing();
      tx.record({ event: event(mine) });
    });
    const after = await numbers();
    expect(after.head).toBe(before.head + 2);
    expect(after.seqs.slice(-2)).toEqual([before.head + 1, before.head + 2]);
    expect(after.ids.slice(-2).toSorted()).toEqual([mine, told].toSorted());
    expect(await readName()).toBe(`settled ${thing}`);
  });

  it('gives events and audit one order without a gap and one chain, of many transactions at once, with few changes or many', async () => {
    const there = await provision();
    const note = (id: string, n: number) => ({
      // What JSON writes as an escape, what UTF-8 writes in four bytes, and what PostgreSQL's text cannot hold.
      audit: { action: 'agents.pause', entity: 'agent', id, before: n % 2 ? null : { name: `"\\ \u0001 \u0000 ü 🚦 ${n}` }, after: { n, z: 1, a: 2 } },
    });
    const work = async (changes: number) =>
      test.runInTenant(there, systemCaller, async (tx) => {
        for (let n = 0; n < changes; n += 1) {
          const id = newId();
          if (n % 3 < 2) tx.record({ event: event(id), ...note(id, n) });
          else tx.record(n % 2 ? note(id, n) : { event: event(id) });
        }
      });
    await Promise.all(Array.from({ length: 60 }, (_, index) => work((index % 7) + 1)));
    const { told, audited, head } = await test.runInTenant(there, systemCaller, async ({ db }) => ({
      told: await rows(db, sql<{ seq: number }>`select seq from events order by seq`),
      audited: await rows(db, sql<AuditContent & { hash: string; time: Date }>`select seq, at as time, actor, origin, action, entity,
        entity_id as "entityId", before, after, hash from audit order by seq`),
      head: (await row(db, sql<{ events: number; entries: number; hash: string }>`
        select event_seq as events, audit_seq as entries, audit_hash as hash from head`))!,
    }));
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
    let hash = GENESIS_HASH;
    for (const [index, { time, hash: kept, ...entry }] of audited.entries()) {
      hash = auditHash(hash, { ...entry, at: time.toISOString() });
      expect([entry.seq, hash]).toEqual([index + 1, kept]);
    }
    expect(head).toEqual({ events: told.length, entries: audited.length, hash });
    expect(Math.min(told.length, audited.length)).toBeGreaterThan(150);
  });

  it('takes no more work for a settler once it is closing', async () => {
    const name = await readName();
    const late = withSettler({ once: true }, newId())(tenant, systemCaller, async (tx) => {
      tx.settleLater('thing', newId());
      tx.closing();
      tx.settleLater('thing', newId());
    });
    await expect(late).rejects.toThrow('thing was noted in a transaction that was closing.');
    expect(await readName()).toBe(name);
  });

  it('gives work that begins at once its time with its first answer, and not before', async () => {
    const tooEarly = test.runInTenant(tenant, systemCaller, atOnce(async (tx) => tx.now));
    await expect(tooEarly).rejects.toThrow('before it had begun');
    const work = atOnce(async (tx) => {
      const asked = await row(tx.db, sql<{ now: Date; role: string }>`select now() as now, current_user::text as role`);
      return { ...asked!, given: tx.now };
    });
    const { now, given, role } = await test.runInTenant(tenant, systemCaller, work);
    expect(given).toEqual(now);
    expect(role).toBe(tenant.role);
  });

  it('says that a workspace was deleted also to work that begins at once', async () => {
    const gone = await provision();
    await test.tenants.remove(gone, async () => {});
    const work = atOnce(({ db }) => rows(db, sql`select 1 from workspace`));
    await expect(test.runInTenant(gone, systemCaller, work)).rejects.toMatchObject({ code: 'not_found' });
    expect(await readName()).toBeTypeOf('string');
  });
});

describe('a plan that is kept briefly', () => {
  it('is made anew after a while, and the old one is let go', async () => {
    const test = await openTestDatabase('postgres');
    const ask = () =>
      test.database.app.connection().execute(async (db) => {
        for (const limit of [1, 2]) await keptBriefly(sql`select ${limit}::int`).execute(db);
        return (await rows(db, sql<{ name: string }>`select name from pg_prepared_statements`)).map(({ name }) => name);
      });
    try {
      const first = await ask();
      expect(await ask()).toEqual(first);
      expect(first).toHaveLength(1);
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      const later = await ask();
      expect(later).toHaveLength(1);
      expect(later).not.toEqual(first);
    } finally {
      await test.close();
    }
  });
});
