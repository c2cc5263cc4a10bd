// One action on many tasks in one transaction, and its way back: set by set, each task only as far as its state allows.
import { actsOn, type BulkAction, type BulkInput } from '../../shared/bulk-plan.ts';
import { AppError } from '../../shared/errors.ts';
import { isFinal, type TaskState } from '../../shared/task.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { cancelLocked, words } from './commands.ts';
import { recordTasks } from './record.ts';
import { findTasks, type TaskRow } from './rows.ts';
import { holdDependencies, settleDependents, settleWaiting } from './waiting.ts';

/** A task as it was when somebody decided what to do with it. */
export interface TaskBefore {
  state: TaskState;
  agentId: string | null;
  capabilities: string[];
  priority: number;
}

export interface ManyTasks {
  action: BulkAction;
  input: BulkInput;
  tasks: Map<string, TaskBefore>;
}

/** What became of each task: null when it was changed, else why not. */
export type Outcomes = Map<string, string | null>;

/** Locks the tasks in the order of their ids, after what they depend on where a retry will look at it. */
async function lock(tx: TenantTransaction, { action, tasks }: ManyTasks, undo: boolean): Promise<Map<string, TaskRow>> {
  const ids = [...tasks.keys()].sort();
  if (undo ? action === 'cancel' : action === 'retry') {
    const edges = await rows(tx.db, sql<{ id: string }>`
      select distinct depends_on as id from task_dependencies where task_id = any(${ids}::uuid[])`);
    await holdDependencies(tx, edges.map(({ id }) => id));
  }
  await sql`select 1 from tasks where id = any(${ids}::uuid[]) order by id for update`.execute(tx.db);
  const found = await findTasks(tx, sql`t.id = any(${ids}::uuid[]) order by t.id`);
  return new Map(found.map((task) => [task.id, task]));
}

/** Why the action does nothing to it now; null: it does. */
function hindrance(action: BulkAction, task: TaskRow | undefined, before: TaskBefore): string | null {
  if (!task) return 'Not there any more.';
  if (task.deleted_at !== null) return 'Deleted meanwhile.';
  const allowed = (actsOn[action] as readonly TaskState[]).includes(task.state);
  const changed = task.state !== before.state && (isFinal(before.state) || !allowed);
  if (changed) return `Now ${words[task.state]}, was ${words[before.state]}.`;
  if (!allowed) return `It is ${words[task.state]}.`;
  if (action === 'delete' && task.plan_id !== null) return 'It is a step of a plan.';
  return null;
}

/** Does the action to those that allow it. */
export async function actOnMany(tx: TenantTransaction, many: ManyTasks): Promise<Outcomes> {
  const found = await lock(tx, many, false);
  const outcomes: Outcomes = new Map();
  for (const [id, before] of many.tasks) outcomes.set(id, hindrance(many.action, found.get(id), before));
  const acted = [...found.values()].filter(({ id }) => outcomes.get(id) === null);
  if (acted.length > 0) await act(tx, many, acted);
  return outcomes;
}

async function act(tx: TenantTransaction, { action, input }: ManyTasks, tasks: TaskRow[]): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  switch (action) {
    case 'retry':
      return requeue(tx, tasks, 'retried');
    case 'cancel':
      await cancelLocked(tx, tasks, input.reason || `Cancelled by ${tx.actor.name}.`);
      return settleDependents(tx, ids);
    case 'reassign':
      await sql`update tasks set agent_id = ${input.agentId}, capabilities = '{}', version = version + 1
        where id = any(${ids}::uuid[])`.execute(tx.db);
      return told(tx, tasks, 'reassigned');
    case 'reprioritise':
      await sql`update tasks set priority = ${input.priority}, version = version + 1 where id = any(${ids}::uuid[])`.execute(tx.db);
      return told(tx, tasks, 'reprioritised');
    case 'pause':
      await sql`update tasks set held_at = coalesce(held_at, now()), held_by = coalesce(held_by, ${tx.actor.name}),
        version = version + 1 where id = any(${ids}::uuid[])`.execute(tx.db);
      return told(tx, tasks, 'held');
    case 'delete':
      await sql`update tasks set deleted_at = now(), version = version + 1 where id = any(${ids}::uuid[])`.execute(tx.db);
      return told(tx, tasks, 'deleted');
  }
}

/** First waiting, then weighed like any other: what they depend on may not be done. */
async function requeue(tx: TenantTransaction, tasks: TaskRow[], fact: string): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  await sql`update tasks set state = 'waiting', wait_reason = 'dependency', failed_attempts = 0, error = null,
    run_at = case when attempt = 0 then run_at end, finished_at = null, version = version + 1 where id = any(${ids}::uuid[])`.execute(tx.db);
  await told(tx, tasks, fact);
  await settleWaiting(tx, ids);
  await settleDependents(tx, ids);
}

async function told(tx: TenantTransaction, tasks: TaskRow[], fact: string): Promise<void> {
  await recordTasks(tx, tasks.map(({ id, state }) => ({ id, fact, from: state })));
  tx.ready();
}

/** Why it stays as it is; null: it can be taken back. */
function keptBecause({ action, input }: ManyTasks, task: TaskRow | undefined, before: TaskBefore): string | null {
  if (!task) return 'Not there any more.';
  const open = task.state === 'waiting' || task.state === 'queued';
  switch (action) {
    case 'retry':
      return 'A retry cannot be taken back.';
    case 'cancel':
      if (task.state !== 'cancelled') return `It is ${words[task.state]} now.`;
      return before.state === 'running' ? 'It was running: its work has ended. Retry it to run it again.' : null;
    case 'reassign':
      return open && task.agent_id === input.agentId ? null : 'It was changed or taken since.';
    case 'reprioritise':
      return open && task.priority === input.priority ? null : 'It was changed or taken since.';
    case 'pause':
      return open && task.held_at !== null ? null : 'It was resumed since.';
    case 'delete':
      return task.deleted_at === null ? 'It is back already.' : null;
  }
}

/** Takes the action back for those to which nothing has happened since. */
export async function undoOnMany(tx: TenantTransaction, many: ManyTasks): Promise<Outcomes> {
  const found = await lock(tx, many, true);
  const outcomes: Outcomes = new Map();
  for (const [id, before] of many.tasks) outcomes.set(id, keptBecause(many, found.get(id), before));
  const back = [...found.values()].filter(({ id }) => outcomes.get(id) === null);
  if (back.length > 0) await takeBack(tx, many, back);
  return outcomes;
}

async function takeBack(tx: TenantTransaction, { action, tasks: before }: ManyTasks, tasks: TaskRow[]): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  const was = JSON.stringify(ids.map((id) => ({ id, ...before.get(id)! })));
  switch (action) {
    case 'cancel':
      return requeue(tx, tasks, 'restored');
    case 'reassign':
      await sql`update tasks t set agent_id = b."agentId", capabilities = array(select jsonb_array_elements_text(b.capabilities)),
          version = t.version + 1
        from jsonb_to_recordset(${was}::jsonb) as b(id uuid, "agentId" uuid, capabilities jsonb) where t.id = b.id`.execute(tx.db);
      return told(tx, tasks, 'reassigned');
    case 'reprioritise':
      await sql`update tasks t set priority = b.priority, version = t.version + 1
        from jsonb_to_recordset(${was}::jsonb) as b(id uuid, priority smallint) where t.id = b.id`.execute(tx.db);
      return told(tx, tasks, 'reprioritised');
    case 'pause':
      return release(tx, tasks);
    case 'delete':
      await sql`update tasks set deleted_at = null, version = version + 1 where id = any(${ids}::uuid[])`.execute(tx.db);
      return told(tx, tasks, 'restored');
    case 'retry':
      throw new AppError('conflict', 'A retry cannot be taken back.');
  }
}

async function release(tx: TenantTransaction, tasks: TaskRow[]): Promise<void> {
  await sql`update tasks set held_at = null, held_by = null, version = version + 1
    where id = any(${tasks.map(({ id }) => id)}::uuid[])`.execute(tx.db);
  return told(tx, tasks, 'resumed');
}

/** Holds or resumes one task. */
export async function setHeld(tx: TenantTransaction, id: string, held: boolean): Promise<void> {
  const found = await lock(tx, { action: 'pause', input: {}, tasks: new Map([[id, beforeOf()]]) }, false);
  const task = found.get(id);
  if (!task || task.deleted_at !== null) throw new AppError('not_found', 'No such task.');
  if (task.state !== 'waiting' && task.state !== 'queued') {
    throw new AppError('transition_not_allowed', `This task is ${words[task.state]}: only one that has not started can be held.`, {
      details: { state: task.state },
    });
  }
  if ((task.held_at !== null) === held) return;
  if (held) await act(tx, { action: 'pause', input: {}, tasks: new Map() }, [task]);
  else await release(tx, [task]);
}

const beforeOf = (): TaskBefore => ({ state: 'queued', agentId: null, capabilities: [], priority: 5 });

/** Days for which a deleted task can be brought back. */
export const KEPT_DELETED_DAYS = 30;
const PURGE_BATCH = 500;

/** Lets go of what was deleted long ago, with all that hangs on it; usage and audit stay. */
export async function purgeDeleted(tx: TenantTransaction): Promise<number> {
  const due = await rows(tx.db, sql<{ id: string }>`select id from tasks
    where deleted_at < now() - make_interval(days => ${KEPT_DELETED_DAYS}) order by id limit ${PURGE_BATCH} for update skip locked`);
  if (due.length === 0) return 0;
  const ids = sql`${due.map(({ id }) => id)}::uuid[]`;
  await sql`delete from findings where task_id = any(${ids})`.execute(tx.db);
  await sql`delete from attempts where task_id = any(${ids})`.execute(tx.db);
  await sql`delete from task_dependencies where task_id = any(${ids}) or depends_on = any(${ids})`.execute(tx.db);
  await sql`update tasks set handoff_from = null where handoff_from = any(${ids})`.execute(tx.db);
  await sql`update tasks set succeeded_by = null where succeeded_by = any(${ids})`.execute(tx.db);
  await sql`delete from tasks where id = any(${ids})`.execute(tx.db);
  return due.length;
}
