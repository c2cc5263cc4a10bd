// What stands there now: tasks by state and agents by presence, read for the live stream and kept every 15 s.
import type { MetricPoint } from '../../shared/metric.ts';
import { row, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { ORIGIN } from './count.ts';

/** Seconds between two kept samples. */
export const SAMPLE_SECONDS = 15;

export type Standing = Record<keyof Pick<MetricPoint, 'waiting' | 'queued' | 'retrying' | 'running' | 'idle' | 'busy' | 'offline'>, number>;

// Each count has an index of its own. Presence is what presenceOf in agents/rows.ts says of a row.
const standing = sql`
  (select count(*)::int from tasks where state = 'waiting') as waiting,
  (select count(*)::int from tasks where state = 'queued') as queued,
  (select count(*)::int from tasks where state = 'queued' and run_at is not null and attempt > 0) as retrying,
  (select count(*)::int from tasks where state = 'running') as running,
  a.idle, a.busy, a.offline
  from (select
    count(*) filter (where reachable and running = 0)::int as idle,
    count(*) filter (where reachable and running > 0)::int as busy,
    count(*) filter (where not reachable)::int as offline
    from (select running, case when kind = 'hosted' then provider_account_id is not null else online end as reachable
      from agents where status <> 'retired') g) a`;

/** How it stands now. */
export async function readStanding({ db }: TenantTransaction): Promise<Standing> {
  return (await row(db, sql<Standing>`select ${standing}`))!;
}

/** Keeps the sample of the present 15 s, unless a node has done so; answers what it kept. */
export function keepSample(tx: TenantTransaction): Promise<Standing | undefined> {
  return keepAt(tx, sql`date_bin(make_interval(secs => ${SAMPLE_SECONDS}), now(), ${ORIGIN})`);
}

/** At the end of the one node there can be: until now somebody was there (`takeOffClosedTime` in backend/tasks). */
export async function keepLastSample(tx: TenantTransaction): Promise<void> {
  await keepAt(tx, sql`now()`);
}

function keepAt({ db }: TenantTransaction, slot: Statement): Promise<Standing | undefined> {
  return row(db, sql<Standing>`
    insert into metric_samples (at, waiting, queued, retrying, running, idle, busy, offline)
    select ${slot}, ${standing} where not exists (select 1 from metric_samples where at = ${slot})
    on conflict (at) do nothing
    returning waiting, queued, retrying, running, idle, busy, offline`);
}
