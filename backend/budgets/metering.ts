// Metering: what an attempt reports goes from held to spent; what has ended is settled. An attempt for which nothing is
// left is stopped.
import { amountWords, budgetWords } from '../../shared/budget.ts';
import { rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { fromMicros, meter, settle, stop, toMicros, type Reservation } from './ledger.ts';
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

/** An attempt in flight; `told`: it was told to stop. */
export interface InFlight extends Attempt {
  told: Revocation | null;
}

const keyOf = (taskId: string, number: number): string => `${taskId}:${number}`;

/**
 * Meters attempts in flight whose rows have their newest usage; null of each: it may go on. One that was told to stop may
 * say what it had used until then. All their budgets are held in one order before any is changed.
 */
export async function meterAttempts(tx: TenantTransaction, attempts: InFlight[]): Promise<(Revocation | null)[]> {
  const found = await readReservations(tx, sql`(r.task_id, r.attempt) in (select n.id, n.number
    from unnest(${attempts.map(({ taskId }) => taskId)}::uuid[], ${attempts.map(({ number }) => number)}::int[]) as n(id, number))`);
  const budgets = await lockFor(tx, found);
  const reserved = new Map<string, Metered[]>();
  for (const one of found) {
    const held = budgets.get(one.budget_id);
    const { task_id: taskId, attempt: number } = one;
    const metered = held && { held, taskId, number, reservation: toReservation(one), used: toMicros(one.cost_usd) };
    if (metered) reserved.set(keyOf(taskId, number), [...(reserved.get(keyOf(taskId, number)) ?? []), metered]);
  }
  const exhausted = new Set<Held>();
  const revoked = attempts.map(({ taskId, number, told }) => meterOne(tx, { metered: reserved.get(keyOf(taskId, number)) ?? [], told, exhausted }));
  await writeReservations(tx, [...reserved.values()].flat());
  for (const held of budgets.values()) await saveBudget(tx, held, exhausted.has(held) ? { facts: ['exhausted'] } : {});
  return revoked;
}

/** What a budget holds for an attempt, and what that has used. */
interface Metered extends Attempt {
  held: Held;
  reservation: Reservation;
  used: bigint;
}

/** `exhausted`: takes the budgets of which it has to be said. */
function meterOne(tx: TenantTransaction, one: { metered: Metered[]; told: Revocation | null; exhausted: Set<Held> }): Revocation | null {
  const { metered, told, exhausted } = one;
  const spent = told ? [] : metered.filter(({ held, reservation, used }) => !meter(held.ledger, reservation, used));
  // It uses nothing more: what other budgets hold for it is free too.
  if (told || spent.length > 0) for (const { held, reservation, used } of metered) stop(held.ledger, reservation, used);
  for (const { held } of spent) {
    if (held.exhaustedAt === null) exhausted.add(held);
    held.exhaustedAt ??= tx.now;
  }
  return spent[0] ? revocationOf(tx, spent[0].held) : told;
}

async function writeReservations(tx: TenantTransaction, metered: Metered[]): Promise<void> {
  const entries = metered.map(({ taskId, number, held: { row: { id } }, reservation: { held, metered: used, step, known } }) => ({
    task: taskId, number, budget: id, held: fromMicros(held), metered: fromMicros(used), step: fromMicros(step), known,
  }));
  await sql`update budget_reservations r set held = n.held, metered = n.metered, step = n.step, known = n.known
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
      as n(task uuid, number int, budget uuid, held numeric, metered numeric, step numeric, known boolean)
    where r.task_id = n.task and r.attempt = n.number and r.budget_id = n.budget`.execute(tx.db);
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
