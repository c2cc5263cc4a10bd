// The end of an attempt: one function for each way in which it can end, all fenced by the attempt's token.
import { AppError, notFound } from '../../shared/errors.ts';
import { defaultRetryPolicy, MAX_HANDOFFS, type Attempt } from '../../shared/task.ts';
import { settleBudgetsOf, type Revocation } from '../budgets/index.ts';
import type { HostedUsage as AttemptUsage } from '../providers/index.ts';
import { jsonb, row, sql, type Statement } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { recordAttempt } from '../usage/index.ts';
import { recordTasks } from './record.ts';
import { backoffSeconds, findTasks, shownAgent, summaryColumns, type TaskRow } from './rows.ts';
import { settleDependents } from './waiting.ts';

/** The task of a lease, locked: what an attempt may still change. */
export interface Leased extends TaskRow {
  claimed_by: string;
}

/** With the token by which it is held. */
export interface HeldLease extends Leased {
  lease_token: string;
}

/** Of a task that runs, what its end asks for. */
export type Running = Pick<Leased, 'id' | 'attempt' | 'claimed_by' | 'budgeted'>;

export function leaseLost(): AppError {
  return new AppError('lease_lost', 'This lease is no longer the current one. Stop the work: another attempt has the task, or it is done.');
}

/** The task of a current token, locked until the end of the transaction; a token that is not current is refused. */
export async function holdLease(tx: TenantTransaction, given: { id: string; leaseToken: string; agentId?: string | undefined }): Promise<HeldLease> {
  const held = await row(tx.db, sql<{ lease_token: string | null; claimed_by: string | null }>`
    select lease_token, claimed_by from tasks where id = ${given.id} for update`);
  if (!held) throw notFound('task');
  const foreign = given.agentId !== undefined && held.claimed_by !== given.agentId;
  if (held.lease_token === null || held.lease_token !== given.leaseToken || foreign) throw leaseLost();
  const [found] = await findTasks(tx, sql`t.id = ${given.id}`);
  return { ...(found as Leased), lease_token: given.leaseToken };
}

interface Ending {
  /** What becomes of the task `t`; `e` is the attempt. */
  set: Statement;
  outcome: Attempt['outcome'];
  error?: { code: string; message: string } | undefined;
  usage?: AttemptUsage | undefined;
  /** The budget that has stopped it. */
  stoppedBy?: string | undefined;
  /** It failed, and is tried again. */
  again?: boolean;
}

/** Of an attempt that has just ended, what usage and metrics count. */
export interface EndedRow {
  ended_seconds: number;
  ended_input: number;
  ended_output: number;
  ended_cost: string;
  ended_account: string | null;
  ended_model: string | null;
  ended_unpriced: boolean;
}

/** What `returning` answers of an attempt `e` that an ending has written. */
export const endedColumns = sql`e.seconds as ended_seconds, e.input_tokens as ended_input, e.output_tokens as ended_output,
  e.cost_usd::text as ended_cost, e.provider_account_id as ended_account, e.model as ended_model, e.unpriced as ended_unpriced`;
/** What the statement that ends an attempt `a` returns of it, for `e`. */
export const endedAttempt = sql`a.task_id, extract(epoch from a.finished_at - a.started_at)::float8 as seconds, a.input_tokens, a.output_tokens,
  a.cost_usd, a.provider_account_id, a.model, a.unpriced`;
/** What the end of an attempt `e` adds to its task `t`. */
export const addEnded = sql`execution_seconds = t.execution_seconds + e.seconds, cost_usd = t.cost_usd + e.cost_usd`;

/**
 * What every ending does, in one statement for both rows: the task's state, and what the attempt took. Answers the task as it is then.
 */
async function endAttempt(tx: TenantTransaction, task: Leased, ending: Ending): Promise<TaskRow> {
  const { usage, outcome, set } = ending;
  const ended = (await row(tx.db, sql<TaskRow & EndedRow>`
    with e as (update attempts a set outcome = ${outcome}, error = ${ending.error ? jsonb(ending.error) : null}, finished_at = now(),
        input_tokens = greatest(${usage?.inputTokens ?? null}::bigint, a.input_tokens),
        output_tokens = greatest(${usage?.outputTokens ?? null}::bigint, a.output_tokens),
        cost_usd = greatest(${usage?.costUsd ?? null}::numeric, a.cost_usd), stopped_by = ${ending.stoppedBy ?? null}::uuid,
        usage_estimated = ${usage?.estimated ?? null}::boolean is true or a.usage_estimated,
        unpriced = ${usage?.unpriced ?? null}::boolean is true or a.unpriced
      where a.task_id = ${task.id} and a.number = ${task.attempt} returning ${endedAttempt})
    update tasks t set ${set}, ${addEnded}, lease_token = null, lease_expires_at = null, deadline_at = null, revoked = null,
      version = t.version + 1
    from e, ${shownAgent} where t.id = e.task_id and a.id = coalesce(t.agent_id, t.claimed_by)
    returning ${summaryColumns}, ${endedColumns}`))!;
  noteEnd(tx, task, { ...ending, ended });
  return ended;
}

/** What the end of an attempt touches beside its rows, however it ended. */
export function noteEnd(tx: TenantTransaction, task: Running, end: Pick<Ending, 'outcome' | 'again'> & { ended: TaskRow & EndedRow }): void {
  const { ended, outcome, again = false } = end;
  const { ended_seconds: seconds } = ended;
  tx.settleLater('agent', task.claimed_by);
  recordAttempt(tx, {
    taskId: task.id,
    number: task.attempt,
    agentId: task.claimed_by,
    planId: ended.plan_id,
    outcome,
    seconds,
    inputTokens: Number(ended.ended_input),
    outputTokens: Number(ended.ended_output),
    costUsd: ended.ended_cost,
    accountId: ended.ended_account,
    model: ended.ended_model,
    unpriced: ended.ended_unpriced,
  });
  if (task.budgeted) settleBudgetsOf(tx, { taskId: task.id, number: task.attempt });
  const failed = outcome === 'failed' || outcome === 'lease_expired';
  tx.settleLater('metrics', `${task.id}:${task.attempt}`, { fact: failed ? (again ? 'retried' : 'failed') : outcome, seconds });
  tx.measure('execution', seconds);
  // The agent's slot is free; what goes back to the queue may be for others too.
  tx.ready(tx.now, ended.state === 'queued' || outcome === 'handed_off' ? undefined : task.claimed_by);
}

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
  let set = sql`state = 'failed', finished_at = now()`;
  if (again) {
    const delay = failure.outcome === 'lease_expired' ? 0 : backoffSeconds(failed, policy);
    const runAt = new Date(tx.now.getTime() + delay * 1000);
    tx.ready(runAt);
    set = sql`state = 'queued', run_at = ${runAt}, queued_at = ${runAt}`;
  }
  const noted = sql`${set}, failed_attempts = ${failed}, error = ${jsonb(error)}`;
  const ended = await endAttempt(tx, task, { set: noted, outcome: failure.outcome, error, usage: failure.usage, again });
  const fact = failure.outcome === 'lease_expired' ? 'lease_expired' : again ? 'attempt_failed' : 'failed';
  await recordTasks(tx, [{ id: task.id, fact, from: 'running', note: { error } }], [ended]);
  if (!again) await settleDependents(tx, [task.id]);
}

/** Puts the task back without spending an attempt: its runner stops before the work did, or its provider takes none now. */
export async function releaseAttempt(tx: TenantTransaction, task: Leased, why: Pick<Ending, 'error' | 'usage'> = {}): Promise<void> {
  const ended = await endAttempt(tx, task, { set: sql`state = 'queued', queued_at = now()`, outcome: 'released', ...why });
  const note = why.error && { error: why.error };
  await recordTasks(tx, [{ id: task.id, fact: 'released', from: 'running', ...(note && { note }) }], [ended]);
}

/** Seconds in which an attempt that a budget has stopped may still complete, or leave its notes. */
const REVOKED_SECONDS = 10;

/** Tells an attempt to stop, as a budget has no room for it: its lease is not renewed any more. */
export async function revokeAttempt(
  tx: TenantTransaction,
  task: { id: string; caller?: Caller | undefined },
  revocation: Revocation,
): Promise<Date> {
  const { until } = (await row(tx.db, sql<{ until: Date }>`
    update tasks set revoked = ${jsonb(revocation)}, version = version + 1,
      lease_expires_at = least(lease_expires_at, now() + make_interval(secs => ${REVOKED_SECONDS}))
    where id = ${task.id} returning lease_expires_at as until`))!;
  const { id, caller } = task;
  await recordTasks(tx, [{ id, fact: 'revoked', from: 'running', note: { budgetId: revocation.budgetId }, ...(caller && { caller }) }]);
  tx.ready(until);
  return until;
}

/** The end of an attempt that a budget has stopped: queued again, without spending an attempt. What it has cost stays counted. */
export async function endRevoked(tx: TenantTransaction, task: Leased, usage?: AttemptUsage): Promise<void> {
  const { budgetId, message } = task.revoked!;
  const set = sql`state = 'queued', queued_at = now(), reserve_usd = greatest(t.reserve_usd, e.cost_usd)`;
  const ended = await endAttempt(tx, task, { set, outcome: 'released', error: { code: 'budget_exhausted', message }, usage, stoppedBy: budgetId });
  await recordTasks(tx, [{ id: task.id, fact: 'stopped_by_budget', from: 'running', note: { budgetId } }], [ended]);
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
  const set = sql`state = 'handed_off', succeeded_by = ${successor}, finished_at = now()`;
  await endAttempt(tx, task, { set, outcome: 'handed_off', usage: given.usage });
  // What waits for this task waits for its successor.
  await sql`update task_dependencies set depends_on = ${successor} where depends_on = ${task.id}`.execute(tx.db);
  await recordTasks(tx, [
    { id: task.id, fact: 'handed_off', from: 'running', note: { reason: given.reason, successor } },
    { id: successor, fact: 'created', from: null, note: { handoffFrom: task.id } },
  ]);
}

/** Cancels the running attempt; its agent is told at its next heartbeat. */
export async function cancelAttempt(tx: TenantTransaction, task: Leased, error: { code: string; message: string }): Promise<void> {
  await endAttempt(tx, task, { set: sql`state = 'cancelled', error = ${jsonb(error)}, finished_at = now()`, outcome: 'cancelled', error });
}
