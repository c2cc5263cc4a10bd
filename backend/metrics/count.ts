// Counts the begins and ends of attempts with the work, in the same transaction, by one statement.
import { LAST_BUCKET, LOG_GROWTH, SMALLEST_SECONDS } from '../../shared/histogram.ts';
import { MINUTES_KEPT_DAYS, SECONDS_KEPT_MINUTES } from '../../shared/metric.ts';
import { sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** `bucketOf` of shared/histogram.ts, in SQL. */
const bucketOf = (seconds: Statement): Statement => sql`least(${LAST_BUCKET}::int, greatest(0,
  ceil(ln(greatest(${seconds}, ${SMALLEST_SECONDS}::float8) / ${SMALLEST_SECONDS}::float8) / ${LOG_GROWTH}::float8)))::smallint`;

/** When slots begin: at whole multiples of their length since this. */
export const ORIGIN = sql`'2000-01-01T00:00:00Z'::timestamptz`;

/**
 * Settler: counts attempts (`<task id>:<number>`) that this transaction began or ended, into their second and their
 * minute. The rows are taken in the order of their key, by every transaction alike.
 */
export async function settleMetrics(tx: TenantTransaction, attempts: string[]): Promise<void> {
  await sql`insert into metric_counts as m (seconds, at, fact, bucket, count)
    select s.seconds, date_bin(make_interval(secs => s.seconds), now(), ${ORIGIN}), f.fact, f.bucket, count(*)
    from (
      select
        case when x.outcome = 'running' then 'wait'
          when x.outcome not in ('failed', 'lease_expired') then x.outcome
          when t.state = 'failed' then 'failed' else 'retried' end as fact,
        case when x.outcome = 'running' then ${bucketOf(sql`x.wait_seconds`)}
          else ${bucketOf(sql`extract(epoch from x.finished_at - x.started_at)::float8`)} end as bucket
      from attempts x join tasks t on t.id = x.task_id
      where (x.task_id, x.number) in (
        select split_part(a, ':', 1)::uuid, split_part(a, ':', 2)::int from unnest(${attempts}::text[]) as a)
    ) f, (values (1), (60)) as s(seconds)
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (seconds, at, fact, bucket) do update set count = m.count + excluded.count`.execute(tx.db);
}

/** Lets go of slots that are older than any window. */
export async function trimMetrics({ db }: TenantTransaction): Promise<void> {
  await sql`delete from metric_counts
    where (seconds = 1 and at < now() - make_interval(mins => ${SECONDS_KEPT_MINUTES}))
      or (seconds = 60 and at < now() - make_interval(days => ${MINUTES_KEPT_DAYS}))`.execute(db);
  await sql`delete from metric_samples where at < now() - make_interval(days => ${MINUTES_KEPT_DAYS})`.execute(db);
}
