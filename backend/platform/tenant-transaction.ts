// The one transaction in which tenant work happens: it has the tenant's role, and ends by taking the tenant's
// head row, so that events and audit entries have the order of the commits, without a gap.
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/errors.ts';
import type { EventEntity } from '../../shared/events.ts';
import { auditHash, type AuditContent } from './audit-chain.ts';
import { kept, row, sql, sqlState, type Database, type Queryable, type Statement } from './database.ts';
import { enterTenant, leaveTenant, type Tenant } from './tenants.ts';
import type { Last } from './transact.ts';

/** What a change says to the live stream, and what it leaves in the audit log. */
export interface Change {
  event?: { type: string; entity: EventEntity; id: string; version: number; data: unknown };
  audit?: { action: string; entity: string; id: string; before?: object | null; after?: object | null; actor?: Actor; origin?: string };
}

export interface TenantTransaction {
  db: Queryable;
  tenant: Tenant;
  actor: Actor;
  /** Where the request came from: an IP address, or `system`. */
  origin: string;
  /** The transaction's time, of the database. */
  now: Date;
  /** Notes a change; written in order, under the head row, just before the commit. */
  record(change: Change): void;
  /** There is work now, or at a time: the hint for whoever runs it. */
  ready(at?: Date): void;
  /**
   * Has the noun's settler look at a row once, after everything else and before the commit. `entry`: what there is to
   * say of it, so that it need not be read again; of two the later one counts.
   */
  settleLater(noun: string, id: string, entry?: unknown): void;
  /** Notes a duration for the metrics, in seconds; counted after the commit. */
  measure(name: Measure, seconds: number): void;
  /** Runs after the commit, never after a rollback. */
  afterCommit(work: () => void): void;
}

/** `execution`: an attempt ended after so long. `claim`: a task was claimed so long after it could have been. */
export type Measure = 'execution' | 'claim';

export interface RunInTenantOptions {
  settlers?: Settlers | undefined;
  /** Told what was measured, after the commit. */
  observe?: ((tenant: Tenant, name: Measure, seconds: number) => void) | undefined;
}

/**
 * What a noun does at the end of a transaction that touched its rows: a plan whose last task was done, say. They run
 * in the order of this table, the ids in theirs: one order of locks for all transactions, so that none wait in a ring.
 */
export type Settlers = Record<string, Settler>;
export interface Settler {
  (tx: TenantTransaction, ids: string[], entries: unknown[]): Promise<void>;
  /** It asks for all that it does at once, and for nothing by an answer: the next one's statements go out with its own. */
  atOnce?: boolean;
}

export interface Caller {
  actor: Actor;
  origin: string;
}
export const systemCaller: Caller = { actor: { kind: 'system', id: null, name: 'Signalbox' }, origin: 'system' };

export type RunInTenant = <Result>(
  tenant: Tenant,
  caller: Caller,
  work: (tx: TenantTransaction) => Promise<Result>,
) => Promise<Result>;

/** The channel on which a commit is announced; its payload is `<tenant id> <kind>`. */
export const SIGNAL_CHANNEL = 'signalbox';

// Deadlock, serialization failure, and a prepared statement whose table was migrated: PostgreSQL rolled all of it back,
// so running it again is safe.
const RETRYABLE = new Set(['40001', '40P01', '0A000']);
const MAX_TRIES = 6;

/** Makes the function that runs tenant work. `appLogin` is the role to go back to for the platform's hint. */
export function createRunInTenant(database: Database, appLogin: string, options: RunInTenantOptions = {}): RunInTenant {
  const { settlers = {}, observe } = options;
  const once: RunInTenant = async (tenant, caller, work) => {
    const after: (() => void)[] = [];
    const giveBack = await database.turns.take(tenant.id);
    const done = database.transact(async (db, last) => {
      const now = await enterTenant(db, tenant);
      const collected = await collect(db, { tenant, now, ...caller }, { after, work, settlers, observe });
      last(await conclude(db, collected, appLogin));
      return collected.result;
    });
    const result = await done.finally(giveBack);
    for (const announceDone of after) announceDone();
    return result;
  };
  return async (tenant, caller, work) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await once(tenant, caller, work);
      } catch (error) {
        if (isGone(error)) throw new AppError('not_found', 'This workspace has been deleted.', { cause: error });
        if (tried === MAX_TRIES || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      }
    }
  };
}

/** Its role is not there any more: it was deleted meanwhile, as the demo can be. */
function isGone(error: unknown): boolean {
  return sqlState(error) === '22023' && /^role "sb_\w+" does not exist$/.test((error as Error).message);
}

interface Collected<Result> extends Caller {
  tenant: Tenant;
  now: Date;
  changes: Change[];
  readyAt: Date | undefined;
  result: Result;
}

async function collect<Result>(
  db: Queryable,
  who: { tenant: Tenant; now: Date } & Caller,
  task: { after: (() => void)[]; work: (tx: TenantTransaction) => Promise<Result> } & RunInTenantOptions,
): Promise<Collected<Result>> {
  const changes: Change[] = [];
  const touched = new Map<string, Map<string, unknown>>();
  let readyAt: Date | undefined;
  const tx: TenantTransaction = {
    ...who,
    db,
    record: (change) => changes.push(change),
    ready: (at = who.now) => {
      if (readyAt === undefined || at < readyAt) readyAt = at;
    },
    settleLater: (noun, id, entry) => {
      touched.set(noun, (touched.get(noun) ?? new Map<string, unknown>()).set(id, entry));
    },
    measure: (name, seconds) => task.after.push(() => task.observe?.(who.tenant, name, seconds)),
    afterCommit: (work) => task.after.push(work),
  };
  const result = await task.work(tx);
  await settleAll(tx, touched, task.settlers ?? {});
  return { ...who, changes, readyAt, result };
}

async function settleAll(tx: TenantTransaction, touched: Map<string, Map<string, unknown>>, settlers: Settlers): Promise<void> {
  let underWay: Promise<void>[] = [];
  for (const [noun, settle] of Object.entries(settlers)) {
    const noted = touched.get(noun);
    if (!noted) continue;
    const ids = [...noted.keys()].toSorted();
    underWay.push(settle(tx, ids, ids.map((id) => noted.get(id))));
    if (settle.atOnce) continue;
    await Promise.all(underWay);
    underWay = [];
  }
  await Promise.all(underWay);
}

/**
 * The end of a transaction: takes the head row, numbers what was recorded, and answers what writes it and announces the
 * commit. Nothing may wait for a lock after this.
 */
async function conclude(db: Queryable, collected: Collected<unknown>, appLogin: string): Promise<Last> {
  const events = collected.changes.flatMap((change) => (change.event ? [change.event] : []));
  const entries = collected.changes.flatMap((change) => (change.audit ? [change.audit] : []));
  const statements: Statement[] = [];
  if (events.length > 0 || entries.length > 0) {
    const head = (await row(db, kept(sql<{ event_seq: number; audit_seq: number; audit_hash: string }>`
      update head set event_seq = event_seq + ${events.length}, audit_seq = audit_seq + ${entries.length}
      returning event_seq - ${events.length}::int as event_seq, audit_seq - ${entries.length}::int as audit_seq, audit_hash`)))!;
    const at = collected.now.toISOString();
    if (events.length > 0) statements.push(insertEvents(events, { after: Number(head.event_seq), at }));
    if (entries.length > 0) {
      const { hash, chained } = chain(entries, { ...collected, after: Number(head.audit_seq), at, hash: head.audit_hash });
      statements.push(insertAudit(chained, at, hash));
    }
  }
  statements.push(...announce(collected, { changed: events.length > 0, appLogin }));
  return () => statements.map((statement) => statement.execute(db));
}

type EventChange = NonNullable<Change['event']>;
type AuditChange = NonNullable<Change['audit']>;

/** Between texts of JSON, which never have it within. */
const BETWEEN = '\u001E';
/** JSON texts as one value, as which they need no quoting; null is the empty text. */
const joined = (values: unknown[]): string => values.map((value) => (value == null ? '' : JSON.stringify(value))).join(BETWEEN);
/** The column that `joined` made. */
const column = (texts: string): Statement => sql`string_to_array(${texts}::text, ${BETWEEN}, '')`;

// Rows go in as arrays of their columns: as one JSON document they were read twice, which took three times as long.
function insertEvents(events: EventChange[], from: { after: number; at: string }): Statement {
  const each = <Value>(pick: (event: EventChange) => Value): Value[] => events.map(pick);
  return kept(sql`insert into events (seq, at, type, entity, entity_id, version, data)
    select ${from.after}::bigint + e.n, ${from.at}::timestamptz, e.type, e.entity, e.id, e.version, e.data::json
    from unnest(${each(({ type }) => type)}::text[], ${each(({ entity }) => entity)}::text[], ${each(({ id }) => id)}::uuid[],
      ${each(({ version }) => version)}::int[], ${column(joined(each(({ data }) => data)))})
      with ordinality as e(type, entity, id, version, data, n)`);
}

/** Numbers the entries, and gives each its hash over the one before. */
function chain(entries: AuditChange[], from: Caller & { after: number; at: string; hash: string }): { hash: string; chained: (AuditContent & { hash: string })[] } {
  let { hash } = from;
  const chained = entries.map((entry, index) => {
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
  return { hash, chained };
}

function insertAudit(chained: (AuditContent & { hash: string })[], at: string, last: string): Statement {
  const each = <Value>(pick: (entry: AuditContent & { hash: string }) => Value): Value[] => chained.map(pick);
  return kept(sql`with chained as (update head set audit_hash = ${last})
    insert into audit (seq, at, actor, origin, action, entity, entity_id, before, after, hash)
    select ${chained[0]!.seq}::bigint - 1 + a.n, ${at}::timestamptz, a.actor::json, a.origin, a.action, a.entity, a.id,
      a.before::json, a.after::json, a.hash
    from unnest(${column(joined(each(({ actor }) => actor)))}, ${each(({ origin }) => origin)}::text[],
      ${each(({ action }) => action)}::text[], ${each(({ entity }) => entity)}::text[], ${each(({ entityId }) => entityId)}::text[],
      ${column(joined(each(({ before }) => before)))}, ${column(joined(each(({ after }) => after)))},
      ${each(({ hash }) => hash)}::text[])
      with ordinality as a(actor, origin, action, entity, id, before, after, hash, n)`);
}

/** Leaves the tenant's role to write the hint, and announces the commit to whoever listens. */
function announce(collected: Collected<unknown>, to: { changed: boolean; appLogin: string }): Statement[] {
  const { changed, appLogin } = to;
  const { readyAt, now, tenant } = collected;
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
