// Counts of tasks for the metrics.
import type { TaskState } from '../../shared/task.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

/** Tasks by state; reads all of the index by state. */
export async function countByState({ db }: TenantTransaction): Promise<Partial<Record<TaskState, number>>> {
  const found = await rows(db, sql<{ state: TaskState; count: number }>`
    select state, count(*)::int as count from tasks where deleted_at is null group by state`);
  return Object.fromEntries(found.map(({ state, count }) => [state, count]));
}
