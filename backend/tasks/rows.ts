// Tasks' rows: how they are read, and the shapes that lists, answers and events show.
import type { Actor } from '../../shared/actor.ts';
import { notFound } from '../../shared/errors.ts';
import { backoffSeconds, type Attempt, type RetryPolicy, type Task, type TaskState, type TaskSummary } from '../../shared/task.ts';
import type { Revocation } from '../budgets/index.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export { backoffSeconds };

export interface TaskRow {
  id: string;
  version: number;
  title: string;
  kind: 'work' | 'approval';
  state: TaskState;
  wait_reason: TaskSummary['waitReason'];
  agent_id: string | null;
  claimed_by: string | null;
  shown_agent_id: string | null;
  agent_name: string | null;
  account_kind: string | null;
  capabilities: string[];
  plan_id: string | null;
  plan_key: string | null;
  queue: string;
  retry_policy: RetryPolicy | null;
  priority: number;
  attempt: number;
  failed_attempts: number;
  max_attempts: number;
  run_at: Date | null;
  time_limit_seconds: number;
  counted: boolean;
  budgeted: boolean;
  revoked: Revocation | null;
  lease_expires_at: Date | null;
  deadline_at: Date | null;
  progress_percent: number | null;
  progress_message: string | null;
  error: { code: string; message: string } | null;
  error_fingerprint: string | null;
  handoffs: number;
  handoff_from: string | null;
  succeeded_by: string | null;
  execution_seconds: number;
  cost_usd: string;
  created_by: Actor;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  held_at: Date | null;
  held_by: string | null;
  deleted_at: Date | null;
}

export interface TaskDetailRow extends TaskRow {
  instructions: string;
  output: string | null;
  expected_output: string | null;
  tools: string[];
  success_criteria: string[];
  handoff_notes: string | null;
  depends_on: string[];
  schedule_id: string | null;
}

// The long texts stay out of lists and events.
const ownColumns = sql`t.id, t.version, t.title, t.kind, t.state, t.wait_reason, t.agent_id, t.claimed_by, t.capabilities,
  t.plan_id, t.plan_key, t.queue, t.retry_policy, t.priority, t.attempt, t.failed_attempts, t.max_attempts, t.run_at, t.time_limit_seconds,
  t.counted, t.budgeted, t.revoked, t.lease_expires_at, t.deadline_at, t.progress_percent, t.progress_message, t.error, t.error_fingerprint, t.handoffs,
  t.handoff_from, t.succeeded_by, t.execution_seconds, t.cost_usd::text as cost_usd, t.created_by, t.created_at,
  t.started_at, t.finished_at, t.held_at, t.held_by, t.deleted_at`;
/** Columns of `t`, with its agent `a` and that one's account `p`. */
export const summaryColumns = sql`${ownColumns}, coalesce(t.agent_id, t.claimed_by) as shown_agent_id, a.name as agent_name, p.kind as account_kind`;
/** Of a running task that is being changed: what `summaryColumns` need beside it, after `from ... ,`. */
export const shownAgent = sql`agents a left join provider_accounts p on p.id = a.provider_account_id`;
const joins = sql`from tasks t
  left join agents a on a.id = coalesce(t.agent_id, t.claimed_by)
  left join provider_accounts p on p.id = a.provider_account_id`;
const longColumns = sql`t.schedule_id, t.instructions, t.output, t.expected_output, t.tools, t.success_criteria, t.handoff_notes`;
/** Columns of `t` that details show besides. */
export const detailColumns = sql`${longColumns}, array(select d.depends_on from task_dependencies d where d.task_id = t.id order by 1) as depends_on`;
/** All that is shown of `t` but the agent that has it, whom its reader knows. */
export const unclaimedColumns = sql`${ownColumns}, ${detailColumns}`;
export type UnclaimedRow = Omit<TaskDetailRow, 'shown_agent_id' | 'agent_name' | 'account_kind'>;

export function toSummary(found: TaskRow): TaskSummary {
  return {
    id: found.id,
    version: found.version,
    title: found.title,
    kind: found.kind,
    state: found.state,
    waitReason: found.wait_reason,
    agentId: found.shown_agent_id,
    agentName: found.agent_name,
    simulated: found.account_kind === 'simulator',
    capabilities: found.capabilities,
    planId: found.plan_id,
    planKey: found.plan_key,
    queue: found.queue,
    priority: found.priority,
    attempt: found.attempt,
    maxAttempts: found.max_attempts,
    runAt: found.run_at?.toISOString() ?? null,
    timeLimitSeconds: found.time_limit_seconds,
    progress:
      found.progress_percent === null && found.progress_message === null
        ? null
        : { percent: found.progress_percent, message: found.progress_message },
    error: found.error,
    errorGroup: found.error_fingerprint,
    handoffs: found.handoffs,
    succeededBy: found.succeeded_by,
    executionSeconds: Math.round(found.execution_seconds * 1000) / 1000,
    costUsd: found.cost_usd,
    createdBy: found.created_by,
    createdAt: found.created_at.toISOString(),
    startedAt: found.started_at?.toISOString() ?? null,
    finishedAt: found.finished_at?.toISOString() ?? null,
    heldBy: found.held_at === null ? null : (found.held_by ?? 'somebody'),
    deletedAt: found.deleted_at?.toISOString() ?? null,
  };
}

/** `shown`: its summary, where there is one already. */
export function toTask(found: TaskDetailRow, shown = toSummary(found)): Task {
  return {
    ...shown,
    instructions: found.instructions,
    output: found.output,
    expectedOutput: found.expected_output,
    tools: found.tools,
    successCriteria: found.success_criteria,
    dependsOn: found.depends_on,
    handoffFrom: found.handoff_from,
    handoffNotes: found.handoff_notes,
    retry: found.retry_policy,
    scheduleId: found.schedule_id,
  };
}

/** Summaries by a condition on `t`, with the order and limit in it. */
export function findTasks(tx: TenantTransaction, where: Statement): Promise<TaskRow[]> {
  return rows(tx.db, sql<TaskRow>`select ${summaryColumns} ${joins} where ${where}`);
}

/** The rows of tasks with their long texts, by a condition on `t`. */
export function findDetails(tx: TenantTransaction, where: Statement): Promise<TaskDetailRow[]> {
  return rows(tx.db, sql<TaskDetailRow>`select ${summaryColumns}, ${detailColumns} ${joins} where ${where}`);
}

/** Tasks with their long texts, by a condition on `t`. */
export async function findFullTasks(tx: TenantTransaction, where: Statement): Promise<Task[]> {
  return (await findDetails(tx, where)).map((found) => toTask(found));
}

export async function readTask(tx: TenantTransaction, id: string): Promise<Task> {
  const found = await row(tx.db, sql<TaskDetailRow>`select ${summaryColumns}, ${detailColumns} ${joins} where t.id = ${id}`);
  if (!found) throw notFound('task');
  return toTask(found);
}

/** The task's row, held until the transaction ends. */
export async function lockTask(tx: TenantTransaction, id: string): Promise<TaskRow> {
  await sql`select 1 from tasks where id = ${id} for update`.execute(tx.db);
  const [found] = await findTasks(tx, sql`t.id = ${id}`);
  if (!found) throw notFound('task');
  return found;
}

interface AttemptRow {
  number: number;
  agent_id: string;
  agent_name: string;
  outcome: Attempt['outcome'];
  error: Attempt['error'];
  started_at: Date;
  finished_at: Date | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: string;
  model: string | null;
  provider_account_id: string | null;
  usage_estimated: boolean;
  unpriced: boolean;
}

/** The attempts of a task, oldest first. */
export async function readAttempts(tx: TenantTransaction, taskId: string): Promise<Attempt[]> {
  const found = await rows(tx.db, sql<AttemptRow>`
    select number, agent_id, agent_name, outcome, error, started_at, finished_at, input_tokens, output_tokens,
      cost_usd::text as cost_usd, model, provider_account_id, usage_estimated, unpriced from attempts where task_id = ${taskId} order by number limit 500`);
  return found.map((attempt) => ({
    number: attempt.number,
    agentId: attempt.agent_id,
    agentName: attempt.agent_name,
    outcome: attempt.outcome,
    error: attempt.error,
    startedAt: attempt.started_at.toISOString(),
    finishedAt: attempt.finished_at?.toISOString() ?? null,
    inputTokens: Number(attempt.input_tokens),
    outputTokens: Number(attempt.output_tokens),
    costUsd: attempt.cost_usd,
    model: attempt.model,
    providerAccountId: attempt.provider_account_id,
    usageEstimated: attempt.usage_estimated,
    unpriced: attempt.unpriced,
  }));
}
