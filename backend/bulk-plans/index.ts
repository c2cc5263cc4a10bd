// Bulk plans: the handlers of its operations, and the calendar by which the engine goes through their rows.
import type { output } from 'zod';
import type { BulkRow, bulkPlanOperations } from '../../shared/bulk-plan.ts';
import type { TaskState } from '../../shared/task.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { rows, sql } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { createBulkPlan } from './create.ts';
import { findBulkPlans, readBulkPlan, toBulkPlan } from './rows.ts';
import { executeBulkPlan, stopBulkPlan, undoBulkPlan } from './run.ts';

export { bulkCalendar } from './run.ts';

type ListInput = output<(typeof bulkPlanOperations)['list']['input']>;

interface ListedRow {
  n: number;
  task_id: string;
  title: string | null;
  state: TaskState;
  outcome: BulkRow['outcome'];
  note: string | null;
}

/** Newest first; `confirmed`: without those that were only looked at. */
export async function listBulkPlans(tx: TenantTransaction, { limit, cursor, confirmed }: ListInput) {
  const after = decodeCursor(cursor, ['uuid']);
  const seen = after ? sql`b.id < ${String(after[0])}::uuid` : sql`true`;
  const chosen = confirmed ? sql`b.state <> 'planned'` : sql`true`;
  const found = await findBulkPlans(tx, sql`${chosen} and ${seen} order by b.id desc limit ${limit + 1}`);
  return toPage(found, limit, { item: toBulkPlan, key: ({ id }) => [id] });
}

export const bulkPlanHandlers: HandlersOf<typeof bulkPlanOperations> = {
  list: inTenant(listBulkPlans),
  create: inTenant(createBulkPlan),
  get: inTenant(async (tx, { id }) => toBulkPlan(await readBulkPlan(tx, id))),
  rows: inTenant(async (tx, { id, outcome, limit, cursor }) => {
    await readBulkPlan(tx, id);
    const after = decodeCursor(cursor, ['number']);
    const seen = after ? sql`r.n > ${after[0]}` : sql`true`;
    const chosen = outcome === undefined ? sql`true` : sql`r.outcome = ${outcome}`;
    const found = await rows(tx.db, sql<ListedRow>`
      select r.n, r.task_id, t.title, r.before->>'state' as state, r.outcome, r.note
      from bulk_plan_rows r left join tasks t on t.id = r.task_id
      where r.plan_id = ${id} and ${chosen} and ${seen} order by r.n limit ${limit + 1}`);
    const item = ({ n, task_id: taskId, title, state: stateBefore, ...rest }: ListedRow): BulkRow => ({
      n,
      taskId,
      title,
      stateBefore,
      outcome: rest.outcome,
      note: rest.note,
    });
    return toPage(found, limit, { item, key: ({ n }) => [n] });
  }),
  execute: inTenant(executeBulkPlan),
  stop: inTenant(stopBulkPlan),
  undo: inTenant(undoBulkPlan),
};
