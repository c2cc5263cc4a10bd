// What a budget has to count that was used before it was there: the ended attempts of its period by the roll-ups of
// usage, and the attempts that run, for each of which it holds something from now on.
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { readCosts, reservationFor } from './claims.ts';
import { freeOf, fromMicros, leftOf, reserve, toMicros } from './ledger.ts';
import { periodStart } from './period.ts';
import type { Held } from './rows.ts';

export interface Running {
  id: string;
  attempt: number;
  agent_id: string;
  attempt_cost_usd: string | null;
  plan_id: string | null;
  cost_usd: string;
  reserve_usd: string | null;
}

/** Work that a budget is about, as `t` (a task that runs) or `u` (a roll-up). */
function scopeOf({ row: found }: Held, of: { agent: Statement; plan: Statement }): Statement {
  if (found.scope === 'workspace') return sql`true`;
  return found.scope === 'agent' ? sql`${of.agent} = ${found.agent_id}::uuid` : sql`${of.plan} = ${found.plan_id}::uuid`;
}

/**
 * Holds what runs of its scope. First the tasks, then their agents, as whoever ends an attempt; then the tasks that
 * were claimed meanwhile. From then on none begins or ends without this budget.
 */
export async function lockRunning(tx: TenantTransaction, held: Held): Promise<Running[]> {
  const scope = scopeOf(held, { agent: sql`t.claimed_by`, plan: sql`t.plan_id` });
  const lockTasks = () => sql`select 1 from tasks t where t.state = 'running' and ${scope} order by t.id for update`.execute(tx.db);
  await lockTasks();
  const own = held.row.scope === 'agent' ? sql`id = ${held.row.agent_id}::uuid` : sql`true`;
  await sql`select 1 from agents where ${own} order by id for no key update`.execute(tx.db);
  await lockTasks();
  return rows(tx.db, sql<Running>`
    select t.id, t.attempt, t.claimed_by as agent_id, g.attempt_cost_usd::text as attempt_cost_usd, t.plan_id,
      a.cost_usd::text as cost_usd, t.reserve_usd::text as reserve_usd
    from tasks t join attempts a on a.task_id = t.id and a.number = t.attempt join agents g on g.id = t.claimed_by
    where t.state = 'running' and ${scope} order by t.id`);
}

/** What ended in the period; days of UTC are whole, and so are periods. */
async function readEnded(tx: TenantTransaction, held: Held): Promise<bigint> {
  const scope = scopeOf(held, { agent: sql`u.agent_id`, plan: sql`u.plan_id` });
  const sum = held.row.unit === 'usd' ? sql`sum(u.cost_usd)` : sql`sum(u.executions)::numeric`;
  const { used } = (await row(tx.db, sql<{ used: string }>`
    select coalesce(${sum}, 0)::text as used from usage_days u where u.at >= ${held.start} and ${scope}`))!;
  return toMicros(used);
}

/** What runs already is held as far as there is room: it is stopped at its next report where there is none. */
async function holdRunning(tx: TenantTransaction, held: Held, running: Running[]): Promise<void> {
  const entries: object[] = [];
  for (const found of running) {
    const agent = { id: found.agent_id, attemptCostUsd: found.attempt_cost_usd };
    const costs = await readCosts(tx, agent, [found.id]);
    const task = { id: found.id, counted: true, planId: found.plan_id, reserveUsd: found.reserve_usd };
    const reservation = await reservationFor(held, task, costs);
    reservation.metered = toMicros(found.cost_usd);
    held.ledger.spent += reservation.metered;
    const free = freeOf(held.ledger);
    const left = leftOf(reservation);
    reservation.held = reservation.metered + (left < free ? left : free > 0n ? free : 0n);
    reserve(held.ledger, reservation);
    const { known, step, metered } = reservation;
    entries.push({ task: found.id, attempt: found.attempt, held: fromMicros(reservation.held), metered: fromMicros(metered), step: fromMicros(step), known });
  }
  if (entries.length === 0) return;
  await sql`insert into budget_reservations (budget_id, task_id, attempt, held, metered, step, known)
    select ${held.row.id}::uuid, n.task, n.attempt, n.held, n.metered, n.step, n.known from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
      as n(task uuid, attempt int, held numeric, metered numeric, step numeric, known boolean)`.execute(tx.db);
  await sql`update tasks set budgeted = true where id = any(${running.map(({ id }) => id)}::uuid[])`.execute(tx.db);
}

/** Counts anew from what was used and what runs, which this transaction holds as it does the budget. */
export async function recount(tx: TenantTransaction, held: Held, running: Running[]): Promise<void> {
  await sql`delete from budget_reservations where budget_id = ${held.row.id}`.execute(tx.db);
  held.start = periodStart(held.row.period, tx.now);
  Object.assign(held.ledger, { reserved: 0n, exposed: 0n, running: 0, spent: await readEnded(tx, held) });
  held.exhaustedAt = null;
  if (held.row.unit === 'usd') await holdRunning(tx, held, running);
}
