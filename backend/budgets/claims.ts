// Budgets at the claim: those that apply are held before any task is, and what an attempt may cost is held for it.
// A claim that does not fit is not made.
import { SMALLEST_RESERVE_USD } from '../../shared/budget.ts';
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { worstCaseCosts } from '../providers/index.ts';
import { canReserve, freeOf, fromMicros, reserve, toMicros, unreserve, type Reservation } from './ledger.ts';
import { lockBudgets, saveBudget, type Held } from './rows.ts';

/** The budgets that a transaction's claims are held to; opened once for all its agents, so that none wait in a ring. */
export interface Book {
  held: Held[];
}

/** What a claim looks at of a task. */
export interface Candidate {
  id: string;
  counted: boolean;
  planId: string | null;
  /** What attempts that a budget has stopped have cost at the most. */
  reserveUsd: string | null;
}

export interface Claimant {
  id: string;
  attemptCostUsd: string | null;
}

/** Tasks that are not looked at again in this claim, as a budget leaves no room for them. */
export interface Closed {
  /** Plans of which nothing fits, and plans of which only what is counted already does. */
  plans: string[];
  freshOfPlans: string[];
  /** Only what is counted already fits. */
  fresh: boolean;
  tasks: string[];
}

export const nothingClosed = (): Closed => ({ plans: [], freshOfPlans: [], fresh: false, tasks: [] });

/** What one task's claim takes of one budget. */
interface Take {
  held: Held;
  /** Null: an execution, which is spent at once. */
  reservation: Reservation | null;
}

export interface Fitted {
  takes: Map<string, Take[]>;
  /** Budgets of which it is to be said that nothing more fits. */
  exhausted: Set<Held>;
  closed: Closed;
  /** Others may fit where these did not. */
  more: boolean;
}

/** Holds every budget that a claim of these agents may be held to, in the one order of their ids. */
export async function openBook(tx: TenantTransaction, agentIds: string[]): Promise<Book> {
  const held = await lockBudgets(tx, sql`(b.scope = 'workspace' or b.agent_id = any(${agentIds}::uuid[])
    or b.plan_id in (select p.id from plans p where p.state = 'running'))`);
  return { held };
}

const applies = ({ row: found }: Held, agentId: string, planId: string | null): boolean =>
  found.scope === 'workspace' || (found.scope === 'agent' ? found.agent_id === agentId : found.plan_id === planId);

/** What nineteen of twenty attempts of an agent cost at the most, of its last hundred; at least a cent. */
export async function usualCost(tx: TenantTransaction, agentId: string): Promise<bigint> {
  const found = await row(tx.db, sql<{ cost: string | null }>`
    select percentile_disc(0.95) within group (order by cost_usd)::text as cost from (
      select cost_usd from attempts where agent_id = ${agentId} and finished_at is not null order by started_at desc limit 100) a`);
  const usual = found?.cost ? toMicros(found.cost) : 0n;
  const smallest = toMicros(SMALLEST_RESERVE_USD);
  return usual > smallest ? usual : smallest;
}

/** What is known of an agent's cost: the most that an attempt can come to, for each task; else what is usual. */
export interface Costs {
  known: Map<string, bigint | null>;
  usual(): Promise<bigint>;
}

export async function readCosts(tx: TenantTransaction, agent: Claimant, taskIds: string[]): Promise<Costs> {
  let usual: bigint | undefined;
  const entered = agent.attemptCostUsd === null ? null : toMicros(agent.attemptCostUsd);
  const worst = entered === null && taskIds.length > 0 ? await worstCaseCosts(tx, agent.id, taskIds) : null;
  const known = taskIds.map((id): [string, bigint | null] => {
    const cost = worst?.get(id) ?? null;
    return [id, entered ?? (cost === null ? null : toMicros(cost))];
  });
  return { known: new Map(known), usual: async () => (usual ??= await usualCost(tx, agent.id)) };
}

/** What an attempt at a task needs of a budget: the most that is known of it, else an estimate. */
export async function needOf(held: Held, task: Candidate, costs: Costs): Promise<{ cost: bigint; known: boolean }> {
  const known = costs.known.get(task.id) ?? null;
  if (known !== null) return { cost: known, known: true };
  const { reserve_usd: given } = held.row;
  const estimate = given === null ? await costs.usual() : toMicros(given);
  // What was stopped before would be stopped again: it needs what it has cost already, and a step more.
  return { cost: task.reserveUsd === null ? estimate : toMicros(task.reserveUsd) + estimate, known: false };
}

/** What a budget holds for an attempt at a task. An estimate is never more than the whole budget: one attempt may try. */
export async function reservationFor(held: Held, task: Candidate, costs: Costs): Promise<Reservation> {
  const { cost, known } = await needOf(held, task, costs);
  const step = known || cost < held.ledger.amount ? cost : held.ledger.amount;
  return { held: step, metered: 0n, step, known };
}

const MILLION = 1_000_000n;

/** The first budget that has no room for the task, with what it would take of it; else what it takes of all. */
async function takesOf(book: Book, agent: Claimant, given: { task: Candidate; costs: Costs }): Promise<Take[] | Take> {
  const { task, costs } = given;
  const takes: Take[] = [];
  for (const held of book.held) {
    if (!applies(held, agent.id, task.planId)) continue;
    if (held.row.unit === 'executions') {
      if (task.counted) continue;
      const take: Take = { held, reservation: null };
      if (freeOf(held.ledger) < MILLION) return take;
      takes.push(take);
    } else {
      const take: Take = { held, reservation: await reservationFor(held, task, costs) };
      if (!canReserve(held.ledger, take.reservation!.held)) return take;
      takes.push(take);
    }
  }
  return takes;
}

/** What is spent alone leaves no room: it is no matter of waiting for others to end. */
function isExhausted({ held: { ledger }, reservation }: Take): boolean {
  return ledger.spent + (reservation?.held ?? MILLION) > ledger.amount;
}

/** What the first refusal closes; true: there may be others that fit. */
function close(closed: Closed, task: Candidate, { held, reservation }: Take): boolean {
  if (held.row.scope === 'plan') {
    (reservation === null ? closed.freshOfPlans : closed.plans).push(task.planId!);
    return true;
  }
  if (reservation === null) {
    closed.fresh = true;
    return true;
  }
  // It fits never, whoever ends: it holds back none of the others. One that has to wait is not overtaken.
  if (reservation.held <= held.ledger.amount) return false;
  closed.tasks.push(task.id);
  return true;
}

function takeAll(takes: Take[]): void {
  for (const { held, reservation } of takes) {
    if (reservation === null) held.ledger.spent += MILLION;
    else reserve(held.ledger, reservation);
  }
}

/** Two searches of one claim. */
export function joinFitted(one: Fitted | null, other: Fitted | null): Fitted | null {
  if (one === null || other === null) return one ?? other;
  return {
    takes: new Map([...one.takes, ...other.takes]),
    exhausted: new Set([...one.exhausted, ...other.exhausted]),
    closed: joinClosed(one.closed, other.closed),
    more: other.more,
  };
}

export function joinClosed(one: Closed, other: Closed): Closed {
  return {
    plans: [...one.plans, ...other.plans],
    freshOfPlans: [...one.freshOfPlans, ...other.freshOfPlans],
    fresh: one.fresh || other.fresh,
    tasks: [...one.tasks, ...other.tasks],
  };
}

/** Keeps those that fit, the best first, as far as the budgets go; what it changes is written by `bookClaims`. */
export async function fitBudgets(tx: TenantTransaction, book: Book, given: { agent: Claimant; tasks: Candidate[] }): Promise<Fitted> {
  const { agent, tasks } = given;
  const closed = nothingClosed();
  const fitted: Fitted = { takes: new Map(), exhausted: new Set(), closed, more: false };
  const inMoney = book.held.some(({ row: { unit } }) => unit === 'usd');
  const costs = await readCosts(tx, agent, inMoney ? tasks.map(({ id }) => id) : []);
  for (const task of tasks) {
    if (task.planId !== null && closed.plans.includes(task.planId)) continue;
    const takes = await takesOf(book, agent, { task, costs });
    if (Array.isArray(takes)) {
      takeAll(takes);
      fitted.takes.set(task.id, takes);
      continue;
    }
    // Said once in a period.
    if (takes.held.exhaustedAt === null && isExhausted(takes)) fitted.exhausted.add(takes.held);
    const others = close(closed, task, takes);
    fitted.more ||= others;
    if (!others) break;
  }
  return fitted;
}

/** Takes back what was taken for tasks that are not claimed after all. */
export function giveBack(fitted: Fitted, taskIds: string[]): void {
  for (const id of taskIds) {
    for (const { held, reservation } of fitted.takes.get(id) ?? []) {
      if (reservation === null) held.ledger.spent -= MILLION;
      else unreserve(held.ledger, reservation);
    }
    fitted.takes.delete(id);
  }
}

/** Tasks of which something is held in money while they run. */
export function budgetedOf(fitted: Fitted): string[] {
  return [...fitted.takes].filter(([, takes]) => takes.some(({ reservation }) => reservation !== null)).map(([id]) => id);
}

/** Writes what the attempts that have begun hold, the sums, and what is used up; also when none has begun. */
export async function bookClaims(tx: TenantTransaction, fitted: Fitted, started: { id: string; attempt: number }[]): Promise<void> {
  const attempts = new Map(started.map(({ id, attempt }) => [id, attempt]));
  const touched = new Set<Held>();
  const entries: object[] = [];
  for (const [id, takes] of fitted.takes) {
    for (const { held, reservation } of takes) {
      touched.add(held);
      if (reservation === null) continue;
      const { known, step } = reservation;
      entries.push({ budget: held.row.id, task: id, attempt: attempts.get(id), held: fromMicros(reservation.held), step: fromMicros(step), known });
    }
  }
  if (entries.length > 0) {
    await sql`insert into budget_reservations (budget_id, task_id, attempt, held, metered, step, known)
      select n.budget, n.task, n.attempt, n.held, 0, n.step, n.known from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        as n(budget uuid, task uuid, attempt int, held numeric, step numeric, known boolean)`.execute(tx.db);
  }
  for (const held of fitted.exhausted) held.exhaustedAt = tx.now;
  for (const held of new Set([...touched, ...fitted.exhausted])) {
    await saveBudget(tx, held, fitted.exhausted.has(held) ? { facts: ['exhausted'] } : {});
  }
}
