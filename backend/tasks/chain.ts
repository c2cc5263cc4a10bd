// A chain of handoffs as one piece of work: its tasks in their order, and what they took together.
import type { TaskChain } from '../../shared/task.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { findDetails, readAttempts, readTask, toSummary } from './rows.ts';

/** More than any chain has, as the fourth handoff in a row fails the task. */
const MOST = 50;

async function chainOf(tx: TenantTransaction, id: string): Promise<string[]> {
  const found = await rows(tx.db, sql<{ id: string }>`
    with recursive before as (
        select id, handoff_from, 0 as place from tasks where id = ${id}
        union all select t.id, t.handoff_from, b.place + 1 from tasks t join before b on t.id = b.handoff_from where b.place < ${MOST}),
      chain as (
        select t.id, t.succeeded_by, 0 as place from tasks t where t.id = (select id from before order by place desc limit 1)
        union all select t.id, t.succeeded_by, c.place + 1 from tasks t join chain c on t.id = c.succeeded_by where c.place < ${MOST})
    select id from chain order by place`);
  return found.map((one) => one.id);
}

export async function readChain(tx: TenantTransaction, id: string): Promise<TaskChain> {
  await readTask(tx, id);
  const ids = await chainOf(tx, id);
  const found = await findDetails(tx, sql`t.id = any(${ids}::uuid[])`);
  const items: TaskChain['items'] = [];
  for (const one of ids) {
    const task = found.find((known) => known.id === one);
    if (task) items.push({ task: toSummary(task), notes: task.handoff_notes, attempts: await readAttempts(tx, one) });
  }
  const total = (await row(tx.db, sql<{ seconds: number; cost: string; attempts: number }>`
    select sum(t.execution_seconds)::float8 as seconds, sum(t.cost_usd)::text as cost,
      (select count(*)::int from attempts x where x.task_id = any(${ids}::uuid[])) as attempts
    from tasks t where t.id = any(${ids}::uuid[])`))!;
  return {
    items,
    nextCursor: null,
    attempts: total.attempts,
    executionSeconds: Math.round(total.seconds * 1000) / 1000,
    costUsd: total.cost,
    startedAt: items[0]!.task.createdAt,
    finishedAt: items.at(-1)!.task.finishedAt,
  };
}
