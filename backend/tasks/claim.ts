// Claiming: in one transaction a task is found that may run, an execution of the quota is reserved, and the
// attempt's token is issued. The agent's row is held, so that its concurrency is never passed.
import { randomBytes } from 'node:crypto';
import type { Task } from '../../shared/task.ts';
import type { Claim } from '../../shared/work.ts';
import { HELD, lockAgent, type AgentRow } from '../agents/index.ts';
import {
  bookClaims, budgetedOf, fitBudgets, giveBack, joinClosed, joinFitted, nothingClosed, openBook, type Book, type Closed, type Fitted,
} from '../budgets/index.ts';
import { readSharedFindings } from '../findings/index.ts';
import { kept, keptBriefly, row, rows, sql, type Statement } from '../platform/database.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { quotaExceeded, recordExecution, reserveExecutions } from '../usage/index.ts';
import type { Start } from './insert-queued.ts';
import { recordTasks, type TaskChange } from './record.ts';
import { fitQueues, readLimits, readRoom, type Limits, type Room } from './room.ts';
import { detailColumns, shownAgent, summaryColumns, toTask, type TaskDetailRow } from './rows.ts';

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
}

/** A task that is being created, of no plan, for an agent that is held and for which nothing else is queued. */
export interface Offer {
  agent: AgentRow;
  limits: Limits;
  taskId: string;
  queue: string;
  /** Inserts it, as started. */
  insert(start: Start): Promise<TaskDetailRow[]>;
}

export interface SharedBook {
  agentIds: string[];
  book?: Book;
}

interface Candidate {
  id: string;
  counted: boolean;
  queue: string;
  planId: string | null;
  reserveUsd: string | null;
  /** Attempts made so far. */
  attempt: number;
  /** Seconds since it could be claimed. */
  waited: number;
}

// A plan that is paused, done or not started gives no work.
const runnable = sql`t.state = 'queued' and t.held_at is null and (t.run_at is null or t.run_at <= now())
  and (t.plan_id is null or exists (select 1 from plans p where p.id = t.plan_id and p.state = 'running'))`;
const order = sql`order by t.priority desc, t.queued_at, t.id`;
/** Candidates beyond those wanted: others may be claiming, holding or cancelling the first. */
const SPARE = 8;

/** Those given to the agent, and those open to any that is able; the best first, locked, none that another claims. */
async function findCandidates(
  tx: TenantTransaction,
  agentId: string,
  options: { limit: number; capabilities: string[]; closed: string[]; beyond: Closed | null },
): Promise<Candidate[]> {
  const queues = options.closed.length === 0 ? sql`true` : sql`t.queue <> all(${options.closed}::text[])`;
  const open = options.beyond === null ? queues : sql`${queues} and ${within(options.beyond)}`;
  const part = (who: Statement, most: number) =>
    sql`(select t.id, t.priority, t.queued_at from tasks t where ${who} and ${runnable} and ${open} ${order}
      limit ${sql.lit(2 ** Math.ceil(Math.log2(most)))})`;
  // As an array the best come from two indexes and are looked up by their ids: as a subquery, a table that has grown
  // since its last ANALYZE was joined row by row with itself (79 ms for a hundred tasks, measured; now 2).
  return rows(tx.db, keptBriefly(sql<Candidate>`
    select t.id, t.counted, t.queue, t.plan_id as "planId", t.reserve_usd::text as "reserveUsd", t.attempt,
      greatest(0, extract(epoch from now() - coalesce(t.queued_at, now())))::float8 as waited
    from tasks t where t.id = any(array(select c.id from (
        ${part(sql`t.agent_id = ${agentId}`, options.limit + SPARE)}
        union all
        ${part(sql`t.agent_id is null and t.capabilities <@ ${options.capabilities}::text[]`, options.limit * 4 + SPARE)}
      ) c))
      and t.state = 'queued'
    ${order} limit ${options.limit} for update of t skip locked`));
}

/** Whether anything is queued that the agent may take now. `capabilities`: absent, what it is entered with. */
export async function isAnyQueued(tx: TenantTransaction, agentId: string, capabilities: string[] | undefined): Promise<boolean> {
  const able = capabilities === undefined ? sql`(select a.capabilities from agents a where a.id = ${agentId})` : sql`${capabilities}::text[]`;
  const found = await row(tx.db, keptBriefly(sql<{ any: boolean }>`
    select exists (select 1 from tasks t where t.agent_id = ${agentId} and ${runnable})
      or exists (select 1 from tasks t where t.agent_id is null and t.capabilities <@ ${able} and ${runnable}) as any`));
  return found!.any;
}

/** What budgets and the quota leave room for. */
function within({ plans, freshOfPlans, fresh, tasks }: Closed): Statement {
  return sql`(t.plan_id is null or t.plan_id <> all(${plans}::uuid[])) and t.id <> all(${tasks}::uuid[])
    and (t.counted or (not ${fresh}::boolean and (t.plan_id is null or t.plan_id <> all(${freshOfPlans}::uuid[]))))`;
}

/** Keeps as many of the not yet counted tasks as the quota still holds. */
async function reserve(tx: TenantTransaction, found: Candidate[], { plan }: Room): Promise<Candidate[]> {
  const fresh = found.filter((task) => !task.counted).length;
  let granted = await reserveExecutions(tx, fresh, plan);
  return found.filter((task) => task.counted || granted-- > 0);
}

async function openClaim(tx: TenantTransaction, agentId: string): Promise<{ agent: AgentRow; limits: Limits }> {
  const [agent, limits] = await Promise.all([lockAgent(tx, agentId), readLimits(tx, agentId)]);
  return { agent, limits };
}

/** What a search would find of it. */
function candidateOf({ taskId, queue }: Offer): Candidate {
  return { id: taskId, counted: false, queue, planId: null, reserveUsd: null, attempt: 0, waited: 0 };
}

/** Claims up to `limit` tasks for an agent, as far as its concurrency, the limits and the month's quota go. */
export async function claimFor(tx: TenantTransaction, agentId: string, options: ClaimOptions): Promise<Claim[]> {
  const { agent, limits } = options.offer ?? (await openClaim(tx, agentId));
  const free = Math.min(options.limit, agent.concurrency - agent.running);
  if (agent.status !== 'active' || free <= 0) return [];
  const room = await readRoom(tx, agent, limits);
  const limit = Math.min(free, room?.left ?? 0);
  if (room === null || limit <= 0) return [];
  const book = room.budgets ? await bookFor(tx, agentId, options) : null;
  const offered = options.offer && [candidateOf(options.offer)];
  const search: Search = { agent, limit, capabilities: options.capabilities ?? agent.capabilities, room, book, offered };
  const { taken, fitted, short } = await chooseWithinQuota(tx, search);
  if (taken.length === 0 && short && options.throwOnQuota) throw await quotaExceeded(tx);
  for (const { id, counted, planId } of taken) if (!counted) recordExecution(tx, { id, agentId, planId }, room.plan);
  if (taken.length === 0) {
    if (fitted) await bookClaims(tx, fitted, []);
    return [];
  }
  return issue(tx, agent, { tasks: taken, fitted, options });
}

interface Search {
  agent: AgentRow;
  limit: number;
  capabilities: string[];
  room: Room;
  book: Book | null;
  /** Instead of what a search would find; looked at once. */
  offered: Candidate[] | undefined;
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
  const found = search.offered
    ? search.offered.splice(0).filter((task) => !room.closed.includes(task.queue))
    : await findCandidates(tx, agent.id, { limit, capabilities, closed: room.closed, beyond });
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

/** Starts the attempts: state, token, lease and deadline. */
async function issue(
  tx: TenantTransaction,
  agent: AgentRow,
  given: { tasks: Candidate[]; fitted: Fitted | null; options: ClaimOptions },
): Promise<Claim[]> {
  const { fitted, options, tasks } = given;
  const { leaseSeconds, last = false, caller } = options;
  const budgeted = fitted ? budgetedOf(fitted) : [];
  const tokens = tasks.map(({ id }) => ({ id, token: randomBytes(24).toString('base64url') }));
  const column = <Value>(pick: (task: Candidate) => Value): Value[] => tasks.map(pick);
  const claimed = options.offer
    ? options.offer.insert({ agentId: agent.id, token: tokens[0]!.token, leaseSeconds })
    : rows(tx.db, keptBriefly(sql<TaskDetailRow>`
      update tasks t set state = 'running', version = t.version + 1, attempt = t.attempt + 1, claimed_by = ${agent.id},
        counted = true, lease_token = n.token, lease_expires_at = now() + make_interval(secs => ${leaseSeconds}),
        deadline_at = now() + make_interval(secs => t.time_limit_seconds), started_at = now(), finished_at = null, run_at = null,
        warned = false, budgeted = t.id = any(${budgeted}::uuid[]), revoked = null, progress_percent = null, progress_message = null, error = null
      from unnest(${column(({ id }) => id)}::uuid[], ${tokens.map(({ token }) => token)}::text[]) as n(id, token), ${shownAgent}
      where t.id = n.id and a.id = ${agent.id} returning ${summaryColumns}, ${detailColumns}`));
  // The claimed rows are made use of while it is written.
  tx.alongside(
    kept(sql`insert into attempts (task_id, number, token, agent_id, agent_name, provider_account_id, model, started_at, wait_seconds)
      select n.id, n.number, n.token, ${agent.id}, ${agent.name}, ${agent.provider_account_id}::uuid, ${agent.model}, now(), n.waited
      from unnest(${column(({ id }) => id)}::uuid[], ${column(({ attempt }) => attempt + 1)}::int[], ${tokens.map(({ token }) => token)}::text[],
        ${column(({ waited }) => waited)}::float8[]) as n(id, number, token, waited)`).execute(tx.db),
  );
  tx.settleLater('agent', agent.id, HELD);
  for (const { id, attempt, waited } of tasks) {
    tx.measure('claim', waited);
    tx.settleLater('metrics', `${id}:${attempt + 1}`, { fact: 'wait', seconds: waited });
  }
  // A plan is settled, and a budget booked, by what has been claimed.
  if (last && fitted === null && tasks.every(({ planId }) => planId === null)) tx.closing();
  const found = await claimed;
  if (fitted) await bookClaims(tx, fitted, found);
  const shown = await recordTasks(tx, tasks.map(({ id }): TaskChange => ({ id, fact: 'claimed', from: 'queued', ...(caller && { caller }) })), found);
  for (const { lease_expires_at: expires, deadline_at: deadline } of found) tx.ready(expires! < deadline! ? expires! : deadline!);
  const full = new Map(found.map((row) => [row.id, { row, task: toTask(row, shown.get(row.id)) }]));
  return toClaims(tx, tokens, full);
}

async function toClaims(
  tx: TenantTransaction,
  tokens: { id: string; token: string }[],
  full: Map<string, { row: TaskDetailRow; task: Task }>,
): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const { id, token } of tokens) {
    const { row, task } = full.get(id)!;
    const notes = task.handoffFrom === null ? null : { fromTaskId: task.handoffFrom, notes: task.handoffNotes ?? '' };
    const sharedFindings = task.planId === null ? [] : await readSharedFindings(tx, task.planId);
    claims.push({
      task: { ...task, handoff: notes, sharedFindings },
      lease: { token, attempt: row.attempt, expiresAt: row.lease_expires_at!.toISOString() },
    });
  }
  return claims;
}
