// Metering: what an attempt reports goes from held to spent; what has ended is settled. An attempt for which nothing is
// left is stopped.
import { amountWords, budgetWords } from '../../shared/budget.ts';
import { rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { fromMicros, meter, settle, toMicros, type Reservation } from './ledger.ts';
import { lockBudgets, saveBudget, toBudget, type Held } from './rows.ts';

interface ReservationRow {
  budget_id: string;
  task_id: string;
  attempt: number;
  held: string;
  metered: string;
  step: string;
  known: boolean;
  cost_usd: string;
}

interface Attempt {
  taskId: string;
  number: number;
}

/** What is held for attempts, and what they have used by their rows; the caller holds their tasks. */
function readReservations(tx: TenantTransaction, where: Statement): Promise<ReservationRow[]> {
  return rows(tx.db, sql<ReservationRow>`select r.budget_id, r.task_id, r.attempt, r.held::text as held, r.metered::text as metered,
      r.step::text as step, r.known, a.cost_usd::text as cost_usd
    from budget_reservations r join attempts a on a.task_id = r.task_id and a.number = r.attempt where ${where}
    order by r.task_id, r.attempt, r.budget_id`);
}

const toReservation = (found: ReservationRow): Reservation => ({
  held: toMicros(found.held),
  metered: toMicros(found.metered),
  step: toMicros(found.step),
  known: found.known,
});

async function lockFor(tx: TenantTransaction, found: ReservationRow[]): Promise<Map<string, Held>> {
  const ids = [...new Set(found.map(({ budget_id: id }) => id))];
  if (ids.length === 0) return new Map();
  return new Map((await lockBudgets(tx, sql`b.id = any(${ids}::uuid[])`)).map((held) => [held.row.id, held]));
}

/** Why an attempt is stopped: what its agent is told, and which budget it was. */
export interface Revocation {
  budgetId: string;
  message: string;
}

function revocationOf(tx: TenantTransaction, held: Held): Revocation {
  const shown = toBudget(held, tx.now);
  const say = (amount: string): string => amountWords(shown.unit, amount);
  const rest = shown.reserved === '0' ? '' : `, and ${say(shown.reserved)} held for others`;
  const message = `${budgetWords(shown)} is used up: ${say(shown.spent)} spent of ${say(shown.amount)}${rest}. Stop now; the task is queued again.`;
  return { budgetId: shown.id, message };
}

/** Meters an attempt in flight whose row has its newest usage; null: it may go on. */
export async function meterAttempt(tx: TenantTransaction, { taskId, number }: Attempt): Promise<Revocation | null> {
  const found = await readReservations(tx, sql`r.task_id = ${taskId} and r.attempt = ${number}`);
  const budgets = await lockFor(tx, found);
  let revocation: Revocation | null = null;
  for (const one of found) {
    const held = budgets.get(one.budget_id);
    if (!held) continue;
    const reservation = toReservation(one);
    const goesOn = meter(held.ledger, reservation, toMicros(one.cost_usd));
    await sql`update budget_reservations set held = ${fromMicros(reservation.held)}::numeric, metered = ${fromMicros(reservation.metered)}::numeric,
        step = ${fromMicros(reservation.step)}::numeric, known = ${reservation.known}
      where task_id = ${taskId} and attempt = ${number} and budget_id = ${one.budget_id}`.execute(tx.db);
    const first = !goesOn && held.exhaustedAt === null;
    if (first) held.exhaustedAt = tx.now;
    await saveBudget(tx, held, first ? { facts: ['exhausted'] } : {});
    if (!goesOn) revocation ??= revocationOf(tx, held);
  }
  return revocation;
}

/** Notes that an attempt for which something is held has ended. */
export function settleBudgetsOf(tx: TenantTransaction, { taskId, number }: Attempt): void {
  tx.settleLater('budget', `${taskId}:${number}`);
}

/** Settler: what these attempts used is spent, and what was held for them is free. */
export async function settleBudgets(tx: TenantTransaction, noted: string[]): Promise<void> {
  const found = await readReservations(tx, sql`(r.task_id, r.attempt) in (
    select split_part(n, ':', 1)::uuid, split_part(n, ':', 2)::int from unnest(${noted}::text[]) as n)`);
  const budgets = await lockFor(tx, found);
  if (budgets.size === 0) return;
  for (const one of found) {
    const held = budgets.get(one.budget_id);
    if (held) settle(held.ledger, toReservation(one), toMicros(one.cost_usd));
  }
  await sql`delete from budget_reservations r where (r.task_id, r.attempt) in (
    select split_part(n, ':', 1)::uuid, split_part(n, ':', 2)::int from unnest(${noted}::text[]) as n)`.execute(tx.db);
  for (const held of budgets.values()) await saveBudget(tx, held);
}
