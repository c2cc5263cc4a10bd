// How a tenant transaction ends: what was recorded is numbered under the tenant's head row, written, and announced with
// the commit.
import { auditHash, type AuditContent } from './audit-chain.ts';
import { kept, row, sql, type Queryable, type Statement } from './database.ts';
import type { Caller, Change } from './tenant-transaction.ts';
import { leaveTenant, type Tenant } from './tenants.ts';
import type { Last } from './transact.ts';

/** The channel on which a commit is announced; its payload is `<tenant id> <kind>`. */
export const SIGNAL_CHANNEL = 'signalbox';

export interface Collected<Result> extends Caller {
  tenant: Tenant;
  now: Date;
  /** Settlers whose answers are still to come may add to it. */
  changes: Change[];
  readyAt(): Date | undefined;
  result: Result;
  /** Statements that were asked for, with nothing to come after them but the end. */
  underWay: Promise<unknown>[];
  /** Asked for already, where the work said that it was closing. */
  head: Promise<Head | undefined> | undefined;
}

/** Where the tenant's events and audit entries have got to. */
export interface Head {
  event_seq: number;
  audit_seq: number;
  audit_hash: string;
}

/** Asked for beside whatever is under way: the lock is taken after that, in the order in which they were asked for. */
export const takeHead = (db: Queryable): Promise<Head | undefined> =>
  row(db, kept(sql<Head>`select event_seq, audit_seq, audit_hash from head for no key update`));

/**
 * The end of a transaction: takes the head row, numbers what was recorded, and answers what writes it and announces the
 * commit. Nothing may wait for a lock after this.
 */
export async function conclude(db: Queryable, collected: Collected<unknown>, appLogin: string): Promise<Last> {
  const { changes, underWay } = collected;
  const asked = collected.head ?? (changes.length > 0 ? takeHead(db) : undefined);
  const answers = Promise.all([...underWay, asked]);
  // Made while the database is busy.
  const texts = new Map(changes.map(({ event }) => [event, event && JSON.stringify(event.data)]));
  await answers;
  const events = changes.flatMap(({ event }) => (event ? [{ ...event, data: texts.get(event) ?? JSON.stringify(event.data) }] : []));
  const entries = changes.flatMap((change) => (change.audit ? [change.audit] : []));
  const statements: Statement[] = [];
  if (changes.length > 0) {
    const head = (await (asked ?? takeHead(db)))!;
    const at = collected.now.toISOString();
    const chained = chain(entries, { ...collected, after: Number(head.audit_seq), at, hash: head.audit_hash });
    // One statement: each costs the node and the database as much as the row of a short one.
    statements.push(kept(sql`with e as (${insertEvents(events, head, at)}), a as (${insertAudit(chained, head, at)})
      update head set event_seq = event_seq + ${events.length}, audit_seq = audit_seq + ${entries.length},
        audit_hash = ${chained.at(-1)?.hash ?? head.audit_hash}`));
  }
  statements.push(...announce(collected, { changed: events.length > 0, appLogin }));
  return () => statements.map((statement) => statement.execute(db));
}

/** An event with its data as JSON. */
type EventChange = NonNullable<Change['event']> & { data: string };
type AuditChange = NonNullable<Change['audit']>;

/** Between texts of JSON, which never have it within. */
const BETWEEN = '\u001E';
/** JSON texts as one value, as which they need no quoting; null is the empty text. */
const joined = (values: unknown[]): string => values.map((value) => (value == null ? '' : JSON.stringify(value))).join(BETWEEN);
/** The column that `joined` made. */
const column = (texts: string): Statement => sql`string_to_array(${texts}::text, ${BETWEEN}, '')`;

// Rows go in as arrays of their columns: as one JSON document they were read twice, which took three times as long.
function insertEvents(events: EventChange[], { event_seq: after }: Head, at: string): Statement {
  const each = <Value>(pick: (event: EventChange) => Value): Value[] => events.map(pick);
  return sql`insert into events (seq, at, type, entity, entity_id, version, data)
    select ${after}::bigint + e.n, ${at}::timestamptz, e.type, e.entity, e.id, e.version, e.data::json
    from unnest(${each(({ type }) => type)}::text[], ${each(({ entity }) => entity)}::text[], ${each(({ id }) => id)}::uuid[],
      ${each(({ version }) => version)}::int[], ${column(each(({ data }) => data).join(BETWEEN))})
      with ordinality as e(type, entity, id, version, data, n)`;
}

/** Numbers the entries, and gives each its hash over the one before. */
function chain(entries: AuditChange[], from: Caller & { after: number; at: string; hash: string }): (AuditContent & { hash: string })[] {
  let { hash } = from;
  return entries.map((entry, index) => {
    const content = {
      seq: from.after + index + 1,
      at: from.at,
      actor: entry.actor ?? from.actor,
      origin: entry.origin ?? from.origin,
      action: entry.action,
      entity: entry.entity,
      entityId: entry.id,
      before: entry.before ?? null,
      after: entry.after ?? null,
    };
    hash = auditHash(hash, content);
    return { ...content, hash };
  });
}

function insertAudit(chained: (AuditContent & { hash: string })[], { audit_seq: after }: Head, at: string): Statement {
  const each = <Value>(pick: (entry: AuditContent & { hash: string }) => Value): Value[] => chained.map(pick);
  return sql`insert into audit (seq, at, actor, origin, action, entity, entity_id, before, after, hash)
    select ${after}::bigint + a.n, ${at}::timestamptz, a.actor::json, a.origin, a.action, a.entity, a.id,
      a.before::json, a.after::json, a.hash
    from unnest(${column(joined(each(({ actor }) => actor)))}, ${each(({ origin }) => origin)}::text[],
      ${each(({ action }) => action)}::text[], ${each(({ entity }) => entity)}::text[], ${each(({ entityId }) => entityId)}::text[],
      ${column(joined(each(({ before }) => before)))}, ${column(joined(each(({ after }) => after)))},
      ${each(({ hash }) => hash)}::text[])
      with ordinality as a(actor, origin, action, entity, id, before, after, hash, n)`;
}

/** Leaves the tenant's role to write the hint, and announces the commit to whoever listens. */
function announce(collected: Collected<unknown>, to: { changed: boolean; appLogin: string }): Statement[] {
  const { changed, appLogin } = to;
  const { now, tenant } = collected;
  const readyAt = collected.readyAt();
  if (!changed && readyAt === undefined) return [];
  const work = readyAt !== undefined && readyAt <= now;
  const notify = sql`pg_notify(${SIGNAL_CHANNEL}, ${`${tenant.id} ${changed ? 'e' : ''}${work ? 'w' : ''}`})`;
  if (readyAt === undefined) return [leaveTenant(appLogin), kept(sql`select ${notify}`)];
  return [
    leaveTenant(appLogin),
    kept(sql`insert into platform.work_hints (tenant_id, ready_at) values (${tenant.id}, ${readyAt})
      on conflict (tenant_id) do update set ready_at = least(work_hints.ready_at, excluded.ready_at) returning ${notify}`),
  ];
}
