// Tenants: the schema and the role of each, how they are made, and brought up to date.
import { join } from 'node:path';
import { sql, type Transaction } from 'kysely';
import { fillIn, identifier, newerDatabase, readMigrations, runScript, type Installation, type Migration } from './migrations.ts';
import { fixed, kept, row, rows, type Database, type Queryable } from './database.ts';

/** Where a tenant's rows are and which role reaches them; the names are opaque. */
export interface Tenant {
  id: string;
  schema: string;
  role: string;
}

interface TenantRow {
  id: string;
  schema_name: string;
  role_name: string;
  schema_version: number;
}

function toTenant(found: TenantRow): Tenant {
  return { id: found.id, schema: found.schema_name, role: found.role_name };
}

export interface Tenants {
  /** Makes schema and role of a new tenant in one transaction, with whatever `also` writes there. */
  provision(id: string, also: (tx: Transaction<unknown>) => Promise<void>): Promise<Tenant>;
  find(id: string): Promise<Tenant | undefined>;
  all(): Promise<Tenant[]>;
  /** Takes away schema, role and all that the platform keeps of a tenant, in one transaction, with what `also` does. */
  remove(tenant: Tenant, also: (tx: Transaction<unknown>) => Promise<void>): Promise<void>;
  /** Brings every tenant's schema up to date; returns how many changed. `each` is told before each of them. */
  migrateAll(each?: (done: number, all: number) => void): Promise<number>;
}

const columns = sql`id, schema_name, role_name, schema_version`;

/** Row security, enabled and forced, on every table of the schema, against a literal of this schema's own. */
async function wallIn(tx: Transaction<unknown>, tenant: Tenant): Promise<void> {
  const schema = identifier(tenant.schema);
  const role = identifier(tenant.role);
  const tables = await rows(tx, sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${tenant.schema} and c.relkind in ('r', 'p') order by 1`);
  for (const { name } of tables) {
    const table = `${schema}.${identifier(name)}`;
    await runScript(tx, `
      alter table ${table} enable row level security;
      alter table ${table} force row level security;
      drop policy if exists own_tenant on ${table};
      create policy own_tenant on ${table} using (tenant_id = '${tenant.id}'::uuid) with check (tenant_id = '${tenant.id}'::uuid)`);
  }
  await runScript(tx, `
    grant usage on schema ${schema} to ${role};
    grant select, insert, update, delete on all tables in schema ${schema} to ${role};
    grant execute on all functions in schema ${schema} to ${role}`);
}

async function runTenantMigrations(tx: Transaction<unknown>, tenant: Tenant, migrations: Migration[]): Promise<void> {
  await sql.raw(`set local search_path to ${identifier(tenant.schema)}, pg_catalog`).execute(tx);
  const values = { schema: identifier(tenant.schema), tenant_id: tenant.id };
  for (const migration of migrations) await runScript(tx, fillIn(migration.text, values));
  await wallIn(tx, tenant);
}

export async function createTenants(
  database: Database,
  installation: Installation,
  migrationsFolder: string,
): Promise<Tenants> {
  const migrations = await readMigrations(join(migrationsFolder, 'tenant'));
  const owner = identifier(installation.ownerRole);
  const known = new Map<string, Tenant>();

  const create = async (tx: Transaction<unknown>, tenant: Tenant) => {
    const role = identifier(tenant.role);
    await runScript(tx, `
      create role ${role} nologin noinherit;
      grant ${role} to ${identifier(installation.appLogin)} with inherit false, set true;
      grant ${role} to current_user with inherit false, set true;
      create schema ${identifier(tenant.schema)} authorization ${owner};
      set local role ${owner}`);
    await runTenantMigrations(tx, tenant, migrations);
    await sql`insert into platform.tenants (id, schema_name, role_name, schema_version)
      values (${tenant.id}, ${tenant.schema}, ${tenant.role}, ${migrations.length})`.execute(tx);
  };

  const find = async (id: string) => {
    const cached = known.get(id);
    if (cached) return cached;
    const found = await row(database.app, sql<TenantRow>`select ${columns} from platform.tenants where id = ${id}`);
    if (!found) return undefined;
    known.set(id, toTenant(found));
    return toTenant(found);
  };

  return {
    find,
    async provision(id, also) {
      const opaque = crypto.randomUUID().replaceAll('-', '').slice(0, 16);
      const tenant = { id, schema: `t_${opaque}`, role: `sb_${installation.id}_t_${opaque}` };
      await database.asOwner(async (tx) => {
        await create(tx, tenant);
        await also(tx);
      });
      known.set(id, tenant);
      return tenant;
    },
    async remove(tenant, also) {
      await database.asOwner(async (tx) => {
        await sql.raw(`set local role ${owner}`).execute(tx);
        await sql.raw(`drop schema ${identifier(tenant.schema)} cascade`).execute(tx);
        await sql`delete from platform.refresh_tokens where session_id in
          (select id from platform.sessions where tenant_id = ${tenant.id})`.execute(tx);
        for (const table of ['sessions', 'memberships', 'work_hints']) {
          await sql`delete from platform.${sql.raw(table)} where tenant_id = ${tenant.id}`.execute(tx);
        }
        await also(tx);
        await sql`delete from platform.tenants where id = ${tenant.id}`.execute(tx);
        // The owner role owns the schema; roles are made and dropped by the login that may.
        await sql`set local role none`.execute(tx);
        await sql.raw(`drop role ${identifier(tenant.role)}`).execute(tx);
      });
      known.delete(tenant.id);
    },
    all: async () => (await rows(database.app, allTenants())).map(toTenant),
    async migrateAll(each) {
      const behind = (await rows(database.app, allTenants())).filter((found) => found.schema_version !== migrations.length);
      for (const [done, found] of behind.entries()) {
        if (found.schema_version > migrations.length) throw newerDatabase(found.schema_version, migrations.length);
        each?.(done, behind.length);
        await database.asOwner((tx) => migrateOne(tx, found));
      }
      return behind.length;
    },
  };

  async function migrateOne(tx: Transaction<unknown>, found: TenantRow): Promise<void> {
    await sql.raw(`set local role ${owner}`).execute(tx);
    // Another node may have been here first.
    const now = await row(tx, sql<TenantRow>`select ${columns} from platform.tenants where id = ${found.id} for update`);
    if (!now || now.schema_version >= migrations.length) return;
    await runTenantMigrations(tx, toTenant(found), migrations.slice(now.schema_version));
    await sql`update platform.tenants set schema_version = ${migrations.length} where id = ${found.id}`.execute(tx);
  }
}

function allTenants() {
  return sql<TenantRow>`select ${columns} from platform.tenants order by id`;
}

/** Takes a tenant's role and schema until the transaction ends, in one statement that also answers its time. */
export async function enterTenant(tx: Queryable, tenant: Tenant): Promise<Date> {
  const [entered] = await enter(tx, { role: tenant.role, path: `${tenant.schema}, pg_catalog` });
  return entered!.now;
}
const enter = fixed<{ role: string; path: string }, { now: Date }>(({ role, path }) =>
  kept(sql`select set_config('role', ${role}, true), set_config('search_path', ${path}, true), now() as now`),
);

/** Goes back to the application's own role, for what the platform keeps. */
export const leaveTenant = fixed<{ appLogin: string }>(({ appLogin }) =>
  kept(sql`select set_config('role', ${appLogin}, true), set_config('search_path', 'platform, pg_catalog', true)`),
);
