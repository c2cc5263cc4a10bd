// Plans' rows: how they are read, counted and changed, and the one shape that lists, answers and events show.
import { notFound } from '../../shared/errors.ts';
import type { planCounts, PlanState, PlanSummary } from '../../shared/plan.ts';
import type { z } from 'zod';
import { jsonb, row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export type PlanCounts = z.infer<typeof planCounts>;

/** The row itself. */
export interface BarePlan {
  id: string;
  version: number;
  name: string;
  state: PlanState;
  min_active: number;
  time_limit_seconds: number;
  success_criteria: string[];
  counts: PlanCounts;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}
export interface PlanRow extends BarePlan {
  simulated: boolean;
}

const bare = sql`p.id, p.version, p.name, p.state, p.min_active, p.time_limit_seconds, p.success_criteria,
  p.counts, p.created_at, p.started_at, p.finished_at`;
// Every task of a plan has its agent: none is open to any.
const select = sql`select ${bare},
  exists (select 1 from tasks t join agents a on a.id = t.agent_id
    join provider_accounts o on o.id = a.provider_account_id
    where t.plan_id = p.id and o.kind = 'simulator') as simulated
  from plans p`;

export function toSummary(found: PlanRow): PlanSummary {
  return {
    id: found.id,
    version: found.version,
    name: found.name,
    state: found.state,
    minActive: found.min_active,
    timeLimitSeconds: found.time_limit_seconds,
    counts: found.counts,
    simulated: found.simulated,
    createdAt: found.created_at.toISOString(),
    startedAt: found.started_at?.toISOString() ?? null,
    finishedAt: found.finished_at?.toISOString() ?? null,
  };
}

/** Plans by a condition on `p`, with the order and limit in it. */
export function findPlans(tx: TenantTransaction, where: Statement): Promise<PlanRow[]> {
  return rows(tx.db, sql<PlanRow>`${select} where ${where}`);
}

export async function readPlanRow(tx: TenantTransaction, id: string): Promise<PlanRow> {
  const [found] = await findPlans(tx, sql`p.id = ${id}`);
  if (!found) throw notFound('plan');
  return found;
}

/**
 * The plan's row, held until the transaction ends. Tasks come first: whoever changes both has held them before.
 * Not `for update`: that would wait for whoever has inserted a finding or a successor, and they wait for this.
 */
export async function lockPlan(tx: TenantTransaction, id: string): Promise<BarePlan> {
  const found = await row(
    tx.db,
    sql<BarePlan>`select ${bare} from plans p where p.id = ${id} for no key update`,
  );
  if (!found) throw notFound('plan');
  return found;
}

/** The plan's tasks by state, and how many of the waiting ones wait for a person. */
export interface Counted {
  counts: PlanCounts;
  approvals: number;
}

/** Counts what is there now; a task that was handed off is counted as its successor. */
export async function countTasks(tx: TenantTransaction, id: string): Promise<Counted> {
  const { approvals, ...counts } = (await row(
    tx.db,
    sql<PlanCounts & { approvals: number }>`
    select count(*)::int as total,
      count(*) filter (where state = 'waiting')::int as waiting,
      count(*) filter (where state = 'queued')::int as queued,
      count(*) filter (where state = 'running')::int as running,
      count(*) filter (where state = 'succeeded')::int as succeeded,
      count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state = 'cancelled')::int as cancelled,
      count(*) filter (where state = 'waiting' and wait_reason = 'approval')::int as approvals
    from tasks where plan_id = ${id} and state <> 'handed_off'`,
  ))!;
  return { counts, approvals };
}

export interface PlanChange {
  state: PlanState;
  counts: PlanCounts;
  /** A fact in the past tense: `started`, `progressed`. */
  fact: string;
  /** What the audit log calls it; absent: nothing is audited (progress). */
  action?: string;
}

/** Writes state and counts, and tells them. A state that ends the plan sets its end, another takes it back. */
export async function changePlan(
  tx: TenantTransaction,
  before: BarePlan,
  change: PlanChange,
): Promise<PlanSummary> {
  const { id } = before;
  const over = change.state === 'succeeded' || change.state === 'failed' || change.state === 'cancelled';
  const finished = change.state === before.state ? sql`finished_at` : over ? sql`now()` : sql`null`;
  await sql`update plans set version = version + 1, state = ${change.state}, counts = ${jsonb(change.counts)},
    finished_at = ${finished} where id = ${id}`.execute(tx.db);
  const shown = toSummary(await readPlanRow(tx, id));
  tx.record({
    event: { type: `plan.${change.fact}`, entity: 'plan', id, version: shown.version, data: shown },
  });
  if (change.action !== undefined) {
    const after = { state: shown.state, counts: shown.counts };
    tx.record({
      audit: { action: `plans.${change.action}`, entity: 'plan', id, before: { state: before.state }, after },
    });
  }
  return shown;
}
