// How a tenant transaction ends: what was recorded is numbered under the tenant's head row, written, and announced with
// the commit.
import { auditHash, type AuditContent } from './audit-chain.ts';
import { fixed, kept, sql, type Queryable, type Statement } from './database.ts';
import { FEW, writeFew } from './few-changes.ts';
import type { Caller, Change } from './tenant-transaction.ts';
import { SIGNAL_CHANNEL, writeSignal, type Concerned } from './signals.ts';
import { leaveTenant, type Tenant } from './tenants.ts';
import type { Last } from './transact.ts';

export interface Collected<Result> extends Caller {
  tenant: Tenant;
  now: Date;
  /** Settlers whose answers are still to come may add to it. */
  changes: Change[];
  ready(): { at: Date | undefined; concerned: Concerned };
  result: Result;
  /** Statements that were asked for, with nothing to come after them but the end. */
  underWay: Promise<unknown>[];
  /** Those of them by whose answers nothing is recorded: the end goes out without waiting for them. */
  silent: Promise<unknown>[];
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
export async function takeHead(db: Queryable): Promise<Head | undefined> {
  return (await lockHead(db, {}))[0];
}
const lockHead = fixed<object, Head>(() => kept(sql`select event_seq, audit_seq, audit_hash from head for no key update`));

/**
 * The end of a transaction: takes the head row, numbers what was recorded, and answers what writes it and announces the
 * commit. Nothing may wait for a lock after this.
 */
export async function conclude(db: Queryable, collected: Collected<unknown>, appLogin: string): Promise<Last> {
  const { changes, underWay, silent } = collected;
  const asked = collected.head ?? (changes.length > FEW ? takeHead(db) : undefined);
  // Whatever comes after a statement that failed is told only that: the first of them counts.
  const answers = Promise.race([Promise.all([...underWay, asked]), failureOf(silent)]);
  // Made while the database is busy.
  const texts = new Map(changes.map(({ event }) => [event, event && JSON.stringify(event.data)]));
  await answers;
  const events = changes.flatMap(({ event }) => (event ? [{ ...event, data: texts.get(event) ?? JSON.stringify(event.data) }] : []));
  const { actor, origin } = collected;
  const entries = changes.flatMap((change) => (change.audit ? [{ ...change.audit, actor: change.audit.actor ?? actor, origin: change.audit.origin ?? origin }] : []));
  const last: (() => Promise<unknown>)[] = [];
  const at = collected.now.toISOString();
  if (changes.length > 0 && !asked && Math.max(events.length, entries.length) <= FEW) {
    last.push(() => writeFew(db, { events, entries }, at));
  } else if (changes.length > 0) {
    const head = (await (asked ?? takeHead(db)))!;
    const chained = chain(entries, { after: Number(head.audit_seq), at, hash: head.audit_hash });
    // One statement: each costs the node and the database as much as the row of a short one.
    const write = kept(sql`with e as (${insertEvents(events, head, at)}), a as (${insertAudit(chained, head, at)})
      update head set event_seq = event_seq + ${events.length}, audit_seq = audit_seq + ${entries.length},
        audit_hash = ${chained.at(-1)?.hash ?? head.audit_hash}`);
    last.push(() => write.execute(db));
  }
  last.push(...announce(db, collected, { changed: events.length > 0, appLogin }));
  return () => [...silent, ...last.map((send) => send())];
}

/** Rejects with the first that does; never resolves. */
function failureOf(answers: Promise<unknown>[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const answer of answers) answer.catch(reject);
  });
}

/** An event with its data as JSON. */
export type EventChange = NonNullable<Change['event']> & { data: string };
/** An audit entry with who did it, and from where. */
export type AuditChange = NonNullable<Change['audit']> & Caller;

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
function chain(entries: AuditChange[], from: { after: number; at: string; hash: string }): (AuditContent & { hash: string })[] {
  let { hash } = from;
  return entries.map((entry, index) => {
    const content = {
      seq: from.after + index + 1,
      at: from.at,
      actor: entry.actor,
      origin: entry.origin,
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
function announce(db: Queryable, collected: Collected<unknown>, to: { changed: boolean; appLogin: string }): (() => Promise<unknown>)[] {
  const { changed, appLogin } = to;
  const { now, tenant } = collected;
  const { at: readyAt, concerned } = collected.ready();
  if (!changed && readyAt === undefined) return [];
  const work = readyAt !== undefined && readyAt <= now;
  const signal = { channel: SIGNAL_CHANNEL, payload: writeSignal({ tenantId: tenant.id, events: changed, work: work ? concerned : undefined }) };
  return [
    () => leaveTenant(db, { appLogin }),
    () => (readyAt === undefined ? notify(db, signal) : hint(db, { ...signal, tenantId: tenant.id, readyAt })),
  ];
}

interface Signal {
  channel: string;
  payload: string;
}
const notify = fixed<Signal>(({ channel, payload }) => kept(sql`select pg_notify(${channel}, ${payload})`));
const hint = fixed<Signal & { tenantId: string; readyAt: Date }>(({ channel, payload, tenantId, readyAt }) =>
  kept(sql`insert into platform.work_hints (tenant_id, ready_at) values (${tenantId}, ${readyAt})
    on conflict (tenant_id) do update set ready_at = least(work_hints.ready_at, excluded.ready_at) returning pg_notify(${channel}, ${payload})`),
);
