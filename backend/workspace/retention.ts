// Retention: what a workspace may let go. Tasks, attempts, findings, usage and the audit log are not among it.
import { KEPT_EVENTS, type Retention } from '../../shared/workspace.ts';
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** Rows that one step lets go at the most, so that a change of the retention holds nobody up. */
const STEP = 5_000;
/** How long a repeated request is answered by its Idempotency-Key. */
const KEPT_KEYS_HOURS = 48;

/** The newest event that goes: of the ones too old by age, and of those beyond the newest 50,000. */
async function newestToGo({ db }: TenantTransaction, { keepEventsDays }: Retention): Promise<number> {
  const found = await row(db, sql<{ by_count: number; by_age: number | null }>`
    select coalesce((select max(seq) from events), 0)::float8 - ${KEPT_EVENTS} as by_count,
      (select max(seq)::float8 from events
        where at < now() - make_interval(days => ${keepEventsDays}::int)) as by_age`);
  return Math.max(found?.by_count ?? 0, found?.by_age ?? 0);
}

export async function previewRetention(
  tx: TenantTransaction,
  wanted: Retention,
): Promise<{ events: number; oldestAt: string | null; keptSince: string | null }> {
  const last = await newestToGo(tx, wanted);
  const found = await row(tx.db, sql<{ events: number; oldest: Date | null; kept: Date | null }>`
    select (select count(*)::int from events where seq <= ${last}::bigint) as events,
      (select at from events order by seq limit 1) as oldest,
      (select at from events where seq > ${last}::bigint order by seq limit 1) as kept`);
  return {
    events: found?.events ?? 0,
    oldestAt: found?.oldest?.toISOString() ?? null,
    keptSince: found?.kept?.toISOString() ?? null,
  };
}

/**
 * One bounded step, taken now and then; answers whether there is more to go. The audit log keeps the history of what was done;
 * events serve the live stream. Not audited: the rule that says so is, when it is set.
 */
export async function letGo(tx: TenantTransaction): Promise<boolean> {
  // The oldest event says whether there is enough to go: a look that finds nothing costs two rows by their index.
  const gone = await sql`delete from events where seq in (
    select e.seq from (select seq, at from events order by seq limit ${STEP}) e
    where e.at < now() - make_interval(days => (select keep_events_days from workspace))
      or e.seq <= (select max(seq) from events) - ${KEPT_EVENTS}::bigint)
    and (select first.at < now() - make_interval(days => (select keep_events_days from workspace), hours => 1)
      or first.seq <= (select max(seq) from events) - ${KEPT_EVENTS + STEP}::bigint
      from (select seq, at from events order by seq limit 1) first)`.execute(tx.db);
  await sql`delete from idempotency_keys
    where created_at < now() - make_interval(hours => ${KEPT_KEYS_HOURS})`.execute(tx.db);
  return gone.numAffectedRows === BigInt(STEP);
}
