// What people do with tasks: cancel, retry, approve.
import { AppError } from '../../shared/errors.ts';
import { canTransition, type Task, type TaskState } from '../../shared/task.ts';
import { jsonb, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { cancelAttempt, type Leased } from './finish.ts';
import { recordTasks } from './record.ts';
import { findTasks, lockTask, readTask, type TaskRow } from './rows.ts';
import { holdDependencies, settleDependents, settleWaiting } from './waiting.ts';

/** What a state is called in a sentence. */
export const words: Record<TaskState, string> = {
  waiting: 'waiting',
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  handed_off: 'handed off',
};

function checkTransition(task: TaskRow, to: TaskState, verb: string): void {
  if (canTransition(task.state, to)) return;
  throw new AppError('transition_not_allowed', `This task is ${words[task.state]} and cannot be ${verb}.`, {
    details: { state: task.state },
  });
}

/** Cancels locked tasks: running ones attempt by attempt, the others in one statement. */
export async function cancelLocked(tx: TenantTransaction, tasks: TaskRow[], message: string): Promise<void> {
  const error = { code: 'cancelled', message };
  const idle = tasks.filter((task) => task.state !== 'running').map((task) => task.id);
  for (const task of tasks) if (task.state === 'running') await cancelAttempt(tx, task as Leased, error);
  await sql`update tasks set state = 'cancelled', wait_reason = null, error = ${jsonb(error)}, finished_at = now(),
    version = version + 1 where id = any(${idle}::uuid[])`.execute(tx.db);
  await recordTasks(tx, tasks.map((task) => ({ id: task.id, fact: 'cancelled', from: task.state })));
}

export async function cancelTask(tx: TenantTransaction, input: { id: string; reason?: string | undefined }): Promise<Task> {
  const task = await lockTask(tx, input.id);
  checkTransition(task, 'cancelled', 'cancelled');
  await cancelLocked(tx, [task], input.reason?.trim() || `Cancelled by ${tx.actor.name}.`);
  await settleDependents(tx, [task.id]);
  return readTask(tx, task.id);
}

/** Cancels every unfinished task of a plan. */
export async function cancelPlanTasks(tx: TenantTransaction, planId: string): Promise<void> {
  await sql`select 1 from tasks where plan_id = ${planId} and state in ('waiting', 'queued', 'running') order by id for update`.execute(tx.db);
  const open = await findTasks(tx, sql`t.plan_id = ${planId} and t.state in ('waiting', 'queued', 'running') order by t.id`);
  await cancelLocked(tx, open, `The plan was cancelled by ${tx.actor.name}.`);
}

/** Weighs all waiting tasks of a plan, as when it starts. */
export async function settlePlanTasks(tx: TenantTransaction, planId: string): Promise<void> {
  const waiting = await findTasks(tx, sql`t.plan_id = ${planId} and t.state = 'waiting' order by t.id`);
  await settleWaiting(tx, waiting.map((task) => task.id));
  tx.ready();
}

/** A queued task that waits for a time, its own or its backoff's, waits no longer; its attempts stay as they are. */
async function hasten(tx: TenantTransaction, task: TaskRow): Promise<Task> {
  await sql`update tasks set run_at = null, queued_at = least(queued_at, now()), version = version + 1 where id = ${task.id}`.execute(tx.db);
  await recordTasks(tx, [{ id: task.id, fact: 'hastened', from: task.state }]);
  tx.ready();
  return readTask(tx, task.id);
}

export async function retryTask(tx: TenantTransaction, id: string): Promise<Task> {
  const dependencies = await rows(tx.db, sql<{ id: string }>`select depends_on as id from task_dependencies where task_id = ${id}`);
  await holdDependencies(tx, dependencies.map((found) => found.id));
  const task = await lockTask(tx, id);
  if (task.state === 'queued' && task.run_at !== null) return hasten(tx, task);
  checkTransition(task, 'waiting', 'retried');
  // First waiting, then weighed like any other: its dependencies may not be done. One that was cancelled before its time
  // goes back to wait for that time.
  await sql`update tasks set state = 'waiting', wait_reason = 'dependency', failed_attempts = 0, error = null,
    run_at = case when attempt = 0 then run_at end,
    finished_at = null, version = version + 1 where id = ${id}`.execute(tx.db);
  await recordTasks(tx, [{ id, fact: 'retried', from: task.state }]);
  await settleWaiting(tx, [id]);
  await settleDependents(tx, [id]);
  return readTask(tx, id);
}

export async function approveTask(tx: TenantTransaction, input: { id: string; note?: string | undefined }): Promise<Task> {
  const task = await lockTask(tx, input.id);
  if (task.kind !== 'approval') throw new AppError('transition_not_allowed', 'Only a gate can be approved; an agent completes this task.');
  if (task.state !== 'waiting' || task.wait_reason !== 'approval') {
    throw new AppError('transition_not_allowed', 'This gate does not wait for a person now.', { details: { state: task.state } });
  }
  const output = input.note?.trim() || `Approved by ${tx.actor.name}.`;
  await sql`update tasks set state = 'succeeded', wait_reason = null, output = ${output}, finished_at = now(),
    version = version + 1 where id = ${task.id}`.execute(tx.db);
  await recordTasks(tx, [{ id: task.id, fact: 'approved', from: 'waiting' }]);
  await settleDependents(tx, [task.id]);
  return readTask(tx, task.id);
}
