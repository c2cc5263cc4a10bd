// What an agent does with a claimed task: each function holds the lease for its one transaction.
import type { Finding } from '../../shared/finding.ts';
import { addFinding } from '../findings/index.ts';
import { sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { holdLease } from './finish.ts';
import { recordTasks } from './record.ts';

export interface LeaseRef {
  id: string;
  leaseToken: string;
  /** The agent that the credential is bound to; absent: a person's. */
  agentId?: string | undefined;
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
