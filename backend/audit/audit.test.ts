// The audit log: read in order, and its chain, which shows every change of what is written.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../shared/audit.ts';
import { sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { systemCaller, type TenantTransaction } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { auditHandlers, verifyAudit } from './index.ts';

let test: TestDatabase;
let tenant: Tenant;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.tenants.provision(newId(), async (tx) => {
    await sql`insert into head default values`.execute(tx);
  });
});

const run = <Result>(work: (tx: TenantTransaction) => Promise<Result>) =>
  test.runInTenant(tenant, systemCaller, work);
const write = (count: number) =>
  run(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      tx.record({
        audit: {
          action: 'tasks.created',
          entity: 'task',
          id: newId(),
          before: null,
          after: { cost: '0.10', list: [index, { z: 1, a: 'ü' }] },
        },
      });
    }
  });
const list = (after: number, limit: number) =>
  run((tx) =>
    (
      auditHandlers.list as unknown as {
        run: (
          tx: TenantTransaction,
          input: object,
        ) => Promise<{ items: AuditEntry[]; nextCursor: string | null }>;
      }
    ).run(tx, { after, limit }),
  );
/** As whoever can go around the program: a superuser. */
const tamper = (statement: string) =>
  test.database.asOwner((tx) => sql.raw(statement.replaceAll('$', `"${tenant.schema}".`)).execute(tx));
const verdict = () => run(verifyAudit);

describe('the audit log', () => {
  it('is read after a number, in pages, to its end', async () => {
    await write(5);
    const first = await list(0, 2);
    expect([first.items.map((entry) => entry.seq), first.nextCursor]).toEqual([[1, 2], '2']);
    const last = await list(Number(first.nextCursor), 3);
    expect([last.items.map((entry) => entry.seq), last.nextCursor]).toEqual([[3, 4, 5], null]);
    expect(await list(5, 2)).toEqual({ items: [], nextCursor: null });
  });

  it('holds when nobody touched it, empty, short and longer than a page', async () => {
    expect(await verdict()).toMatchObject({ holds: true, entries: 0 });
    await write(3);
    expect(await verdict()).toMatchObject({ holds: true, entries: 3 });
    await write(1_000);
    expect(await verdict()).toMatchObject({ holds: true, entries: 1_003 });
  });

  it.each([
    ['a changed value', `update $audit set after = jsonb_set(after::jsonb, '{cost}', '"0.1"')::json where seq = 2`, 2],
    ['a changed actor', `update $audit set actor = (actor::jsonb || '{"name": "Nobody"}')::json where seq = 2`, 2],
    ['a changed time', `update $audit set at = at + interval '1 millisecond' where seq = 2`, 2],
    ['a missing entry', 'delete from $audit where seq = 2', 2],
    ['a missing end', 'delete from $audit where seq = 3', 2],
    [
      'two entries swapped',
      'update $audit set seq = case seq when 1 then -2 when 2 then -1 end where seq in (1, 2); update $audit set seq = -seq where seq < 0',
      1,
    ],
    ['a changed hash', `update $audit set hash = repeat('f', 64) where seq = 3`, 3],
    ['a changed head', `update $head set audit_hash = repeat('f', 64)`, 3],
    [
      'an entry more',
      `insert into $audit select tenant_id, 4, at, actor, origin, action, entity, entity_id, before, after, repeat('0', 64) from $audit where seq = 3`,
      4,
    ],
    ['a head that was set back', 'update $head set audit_seq = 2', 3],
  ])('shows %s', async (_, statements, seq) => {
    await write(3);
    for (const statement of statements.split('; ')) await tamper(statement);
    expect(await verdict()).toMatchObject({ holds: false, seq });
  });
});
