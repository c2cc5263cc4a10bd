// Claiming: in one transaction a task is found that may run, an execution of the quota is reserved, and the
// attempt's token is issued. The agent's row is held, so that its concurrency is never passed.
import { randomBytes } from 'node:crypto';
import type { Claim } from '../../shared/work.ts';
import { lockAgent, type AgentRow } from '../agents/index.ts';
import {
  bookClaims, budgetedOf, fitBudgets, giveBack, joinClosed, joinFitted, nothingClosed, openBook, type Book, type Closed, type Fitted,
} from '../budgets/index.ts';
import { readSharedFindings } from '../findings/index.ts';
import { rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { quotaExceeded, recordExecution, reserveExecutions } from '../usage/index.ts';
import { recordTasks } from './record.ts';
import { fitQueues, readRoom, type Room } from './room.ts';
import { findDetails, toTask, type TaskDetailRow } from './rows.ts';

export interface ClaimOptions {
  /** Tasks at the most. */
  limit: number;
  leaseSeconds: number;
  /** What the claimant says it can do; absent: what its agent is entered with. */
  capabilities?: string[] | undefined;
  /** A claim that found work and no quota throws `quota_exceeded`; otherwise it comes back empty. */
  throwOnQuota: boolean;
  /** Where a transaction claims for several agents: all of them, and their budgets once they are held. */
  shared?: SharedBook;
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
      limit ${most})`;
  // As an array the best come from two indexes and are looked up by their ids: as a subquery, a table that has grown
  // since its last ANALYZE was joined row by row with itself (79 ms for a hundred tasks, measured; now 2).
  return rows(tx.db, sql<Candidate>`
    select t.id, t.counted, t.queue, t.plan_id as "planId", t.reserve_usd::text as "reserveUsd" from tasks t
    where t.id = any(array(select c.id from (
        ${part(sql`t.agent_id = ${agentId}`, options.limit + SPARE)}
        union all
        ${part(sql`t.agent_id is null and t.capabilities <@ ${options.capabilities}::text[]`, options.limit * 4 + SPARE)}
      ) c))
      and t.state = 'queued'
    ${order} limit ${options.limit} for update of t skip locked`);
}

/** What budgets and the quota leave room for. */
function within({ plans, freshOfPlans, fresh, tasks }: Closed): Statement {
  return sql`(t.plan_id is null or t.plan_id <> all(${plans}::uuid[])) and t.id <> all(${tasks}::uuid[])
    and (t.counted or (not ${fresh}::boolean and (t.plan_id is null or t.plan_id <> all(${freshOfPlans}::uuid[]))))`;
}

/** Keeps as many of the not yet counted tasks as the quota still holds. */
async function reserve(tx: TenantTransaction, found: Candidate[]): Promise<Candidate[]> {
  const fresh = found.filter((task) => !task.counted).length;
  let granted = await reserveExecutions(tx, fresh);
  return found.filter((task) => task.counted || granted-- > 0);
}

/** Claims up to `limit` tasks for an agent, as far as its concurrency, the limits and the month's quota go. */
export async function claimFor(tx: TenantTransaction, agentId: string, options: ClaimOptions): Promise<Claim[]> {
  const agent = await lockAgent(tx, agentId);
  const free = Math.min(options.limit, agent.concurrency - agent.running);
  if (agent.status !== 'active' || free <= 0) return [];
  const room = await readRoom(tx, agent);
  const limit = Math.min(free, room?.left ?? 0);
  if (room === null || limit <= 0) return [];
  const book = room.budgets ? await bookFor(tx, agentId, options) : null;
  const search: Search = { agent, limit, capabilities: options.capabilities ?? agent.capabilities, room, book };
  const { kept, fitted, short } = await chooseWithinQuota(tx, search);
  if (kept.length === 0 && short && options.throwOnQuota) throw await quotaExceeded(tx);
  for (const task of kept) if (!task.counted) recordExecution(tx, task.id);
  if (kept.length === 0) {
    if (fitted) await bookClaims(tx, fitted, []);
    return [];
  }
  return issue(tx, agent, { ids: kept.map((task) => task.id), leaseSeconds: options.leaseSeconds, fitted });
}

interface Search {
  agent: AgentRow;
  limit: number;
  capabilities: string[];
  room: Room;
  book: Book | null;
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
): Promise<{ kept: Candidate[]; fitted: Fitted | null; short: boolean }> {
  const { tasks, fitted } = await choose(tx, search, null);
  const kept = await reserve(tx, tasks);
  letGo(fitted, tasks.filter((task) => !kept.includes(task)));
  if (kept.length === tasks.length) return { kept, fitted, short: false };
  // What has been counted already needs no quota: what has none left must not hold it back.
  const beyond: Closed = { ...nothingClosed(), fresh: true, tasks: kept.map(({ id }) => id) };
  const more = await choose(tx, search, beyond);
  const all = fitQueues(search.room, [...kept, ...more.tasks]).slice(0, search.limit);
  letGo(more.fitted, more.tasks.filter((task) => !all.includes(task)));
  return { kept: all, fitted: joinFitted(fitted, more.fitted), short: true };
}

async function find(tx: TenantTransaction, search: Search, beyond: Closed | null): Promise<Candidate[]> {
  const { agent, limit, capabilities, room } = search;
  const found = await findCandidates(tx, agent.id, { limit, capabilities, closed: room.closed, beyond });
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

interface Started {
  id: string;
  attempt: number;
  lease_expires_at: Date;
  deadline_at: Date;
}

/** Starts the attempts: state, token, lease and deadline, in the order of the ids. */
async function issue(tx: TenantTransaction, agent: AgentRow, given: { ids: string[]; leaseSeconds: number; fitted: Fitted | null }): Promise<Claim[]> {
  const { fitted } = given;
  const budgeted = fitted ? budgetedOf(fitted) : [];
  const tokens = given.ids.map((id) => ({ id, token: randomBytes(24).toString('base64url') }));
  const [started, waits, found] = await Promise.all([
    rows(tx.db, sql<Started>`
      update tasks t set state = 'running', version = t.version + 1, attempt = t.attempt + 1, claimed_by = ${agent.id},
        counted = true, lease_token = n.token, lease_expires_at = now() + make_interval(secs => ${given.leaseSeconds}),
        deadline_at = now() + make_interval(secs => t.time_limit_seconds), started_at = now(), finished_at = null, run_at = null,
        warned = false, budgeted = t.id = any(${budgeted}::uuid[]), revoked = null, progress_percent = null, progress_message = null, error = null
      from jsonb_to_recordset(${JSON.stringify(tokens)}::jsonb) as n(id uuid, token text)
      where t.id = n.id returning t.id, t.attempt, t.lease_expires_at, t.deadline_at`),
    rows(tx.db, sql<{ wait_seconds: number }>`
      insert into attempts (task_id, number, token, agent_id, agent_name, provider_account_id, model, started_at, wait_seconds)
      select t.id, t.attempt, t.lease_token, ${agent.id}, ${agent.name}, ${agent.provider_account_id}::uuid, ${agent.model}, now(),
        greatest(0, extract(epoch from now() - coalesce(t.queued_at, now())))
      from tasks t where t.id = any(${given.ids}::uuid[]) returning wait_seconds`),
    findDetails(tx, sql`t.id = any(${given.ids}::uuid[])`),
  ]);
  if (fitted) await bookClaims(tx, fitted, started);
  for (const { wait_seconds: seconds } of waits) tx.measure('claim', seconds);
  tx.settleLater('agent', agent.id);
  for (const { id, attempt } of started) tx.settleLater('metrics', `${id}:${attempt}`);
  await recordTasks(tx, given.ids.map((id) => ({ id, fact: 'claimed', from: 'queued' })), found);
  for (const { lease_expires_at, deadline_at } of started) {
    tx.ready(lease_expires_at < deadline_at ? lease_expires_at : deadline_at);
  }
  return toClaims(tx, { tokens, started, found });
}

async function toClaims(
  tx: TenantTransaction,
  issued: { tokens: { id: string; token: string }[]; started: Started[]; found: TaskDetailRow[] },
): Promise<Claim[]> {
  const tasks = new Map(issued.found.map((row) => [row.id, toTask(row)]));
  const leases = new Map(issued.started.map((lease) => [lease.id, lease]));
  const claims: Claim[] = [];
  for (const { id, token } of issued.tokens) {
    const task = tasks.get(id)!;
    const lease = leases.get(id)!;
    const notes = task.handoffFrom === null ? null : { fromTaskId: task.handoffFrom, notes: task.handoffNotes ?? '' };
    const sharedFindings = task.planId === null ? [] : await readSharedFindings(tx, task.planId);
    claims.push({
      task: { ...task, handoff: notes, sharedFindings },
      lease: { token, attempt: lease.attempt, expiresAt: lease.lease_expires_at.toISOString() },
    });
  }
  return claims;
}
