// The end of an attempt: one function for each way in which it can end, all fenced by the attempt's token.
import { AppError, notFound } from '../../shared/errors.ts';
import { defaultRetryPolicy, MAX_HANDOFFS, type Attempt } from '../../shared/task.ts';
import { settleBudgetsOf, type Revocation } from '../budgets/index.ts';
import type { HostedUsage as AttemptUsage } from '../providers/index.ts';
import { jsonb, row, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { recordAttempt } from '../usage/index.ts';
import { recordTasks } from './record.ts';
import { backoffSeconds, findTasks, type TaskRow } from './rows.ts';
import { settleDependents } from './waiting.ts';

/** The task of a lease, locked: what an attempt may still change. */
export interface Leased extends TaskRow {
  claimed_by: string;
}

/** Of a task that runs, what its end asks for. */
export type Running = Pick<Leased, 'id' | 'attempt' | 'claimed_by' | 'budgeted'>;

export function leaseLost(): AppError {
  return new AppError('lease_lost', 'This lease is no longer the current one. Stop the work: another attempt has the task, or it is done.');
}

/** The task of a current token, locked until the end of the transaction; a token that is not current is refused. */
export async function holdLease(tx: TenantTransaction, given: { id: string; leaseToken: string; agentId?: string | undefined }): Promise<Leased> {
  const held = await row(tx.db, sql<{ lease_token: string | null; claimed_by: string | null }>`
    select lease_token, claimed_by from tasks where id = ${given.id} for update`);
  if (!held) throw notFound('task');
  const foreign = given.agentId !== undefined && held.claimed_by !== given.agentId;
  if (held.lease_token === null || held.lease_token !== given.leaseToken || foreign) throw leaseLost();
  const [found] = await findTasks(tx, sql`t.id = ${given.id}`);
  return found as Leased;
}

interface Ending {
  outcome: Attempt['outcome'];
  error?: { code: string; message: string } | undefined;
  usage?: AttemptUsage | undefined;
  /** The budget that has stopped it. */
  stoppedBy?: string | undefined;
}

/** What every ending does: the attempt's row, the agent's slot, the month's usage. */
async function closeAttempt(tx: TenantTransaction, task: Leased, ending: Ending): Promise<void> {
  const usage = ending.usage;
  const used = (await row(tx.db, sql<{ seconds: number; cost_usd: string }>`
    update attempts set outcome = ${ending.outcome}, error = ${ending.error ? jsonb(ending.error) : null}, finished_at = now(),
      input_tokens = greatest(${usage?.inputTokens ?? null}::bigint, input_tokens),
      output_tokens = greatest(${usage?.outputTokens ?? null}::bigint, output_tokens),
      cost_usd = greatest(${usage?.costUsd ?? null}::numeric, cost_usd), stopped_by = ${ending.stoppedBy ?? null}::uuid
    where task_id = ${task.id} and number = ${task.attempt}
    returning extract(epoch from now() - started_at)::float8 as seconds, cost_usd::text as cost_usd`))!;
  await sql`update tasks set execution_seconds = execution_seconds + ${used.seconds}, cost_usd = cost_usd + ${used.cost_usd}::numeric,
    version = version + 1 where id = ${task.id}`.execute(tx.db);
  if (usage) await noteHow(tx, [{ task, usage }]);
  noteEnd(tx, task, used.seconds);
}

/** Of attempts that a service ran: whether what it used was counted here, and whether it has a cost. */
export async function noteHow(tx: TenantTransaction, ended: { task: Running; usage?: AttemptUsage | undefined }[]): Promise<void> {
  for (const { task, usage } of ended) {
    if (!usage?.estimated && !usage?.unpriced) continue;
    await sql`update attempts set usage_estimated = ${usage.estimated ?? false}, unpriced = ${usage.unpriced ?? false}
      where task_id = ${task.id} and number = ${task.attempt}`.execute(tx.db);
  }
}

/** What the end of an attempt touches beside its rows, however it ended. */
export function noteEnd(tx: TenantTransaction, task: Running, seconds: number): void {
  tx.settleLater('agent', task.claimed_by);
  recordAttempt(tx, task.id, task.attempt);
  if (task.budgeted) settleBudgetsOf(tx, { taskId: task.id, number: task.attempt });
  tx.settleLater('metrics', `${task.id}:${task.attempt}`);
  tx.measure('execution', seconds);
  // The agent's slot is free.
  tx.ready();
}

const unleased = sql`lease_token = null, lease_expires_at = null, deadline_at = null, revoked = null, version = version + 1`;

export interface Failure {
  code: string;
  message: string;
  retryable: boolean;
  /** `lease_expired` is tried again at once; a failure after its backoff. */
  outcome: 'failed' | 'lease_expired';
  usage?: AttemptUsage | undefined;
}

/** Fails the attempt: the task is queued again while attempts are left, and is a dead letter otherwise. */
export async function failAttempt(tx: TenantTransaction, task: Leased, failure: Failure): Promise<void> {
  // It was told to stop: that it did, or was not heard again, is no failure of its own.
  if (task.revoked && failure.retryable) return endRevoked(tx, task, failure.usage);
  const error = { code: failure.code, message: failure.message };
  const failed = task.failed_attempts + 1;
  const policy = task.retry_policy ?? defaultRetryPolicy;
  const again = failure.retryable && !policy.nonRetryable.includes(failure.code) && failed < task.max_attempts;
  if (again) {
    const delay = failure.outcome === 'lease_expired' ? 0 : backoffSeconds(failed, policy);
    const runAt = new Date(tx.now.getTime() + delay * 1000);
    await sql`update tasks set state = 'queued', failed_attempts = ${failed}, error = ${jsonb(error)}, run_at = ${runAt},
      queued_at = ${runAt}, ${unleased} where id = ${task.id}`.execute(tx.db);
    tx.ready(runAt);
  } else {
    await sql`update tasks set state = 'failed', failed_attempts = ${failed}, error = ${jsonb(error)}, finished_at = now(),
      ${unleased} where id = ${task.id}`.execute(tx.db);
  }
  await closeAttempt(tx, task, { outcome: failure.outcome, error, usage: failure.usage });
  const fact = failure.outcome === 'lease_expired' ? 'lease_expired' : again ? 'attempt_failed' : 'failed';
  await recordTasks(tx, [{ id: task.id, fact, from: 'running', note: { error } }]);
  if (!again) await settleDependents(tx, [task.id]);
}

/** Puts the task back without spending an attempt: its runner stops before the work did, or its provider takes none now. */
export async function releaseAttempt(tx: TenantTransaction, task: Leased, why: Pick<Ending, 'error' | 'usage'> = {}): Promise<void> {
  await sql`update tasks set state = 'queued', queued_at = now(), ${unleased} where id = ${task.id}`.execute(tx.db);
  await closeAttempt(tx, task, { outcome: 'released', ...why });
  const note = why.error && { error: why.error };
  await recordTasks(tx, [{ id: task.id, fact: 'released', from: 'running', ...(note && { note }) }]);
}

/** Seconds in which an attempt that a budget has stopped may still complete, or leave its notes. */
const REVOKED_SECONDS = 10;

/** Tells an attempt to stop, as a budget has no room for it: its lease is not renewed any more. */
export async function revokeAttempt(tx: TenantTransaction, task: Leased, revocation: Revocation): Promise<Date> {
  const { until } = (await row(tx.db, sql<{ until: Date }>`
    update tasks set revoked = ${jsonb(revocation)}, version = version + 1,
      lease_expires_at = least(lease_expires_at, now() + make_interval(secs => ${REVOKED_SECONDS}))
    where id = ${task.id} returning lease_expires_at as until`))!;
  await recordTasks(tx, [{ id: task.id, fact: 'revoked', from: 'running', note: { budgetId: revocation.budgetId } }]);
  tx.ready(until);
  return until;
}

/** The end of an attempt that a budget has stopped: queued again, without spending an attempt. What it has cost stays counted. */
export async function endRevoked(tx: TenantTransaction, task: Leased, usage?: AttemptUsage): Promise<void> {
  const { budgetId, message } = task.revoked!;
  await sql`update tasks set state = 'queued', queued_at = now(), ${unleased} where id = ${task.id}`.execute(tx.db);
  await closeAttempt(tx, task, { outcome: 'released', error: { code: 'budget_exhausted', message }, usage, stoppedBy: budgetId });
  await sql`update tasks t set reserve_usd = greatest(t.reserve_usd, a.cost_usd)
    from attempts a where t.id = ${task.id} and a.task_id = t.id and a.number = t.attempt`.execute(tx.db);
  await recordTasks(tx, [{ id: task.id, fact: 'stopped_by_budget', from: 'running', note: { budgetId } }]);
}

/** Hands the work to a successor with notes; after three in a row the task fails instead. */
export async function handOff(
  tx: TenantTransaction,
  task: Leased,
  given: { notes: string; usage?: AttemptUsage | undefined; reason: 'time_limit' | 'agent' },
): Promise<void> {
  if (task.handoffs >= MAX_HANDOFFS) {
    const message = `Not done after ${MAX_HANDOFFS} handoffs. Split the task, or raise its time limit. Last notes: ${given.notes}`;
    await failAttempt(tx, task, { code: 'handoff_limit', message: message.slice(0, 10_000), retryable: false, outcome: 'failed', usage: given.usage });
    return;
  }
  const successor = newId();
  await sql`insert into tasks (id, title, instructions, kind, state, agent_id, capabilities, plan_id, plan_key, priority, max_attempts,
      queue, retry_policy, schedule_id, queued_at, time_limit_seconds, counted, expected_output, tools, success_criteria, handoffs, handoff_from, handoff_notes, created_by)
    select ${successor}, title, instructions, kind, 'queued', agent_id, capabilities, plan_id, plan_key, priority, max_attempts,
      queue, retry_policy, schedule_id, now(), time_limit_seconds, true, expected_output, tools, success_criteria, handoffs + 1, id, ${given.notes}, created_by
    from tasks where id = ${task.id}`.execute(tx.db);
  await sql`insert into task_dependencies (task_id, depends_on)
    select ${successor}, depends_on from task_dependencies where task_id = ${task.id}`.execute(tx.db);
  await sql`update tasks set state = 'handed_off', succeeded_by = ${successor}, finished_at = now(), ${unleased} where id = ${task.id}`.execute(tx.db);
  // What waits for this task waits for its successor.
  await sql`update task_dependencies set depends_on = ${successor} where depends_on = ${task.id}`.execute(tx.db);
  await closeAttempt(tx, task, { outcome: 'handed_off', usage: given.usage });
  await recordTasks(tx, [
    { id: task.id, fact: 'handed_off', from: 'running', note: { reason: given.reason, successor } },
    { id: successor, fact: 'created', from: null, note: { handoffFrom: task.id } },
  ]);
}

/** Cancels the running attempt; its agent is told at its next heartbeat. */
export async function cancelAttempt(tx: TenantTransaction, task: Leased, error: { code: string; message: string }): Promise<void> {
  await sql`update tasks set state = 'cancelled', error = ${jsonb(error)}, finished_at = now(), ${unleased} where id = ${task.id}`.execute(tx.db);
  await closeAttempt(tx, task, { outcome: 'cancelled', error });
}
