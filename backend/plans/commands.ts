// What people do with a plan: start, pause and cancel it.
import { AppError } from '../../shared/errors.ts';
import type { Plan, PlanState } from '../../shared/plan.ts';
import { sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { cancelPlanTasks, settlePlanTasks } from '../tasks/index.ts';
import { readPlan } from './read.ts';
import { changePlan, countTasks, lockPlan, readPlanRow, type BarePlan } from './rows.ts';

function refuse(state: PlanState, message: string): AppError {
  return new AppError('transition_not_allowed', message, { details: { state } });
}

/** Tasks before their plan: in this order no two transactions wait for each other. */
async function lockOpenTasks(tx: TenantTransaction, id: string): Promise<void> {
  await sql`select 1 from tasks where plan_id = ${id} and state in ('waiting', 'queued', 'running')
    order by id for update`.execute(tx.db);
}

/** A plan that was cancelled before its start, and has a task that was retried since, is as good as a draft. */
function neverStarted(plan: BarePlan): boolean {
  return (
    plan.state === 'draft' ||
    (plan.state === 'cancelled' && plan.started_at === null && plan.counts.waiting > 0)
  );
}

function checkStart(plan: BarePlan): void {
  if (neverStarted(plan) || plan.state === 'paused') return;
  const messages: Record<Exclude<PlanState, 'draft' | 'paused'>, string> = {
    running: 'This plan runs already.',
    succeeded: 'This plan has succeeded. To run it once more, create it again.',
    failed: 'This plan has failed. Retry its failed and cancelled tasks: the plan goes on with them.',
    cancelled: 'This plan was cancelled. Retry its cancelled tasks: the plan goes on with them.',
  };
  throw refuse(plan.state, messages[plan.state as keyof typeof messages]);
}

export async function startPlan(tx: TenantTransaction, id: string): Promise<Plan> {
  await lockOpenTasks(tx, id);
  const plan = await lockPlan(tx, id);
  checkStart(plan);
  if (neverStarted(plan)) {
    await sql`update plans set started_at = now() where id = ${id}`.execute(tx.db);
    await settlePlanTasks(tx, id);
  }
  const { counts } = await countTasks(tx, id);
  await changePlan(tx, plan, {
    state: 'running',
    counts,
    fact: plan.state === 'paused' ? 'resumed' : 'started',
    action: 'start',
  });
  tx.ready();
  return readPlan(tx, id);
}

export async function pausePlan(tx: TenantTransaction, id: string): Promise<Plan> {
  const plan = await lockPlan(tx, id);
  if (plan.state === 'draft') throw refuse(plan.state, 'This plan has not started, so nothing of it runs.');
  if (plan.state === 'paused') throw refuse(plan.state, 'This plan is paused already. Start it to resume.');
  if (plan.state !== 'running')
    throw refuse(
      plan.state,
      `This plan has ${plan.state === 'cancelled' ? 'been cancelled' : plan.state}. There is nothing to pause.`,
    );
  const { counts } = await countTasks(tx, id);
  await changePlan(tx, plan, { state: 'paused', counts, fact: 'paused', action: 'pause' });
  return readPlan(tx, id);
}

export async function cancelPlan(tx: TenantTransaction, id: string): Promise<Plan> {
  await readPlanRow(tx, id);
  await cancelPlanTasks(tx, id);
  const plan = await lockPlan(tx, id);
  if (plan.state === 'succeeded')
    throw refuse(plan.state, 'This plan has succeeded. There is nothing to cancel.');
  if (plan.state === 'cancelled') throw refuse(plan.state, 'This plan is cancelled already.');
  const { counts } = await countTasks(tx, id);
  await changePlan(tx, plan, { state: 'cancelled', counts, fact: 'cancelled', action: 'cancel' });
  return readPlan(tx, id);
}
