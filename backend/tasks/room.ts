// How much may start now: the workspace's switch, and the limits of workspace, provider account and queue on what
// runs at the same time. Limits that are set are held by a lock on their row until the claim is committed.
import type { BillingPlan } from '../../shared/billing.ts';
import type { AgentRow } from '../agents/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import { mayClaim } from '../providers/index.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export interface Room {
  /** Tasks that may start at the most, whatever queue they are of. */
  left: number;
  /** Queues that give nothing: paused, or full. */
  closed: string[];
  /** What the limited queues still take; the others are not in it. */
  queues: Map<string, number>;
  /** There are budgets to hold it to. */
  budgets: boolean;
  /** The workspace's, which says how many executions a month has. */
  plan: BillingPlan;
}

export interface Limits {
  plan: BillingPlan;
  paused: boolean;
  workspace_limit: number | null;
  account_limit: number | null;
  account_open: boolean | null;
  account_probed: boolean | null;
  queue_rules: boolean;
  budgets: boolean;
  /** Neither the workspace nor the account limits anything. */
  unlimited: boolean;
  /** What the agent runs. */
  running: number;
}

const queueRules = sql`exists (select 1 from queues q where q.paused_at is not null or q.max_running is not null)`;
const budgets = sql`exists (select 1 from budgets b where b.removed_at is null)`;
/**
 * The limits that a claim of an agent `a` has to keep, with its workspace `w` and its account `p`. No row is held: those that are
 * set are read again where they are. The agent is held already, so that what it runs is what it will have run before.
 */
export const limitColumns = sql`w.plan, w.paused_at is not null as paused, w.max_running as workspace_limit, p.max_running as account_limit,
  ${mayClaim} as account_open, p.breaker_opened_at is not null as account_probed, ${queueRules} as queue_rules, ${budgets} as budgets,
  (w.paused_at is null and w.max_running is null and (p.id is null or (${mayClaim} and p.max_running is null and p.breaker_opened_at is null))) as unlimited,
  (select count(*)::int from tasks r where r.state = 'running' and r.claimed_by = a.id) as running`;

/** Null: the workspace is paused, or the agent's account takes nothing. Without limits nothing more is read, and no row is held. */
export async function readRoom(tx: TenantTransaction, agent: AgentRow, limits: Limits): Promise<Room | null> {
  if (limits.paused || (agent.provider_account_id !== null && !limits.account_open)) return null;
  const room: Room = { left: Number.POSITIVE_INFINITY, closed: [], queues: new Map(), budgets: limits.budgets, plan: limits.plan };
  if (limits.workspace_limit !== null) room.left = await workspaceRoom(tx);
  // After its breaker was open one task probes the account; the others wait for what becomes of it.
  const probed = limits.account_probed === true;
  if (limits.account_limit !== null || probed) {
    room.left = Math.min(room.left, await accountRoom(tx, agent.provider_account_id!, probed));
  }
  if (limits.queue_rules && room.left > 0) await queueRoom(tx, room);
  return room;
}

/** Held first, then counted: of two claims at once the second sees what the first has started. */
async function workspaceRoom(tx: TenantTransaction): Promise<number> {
  const held = await row(tx.db, sql<{ limit: number | null }>`select max_running as "limit" from workspace for no key update`);
  const { running } = (await row(tx.db, sql<{ running: number }>`
    select count(*)::int as running from tasks where state = 'running'`))!;
  return left(held?.limit ?? null, running);
}

async function accountRoom(tx: TenantTransaction, accountId: string, probed: boolean): Promise<number> {
  const held = await row(tx.db, sql<{ limit: number | null }>`
    select max_running as "limit" from provider_accounts where id = ${accountId} for no key update`);
  const { running } = (await row(tx.db, sql<{ running: number }>`
    select count(*)::int as running from tasks t where t.state = 'running'
      and t.claimed_by in (select a.id from agents a where a.provider_account_id = ${accountId})`))!;
  return left(probed ? 1 : (held?.limit ?? null), running);
}

async function queueRoom(tx: TenantTransaction, room: Room): Promise<void> {
  const held = await rows(tx.db, sql<{ name: string; paused: boolean; limit: number | null }>`
    select name, paused_at is not null as paused, max_running as "limit" from queues
    where paused_at is not null or max_running is not null order by name for update`);
  const running = await rows(tx.db, sql<{ queue: string; running: number }>`
    select queue, count(*)::int as running from tasks
    where state = 'running' and queue = any(${held.map(({ name }) => name)}::text[]) group by queue`);
  const counts = new Map(running.map((found) => [found.queue, found.running]));
  for (const queue of held) {
    const free = queue.paused ? 0 : left(queue.limit, counts.get(queue.name) ?? 0);
    if (free === 0) room.closed.push(queue.name);
    else if (queue.limit !== null) room.queues.set(queue.name, free);
  }
}

const left = (limit: number | null, running: number): number =>
  limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - running);

/** Keeps as many as their queues still take, the best first. */
export function fitQueues<Task extends { queue: string }>(room: Room, tasks: Task[]): Task[] {
  const free = new Map(room.queues);
  return tasks.filter(({ queue }) => {
    const slots = free.get(queue);
    if (slots === undefined) return true;
    free.set(queue, slots - 1);
    return slots > 0;
  });
}
