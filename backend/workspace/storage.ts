// What a workspace holds, by kind: its rows, their bytes, and since when. Any table that comes later is counted.
import type { StorageKind, StoredKind } from '../../shared/workspace.ts';
import { storageKinds } from '../../shared/workspace.ts';
import { row, rows, sql } from '../platform/database.ts';
import { identifier } from '../platform/migrations.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** Which kind a table is of: the first word that its name begins with. */
const kinds: readonly (readonly [prefix: string, kind: StorageKind])[] = [
  ['task', 'tasks'],
  ['attempts', 'attempts'],
  ['findings', 'findings'],
  ['plan', 'plans'],
  ['agents', 'agents'],
  ['provider', 'agents'],
  ['audit', 'audit'],
  ['events', 'events'],
  ['usage', 'usage'],
  ['budget', 'usage'],
  ['metric', 'metrics'],
  ['review', 'reviews'],
  ['checklist', 'reviews'],
  ['evidence', 'reviews'],
];

/** Where the age of the oldest is read: one row by an index, never a scan. */
const oldest: Partial<Record<StorageKind, string>> = {
  tasks: 'select created_at as at from tasks order by id limit 1',
  attempts: 'select started_at as at from attempts order by started_at limit 1',
  findings: 'select created_at as at from findings order by id limit 1',
  plans: 'select created_at as at from plans order by id limit 1',
  audit: 'select at from audit order by seq limit 1',
  events: 'select at from events order by seq limit 1',
};

function kindOf(table: string): StorageKind {
  return kinds.find(([prefix]) => table.startsWith(prefix))?.[1] ?? 'other';
}

export async function readStorage(tx: TenantTransaction): Promise<StoredKind[]> {
  const { db } = tx;
  const tables = await rows(db, sql<{ name: string; bytes: number }>`
    select c.relname as name, pg_total_relation_size(c.oid)::float8 as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${tx.tenant.schema} and c.relkind = 'r' order by 1`);
  const counts = await rows(db, sql<{ name: string; rows: number }>`${sql.join(
    tables.map(({ name }) => sql`select ${name}::text as name, count(*)::float8 as rows from ${sql.raw(identifier(name))}`),
    sql` union all `,
  )}`);
  const counted = new Map(counts.map(({ name, rows: count }) => [name, count]));
  const items: StoredKind[] = [];
  for (const kind of storageKinds) {
    const own = tables.filter(({ name }) => kindOf(name) === kind);
    if (own.length === 0) continue;
    const statement = oldest[kind];
    const first = statement === undefined ? undefined : await row(db, sql.raw<{ at: Date }>(statement));
    items.push({
      kind,
      rows: own.reduce((sum, { name }) => sum + (counted.get(name) ?? 0), 0),
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      oldestAt: first?.at.toISOString() ?? null,
    });
  }
  return items;
}
