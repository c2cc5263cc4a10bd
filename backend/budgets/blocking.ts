// Which budgets keep a task from being claimed now: for "why is this not running?", read without holding anything.
import { rows, sql } from '../platform/database.ts';
import type { Budget } from '../../shared/budget.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { needOf, readCosts, reservationFor, type Candidate, type Claimant } from './claims.ts';
import { canReserve, freeOf, fromMicros } from './ledger.ts';
import { findBudgets, toBudget, type Held } from './rows.ts';

export interface Blocking {
  budget: Budget;
  /** What the next attempt needs of it; "1" of executions. */
  needs: string;
  /** An amount with which it could start now. */
  enough: string;
}

const MILLION = 1_000_000n;

/** At least what is missing, and a fifth more of the whole: rounded up to what a person would write. */
function enoughFor({ ledger, row: { unit } }: Held, needs: bigint): string {
  const least = ledger.spent + ledger.reserved + needs;
  const more = ledger.amount + ledger.amount / 5n;
  const wanted = least > more ? least : more;
  const step = unit === 'executions' || wanted >= 10n * MILLION ? MILLION : MILLION / 100n;
  return fromMicros(((wanted + step - 1n) / step) * step);
}

async function blockingOf(tx: TenantTransaction, held: Held, given: { task: Candidate; agent: Claimant }): Promise<Blocking | null> {
  const { task, agent } = given;
  const money = held.row.unit === 'usd';
  if (!money && task.counted) return null;
  const budget = toBudget(held, tx.now);
  if (!money) return freeOf(held.ledger) >= MILLION ? null : { budget, needs: '1', enough: enoughFor(held, MILLION) };
  const costs = await readCosts(tx, agent, [task.id]);
  const { held: needs } = await reservationFor(held, task, costs);
  if (canReserve(held.ledger, needs)) return null;
  // An estimate is capped by the amount: by a larger one it is less.
  const { cost } = await needOf(held, task, costs);
  return { budget, needs: fromMicros(needs), enough: enoughFor(held, cost) };
}

/** In the order in which a claim would meet them. `agents`: those that may take it; what holds back only some of them is no reason. */
export async function readBlocking(tx: TenantTransaction, task: Candidate, agents: string[]): Promise<Blocking[]> {
  const budgets = await findBudgets(tx, sql`b.removed_at is null and (b.scope = 'workspace' or b.plan_id = ${task.planId}::uuid
    or b.agent_id = any(${agents}::uuid[])) order by b.scope desc, b.id limit 500`);
  if (budgets.length === 0 || agents.length === 0) return [];
  const claimants = await rows(tx.db, sql<Claimant>`select id, attempt_cost_usd::text as "attemptCostUsd" from agents
    where id = any(${agents}::uuid[]) order by id limit 20`);
  const reasons = new Map<string, Blocking>();
  for (const agent of claimants) {
    const own = budgets.filter(({ row: found }) => found.scope !== 'agent' || found.agent_id === agent.id);
    const found = await Promise.all(own.map((held) => blockingOf(tx, held, { task, agent })));
    const blocking = found.filter((one) => one !== null);
    // One that is held back by none can take it.
    if (blocking.length === 0) return [];
    for (const one of blocking) if (!reasons.has(one.budget.id)) reasons.set(one.budget.id, one);
  }
  return [...reasons.values()];
}
