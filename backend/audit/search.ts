// The search of the audit log, newest first. Nothing is indexed but who, what and when, so that writing stays cheap:
// a call jumps to where an entry may fit and looks at a bounded number of entries from there; the cursor goes on.
import type { AuditFilter, AuditShown } from '../../shared/audit.ts';
import { parseSpan } from '../../shared/schema.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { auditColumns, toEntry, type AuditRow } from './rows.ts';

/** Entries that are looked at in one piece, and pieces a call. */
const WINDOW = 5_000;
const MOST_WINDOWS = 4;
/** Entries by which the order of times may differ from that of the commits. */
const SLACK = 1_000;
const MOST_FACETS = 200;

export interface Facets {
  actions: { entity: string; action: string }[];
  actors: string[];
}

/** What is in the log, by skipping from one value of an index to the next. */
export async function readFacets({ db }: TenantTransaction): Promise<Facets> {
  const actions = await rows(db, sql<{ entity: string; action: string }>`
    with recursive kinds as (
      (select entity, action from audit order by entity, action limit 1)
      union all
      select n.entity, n.action from kinds k cross join lateral (
        select a.entity, a.action from audit a where (a.entity, a.action) > (k.entity, k.action) order by a.entity, a.action limit 1) n
    ) select entity, action from kinds limit ${MOST_FACETS}`);
  const actors = await rows(db, sql<{ name: string }>`
    with recursive names as (
      (select actor->>'name' as name from audit order by actor->>'name' limit 1)
      union all
      select n.name from names k cross join lateral (
        select a.actor->>'name' as name from audit a where a.actor->>'name' > k.name order by a.actor->>'name' limit 1) n
    ) select name from names where name is not null limit ${MOST_FACETS}`);
  return { actions, actors: actors.map(({ name }) => name) };
}

/** The filter with its names looked up: null where it asks nothing, empty where nothing can fit. */
interface Resolved {
  kinds: Facets['actions'] | null;
  actors: string[] | null;
}

const listed = (given: string | undefined): string[] | null =>
  given === undefined || given.trim() === '' ? null : given.split(',').map((part) => part.trim());

async function resolve(tx: TenantTransaction, filter: AuditFilter): Promise<Resolved> {
  const [entities, actions, actor] = [listed(filter.entity), listed(filter.action), filter.actor?.trim().toLowerCase()];
  if (!entities && !actions && !actor) return { kinds: null, actors: null };
  const facets = await readFacets(tx);
  const fits = (kind: Facets['actions'][number]) =>
    (!entities || entities.includes(kind.entity)) && (!actions || actions.includes(kind.action));
  return {
    kinds: entities || actions ? facets.actions.filter(fits) : null,
    actors: actor ? facets.actors.filter((name) => name.toLowerCase().includes(actor)) : null,
  };
}

/** The last entry before `upper` that may fit, by the indexes; null: there is none. */
async function lastCandidate({ db }: TenantTransaction, { kinds, actors }: Resolved, upper: number): Promise<number | null> {
  let last = upper - 1;
  if (kinds) {
    const found = await row(db, sql<{ seq: number | null }>`
      select max(m.seq) as seq from jsonb_to_recordset(${JSON.stringify(kinds)}::jsonb) as k(entity text, action text)
      cross join lateral (select seq from audit a where a.entity = k.entity and a.action = k.action and a.seq < ${upper} order by a.seq desc limit 1) m`);
    if (found?.seq == null) return null;
    last = Math.min(last, Number(found.seq));
  }
  if (actors) {
    const found = await row(db, sql<{ seq: number | null }>`
      select max(m.seq) as seq from unnest(${actors}::text[]) as k(name)
      cross join lateral (select seq from audit a where a.actor->>'name' = k.name and a.seq < ${upper} order by a.seq desc limit 1) m`);
    if (found?.seq == null) return null;
    last = Math.min(last, Number(found.seq));
  }
  return last;
}

/** The entries' own conditions; those on names come after the joins. */
function conditionOf(filter: AuditFilter, { kinds, actors }: Resolved): Statement {
  const parts: Statement[] = [sql`true`];
  if (kinds) parts.push(sql`(a.entity, a.action) in (select k.entity, k.action from jsonb_to_recordset(${JSON.stringify(kinds)}::jsonb) as k(entity text, action text))`);
  if (actors) parts.push(sql`a.actor->>'name' = any(${actors}::text[])`);
  if (filter.entityId) parts.push(sql`a.entity_id = ${filter.entityId}`);
  const span = filter.at ? parseSpan(filter.at) : null;
  if (span?.from) parts.push(sql`a.at >= ${span.from}::timestamptz`);
  if (span?.to) parts.push(sql`a.at < ${span.to}::timestamptz`);
  return sql.join(parts, sql` and `);
}

const literal = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);

function wordsCondition(q: string | undefined): Statement {
  const words = q?.trim().split(/\s+/).filter(Boolean).slice(0, 8) ?? [];
  if (words.length === 0) return sql`true`;
  const text = sql`concat_ws(' ', n.name, a.actor->>'name', a.action, a.entity_id, a.origin, a.before::text, a.after::text)`;
  return sql.join(words.map((word) => sql`${text} ilike ${`%${literal(word)}%`}`), sql` and `);
}

// What an entry is about, by the name that it has now; ids are of the table that the entity names.
const idOf = (entity: string) => sql`case when a.entity = ${entity} then a.entity_id::uuid end`;
const names = sql`
  left join tasks nt on nt.id = ${idOf('task')}
  left join agents na on na.id = ${idOf('agent')}
  left join plans np on np.id = ${idOf('plan')}
  left join findings nf on nf.id = ${idOf('finding')}
  left join provider_accounts nv on nv.id = ${idOf('provider')}
  left join api_keys nk on nk.id = ${idOf('key')}
  cross join lateral (select coalesce(nt.title, na.name, np.name, nf.title, nv.name, nk.name,
    a.after->>'name', a.before->>'name', a.after->>'title', a.before->>'title',
    case when a.entity = 'review_item' then coalesce(a.after->>'ref', a.before->>'ref') end) as name) n`;

interface ShownRow extends AuditRow {
  name: string | null;
}
const toShown = (found: ShownRow): AuditShown => ({ ...toEntry(found), name: found.name });

function find({ db }: TenantTransaction, where: Statement, more: { words?: Statement; limit: number }): Promise<ShownRow[]> {
  return rows(db, sql<ShownRow>`select ${auditColumns}, n.name
    from (select * from audit a where ${where}) a ${names}
    where ${more.words ?? sql`true`} order by a.seq desc limit ${more.limit}`);
}

export async function readEntry(tx: TenantTransaction, seq: number): Promise<AuditShown | undefined> {
  const [found] = await find(tx, sql`a.seq = ${seq}`, { limit: 1 });
  return found && toShown(found);
}

/** Between which entries the span of time lies, with a little slack at both ends; the upper one is exclusive. */
async function boundsOf({ db }: TenantTransaction, filter: AuditFilter): Promise<{ lower: number; upper: number; head: number }> {
  const span = filter.at ? parseSpan(filter.at) : null;
  const from = span?.from ?? null;
  const to = span?.to ?? null;
  const found = (await row(db, sql<{ first: number | null; last: number | null; head: number }>`select audit_seq as head,
    (select seq from audit where at >= ${from}::timestamptz order by at limit 1) as first,
    (select seq from audit where at < ${to}::timestamptz order by at desc limit 1) as last from head`))!;
  const head = Number(found.head);
  const lower = from === null ? 1 : found.first === null ? head + 1 : Math.max(1, Number(found.first) - SLACK);
  const upper = to === null ? head + 1 : found.last === null ? lower : Math.min(head + 1, Number(found.last) + SLACK);
  return { lower, upper, head };
}

export interface Found {
  items: AuditShown[];
  /** Where to go on: entries before this one are not looked at yet; null: there are none. */
  next: number | null;
  searchedTo: number;
  head: number;
}

/** The entries before `before` that fit, newest first, at most `limit`. */
export async function searchAudit(tx: TenantTransaction, filter: AuditFilter, page: { before: number | null; limit: number }): Promise<Found> {
  const resolved = await resolve(tx, filter);
  const bounds = await boundsOf(tx, filter);
  const { head } = bounds;
  const own = conditionOf(filter, resolved);
  const words = wordsCondition(filter.q);
  const items: AuditShown[] = [];
  let upper = Math.min(page.before ?? bounds.upper, bounds.upper);
  // One thing has few entries, and an index of its own.
  const window = filter.entityId ? Number.MAX_SAFE_INTEGER : WINDOW;
  for (let done = 0; done < MOST_WINDOWS && upper > bounds.lower; done += 1) {
    const last = await lastCandidate(tx, resolved, upper);
    if (last === null || last < bounds.lower) return { items, next: null, searchedTo: bounds.lower, head };
    const first = Math.max(bounds.lower, last - window + 1);
    const room = page.limit - items.length;
    const found = await find(tx, sql`a.seq >= ${first} and a.seq <= ${last} and ${own}`, { words, limit: room + 1 });
    items.push(...found.slice(0, room).map(toShown));
    if (found.length > room) return { items, next: items.at(-1)!.seq, searchedTo: items.at(-1)!.seq, head };
    upper = first;
  }
  return { items, next: upper > bounds.lower ? upper : null, searchedTo: upper, head };
}
