// The few changes of a short transaction, written by one statement that takes the head row itself: the database gives the
// numbers and the hashes, so that it goes out with the commit, and the tenant's head is held by nobody who waits for a node.
import { entryStart } from './audit-chain.ts';
import { fixed, kept, sql, type Places, type Queryable, type Statement } from './database.ts';
import type { AuditChange, EventChange } from './conclude.ts';

/** Events, and audit entries, of which each count has a statement of its own. */
export const FEW = 4;

interface Values {
  at: string;
  [nameAndPlace: string]: unknown;
}

const statements = new Map<string, (db: Queryable, values: Values) => Promise<unknown[]>>();

/** Numbers the changes, writes them, and puts the head after them. The caller waits for the answer with the commit's. */
export function writeFew(db: Queryable, changes: { events: EventChange[]; entries: AuditChange[] }, at: string): Promise<unknown> {
  const { events, entries } = changes;
  const key = `${events.length} ${entries.length}`;
  const write = statements.get(key) ?? fixed<Values>((place) => statement(place, events.length, entries.length));
  statements.set(key, write);
  const values: Values = { at };
  for (const [n, { type, entity, id, version, data }] of events.entries()) {
    Object.assign(values, { [`type${n}`]: type, [`entity${n}`]: entity, [`id${n}`]: id, [`version${n}`]: version, [`data${n}`]: data });
  }
  for (const [n, entry] of entries.entries()) {
    const { action, entity, id, actor, origin, before = null, after = null } = entry;
    const start = entryStart({ at, actor, origin, action, entity, entityId: id, before, after });
    Object.assign(values, {
      [`action${n}`]: action, [`of${n}`]: entity, [`entityId${n}`]: id, [`actor${n}`]: JSON.stringify(actor), [`origin${n}`]: origin,
      [`before${n}`]: before && JSON.stringify(before), [`after${n}`]: after && JSON.stringify(after), [`start${n}`]: start,
    });
  }
  return write(db, values);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const union = (selects: Statement[]): Statement => sql.join(selects, sql` union all `);
const hash = (n: number): Statement => sql.ref(`h${n}`);

/** The hash of an entry: as `auditHash` makes it, of the one before and the entry's text with its number at the end. */
function hashOf(at: Places<Values>, n: number): Statement {
  const before = n === 0 ? sql`h.audit_hash` : sql`p.hash`;
  const from = n === 0 ? sql`h` : sql`h, ${hash(n - 1)} p`;
  return sql`${hash(n)} as (select encode(sha256(convert_to(
    ${before} || ${at[`start${n}`]}::text || (h.audit_seq + ${sql.lit(n + 1)})::text || '}', 'UTF8')), 'hex') as hash from ${from})`;
}

function statement(place: Places<Values>, events: number, entries: number) {
  const at = (name: string, n: number): Statement => place[`${name}${n}`]!;
  const told = upTo(events).map((n) => sql`select h.event_seq + ${sql.lit(n + 1)}, ${place.at}::timestamptz, ${at('type', n)}::text,
    ${at('entity', n)}::text, ${at('id', n)}::uuid, ${at('version', n)}::int, ${at('data', n)}::json from h`);
  const noted = upTo(entries).map((n) => sql`select h.audit_seq + ${sql.lit(n + 1)}, ${place.at}::timestamptz, ${at('actor', n)}::json,
    ${at('origin', n)}::text, ${at('action', n)}::text, ${at('of', n)}::text, ${at('entityId', n)}::text, ${at('before', n)}::json,
    ${at('after', n)}::json, c.hash from h, ${hash(n)} c`);
  const parts = [
    sql`h as (select event_seq, audit_seq, audit_hash from head for no key update)`,
    ...upTo(entries).map((n) => hashOf(place, n)),
    ...(events > 0 ? [sql`e as (insert into events (seq, at, type, entity, entity_id, version, data) ${union(told)})`] : []),
    ...(entries > 0
      ? [sql`a as (insert into audit (seq, at, actor, origin, action, entity, entity_id, before, after, hash) ${union(noted)})`]
      : []),
  ];
  const last = entries > 0 ? sql`(select c.hash from ${hash(entries - 1)} c)` : sql`head.audit_hash`;
  return kept(sql`with ${sql.join(parts)}
    update head set event_seq = head.event_seq + ${sql.lit(events)}, audit_seq = head.audit_seq + ${sql.lit(entries)}, audit_hash = ${last}
    from h`);
}
