// What people do with budgets: set, change, remove and bring back. Each counts what its period has used already.
import { isDeepStrictEqual } from 'node:util';
import { budgetWords, type Budget, type BudgetPeriod, type BudgetScope, type BudgetUnit } from '../../shared/budget.ts';
import { AppError, notFound } from '../../shared/errors.ts';
import { isUniqueViolation, jsonb, row, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { toMicros } from './ledger.ts';
import { periodStart } from './period.ts';
import { lockRunning, recount, type Running } from './recount.ts';
import { findBudgets, readBudget, saveBudget, toBudget, type Held } from './rows.ts';

function refuse(path: string, message: string): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] } });
}

export interface NewBudget {
  scope: BudgetScope;
  planId?: string | undefined;
  agentId?: string | undefined;
  unit: BudgetUnit;
  amount: string;
  period: BudgetPeriod;
  softPercent: number;
  reserveUsd: string | null;
}

/** What it is about must be named, be there, and be able to use something. */
async function checkScope(tx: TenantTransaction, { scope, planId, agentId }: NewBudget): Promise<void> {
  if ((planId !== undefined) !== (scope === 'plan')) {
    throw refuse('planId', scope === 'plan' ? 'Choose the plan.' : 'Leave it out: only a plan’s budget names a plan.');
  }
  if ((agentId !== undefined) !== (scope === 'agent')) {
    throw refuse('agentId', scope === 'agent' ? 'Choose the agent.' : 'Leave it out: only an agent’s budget names an agent.');
  }
  if (planId !== undefined) {
    const found = await row(tx.db, sql`select 1 from plans where id = ${planId}`);
    if (!found) throw notFound('plan');
  }
  if (agentId !== undefined) {
    const found = await row(tx.db, sql<{ status: string }>`select status from agents where id = ${agentId}`);
    if (!found) throw notFound('agent');
    if (found.status === 'retired') throw refuse('agentId', 'It is retired and uses nothing more. Choose another agent.');
  }
}

function checkFigures({ unit, amount, reserveUsd }: { unit: BudgetUnit; amount: string; reserveUsd: string | null }): void {
  if (unit === 'executions' && !/^\d+(\.0+)?$/.test(amount)) throw refuse('amount', 'Write a whole number of executions.');
  if (reserveUsd === null) return;
  if (unit === 'executions') throw refuse('reserveUsd', 'Leave it out: an execution is always one.');
  if (toMicros(reserveUsd) > toMicros(amount)) {
    throw refuse('reserveUsd', 'Hold no more than the whole budget for one attempt, or none could ever start.');
  }
}

const auditable = ({ scope, name, unit, amount, period, softPercent, reserveUsd }: Budget): object => ({
  scope, name, unit, amount, period, softPercent, reserveUsd,
});

/** Tells of a change by a person; more or less may run than before, so the engine looks again. */
async function announce(tx: TenantTransaction, held: Held, change: { fact: string; before: Budget | null }): Promise<Budget> {
  const { fact, before } = change;
  const after = await saveBudget(tx, held, { fact });
  tx.record({
    audit: { action: `budgets.${fact}`, entity: 'budget', id: after.id, before: before && auditable(before), after: auditable(after) },
  });
  tx.ready();
  return after;
}

/** One budget for what it is about, unit and period: a second one could only be the tighter of the two. */
async function unique<Result>(wanted: Pick<Budget, 'period' | 'scope' | 'name' | 'unit'>, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const unit = wanted.unit === 'usd' ? 'in dollars' : 'in executions';
    const message = `${budgetWords(wanted)} ${unit} is there already. Change its amount, or choose another period.`;
    throw new AppError('conflict', message, { details: { fields: [{ path: 'period', message: 'There is a budget of this period already.' }] } });
  }
}

async function nameOf(tx: TenantTransaction, { planId, agentId }: NewBudget): Promise<string> {
  const found = await row(tx.db, sql<{ name: string }>`select coalesce((select name from agents where id = ${agentId ?? null}::uuid),
    (select name from plans where id = ${planId ?? null}::uuid), name) as name from workspace`);
  return found!.name;
}

export async function createBudget(tx: TenantTransaction, wanted: NewBudget): Promise<Budget> {
  checkFigures(wanted);
  await checkScope(tx, wanted);
  const id = newId();
  const { scope, unit, period } = wanted;
  const about = { scope, unit, period, name: await nameOf(tx, wanted) };
  await unique(about, sql`insert into budgets (id, scope, plan_id, agent_id, unit, amount, soft_percent, period, reserve_usd, period_start, created_by)
    values (${id}, ${scope}, ${wanted.planId ?? null}, ${wanted.agentId ?? null}, ${unit}, ${wanted.amount}::numeric,
      ${wanted.softPercent}, ${period}, ${wanted.reserveUsd}::numeric, ${periodStart(period, tx.now)}, ${jsonb(tx.actor)})`.execute(tx.db));
  const held = await readBudget(tx, id);
  await recount(tx, held, await lockRunning(tx, held));
  return announce(tx, held, { fact: 'created', before: null });
}

export interface BudgetChange {
  id: string;
  amount?: string | undefined;
  period?: BudgetPeriod | undefined;
  softPercent?: number | undefined;
  reserveUsd?: string | null | undefined;
  edition?: number | undefined;
}

/** The budget, held; removed ones only where they are meant. */
async function hold(tx: TenantTransaction, id: string): Promise<Held> {
  const [held] = await findBudgets(tx, sql`b.id = ${id} for no key update of b`);
  if (!held) throw notFound('budget');
  return held;
}

export async function updateBudget(tx: TenantTransaction, change: BudgetChange): Promise<Budget> {
  const known = await readBudget(tx, change.id);
  const repeated = change.period !== undefined && change.period !== known.row.period;
  // What runs is held before the budget, as whoever ends an attempt holds it.
  const running: Running[] | null = repeated ? await lockRunning(tx, known) : null;
  const before = await hold(tx, change.id);
  const was = toBudget(before, tx.now);
  if (before.row.removed_at !== null) throw new AppError('conflict', 'This budget is removed. Bring it back to change it.');
  if (change.edition !== undefined && change.edition !== before.row.edition) {
    throw new AppError('version_conflict', 'Somebody changed this budget meanwhile. Load it again and decide.', {
      details: { edition: before.row.edition },
    });
  }
  const amount = change.amount ?? was.amount;
  const period = change.period ?? was.period;
  const reserveUsd = change.reserveUsd === undefined ? was.reserveUsd : change.reserveUsd;
  checkFigures({ unit: was.unit, amount, reserveUsd });
  await unique({ ...was, period }, sql`update budgets set edition = edition + 1, amount = ${amount}::numeric, period = ${period},
    soft_percent = ${change.softPercent ?? was.softPercent}, reserve_usd = ${reserveUsd}::numeric where id = ${change.id}`.execute(tx.db));
  const held = await readBudget(tx, change.id);
  // It is said anew when it is used up again.
  if (amount !== was.amount) held.exhaustedAt = null;
  if (running) await recount(tx, held, running);
  const after = toBudget(held, tx.now);
  if (isDeepStrictEqual(auditable(after), auditable(was))) return was;
  return announce(tx, held, { fact: 'updated', before: was });
}

export async function removeBudget(tx: TenantTransaction, id: string): Promise<Budget> {
  const before = await hold(tx, id);
  const was = toBudget(before, tx.now);
  if (before.row.removed_at !== null) return was;
  await sql`delete from budget_reservations where budget_id = ${id}`.execute(tx.db);
  await sql`update budgets set removed_at = now(), edition = edition + 1 where id = ${id}`.execute(tx.db);
  const held = await readBudget(tx, id);
  Object.assign(held.ledger, { reserved: 0n, exposed: 0n, running: 0 });
  return announce(tx, held, { fact: 'removed', before: was });
}

export async function restoreBudget(tx: TenantTransaction, id: string): Promise<Budget> {
  const known = await readBudget(tx, id);
  const running = await lockRunning(tx, known);
  const before = await hold(tx, id);
  const was = toBudget(before, tx.now);
  if (before.row.removed_at === null) return was;
  await unique(was, sql`update budgets set removed_at = null, edition = edition + 1 where id = ${id}`.execute(tx.db));
  const held = await readBudget(tx, id);
  await recount(tx, held, running);
  return announce(tx, held, { fact: 'restored', before: was });
}
