// Waiting tasks: what is queued when a dependency is done, and what is told that one has failed.
import { fixed, keptBriefly, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { recordTasks, type TaskChange } from './record.ts';

interface Weighed {
  id: string;
  kind: 'work' | 'approval';
  reason: string;
  draft: boolean;
  open: boolean;
  broken: boolean;
}

/**
 * Holds tasks that others will depend on, and answers for each the task that it now means: the last of its chain of
 * handoffs. Held, none of them can end before this transaction does, and so none ends without seeing its dependents.
 */
export async function holdDependencies(tx: TenantTransaction, ids: string[]): Promise<string[]> {
  let current = [...new Set(ids)].sort();
  while (current.length > 0) {
    await sql`select 1 from tasks where id = any(${current}::uuid[]) order by id for share`.execute(tx.db);
    const found = await rows(tx.db, sql<{ id: string; successor: string | null }>`
      select id, succeeded_by as successor from tasks where id = any(${current}::uuid[])`);
    const next = [...new Set(found.map(({ id, successor }) => successor ?? id))].sort();
    if (found.every(({ successor }) => successor === null)) return next;
    current = next;
  }
  return current;
}

/** Looks again at the waiting tasks that depend on any of these. */
export async function settleDependents(tx: TenantTransaction, ids: string[]): Promise<void> {
  await settleWaiting(tx, await findDependents(tx, ids));
}

/** The tasks that depend on any of these. */
export async function findDependents(tx: TenantTransaction, ids: string[]): Promise<string[]> {
  return (await dependents(tx.db, { ids })).map(({ id }) => id);
}
const dependents = fixed<{ ids: string[] }, { id: string }>(({ ids }) =>
  keptBriefly(sql`select distinct d.task_id as id from task_dependencies d where d.depends_on = any(${ids}::uuid[])`),
);

/**
 * Looks again at these tasks, as far as they wait: queues those whose dependencies are done, and corrects the
 * reason of the others. The rows are locked first and weighed in a statement of its own, so that of two
 * dependencies that finish at once the later one sees the other.
 */
export async function settleWaiting(tx: TenantTransaction, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`select 1 from tasks where id = any(${ids}::uuid[]) and state = 'waiting' order by id for update`.execute(tx.db);
  const weighed = await rows(tx.db, sql<Weighed>`
    select t.id, t.kind, t.wait_reason as reason,
      exists (select 1 from plans p where p.id = t.plan_id and p.started_at is null) as draft,
      exists (select 1 from task_dependencies d join tasks o on o.id = d.depends_on
        where d.task_id = t.id and o.state <> 'succeeded') as open,
      exists (select 1 from task_dependencies d join tasks o on o.id = d.depends_on
        where d.task_id = t.id and o.state in ('failed', 'cancelled')) as broken
    from tasks t where t.id = any(${ids}::uuid[]) and t.state = 'waiting' order by t.id`);
  const changed = weighed.flatMap((task) => {
    const reason = reasonOf(task);
    return reason === task.reason ? [] : [{ id: task.id, reason }];
  });
  if (changed.length === 0) return;
  // One statement for all: a plan of thousands is weighed at its start.
  await sql`update tasks t set state = case when n.reason is null then 'queued' else 'waiting' end, wait_reason = n.reason,
      queued_at = case when n.reason is null then greatest(now(), t.run_at) end, version = version + 1
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as n(id uuid, reason text) where t.id = n.id`.execute(tx.db);
  if (changed.some(({ reason }) => reason === null)) tx.ready();
  await recordTasks(tx, changed.map(({ id, reason }): TaskChange =>
    reason === null ? { id, fact: 'queued', from: 'waiting' } : { id, fact: 'waiting', from: 'waiting', note: { reason } },
  ));
}

/** Why it waits; null: it need not. */
function reasonOf(task: Weighed): string | null {
  if (task.draft) return 'plan_not_started';
  if (task.broken) return 'dependency_failed';
  if (task.open) return 'dependency';
  return task.kind === 'approval' ? 'approval' : null;
}
