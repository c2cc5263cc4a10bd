// What an agent does with a claimed task: each function holds the lease for its one transaction.
import type { Finding } from '../../shared/finding.ts';
import type { AttemptUsage } from '../../shared/work.ts';
import { touchAgent } from '../agents/index.ts';
import { meterAttempt } from '../budgets/index.ts';
import { addFinding } from '../findings/index.ts';
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { holdLease, leaseLost, revokeAttempt, type Leased } from './finish.ts';
import { recordTasks } from './record.ts';

export interface LeaseRef {
  id: string;
  leaseToken: string;
  /** The agent that the credential is bound to; absent: a person's. */
  agentId?: string | undefined;
}

/** Why an attempt was ended from outside, when the token is of one that was cancelled or stopped by a budget. */
async function cancellation(tx: TenantTransaction, lease: LeaseRef): Promise<string | undefined> {
  const found = await row(tx.db, sql<{ message: string | null }>`
    select error->>'message' as message from attempts
    where task_id = ${lease.id} and token = ${lease.leaseToken} and (outcome = 'cancelled' or stopped_by is not null)
      and (${lease.agentId ?? null}::uuid is null or agent_id = ${lease.agentId ?? null}::uuid)`);
  return found ? (found.message ?? 'Cancelled.') : undefined;
}

export interface Heartbeat {
  expiresAt: string;
  cancel: { reason: string } | null;
  warning: { code: 'time_limit'; message: string; deadline: string } | null;
}

/** Seconds before its limit at which an attempt is warned: a tenth of it, at least a minute, at most half of it. */
export function warningSeconds(timeLimitSeconds: number): number {
  return Math.min(Math.max(60, timeLimitSeconds * 0.1), timeLimitSeconds * 0.5);
}

/** Told at each heartbeat from then on, and once in the task's timeline. */
async function warn(tx: TenantTransaction, task: Leased): Promise<Heartbeat['warning']> {
  const { deadline_at: deadline } = task;
  const left = deadline === null ? Number.POSITIVE_INFINITY : (deadline.getTime() - tx.now.getTime()) / 1000;
  if (deadline === null || left > warningSeconds(task.time_limit_seconds)) return null;
  const first = await row(tx.db, sql`update tasks set warned = true, version = version + 1
    where id = ${task.id} and not warned returning id`);
  if (first) await recordTasks(tx, [{ id: task.id, fact: 'warned', from: 'running' }]);
  const message = `${Math.max(0, Math.round(left))} s of the time limit are left. Complete, or hand off with notes.`;
  return { code: 'time_limit', message, deadline: deadline.toISOString() };
}

export async function heartbeat(
  tx: TenantTransaction,
  lease: LeaseRef & { usage?: AttemptUsage | undefined },
  leaseSeconds: number,
): Promise<Heartbeat> {
  const reason = await cancellation(tx, lease);
  if (reason !== undefined) return { expiresAt: tx.now.toISOString(), cancel: { reason }, warning: null };
  const task = await holdLease(tx, lease);
  // The agent's row before any budget's: the order in which claims take them.
  await touchAgent(tx, task.claimed_by);
  if (lease.usage) await noteUsage(tx, task, lease.usage);
  const attempt = { taskId: task.id, number: task.attempt };
  const revoked = lease.usage && task.budgeted ? await meterAttempt(tx, attempt, task.revoked) : task.revoked;
  if (revoked) {
    const until = task.revoked ? task.lease_expires_at! : await revokeAttempt(tx, task, revoked);
    return { expiresAt: until.toISOString(), cancel: { reason: revoked.message }, warning: null };
  }
  const renewed = (await row(tx.db, sql<{ at: Date }>`
    update tasks set lease_expires_at = now() + make_interval(secs => ${leaseSeconds}) where id = ${lease.id}
    returning lease_expires_at as at`))!;
  return { expiresAt: renewed.at.toISOString(), cancel: null, warning: await warn(tx, task) };
}

/** Usage is the attempt's total so far: it never goes down, whatever a report says. */
async function noteUsage(tx: TenantTransaction, task: Leased, usage: AttemptUsage): Promise<void> {
  await sql`update attempts set input_tokens = greatest(input_tokens, ${usage.inputTokens}::bigint),
      output_tokens = greatest(output_tokens, ${usage.outputTokens}::bigint), cost_usd = greatest(cost_usd, ${usage.costUsd}::numeric)
    where task_id = ${task.id} and number = ${task.attempt}`.execute(tx.db);
}

export async function reportProgress(
  tx: TenantTransaction,
  report: LeaseRef & { percent?: number | undefined; message?: string | undefined },
): Promise<void> {
  const task = await holdLease(tx, report);
  await sql`update tasks set progress_percent = ${report.percent ?? task.progress_percent},
    progress_message = ${report.message ?? task.progress_message}, version = version + 1 where id = ${task.id}`.execute(tx.db);
  await recordTasks(tx, [{ id: task.id, fact: 'progressed' }]);
}

export async function reportFinding(
  tx: TenantTransaction,
  report: LeaseRef & { title: string; body: string; severity: Finding['severity'] },
): Promise<Finding> {
  const task = await holdLease(tx, report);
  const { title, body, severity } = report;
  return addFinding(tx, { taskId: task.id, planId: task.plan_id, agentId: task.claimed_by, title, body, severity });
}

export { leaseLost };
