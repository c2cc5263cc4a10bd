// The figures above the board: one statement for each table they come from.
import type { Overview } from '../../shared/overview.ts';
import { taskStates, type TaskState } from '../../shared/task.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { countOpenItems } from '../reviews/index.ts';
import { readUsage } from '../usage/index.ts';

type Figures = Overview['figures'];

async function countTasks(
  tx: TenantTransaction,
): Promise<Pick<Figures, 'tasks' | 'retrying' | 'failedLastHour'>> {
  const found = await rows(
    tx.db,
    sql<{ state: TaskState; count: number; retrying: number; recent: number }>`
    select state, count(*)::int as count,
      count(*) filter (where state = 'queued' and failed_attempts > 0)::int as retrying,
      count(*) filter (where state = 'failed' and finished_at >= now() - interval '1 hour')::int as recent
    from tasks where deleted_at is null group by state`,
  );
  const tasks = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>;
  for (const { state, count } of found) tasks[state] = count;
  const total = (of: 'retrying' | 'recent') => found.reduce((sum, state) => sum + state[of], 0);
  return { tasks, retrying: total('retrying'), failedLastHour: total('recent') };
}

async function countAgents(tx: TenantTransaction): Promise<{ agents: number; active: number }> {
  return (await row(
    tx.db,
    sql<{ agents: number; active: number }>`
    select count(*)::int as agents, count(*) filter (where running > 0)::int as active
    from agents where status <> 'retired'`,
  ))!;
}

async function countPlans(tx: TenantTransaction): Promise<{ running: number; floor: number }> {
  return (await row(
    tx.db,
    sql<{ running: number; floor: number }>`
    select count(*)::int as running, coalesce(max(min_active), 0)::int as floor
    from plans where state = 'running'`,
  ))!;
}

/** The wait of starts in the window, what the attempts that ended today (UTC) have cost, and how many failed lately. */
async function measureAttempts(
  tx: TenantTransaction,
  since: Date,
): Promise<{ wait: number | null; cost: string; failed: number }> {
  return (await row(
    tx.db,
    sql<{ wait: number | null; cost: string; failed: number }>`
    select (select percentile_cont(0.95) within group (order by wait_seconds) from attempts
        where started_at >= ${since}) as wait,
      (select trim_scale(coalesce(sum(cost_usd), 0))::text from attempts
        where finished_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC') as cost,
      (select count(*)::int from attempts
        where finished_at >= now() - interval '1 hour' and outcome in ('failed', 'lease_expired')) as failed`,
  ))!;
}

async function countFindings(tx: TenantTransaction): Promise<number> {
  const found = await row(
    tx.db,
    sql<{ count: number }>`
    select count(*)::int as count from findings where severity = 'urgent' and acknowledged_at is null`,
  );
  return found!.count;
}

export async function readFigures(tx: TenantTransaction, since: Date): Promise<Figures> {
  const tasks = await countTasks(tx);
  const { agents, active } = await countAgents(tx);
  const plans = await countPlans(tx);
  const { wait, cost, failed } = await measureAttempts(tx, since);
  const usage = await readUsage(tx);
  return {
    ...tasks,
    attemptsFailedLastHour: failed,
    activeAgents: active,
    agents,
    floor: plans.floor,
    plansRunning: plans.running,
    waitP95Seconds: wait === null ? null : Math.round(wait * 1000) / 1000,
    costTodayUsd: cost,
    executions: usage.quota.used,
    executionsLimit: usage.quota.limit,
    openFindings: await countFindings(tx),
    openReviewItems: await countOpenItems(tx),
  };
}
