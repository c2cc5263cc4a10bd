// Time that passed without this process does not count against what it ran or what waited: leases, limits and the time
// since which a task is queued are moved by it, and what was counted by the clock that was set follows the clock.
import { rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import type { LostTime } from '../platform/time-watch.ts';
import { recordTasks } from './record.ts';

const MOST_MOVED = 5_000;

/** Moves one workspace's work; only for the one node there can be. Answers how many running tasks were moved. */
export async function makeGood(tx: TenantTransaction, { sleptMs, steppedMs }: LostTime): Promise<number> {
  const step = sql`make_interval(secs => ${steppedMs / 1000})`;
  const held = sql`make_interval(secs => ${(sleptMs + steppedMs) / 1000})`;
  // In the order of their ids, as whoever else locks several tasks.
  await sql`select 1 from tasks where state in ('running', 'queued') order by id for update`.execute(tx.db);
  const moved = await rows(tx.db, sql<{ id: string }>`
    update tasks set lease_expires_at = lease_expires_at + ${held}, deadline_at = deadline_at + ${held},
      started_at = started_at + ${step}, version = version + 1
    where state = 'running' returning id`);
  await sql`update attempts set started_at = started_at + ${step}
    where finished_at is null and task_id in (select id from tasks where state = 'running')`.execute(tx.db);
  if (steppedMs !== 0) {
    // A pause after a failure is counted from the failure; a time that a person has set stays that time.
    await sql`update tasks set run_at = run_at + ${step}, queued_at = queued_at + ${step}, version = version + 1
      where state = 'queued' and attempt > 0 and run_at is not null`.execute(tx.db);
    await sql`update tasks set queued_at = least(queued_at + ${step}, now()) where state = 'queued' and run_at is null`.execute(tx.db);
  }
  if (sleptMs > 0) await moveQueued(tx, sql`now() - make_interval(secs => ${sleptMs / 1000})`);
  // Nobody could be heard meanwhile.
  await sql`update agents set last_seen_at = least(last_seen_at + ${held}, now()) where online`.execute(tx.db);
  const note = { sleptSeconds: Math.round(sleptMs / 1000), steppedSeconds: Math.round(steppedMs / 1000) };
  await recordTasks(tx, moved.map(({ id }) => ({ id, fact: 'limits_moved', from: 'running', note })));
  tx.ready();
  return moved.length;
}

/**
 * At the start of the one node there can be: what was queued while it was closed did not wait for anybody. When it was
 * there last its last sample of the workspace tells: kept when it stops, and every 15 s while anything is queued, so that
 * of one that was killed it is known to 15 s (backend/metrics).
 */
export async function takeOffClosedTime(tx: TenantTransaction): Promise<void> {
  await moveQueued(tx, sql`greatest((select max(at) from metric_samples), (select at from events order by seq desc limit 1))`);
}

/**
 * Moves what is queued by the time since `from`, in which nobody could take it. What became due within that time follows
 * in its order, a moment apart: priority and order stay as they were. Where more is queued than a start may take the time to
 * move (0.2 ms a task), nothing is, and the time counts.
 */
async function moveQueued(tx: TenantTransaction, from: Statement): Promise<void> {
  await sql`
    update tasks set queued_at = case when queued_at < gone.since then queued_at + (now() - gone.since)
      else now() - (now() - queued_at) / 1000000 end
    from (select ${from} as since) as gone
    where state = 'queued' and queued_at < now() and gone.since < now()
      and (select count(*) from (select from tasks where state = 'queued' limit ${MOST_MOVED + 1}) as queued) <= ${MOST_MOVED}`.execute(tx.db);
}
