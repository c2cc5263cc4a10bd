// What is in an embedded database, counted: written into a backup, and compared with what is read back from it.
import { z } from 'zod';
import { backedUpWorkspace } from '../../shared/backup.ts';
import { row, rows, sql, type Transaction } from '../platform/database.ts';
import { identifier } from '../platform/migrations.ts';

export const facts = z.object({
  /** Of the platform: each with its checksum. */
  migrations: z.array(z.object({ version: z.number().int(), checksum: z.string() })),
  /** Rows by `schema.table`, over the platform and every workspace. */
  tables: z.record(z.string(), z.number().int()),
  schemas: z.array(z.object({ tenant: z.string(), version: z.number().int() })),
  workspaces: z.array(backedUpWorkspace),
  people: z.number().int(),
});
export type Facts = z.infer<typeof facts>;

interface TenantRow {
  id: string;
  schema_name: string;
  schema_version: number;
}

/** Counts everything; the transaction must be its owner's, whom no policy holds. */
export async function readFacts(tx: Transaction<unknown>): Promise<Facts> {
  const migrations = await rows(tx, sql<{ version: number; checksum: string }>`
    select version, checksum from platform.migrations order by version`);
  const tenants = await rows(tx, sql<TenantRow>`
    select id, schema_name, schema_version from platform.tenants order by id`);
  const tables: Record<string, number> = {};
  for (const schema of ['platform', ...tenants.map((tenant) => tenant.schema_name)]) {
    Object.assign(tables, await countTables(tx, schema));
  }
  const workspaces: Facts['workspaces'] = [];
  for (const tenant of tenants) workspaces.push(await readWorkspace(tx, tenant, tables));
  return {
    migrations,
    tables,
    schemas: tenants.map(({ id, schema_version: version }) => ({ tenant: id, version })),
    workspaces,
    people: tables['platform.users'] ?? 0,
  };
}

async function countTables(tx: Transaction<unknown>, schema: string): Promise<Record<string, number>> {
  const names = await rows(tx, sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind = 'r' order by 1`);
  if (names.length === 0) return {};
  const counts = names.map(
    ({ name }) => sql`select ${`${schema}.${name}`}::text as name, count(*)::float8 as rows
      from ${sql.raw(`${identifier(schema)}.${identifier(name)}`)}`,
  );
  const found = await rows(tx, sql<{ name: string; rows: number }>`${sql.join(counts, sql` union all `)}`);
  return Object.fromEntries(found.map(({ name, rows: count }) => [name, count]));
}

async function readWorkspace(
  tx: Transaction<unknown>,
  tenant: TenantRow,
  tables: Record<string, number>,
): Promise<Facts['workspaces'][number]> {
  const schema = identifier(tenant.schema_name);
  // By its JSON: a backup of an older version has fewer columns.
  const found = await row(tx, sql<{ name: string; demo: boolean }>`
    select name, coalesce((to_jsonb(w) ->> 'demo')::boolean, false) as demo from ${sql.raw(`${schema}.workspace`)} w`);
  const count = (table: string) => tables[`${tenant.schema_name}.${table}`] ?? 0;
  return {
    id: tenant.id,
    name: found?.name ?? 'without a name',
    demo: found?.demo ?? false,
    agents: count('agents'),
    tasks: count('tasks'),
    plans: count('plans'),
    auditEntries: count('audit'),
  };
}

/** The first difference in words; null: all is as it was. */
export function difference(written: Facts, found: Facts): string | null {
  if (JSON.stringify(written.migrations) !== JSON.stringify(found.migrations)) return 'its migrations are others';
  if (JSON.stringify(written.schemas) !== JSON.stringify(found.schemas)) return 'its workspaces are at other versions';
  const names = new Set([...Object.keys(written.tables), ...Object.keys(found.tables)]);
  for (const name of names) {
    const [before, after] = [written.tables[name], found.tables[name]];
    if (before !== after) return `the table ${name} has ${after ?? 'no'} rows and had ${before ?? 'none'}`;
  }
  return JSON.stringify(written.workspaces) === JSON.stringify(found.workspaces) ? null : 'its workspaces differ';
}
