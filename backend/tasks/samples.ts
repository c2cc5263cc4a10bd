// Counts of tasks for the live stream and the metrics.
import type { TaskState } from '../../shared/task.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** What runs and what is queued: both have an index of their own, so that this may be asked once a second. */
export async function countActive({ db }: TenantTransaction): Promise<{ running: number; queued: number }> {
  const found = await row(db, sql<{ running: number; queued: number }>`select
    (select count(*)::int from tasks where state = 'running') as running,
    (select count(*)::int from tasks where state = 'queued') as queued`);
  return found!;
}

/** Tasks by state; reads all of the index by state. */
export async function countByState({ db }: TenantTransaction): Promise<Partial<Record<TaskState, number>>> {
  const found = await rows(db, sql<{ state: TaskState; count: number }>`
    select state, count(*)::int as count from tasks where deleted_at is null group by state`);
  return Object.fromEntries(found.map(({ state, count }) => [state, count]));
}
