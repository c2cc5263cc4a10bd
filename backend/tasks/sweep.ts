// The sweep of one tenant: expired leases, passed time limits, agents that fell silent; and when to look again.
import { markOffline } from '../agents/index.ts';
import { trimMetrics } from '../metrics/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { endRevoked, failAttempt, handOff, type Leased } from './finish.ts';
import { letGo } from '../workspace/index.ts';
import { findTasks } from './rows.ts';

const BATCH = 200;

async function lockDue(tx: TenantTransaction, column: 'lease_expires_at' | 'deadline_at'): Promise<Leased[]> {
  const due = await rows(tx.db, sql<{ id: string }>`select id from tasks where state = 'running' and ${sql.ref(column)} <= now()
    order by ${sql.ref(column)} limit ${BATCH} for update skip locked`);
  if (due.length === 0) return [];
  return (await findTasks(tx, sql`t.id = any(${due.map(({ id }) => id)}::uuid[]) order by t.id`)) as Leased[];
}

/** What is known of an attempt that its agent did not end itself. */
async function automaticNotes(tx: TenantTransaction, task: Leased): Promise<string> {
  const findings = await rows(tx.db, sql<{ title: string; severity: string }>`
    select title, severity from findings where task_id = ${task.id} order by id limit 20`);
  const lines = [`The time limit of ${task.time_limit_seconds} s was reached before the agent left notes.`];
  if (task.progress_percent !== null) lines.push(`Progress reported: ${Math.round(task.progress_percent)} %.`);
  if (task.progress_message) lines.push(`Last message: ${task.progress_message}`);
  if (findings.length > 0) lines.push('Findings so far:', ...findings.map((found) => `- ${found.severity}: ${found.title}`));
  return lines.join('\n');
}

/** What this very process runs. */
export interface OwnRuns {
  leaseSeconds: number;
  runs(taskId: string, attempt: number): boolean;
}

/**
 * The leases that ran out while their worker is here: the node was too busy to write their heartbeats. They go on, as
 * ending them would only give it more to do. With leases of two seconds and 120 attempts at once on a busy machine, an
 * embedded node otherwise ended and claimed the same tasks over and over: of 1,000, 38 had succeeded after 90 s, and 240
 * where leases go on, both at the same time.
 */
async function renewOwn(tx: TenantTransaction, due: Leased[], own: OwnRuns): Promise<Leased[]> {
  const ours = due.filter((task) => !task.revoked && own.runs(task.id, task.attempt));
  if (ours.length === 0) return due;
  await sql`update tasks set lease_expires_at = now() + make_interval(secs => ${own.leaseSeconds})
    where id = any(${ours.map(({ id }) => id)}::uuid[])`.execute(tx.db);
  return due.filter((task) => !ours.includes(task));
}

/** `own`: of a node that runs hosted agents. */
export async function sweepTenant(tx: TenantTransaction, own?: OwnRuns): Promise<void> {
  for (const task of await lockDue(tx, 'deadline_at')) {
    if (task.revoked) await endRevoked(tx, task);
    else await handOff(tx, task, { notes: await automaticNotes(tx, task), reason: 'time_limit' });
  }
  const silent = await lockDue(tx, 'lease_expires_at');
  for (const task of own ? await renewOwn(tx, silent, own) : silent) {
    await failAttempt(tx, task, {
      code: 'lease_expired',
      message: 'The agent was not heard within its lease.',
      retryable: true,
      outcome: 'lease_expired',
    });
  }
  const offlineAt = await markOffline(tx);
  if (offlineAt) tx.ready(offlineAt);
}

/** Lets go of what has served its time; the engine asks for it now and then. Answers whether there is more to go. */
export async function keepTenant(tx: TenantTransaction): Promise<boolean> {
  await trimMetrics(tx);
  return letGo(tx);
}

/** When this tenant needs a look again, from its rows; null: nothing is due by time. */
export async function nextDue(tx: TenantTransaction): Promise<Date | null> {
  const found = await row(tx.db, sql<{ at: Date | null }>`
    select least(
      (select min(lease_expires_at) from tasks where state = 'running'),
      (select min(deadline_at) from tasks where state = 'running'),
      (select min(run_at) from tasks where state = 'queued' and run_at > now()),
      (select min(cooling_until) from provider_accounts where cooling_until > now()),
      (select min(last_seen_at) + interval '61 seconds' from agents where online)
    ) as at`);
  return found?.at ?? null;
}

/** Embedded, after a start: whatever a hosted agent ran was run by the process that is gone. */
export async function releaseHosted(tx: TenantTransaction): Promise<Leased[]> {
  await sql`select 1 from tasks where state = 'running' order by id for update`.execute(tx.db);
  return (await findTasks(tx, sql`t.state = 'running' and t.claimed_by in (select id from agents where kind = 'hosted')`)) as Leased[];
}
