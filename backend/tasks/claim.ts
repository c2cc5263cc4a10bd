// Claiming: in one transaction a task is found that may run, an execution of the quota is reserved, and the
// attempt's token is issued. The agent's row is held, so that its concurrency is never passed.
import { randomBytes } from 'node:crypto';
import type { TaskSummary } from '../../shared/task.ts';
import type { Claim } from '../../shared/work.ts';
import { lockAgent, type AgentRow, type HeldAgent } from '../agents/index.ts';
import {
  bookClaims, budgetedOf, fitBudgets, giveBack, joinClosed, joinFitted, nothingClosed, openBook, type Book, type Closed, type Fitted,
} from '../budgets/index.ts';
import { readSharedFindings } from '../findings/index.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { quotaExceeded, recordExecution, reserveExecutions } from '../usage/index.ts';
import { beginRow, writeBegun, type Begun } from './begin.ts';
import { candidatesOf, findCandidates, isLimited, openSearch, type Candidate } from './find-work.ts';
import type { Start } from './insert-queued.ts';
import { recordTasks, type TaskChange } from './record.ts';
import { fitQueues, readRoom, type Limits, type Room } from './room.ts';
import { toTask } from './rows.ts';

export interface ClaimOptions {
  /** Tasks at the most. */
  limit: number;
  leaseSeconds: number;
  /** What the claimant says it can do; absent: what its agent is entered with. */
  capabilities?: string[] | undefined;
  /** Nothing is changed after it in its transaction. */
  last?: boolean;
  /** A claim that found work and no quota throws `quota_exceeded`; otherwise it comes back empty. */
  throwOnQuota: boolean;
  /** Where a transaction claims for several agents: all of them, and their budgets once they are held. */
  shared?: SharedBook;
  /** Nothing is looked for: it is this task, or none. */
  offer?: Offer;
  /** Who claims, where that is not the transaction's caller. */
  caller?: Caller;
  /** Told whether anything limits the claim but the agent's own slots: what others do then may set it free. */
  onLimits?: (limited: boolean) => void;
}

/** A task that is being created, of no plan, for an agent that is held and for which nothing else is queued. */
export interface Offer extends Opening {
  /** Inserts it, as started, with its attempt; all in one statement. */
  insert(start: Start): Promise<unknown>;
}

export interface SharedBook {
  agentIds: string[];
  book?: Book;
}

/** Keeps as many of the not yet counted tasks as the quota still holds. */
async function reserve(tx: TenantTransaction, found: Candidate[], { plan }: Room): Promise<Candidate[]> {
  const fresh = found.filter((task) => !task.counted).length;
  let granted = await reserveExecutions(tx, fresh, plan);
  return found.filter((task) => task.counted || granted-- > 0);
}

/** Claims up to `limit` tasks for an agent, as far as its concurrency, the limits and the month's quota go. */
export async function claimFor(tx: TenantTransaction, agentId: string, options: ClaimOptions): Promise<Claim[]> {
  const { agent, limits, found, only = false } = options.offer ?? (await openClaim(tx, agentId, options));
  options.onLimits?.(isLimited(limits));
  const free = Math.min(options.limit, agent.concurrency - agent.running);
  if (agent.status !== 'active' || free <= 0) return [];
  const room = await readRoom(tx, agent, limits);
  const limit = Math.min(free, room?.left ?? 0);
  if (room === null || limit <= 0) return [];
  const book = room.budgets ? await bookFor(tx, agentId, options) : null;
  const search: Search = { agent, limit, capabilities: options.capabilities ?? agent.capabilities, room, book, found, only };
  const { taken, fitted, short } = await chooseWithinQuota(tx, search);
  if (taken.length === 0 && short && options.throwOnQuota) throw await quotaExceeded(tx);
  for (const { id, counted, planId } of taken) if (!counted) recordExecution(tx, { id, agentId, planId, accountId: agent.provider_account_id }, room.plan);
  if (taken.length === 0) {
    if (fitted) await bookClaims(tx, fitted, []);
    return [];
  }
  return issue(tx, { row: agent, running: limits.running }, { tasks: taken, fitted, options });
}

/** What a claim begins with. */
interface Opening {
  agent: AgentRow;
  limits: Limits;
  /** What the search would find first, where it was found already. */
  found: Candidate[] | undefined;
  /** Nothing else is looked for. */
  only?: boolean;
}

async function openClaim(tx: TenantTransaction, agentId: string, options: ClaimOptions): Promise<Opening> {
  const { limit, capabilities } = options;
  const [agent, opened] = await Promise.all([lockAgent(tx, agentId), openSearch(tx, { agentId, capabilities: capabilities ?? null, limit })]);
  return { agent, limits: opened.limits, found: candidatesOf(opened, agent) };
}

interface Search {
  agent: AgentRow;
  limit: number;
  capabilities: string[];
  room: Room;
  book: Book | null;
  found: Candidate[] | undefined;
  only: boolean;
}

interface Chosen {
  tasks: Candidate[];
  fitted: Fitted | null;
}

/** What budgets hold for tasks that are not claimed after all is free again. */
function letGo(fitted: Fitted | null, tasks: Candidate[]): void {
  if (fitted) giveBack(fitted, tasks.map(({ id }) => id));
}

/** The best tasks for which there is room and quota. `short`: some were left for want of quota. */
async function chooseWithinQuota(
  tx: TenantTransaction,
  search: Search,
): Promise<{ taken: Candidate[]; fitted: Fitted | null; short: boolean }> {
  const { tasks, fitted } = await choose(tx, search, null);
  const taken = await reserve(tx, tasks, search.room);
  letGo(fitted, tasks.filter((task) => !taken.includes(task)));
  if (taken.length === tasks.length) return { taken, fitted, short: false };
  // What has been counted already needs no quota: what has none left must not hold it back.
  const beyond: Closed = { ...nothingClosed(), fresh: true, tasks: taken.map(({ id }) => id) };
  const more = await choose(tx, search, beyond);
  const all = fitQueues(search.room, [...taken, ...more.tasks]).slice(0, search.limit);
  letGo(more.fitted, more.tasks.filter((task) => !all.includes(task)));
  return { taken: all, fitted: joinFitted(fitted, more.fitted), short: true };
}

async function find(tx: TenantTransaction, search: Search, beyond: Closed | null): Promise<Candidate[]> {
  const { agent, limit, capabilities, room } = search;
  const first = beyond === null ? search.found?.filter((task) => !room.closed.includes(task.queue)) : undefined;
  const found = first ?? (search.only ? [] : await findCandidates(tx, agent, { limit, capabilities, closed: room.closed, beyond }));
  const fitting = fitQueues(room, found);
  // A full queue was before others: they are looked at again, without it.
  if (fitting.length < found.length) tx.ready();
  return fitting;
}

async function bookFor(tx: TenantTransaction, agentId: string, { shared = { agentIds: [agentId] } }: ClaimOptions): Promise<Book> {
  return (shared.book ??= await openBook(tx, shared.agentIds));
}

/** Rounds in which those behind what does not fit are looked at; beyond, they are looked at again in a second. */
const ROUNDS = 5;

/** The best tasks that the budgets have room for. */
async function choose(tx: TenantTransaction, search: Search, from: Closed | null): Promise<Chosen> {
  const { agent, book } = search;
  if (book === null) return { tasks: await find(tx, search, from), fitted: null };
  const claimant = { id: agent.id, attemptCostUsd: agent.attempt_cost_usd };
  let beyond = from ?? nothingClosed();
  let fitted: Fitted | null = null;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const found = await find(tx, search, beyond);
    if (found.length === 0) return { tasks: [], fitted };
    const now = await fitBudgets(tx, book, { agent: claimant, tasks: found });
    fitted = joinFitted(fitted, now)!;
    if (now.takes.size > 0) {
      if (now.more) tx.ready();
      return { tasks: found.filter(({ id }) => now.takes.has(id)), fitted };
    }
    if (!now.more) return { tasks: [], fitted };
    beyond = joinClosed(beyond, now.closed);
  }
  tx.ready(new Date(tx.now.getTime() + 1_000));
  return { tasks: [], fitted };
}

/** Starts the attempts: state, token, lease and deadline. The tasks are locked, so what becomes of their rows is known. */
async function issue(
  tx: TenantTransaction,
  agent: HeldAgent,
  given: { tasks: Candidate[]; fitted: Fitted | null; options: ClaimOptions },
): Promise<Claim[]> {
  const { fitted, options, tasks } = given;
  const { leaseSeconds, last = false, caller, offer } = options;
  const budgeted = fitted ? budgetedOf(fitted) : [];
  const begun = tasks.map((task): Begun => {
    const token = randomBytes(24).toString('base64url');
    return { token, waited: task.waited, row: beginRow(task.row, { agentId: agent.row.id, now: tx.now, leaseSeconds, budgeted }) };
  });
  const by = { agent: agent.row, leaseSeconds };
  tx.alongside(offer ? offer.insert({ ...by, token: begun[0]!.token }) : writeBegun(tx, begun, by), 'silent');
  tx.settleLater('agent', agent.row.id, { row: agent.row, running: agent.running + tasks.length } satisfies HeldAgent);
  for (const { row: { id, attempt }, waited } of begun) {
    tx.measure('claim', waited);
    tx.settleLater('metrics', `${id}:${attempt}`, { fact: 'wait', seconds: waited });
  }
  const found = begun.map(({ row }) => row);
  if (fitted) await bookClaims(tx, fitted, found);
  const shown = await recordTasks(tx, tasks.map(({ id }): TaskChange => ({ id, fact: 'claimed', from: 'queued', ...(caller && { caller }) })), found);
  for (const { lease_expires_at: expires, deadline_at: deadline } of found) tx.ready(expires! < deadline! ? expires! : deadline!);
  // A plan is settled, and a budget booked, by what has been claimed.
  if (last && fitted === null && tasks.every(({ planId }) => planId === null)) tx.closing();
  return Promise.all(begun.map((one) => toClaim(tx, one, shown.get(one.row.id))));
}

async function toClaim(tx: TenantTransaction, { token, row }: Begun, shown: TaskSummary | undefined): Promise<Claim> {
  const notes = row.handoff_from === null ? null : { fromTaskId: row.handoff_from, notes: row.handoff_notes ?? '' };
  const sharedFindings = row.plan_id === null ? [] : await readSharedFindings(tx, row.plan_id);
  return {
    task: { ...toTask(row, shown), handoff: notes, sharedFindings },
    lease: { token, attempt: row.attempt, expiresAt: row.lease_expires_at!.toISOString() },
  };
}
