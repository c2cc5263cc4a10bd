// What a report of trouble needs to know of the database: versions, tables and their sizes. No row of anybody's.
import { row, rows, sql, type Database } from '../platform/database.ts';

export interface DatabaseFacts {
  engine: string;
  bytes: number;
  migrations: { version: number; name: string; appliedAt: string }[];
  /** How many workspaces are at which version of their schema. */
  workspaces: { version: number; count: number }[];
  /** Over all workspaces, the largest first. */
  tables: { name: string; tables: number; bytes: number }[];
  /** Database settings that differ from what the engine comes with. */
  settings: { name: string; value: string }[];
}

/** Settings whose value could say where the database lies, or who uses it. */
const PRIVATE = /path|directory|file|host|listen|user|conninfo|search_path|role|command|authorization|preload/;

export async function readDatabaseFacts(database: Database): Promise<DatabaseFacts> {
  return database.asOwner(async (tx) => {
    const about = await row(tx, sql<{ version: string; bytes: number }>`
      select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes`);
    const migrations = await rows(tx, sql<{ version: number; name: string; applied_at: Date }>`
      select version, name, applied_at from platform.migrations order by version`);
    const workspaces = await rows(tx, sql<{ version: number; count: number }>`
      select schema_version as version, count(*)::int as count from platform.tenants group by 1 order by 1`);
    const tables = await rows(tx, sql<{ name: string; tables: number; bytes: number }>`
      select case n.nspname when 'platform' then 'platform.' else '' end || c.relname as name, count(*)::int as tables,
        sum(pg_total_relation_size(c.oid))::float8 as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and (n.nspname = 'platform' or n.nspname in (select schema_name from platform.tenants))
      group by 1 order by 3 desc limit 200`);
    const settings = await rows(tx, sql<{ name: string; value: string }>`
      select name, setting as value from pg_settings where setting is distinct from boot_val order by 1`);
    return {
      engine: `${database.dialect === 'pglite' ? 'PGlite' : 'PostgreSQL'} ${about?.version ?? 'unknown'}`,
      bytes: about?.bytes ?? 0,
      migrations: migrations.map(({ version, name, applied_at: at }) => ({ version, name, appliedAt: at.toISOString() })),
      workspaces,
      tables,
      settings: settings.filter(({ name }) => !PRIVATE.test(name)),
    };
  });
}
