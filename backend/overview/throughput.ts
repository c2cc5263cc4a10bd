// Tasks finished over the window, in at most 60 parts of whole minutes.
import type { Overview } from '../../shared/overview.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

const MOST_PARTS = 60;

/** The parts of a window: how many minutes each has, and how many there are. The last holds the present. */
export function partsOf(windowMinutes: number): { minutes: number; count: number } {
  const minutes = Math.ceil(windowMinutes / MOST_PARTS);
  return { minutes, count: Math.ceil(windowMinutes / minutes) };
}

interface PartRow {
  at: Date;
  succeeded: number;
  failed: number;
}

/**
 * Counted from attempts, which are indexed by their end: a task has at most one that succeeded, and has failed
 * with its last one. Parts begin at whole multiples of their length since 2000, so that they stay where they are
 * while the window moves; the first one may reach back beyond the window.
 */
export async function readThroughput(
  tx: TenantTransaction,
  windowMinutes: number,
): Promise<Overview['throughput']> {
  const { minutes, count } = partsOf(windowMinutes);
  const length = minutes * 60_000;
  const origin = Date.UTC(2000, 0, 1);
  const last = origin + Math.floor((tx.now.getTime() - origin) / length) * length;
  const first = last - (count - 1) * length;
  const found = await rows(
    tx.db,
    sql<PartRow>`
    select date_bin(make_interval(mins => ${minutes}::int), x.finished_at,
        '2000-01-01T00:00:00Z'::timestamptz) as at,
      count(*) filter (where x.outcome = 'succeeded')::int as succeeded,
      count(*) filter (where x.outcome <> 'succeeded')::int as failed
    from attempts x
    where x.finished_at >= ${new Date(first)}
      and (x.outcome = 'succeeded' or (x.outcome in ('failed', 'lease_expired') and exists (select 1 from tasks t
        where t.id = x.task_id and t.state = 'failed' and t.attempt = x.number)))
    group by 1`,
  );
  const parts = new Map(found.map((part) => [part.at.getTime(), part]));
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * length;
    const part = parts.get(at);
    return { at: new Date(at).toISOString(), succeeded: part?.succeeded ?? 0, failed: part?.failed ?? 0 };
  });
}
