// Time that passed without this process does not count against what it ran: leases and limits are moved by it, and
// what was counted by the clock that was set follows the clock.
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import type { LostTime } from '../platform/time-watch.ts';
import { recordTasks } from './record.ts';

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
  // Nobody could be heard meanwhile.
  await sql`update agents set last_seen_at = least(last_seen_at + ${held}, now()) where online`.execute(tx.db);
  const note = { sleptSeconds: Math.round(sleptMs / 1000), steppedSeconds: Math.round(steppedMs / 1000) };
  await recordTasks(tx, moved.map(({ id }) => ({ id, fact: 'limits_moved', from: 'running', note })));
  tx.ready();
  return moved.length;
}
