// Transactions on both databases: what goes out together stays in its order, and nothing is kept of one that failed, not
// even where the commit was sent already.
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createPostgresDatabase, kept, row, rows, sql } from './database.ts';
import { newId } from './ids.ts';
import { systemCaller } from './tenant-transaction.ts';
import type { Tenant } from './tenants.ts';
import { createPostgresUrls, openTestDatabase, type TestDatabase } from './testing/database.ts';

describe.each(['pglite', 'postgres'] as const)('a transaction on %s', (dialect) => {
  let test: TestDatabase;
  let tenant: Tenant;
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    tenant = await test.tenants.provision(newId(), async (tx) => {
      await sql`insert into workspace (name, plan) values ('Test', 'starter')`.execute(tx);
      await sql`insert into head default values`.execute(tx);
    });
    await sql`insert into platform.work_hints (tenant_id, ready_at) values (${tenant.id}, 'infinity')
      on conflict (tenant_id) do update set ready_at = 'infinity'`.execute(test.database.app);
  });
  afterAll(() => test.close());

  const setYear = (year: number) => sql`update platform.work_hints set ready_at = make_timestamptz(${year}::int, 1, 1, 0, 0, 0, 'UTC')
    where tenant_id = ${tenant.id}`;
  const readYear = async () =>
    (await row(test.database.app, sql<{ year: number }>`select extract(year from ready_at at time zone 'UTC')::int as year
      from platform.work_hints where tenant_id = ${tenant.id}`))!.year;

  it('carries out what is asked for at once in its order, and the last of it before the commit', async () => {
    await test.database.transact(async (db, last) => {
      await Promise.all([2001, 2002, 2003].map((year) => setYear(year).execute(db)));
      last(() => [2004, 2005].map((year) => setYear(year).execute(db)));
    });
    expect(await readYear()).toBe(2005);
  });

  it('keeps nothing when one of the statements that went out with the commit fails, and says which', async () => {
    await setYear(2010).execute(test.database.app);
    const broken = test.database.transact(async (db, last) => {
      await setYear(2011).execute(db);
      last(() => [setYear(2012).execute(db), sql`select 1 / 0`.execute(db), setYear(2013).execute(db)]);
    });
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    expect(await readYear()).toBe(2010);
  });

  it('keeps nothing when its work throws, and leaves a connection that works', async () => {
    await setYear(2020).execute(test.database.app);
    const broken = test.database.transact(async (db) => {
      await setYear(2021).execute(db);
      throw new Error('thought better of it');
    });
    await expect(broken).rejects.toThrow('thought better of it');
    for (let time = 0; time < 10; time += 1) expect(await readYear()).toBe(2020);
  });

  it('goes on with a kept statement whose table was changed by a migration', async () => {
    const ask = () =>
      test.runInTenant(tenant, systemCaller, ({ db }) => rows(db, kept(sql<object>`select * from usage_months where period = ${'2030-01'}`)));
    // More often than a plan is made anew for.
    for (let time = 0; time < 8; time += 1) expect(await ask()).toEqual([]);
    await test.database.asOwner(async (tx) => {
      await sql`select set_config('role', ${test.installation.ownerRole}, true)`.execute(tx);
      await sql.raw(`alter table "${tenant.schema}".usage_months add column more text`).execute(tx);
    });
    for (let time = 0; time < 8; time += 1) expect(await ask()).toEqual([]);
  });
});

it('tells nothing of a connection that broke but the error', async () => {
  const urls = await createPostgresUrls(inject('postgresUrl'));
  const onError = vi.fn();
  const database = createPostgresDatabase({ url: urls.app, ownerUrl: urls.owner, onError });
  try {
    // Two connections, of which one ends the other.
    await Promise.all([1, 2].map(() => sql`select pg_sleep(0.2)`.execute(database.app)));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()`.execute(database.app);
    await vi.waitFor(() => expect(onError).toHaveBeenCalled(), 5_000);
    const [told] = onError.mock.calls[0] as [Error];
    expect(told).toMatchObject({ code: '57P01' });
    expect(Object.keys(told)).not.toContain('client');
  } finally {
    await database.close();
  }
});
