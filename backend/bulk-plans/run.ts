// Doing it: some hundreds of rows a transaction, by whichever node looks next, until the end or a stop. What was done
// is written beside each row, so that a crash loses nothing and an undo knows what to take back.
import { AppError } from '../../shared/errors.ts';
import { canBulkTransition, undoable, type BulkPlan, type BulkPlanState } from '../../shared/bulk-plan.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { actOnMany, purgeDeleted, undoOnMany, type TaskBefore } from '../tasks/index.ts';
import { announce, lockBulkPlan, readBulkPlan, type BulkPlanRow } from './rows.ts';

/** Rows of one transaction. */
export const BULK_ROWS = 500;
/** Hours for which the rows of a plan that was never executed are kept, and days for those that were. */
const KEPT_PLANNED_HOURS = 1;
const KEPT_DAYS = 30;

function check(plan: BulkPlanRow, to: BulkPlanState, verb: string): void {
  if (canBulkTransition(plan.state, to)) return;
  throw new AppError('transition_not_allowed', `This bulk plan is ${plan.state} and cannot be ${verb}.`, {
    details: { state: plan.state },
  });
}

/** Begins; the engine goes through the rows. */
export async function executeBulkPlan(tx: TenantTransaction, asked: { id: string; hash: string }): Promise<BulkPlan> {
  const plan = await lockBulkPlan(tx, asked.id);
  check(plan, 'running', 'executed');
  if (plan.hash !== asked.hash) {
    throw new AppError('conflict', 'The hash is not that of this plan. Load the plan again and look at what it would do.');
  }
  if (plan.expires_at <= tx.now) {
    throw new AppError('conflict', 'This plan has expired: the tasks may have changed. Make it again.', {
      details: { expiresAt: plan.expires_at.toISOString() },
    });
  }
  await sql`update bulk_plans set state = 'running', version = version + 1, started_at = now() where id = ${plan.id}`.execute(tx.db);
  tx.ready();
  return announce(tx, plan.id, { fact: 'started', audit: true });
}

export async function stopBulkPlan(tx: TenantTransaction, { id }: { id: string }): Promise<BulkPlan> {
  const plan = await lockBulkPlan(tx, id);
  check(plan, 'stopped', 'stopped');
  await sql`update bulk_plans set state = 'stopped', version = version + 1, finished_at = now() where id = ${id}`.execute(tx.db);
  return announce(tx, id, { fact: 'stopped', audit: true });
}

export async function undoBulkPlan(tx: TenantTransaction, { id }: { id: string }): Promise<BulkPlan> {
  const plan = await lockBulkPlan(tx, id);
  if (!undoable[plan.action]) {
    throw new AppError('conflict', 'A retry cannot be taken back: its tasks may have run again. Cancel those that have not.');
  }
  check(plan, 'undoing', 'undone');
  await sql`update bulk_plans set state = 'undoing', version = version + 1, finished_at = null where id = ${id}`.execute(tx.db);
  tx.ready();
  return announce(tx, id, { fact: 'undoing', audit: true });
}

interface FrozenRow {
  n: number;
  task_id: string;
  before: TaskBefore;
}

/** Goes on with one plan; false: there was none. Another node's is passed over. */
export async function stepBulkPlans(tx: TenantTransaction, most = BULK_ROWS): Promise<boolean> {
  const due = await row(tx.db, sql<{ id: string }>`select id from bulk_plans where state in ('running', 'undoing')
    order by id limit 1 for update skip locked`);
  if (!due) return false;
  const plan = await readBulkPlan(tx, due.id);
  // The actor of what is done is who decided it.
  const { created_by: actor } = plan;
  const as: TenantTransaction = {
    ...tx,
    actor,
    record: ({ event, audit }) => tx.record({ ...(event && { event }), ...(audit && { audit: { actor, ...audit } }) }),
  };
  await (plan.state === 'running' ? stepForward(as, plan, most) : stepBack(as, plan, most));
  tx.ready();
  return true;
}

async function stepForward(tx: TenantTransaction, plan: BulkPlanRow, most: number): Promise<void> {
  const next = await rows(tx.db, sql<FrozenRow>`select n, task_id, before from bulk_plan_rows
    where plan_id = ${plan.id} and n > ${plan.gone_through} order by n limit ${most}`);
  const tasks = new Map(next.map(({ task_id, before }) => [task_id, before]));
  const outcomes = await actOnMany(tx, { action: plan.action, input: plan.input, tasks });
  const changed = await noteOutcomes(tx, plan.id, { rows: next, outcomes, done: 'changed', not: 'skipped' });
  const last = next.at(-1)?.n ?? plan.gone_through;
  const done = last >= plan.count;
  await sql`update bulk_plans set gone_through = ${last}, changed = changed + ${changed}, skipped = skipped + ${next.length - changed},
      state = ${done ? 'done' : 'running'}, finished_at = ${done ? tx.now : null}, version = version + 1
    where id = ${plan.id}`.execute(tx.db);
  await announce(tx, plan.id, { fact: done ? 'done' : 'progressed', audit: done });
}

/** The last ones first: what was done last is taken back first. */
async function stepBack(tx: TenantTransaction, plan: BulkPlanRow, most: number): Promise<void> {
  const next = await rows(tx.db, sql<FrozenRow>`select n, task_id, before from bulk_plan_rows
    where plan_id = ${plan.id} and outcome = 'changed' order by n desc limit ${most}`);
  const tasks = new Map(next.map(({ task_id, before }) => [task_id, before]));
  const outcomes = await undoOnMany(tx, { action: plan.action, input: plan.input, tasks });
  const undone = await noteOutcomes(tx, plan.id, { rows: next, outcomes, done: 'undone', not: 'kept' });
  const done = next.length < most;
  await sql`update bulk_plans set undone = undone + ${undone}, kept = kept + ${next.length - undone},
      state = ${done ? 'undone' : 'undoing'}, finished_at = ${done ? tx.now : null}, version = version + 1
    where id = ${plan.id}`.execute(tx.db);
  await announce(tx, plan.id, { fact: done ? 'undone' : 'progressed', audit: done });
}

interface Noted {
  rows: FrozenRow[];
  outcomes: Map<string, string | null>;
  done: 'changed' | 'undone';
  not: 'skipped' | 'kept';
}

/** Writes what became of each row; answers how many were changed. */
async function noteOutcomes(tx: TenantTransaction, planId: string, noted: Noted): Promise<number> {
  const values = noted.rows.map(({ n, task_id }) => {
    const note = noted.outcomes.get(task_id) ?? null;
    return { n, outcome: note === null ? noted.done : noted.not, note };
  });
  if (values.length === 0) return 0;
  // The bounds keep a plan that was made a moment ago, of which the planner has no statistics, from being gone through for
  // each of its rows: of 100,000 an update of 500 took up to two seconds.
  const numbers = values.map(({ n }) => n);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  await sql`update bulk_plan_rows r set outcome = v.outcome, note = v.note
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as v(n int, outcome text, note text)
    where r.plan_id = ${planId} and r.n = v.n and r.n between ${least} and ${most}`.execute(tx.db);
  return values.filter(({ note }) => note === null).length;
}

/** The engine's calendar: goes on with what runs; now and then lets go of what has served its time. */
export const bulkCalendar = {
  async run(tx: TenantTransaction): Promise<void> {
    await stepBulkPlans(tx);
  },
  async keep(tx: TenantTransaction): Promise<void> {
    await sql`delete from bulk_plans where id in (select id from bulk_plans
      where (state = 'planned' and expires_at < now() - make_interval(hours => ${KEPT_PLANNED_HOURS}))
        or (state in ('done', 'stopped', 'undone') and finished_at < now() - make_interval(days => ${KEPT_DAYS}))
      order by id limit 50)`.execute(tx.db);
    await purgeDeleted(tx);
  },
  async next(tx: TenantTransaction): Promise<Date | null> {
    const open = await row(tx.db, sql`select 1 from bulk_plans where state in ('running', 'undoing') limit 1`);
    return open ? tx.now : null;
  },
};
