// The walls between tenants, as the database's own catalogue tells them, and attacks on them from inside of a
// tenant's transaction. On PGlite the walls stop mistakes; attacks are proved on PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row, rows, sql } from './database.ts';
import { newId } from './ids.ts';
import { systemCaller } from './tenant-transaction.ts';
import type { Tenant } from './tenants.ts';
import { openTestDatabase, type TestDatabase } from './testing/database.ts';

async function makeTenant(test: TestDatabase): Promise<Tenant> {
  return test.tenants.provision(newId(), async (tx) => {
    await sql`insert into workspace (name, plan) values ('Test', 'starter')`.execute(tx);
    await sql`insert into head default values`.execute(tx);
  });
}

describe.each(['pglite', 'postgres'] as const)('the catalogue on %s', (dialect) => {
  let test: TestDatabase;
  let one: Tenant;
  let other: Tenant;
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    one = await makeTenant(test);
    other = await makeTenant(test);
  });
  afterAll(() => test.close());

  const asOwner = <Row>(statement: ReturnType<typeof sql<Row>>) =>
    test.database.asOwner((tx) => rows(tx, statement));

  it('has row security enabled and forced on every table of a tenant, with a policy that compares its own id', async () => {
    for (const tenant of [one, other]) {
      const tables = await asOwner(sql<{
        name: string;
        enabled: boolean;
        forced: boolean;
        policies: string[] | null;
        checks: string[] | null;
      }>`
        select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
          array_agg(pg_get_expr(p.polqual, p.polrelid)) as policies, array_agg(pg_get_expr(p.polwithcheck, p.polrelid)) as checks
        from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_policy p on p.polrelid = c.oid
        where n.nspname = ${tenant.schema} and c.relkind in ('r', 'p', 'm', 'f') group by 1, 2, 3`);
      expect(tables.length).toBeGreaterThan(10);
      for (const table of tables) {
        const own = [`(tenant_id = '${tenant.id}'::uuid)`];
        expect(table).toEqual({ name: table.name, enabled: true, forced: true, policies: own, checks: own });
      }
    }
  });

  it('lets a row of another tenant neither in nor be seen, whoever asks', async () => {
    const insert = test.runInTenant(one, systemCaller, ({ db }) =>
      sql`insert into usage_months (tenant_id, period) values (${other.id}, '2030-01')`.execute(db),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
    if (dialect === 'pglite') return;
    // Not the owner of the tables either: the policies are forced.
    const asTableOwner = test.database.asOwner(async (tx) => {
      await sql`select set_config('role', ${test.installation.ownerRole}, true)`.execute(tx);
      await sql`insert into ${sql.table(`${one.schema}.usage_months`)} (tenant_id, period) values (${other.id}, '2030-01')`.execute(
        tx,
      );
    });
    await expect(asTableOwner).rejects.toMatchObject({ code: '42501' });
  });

  it('gives the roles of tenants and the application nothing to own, and no power', async () => {
    const names = [one.role, other.role, test.installation.appLogin];
    const found = await asOwner(sql<object>`
      select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (select count(*)::int from pg_class where relowner = r.oid) + (select count(*)::int from pg_namespace where nspowner = r.oid)
          + (select count(*)::int from pg_proc where proowner = r.oid) + (select count(*)::int from pg_database where datdba = r.oid) as owns
      from pg_roles r where rolname = any(${names}::text[])`);
    expect(found).toHaveLength(3);
    const powerless = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      owns: 0,
    };
    for (const role of found) expect(role).toMatchObject(powerless);
    const logins = await asOwner(
      sql<object>`select rolname from pg_roles where rolcanlogin and rolname = any(${[one.role, other.role]}::text[])`,
    );
    expect(logins).toEqual([]);
  });

  it('lets a tenant use its own schema and no other, and none of the platform', async () => {
    const [may] = await asOwner(sql<object>`select
      has_schema_privilege(${one.role}, ${one.schema}, 'usage') as own, has_schema_privilege(${one.role}, ${one.schema}, 'create') as own_create,
      has_schema_privilege(${one.role}, ${other.schema}, 'usage') as other, has_schema_privilege(${one.role}, 'platform', 'usage') as platform,
      has_schema_privilege(${one.role}, 'public', 'create') as public_create`);
    expect(may).toEqual({
      own: true,
      own_create: false,
      other: false,
      platform: false,
      public_create: false,
    });
    const reached = await asOwner(sql<{ schema: string; name: string }>`
      select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname not in ('pg_catalog', 'information_schema', ${one.schema})
        and n.nspname not like 'pg_toast%' and c.relkind <> 'S'
        and has_table_privilege(${one.role}, c.oid, 'select, insert, update, delete, truncate, references, trigger')`);
    expect(reached).toEqual([]);
    const more = await asOwner(sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${one.schema} and c.relkind in ('r', 'p') and has_table_privilege(${one.role}, c.oid, 'truncate, references, trigger')`);
    expect(more).toEqual([]);
  });

  it('makes no tenant a member of another role, and the application of theirs only by SET ROLE', async () => {
    const memberOf = await asOwner(sql<object>`
      select m.roleid::regrole::text as role from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = any(${[one.role, other.role]}::text[])`);
    expect(memberOf).toEqual([]);
    const granted = await asOwner(sql<object>`
      select m.inherit_option as inherits, m.set_option as sets, m.admin_option as administers from pg_auth_members m
      join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.roleid
      where r.rolname = ${test.installation.appLogin} and g.rolname = ${one.role}`);
    expect(granted).toEqual([{ inherits: false, sets: true, administers: false }]);
  });
});

describe('attacks on PostgreSQL from inside of a tenant transaction', () => {
  let test: TestDatabase;
  let one: Tenant;
  let other: Tenant;
  beforeAll(async () => {
    test = await openTestDatabase('postgres');
    one = await makeTenant(test);
    other = await makeTenant(test);
  });
  afterAll(() => test.close());

  const attack = (statements: string[]) =>
    test.runInTenant(one, systemCaller, async ({ db }) => {
      let last: unknown[] = [];
      for (const statement of statements) last = await rows(db, sql`${sql.raw(statement)}`);
      return last;
    });
  const denied = { code: '42501' };

  it.each([
    ['reads another schema', (to: Tenant) => [`select * from "${to.schema}".workspace`]],
    ['writes another schema', (to: Tenant) => [`update "${to.schema}".workspace set name = 'taken'`]],
    ['reads people', () => ['select * from platform.users']],
    [
      'makes itself a member',
      () => ["insert into platform.memberships select id, id, 'owner' from platform.users"],
    ],
    ['reads sessions', () => ['select * from platform.refresh_tokens']],
    ['turns row security off', () => ['alter table workspace disable row level security']],
    ['drops the policy', () => ['drop policy own_tenant on workspace']],
    [
      'asks to go around row security',
      () => ['set local row_security = off', `select * from workspace`, `select * from "$other".workspace`],
    ],
    ['makes a table', () => ['create table mine (id int)']],
    [
      'makes a function of the definer',
      () => ["create function f() returns int language sql security definer as 'select 1'"],
    ],
    ['grants itself another', (to: Tenant) => [`grant "${to.role}" to current_user`]],
    ['makes a role', () => ['create role intruder']],
    ['takes the owner', () => [`set local role "$owner"`]],
    ['takes a superuser', () => ['set local role postgres']],
    ['becomes another session', () => ['set local session authorization postgres']],
    ['reads files', () => ["select pg_read_file('/etc/passwd')"]],
    ['runs a program', () => ["copy workspace to program 'true'"]],
    ['reads passwords', () => ['select * from pg_authid']],
  ])('%s: refused', async (_, statements) => {
    const filled = statements(other).map((text) =>
      text.replaceAll('$other', other.schema).replaceAll('$owner', test.installation.ownerRole),
    );
    await expect(attack(filled)).rejects.toMatchObject(denied);
  });

  it('points the search path elsewhere: it reaches nothing there', async () => {
    await expect(
      attack([`select set_config('search_path', '${other.schema}', true)`, 'select * from workspace']),
    ).rejects.toMatchObject({ code: '42P01' });
    await expect(
      attack([`select set_config('search_path', 'platform', true)`, 'select * from users']),
    ).rejects.toMatchObject({ code: '42P01' });
  });

  it('forges settings: the policies read none', async () => {
    const seen = await attack([
      `select set_config('app.tenant_id', '${other.id}', true), set_config('signalbox.tenant_id', '${other.id}', true)`,
      'select tenant_id from workspace',
    ]);
    expect(seen).toEqual([{ tenant_id: one.id }]);
  });

  it('writes a row under the id of another: refused by the policy', async () => {
    await expect(attack([`update workspace set tenant_id = '${other.id}'`])).rejects.toMatchObject(denied);
  });

  it('gives up its role: the application, which it then is, reaches no tenant and owns nothing', async () => {
    for (const schema of [one.schema, other.schema]) {
      await expect(attack(['reset role', `select * from "${schema}".workspace`])).rejects.toMatchObject(
        denied,
      );
    }
    await expect(attack(['reset role', 'drop table platform.users'])).rejects.toMatchObject(denied);
    await expect(
      attack(['reset role', `update platform.tenants set schema_name = '${one.schema}'`]),
    ).rejects.toMatchObject(denied);
  });

  it('leaves nothing behind on the connection: the next transaction has its own role and path', async () => {
    await attack([`select set_config('app.x', '1', false)`]);
    await expect(attack(['set local role none', 'select 1 / 0'])).rejects.toMatchObject({ code: '22012' });
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        test.runInTenant(index % 2 ? one : other, systemCaller, async ({ db, tenant }) => {
          const found = await row(
            db,
            sql<{ role: string; id: string }>`select current_user as role, tenant_id as id from workspace`,
          );
          return found?.role === tenant.role && found.id === tenant.id;
        }),
      ),
    );
    expect(seen.every(Boolean)).toBe(true);
    expect(await row(test.database.app, sql`select current_user as role`)).toEqual({
      role: test.installation.appLogin,
    });
  });
});
