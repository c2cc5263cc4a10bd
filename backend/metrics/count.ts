// Counts the begins and ends of attempts with the work, in the same transaction, by one statement.
import { bucketOf } from '../../shared/histogram.ts';
import { MINUTES_KEPT_DAYS, SECONDS_KEPT_MINUTES } from '../../shared/metric.ts';
import { fixed, kept, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** When slots begin: at whole multiples of their length since this. */
export const ORIGIN = sql`'2000-01-01T00:00:00Z'::timestamptz`;

/** What began or ended: an attempt that waited (`wait`) or ran so long. */
export interface Counted {
  fact: string;
  seconds: number;
}

/**
 * Settler: counts attempts that this transaction began or ended, into their second and their minute. The rows are taken
 * in the order of their key, by every transaction alike.
 */
export async function settleMetrics(tx: TenantTransaction, _ids: string[], noted: unknown[]): Promise<void> {
  const counts = new Map<string, { fact: string; bucket: number; count: number }>();
  for (const { fact, seconds } of noted as Counted[]) {
    const bucket = bucketOf(seconds);
    const slot = counts.get(`${fact}:${bucket}`) ?? { fact, bucket, count: 0 };
    slot.count += 1;
    counts.set(`${fact}:${bucket}`, slot);
  }
  const slots = [...counts.values()];
  await add(tx.db, { facts: slots.map(({ fact }) => fact), buckets: slots.map(({ bucket }) => bucket), counts: slots.map(({ count }) => count) });
}
const add = fixed<{ facts: string[]; buckets: number[]; counts: number[] }>(({ facts, buckets, counts }) =>
  kept(sql`insert into metric_counts as m (seconds, at, fact, bucket, count)
    select s.seconds, date_bin(make_interval(secs => s.seconds), now(), ${ORIGIN}), n.fact, n.bucket, n.count
    from (values (1), (60)) as s(seconds), unnest(${facts}::text[], ${buckets}::smallint[], ${counts}::int[]) as n(fact, bucket, count)
    order by 1, 2, 3, 4
    on conflict (seconds, at, fact, bucket) do update set count = m.count + excluded.count`),
);
settleMetrics.atOnce = true;
settleMetrics.isSilent = () => true;

/** Lets go of slots that are older than any window. */
export async function trimMetrics({ db }: TenantTransaction): Promise<void> {
  await sql`delete from metric_counts
    where (seconds = 1 and at < now() - make_interval(mins => ${SECONDS_KEPT_MINUTES}))
      or (seconds = 60 and at < now() - make_interval(days => ${MINUTES_KEPT_DAYS}))`.execute(db);
  await sql`delete from metric_samples where at < now() - make_interval(days => ${MINUTES_KEPT_DAYS})`.execute(db);
}
