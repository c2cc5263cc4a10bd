// Budgets' rows: how they are read and held, and the one shape that lists, answers and events show.
import { DEFAULT_SOFT_PERCENT, type Budget, type BudgetPeriod, type BudgetScope, type BudgetState, type BudgetUnit } from '../../shared/budget.ts';
import { notFound } from '../../shared/errors.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { freeOf, fromMicros, overshootOf, toMicros, type Ledger } from './ledger.ts';
import { periodEnd, periodStart } from './period.ts';

export interface BudgetRow {
  id: string;
  version: number;
  edition: number;
  scope: BudgetScope;
  plan_id: string | null;
  agent_id: string | null;
  name: string;
  simulated: boolean;
  unit: BudgetUnit;
  amount: string;
  soft_percent: number;
  period: BudgetPeriod;
  reserve_usd: string | null;
  period_start: Date;
  spent: string;
  reserved: string;
  exposed: string;
  running: number;
  warned_at: Date | null;
  exhausted_at: Date | null;
  created_at: Date;
  removed_at: Date | null;
}

const select = sql`select b.id, b.version, b.edition, b.scope, b.plan_id, b.agent_id, coalesce(a.name, p.name, w.name) as name,
    coalesce(o.kind = 'simulator', false) as simulated, b.unit, b.amount::text as amount, b.soft_percent, b.period,
    b.reserve_usd::text as reserve_usd, b.period_start, b.spent::text as spent, b.reserved::text as reserved,
    b.exposed::text as exposed, b.running, b.warned_at, b.exhausted_at, b.created_at, b.removed_at
  from budgets b cross join workspace w left join agents a on a.id = b.agent_id left join plans p on p.id = b.plan_id
  left join provider_accounts o on o.id = a.provider_account_id`;

/** A budget as it stands in a transaction: its row, and the sums that the work changes. */
export interface Held {
  row: BudgetRow;
  ledger: Ledger;
  warnedAt: Date | null;
  exhaustedAt: Date | null;
  /** The period that the sums are of. */
  start: Date;
}

/** Its sums at a time: those of a period that has passed are nothing, but for what is in flight. */
export function standing(found: BudgetRow, now: Date): Held {
  const start = periodStart(found.period, now);
  // A clock that was set back begins no period anew.
  const passed = found.period_start < start;
  return {
    row: found,
    ledger: {
      amount: toMicros(found.amount),
      spent: passed ? 0n : toMicros(found.spent),
      reserved: toMicros(found.reserved),
      exposed: toMicros(found.exposed),
      running: found.running,
    },
    warnedAt: passed ? null : found.warned_at,
    exhaustedAt: passed ? null : found.exhausted_at,
    start: passed ? start : found.period_start,
  };
}

/** By a condition on `b`, with the order and limit in it. */
export async function findBudgets(tx: TenantTransaction, where: Statement): Promise<Held[]> {
  return (await rows(tx.db, sql<BudgetRow>`${select} where ${where}`)).map((found) => standing(found, tx.now));
}

/**
 * Those in force by a condition on `b`, held until the transaction ends: locked by every transaction in one order. Its key
 * stays open: an attempt's row that names the budget which stopped it must not wait here, out of that order.
 */
export async function lockBudgets(tx: TenantTransaction, where: Statement): Promise<Held[]> {
  return findBudgets(tx, sql`b.removed_at is null and ${where} order by b.id for no key update of b`);
}

export async function readBudget(tx: TenantTransaction, id: string): Promise<Held> {
  const [found] = await findBudgets(tx, sql`b.id = ${id}`);
  if (!found) throw notFound('budget');
  return found;
}

/** At the soft limit or above it. */
export function isWarned({ row: { soft_percent: percent }, ledger }: Held): boolean {
  return ledger.spent * 100n >= ledger.amount * BigInt(percent ?? DEFAULT_SOFT_PERCENT);
}

function stateOf(held: Held): BudgetState {
  if (held.exhaustedAt !== null || held.ledger.spent >= held.ledger.amount) return 'exhausted';
  return isWarned(held) ? 'warned' : 'ok';
}

export function toBudget(held: Held, now: Date): Budget {
  const { row: found, ledger, start } = held;
  const free = freeOf(ledger);
  const money = (decimal: string | null): string | null => (decimal === null ? null : fromMicros(toMicros(decimal)));
  return {
    id: found.id,
    version: found.version,
    edition: found.edition,
    scope: found.scope,
    planId: found.plan_id,
    agentId: found.agent_id,
    name: found.name,
    simulated: found.simulated,
    unit: found.unit,
    amount: fromMicros(ledger.amount),
    softPercent: found.soft_percent,
    period: found.period,
    reserveUsd: money(found.reserve_usd),
    spent: fromMicros(ledger.spent),
    reserved: fromMicros(ledger.reserved),
    remaining: fromMicros(free > 0n ? free : 0n),
    overshoot: fromMicros(overshootOf(ledger)),
    running: ledger.running,
    state: stateOf(held),
    warnedAt: held.warnedAt?.toISOString() ?? null,
    exhaustedAt: held.exhaustedAt?.toISOString() ?? null,
    periodStart: found.period === 'total' ? null : start.toISOString(),
    resetsAt: periodEnd(found.period, now)?.toISOString() ?? null,
    createdAt: found.created_at.toISOString(),
    removedAt: found.removed_at?.toISOString() ?? null,
  };
}

/** What follows from the sums: the warning and the end are noted once in a period, and anew after they were passed back. */
function note(held: Held, now: Date): string[] {
  const { ledger } = held;
  const facts: string[] = [];
  if (!isWarned(held)) held.warnedAt = null;
  else if (held.warnedAt === null) {
    held.warnedAt = now;
    facts.push('warned');
  }
  if (ledger.spent < ledger.amount) return facts;
  if (held.exhaustedAt === null) {
    held.exhaustedAt = now;
    facts.push('exhausted');
  }
  return facts;
}

export interface Saving {
  /** What is said of the change, in the past tense, beside what the sums bring about. */
  fact?: string;
  /** What people are told beside: that nothing more fits. */
  facts?: string[];
}

/** Writes the sums of a held budget, and tells the live stream; its warning and its end are audited too. */
export async function saveBudget(tx: TenantTransaction, held: Held, saving: Saving = {}): Promise<Budget> {
  const facts = [...(saving.facts ?? []), ...note(held, tx.now)];
  const { row: found, ledger } = held;
  const { version } = (await row(tx.db, sql<{ version: number }>`
    update budgets set version = version + 1, spent = ${fromMicros(ledger.spent)}::numeric, reserved = ${fromMicros(ledger.reserved)}::numeric,
      exposed = ${fromMicros(ledger.exposed)}::numeric, running = ${ledger.running}, period_start = ${held.start},
      warned_at = ${held.warnedAt}::timestamptz, exhausted_at = ${held.exhaustedAt}::timestamptz
    where id = ${found.id} returning version`))!;
  found.version = version;
  const shown = toBudget(held, tx.now);
  for (const fact of [saving.fact ?? 'metered', ...facts]) {
    tx.record({ event: { type: `budget.${fact}`, entity: 'budget', id: found.id, version, data: shown } });
  }
  for (const fact of facts) {
    const { spent, reserved, amount } = shown;
    tx.record({ audit: { action: `budgets.${fact}`, entity: 'budget', id: found.id, after: { name: shown.name, spent, reserved, amount } } });
  }
  return shown;
}
