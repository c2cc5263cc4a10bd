// What is known of a task that does not run, read in the caller's transaction, and the chain of what it waits for.
import { notFound } from '../../shared/errors.ts';
import type { PlanState } from '../../shared/plan.ts';
import type { TaskState } from '../../shared/task.ts';
import type { Why, WhyCode, WhyReason } from '../../shared/why.ts';
import { findAgents, presenceOf, type AgentRow } from '../agents/index.ts';
import { readBlocking } from '../budgets/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { readHeld } from '../providers/index.ts';
import { readUsage } from '../usage/index.ts';
import { explain, type WhyAccount, type WhyAgent, type WhyDependency, type WhyFacts, type WhyLimit } from './why.ts';

/** How far the chain of what waits for what is followed; further down it says the same again. */
const DEPTH = 6;
const MOST_AGENTS = 1_000;
const MOST_DEPENDENCIES = 500;

interface FactsRow {
  title: string;
  state: TaskState;
  kind: 'work' | 'approval';
  wait_reason: string | null;
  attempt: number;
  run_at: Date | null;
  counted: boolean;
  reserve_usd: string | null;
  capabilities: string[];
  error: string | null;
  started_at: Date | null;
  agent_id: string | null;
  priority: number;
  queued_at: Date | null;
  shown_agent: string | null;
  paused: boolean;
  paused_by: string | null;
  held_by: string | null;
  queue: string;
  queue_paused: boolean | null;
  queue_paused_by: string | null;
  queue_limit: number | null;
  workspace_limit: number | null;
  plan_id: string | null;
  plan_name: string | null;
  plan_state: PlanState | null;
}

function toWhyAgent(found: AgentRow, held: Map<string, WhyAccount>): WhyAgent {
  return {
    id: found.id,
    version: found.version,
    name: found.name,
    kind: found.kind,
    status: found.status,
    presence: presenceOf(found),
    hasProvider: found.provider_account_id !== null,
    account: (found.provider_account_id !== null && held.get(found.provider_account_id)) || null,
    running: found.running,
    concurrency: found.concurrency,
    lastSeenAt: found.last_seen_at,
  };
}

async function readRow(tx: TenantTransaction, id: string): Promise<FactsRow> {
  const found = await row(tx.db, sql<FactsRow>`
    select t.title, t.state, t.kind, t.wait_reason, t.attempt, t.run_at, t.counted, t.reserve_usd::text as reserve_usd, t.capabilities, t.error->>'message' as error,
      t.started_at, t.agent_id, t.priority, t.queued_at, a.name as shown_agent, w.paused_at is not null as paused, w.paused_by,
      case when t.held_at is not null then coalesce(t.held_by, 'somebody') end as held_by, t.queue,
      q.paused_at is not null as queue_paused, q.paused_by as queue_paused_by, q.max_running as queue_limit,
      w.max_running as workspace_limit,
      p.id as plan_id, p.name as plan_name, p.state as plan_state
    from tasks t cross join workspace w left join plans p on p.id = t.plan_id
    left join queues q on q.name = t.queue
    left join agents a on a.id = coalesce(t.agent_id, t.claimed_by)
    where t.id = ${id}`);
  if (!found) throw notFound('task');
  return found;
}

/** Those that are not done, the broken ones first. */
function readDependencies(tx: TenantTransaction, id: string): Promise<WhyDependency[]> {
  return rows(tx.db, sql<WhyDependency>`
    select o.id, o.title, o.state from task_dependencies d join tasks o on o.id = d.depends_on
    where d.task_id = ${id} and o.state <> 'succeeded'
    order by (o.state in ('failed', 'cancelled')) desc, o.id limit ${MOST_DEPENDENCIES}`);
}

async function readFacts(tx: TenantTransaction, id: string, found: FactsRow): Promise<WhyFacts> {
  const given = found.agent_id === null ? [] : await findAgents(tx, sql`a.id = ${found.agent_id}`);
  const able =
    found.agent_id === null
      ? await findAgents(tx, sql`a.status <> 'retired' and a.capabilities @> ${found.capabilities}::text[] order by a.id limit ${MOST_AGENTS}`)
      : [];
  const held = await readHeld(tx, [...given, ...able].flatMap((agent) => agent.provider_account_id ?? []));
  const open = (found.state === 'waiting' || found.state === 'queued') && found.kind === 'work';
  const takers = [...given, ...able].filter(({ status }) => status === 'active').map(({ id: agentId }) => agentId);
  const wanted = { id, counted: found.counted, planId: found.plan_id, reserveUsd: found.reserve_usd };
  return {
    task: {
      id,
      state: found.state,
      kind: found.kind,
      waitReason: found.wait_reason,
      attempt: found.attempt,
      runAt: found.run_at,
      heldBy: found.held_by,
      counted: found.counted,
      capabilities: found.capabilities,
      error: found.error,
      startedAt: found.started_at,
      agentName: found.shown_agent,
    },
    now: tx.now,
    workspace: { paused: found.paused, pausedBy: found.paused_by },
    plan: found.plan_id === null ? null : { id: found.plan_id, name: found.plan_name!, state: found.plan_state! },
    dependencies: found.state === 'waiting' ? await readDependencies(tx, id) : [],
    agent: given[0] ? toWhyAgent(given[0], held) : null,
    able: able.map((agent) => toWhyAgent(agent, held)),
    queue: found.queue_paused ? { name: found.queue, paused: true, pausedBy: found.queue_paused_by } : null,
    limits: await readLimits(tx, found, given[0]?.provider_account_id ?? null),
    budgets: open ? await readBlocking(tx, wanted, takers) : [],
    quota: (await readUsage(tx)).quota,
  };
}

interface LimitRow {
  workspace_running: number;
  queue_running: number;
  account_id: string | null;
  account_name: string | null;
  account_limit: number | null;
  account_running: number;
}

/** The limits that are reached now. */
async function readLimits(tx: TenantTransaction, found: FactsRow, accountId: string | null): Promise<WhyFacts['limits']> {
  const now = (await row(tx.db, sql<LimitRow>`select
    (select count(*)::int from tasks where state = 'running') as workspace_running,
    (select count(*)::int from tasks where state = 'running' and queue = ${found.queue}) as queue_running,
    p.id as account_id, p.name as account_name, p.max_running as account_limit,
    (select count(*)::int from tasks t join agents a on a.id = t.claimed_by
      where t.state = 'running' and a.provider_account_id = p.id) as account_running
    from (values (1)) one left join provider_accounts p on p.id = ${accountId}::uuid`))!;
  const limits: WhyFacts['limits'] = [];
  const add = (named: Pick<WhyLimit, 'code' | 'name' | 'of'>, limit: number | null, running: number): void => {
    if (limit !== null && running >= limit) limits.push({ ...named, limit });
  };
  const account = { name: `The provider account “${now.account_name}”`, of: now.account_id ?? '' };
  add({ code: 'workspace_limit', name: 'The workspace', of: '' }, found.workspace_limit, now.workspace_running);
  add({ code: 'queue_limit', name: `The queue “${found.queue}”`, of: found.queue }, found.queue_limit, now.queue_running);
  add({ code: 'provider_limit', ...account }, now.account_limit, now.account_running);
  return limits;
}

/** Tasks that the same agents take before this one. */
async function countAhead(tx: TenantTransaction, id: string, found: FactsRow): Promise<number> {
  const sameQueue =
    found.agent_id === null
      ? sql`t.agent_id is null and t.capabilities = ${found.capabilities}::text[]`
      : sql`t.agent_id = ${found.agent_id}`;
  const { count } = (await row(tx.db, sql<{ count: number }>`
    select count(*)::int as count from tasks t
    where t.state = 'queued' and t.held_at is null and (t.run_at is null or t.run_at <= now()) and ${sameQueue}
      and (t.plan_id is null or exists (select 1 from plans p where p.id = t.plan_id and p.state = 'running'))
      and (-t.priority, t.queued_at, t.id) < (${-found.priority}, ${found.queued_at}::timestamptz, ${id}::uuid)`))!;
  return count;
}

/** What holds back the first of its dependencies that is not broken, and so on down the chain; the deepest first. */
async function readChain(tx: TenantTransaction, facts: WhyFacts, depth: number): Promise<WhyReason[]> {
  const next = facts.dependencies.find(({ state }) => state === 'waiting' || state === 'queued');
  if (!next || depth === 0) return [];
  const below = await readFacts(tx, next.id, await readRow(tx, next.id));
  const own = explain(below).map((reason) => ({ ...reason, message: `“${next.title}”: ${lowerFirst(reason.message)}` }));
  return [...(await readChain(tx, below, depth - 1)), ...own];
}

const sameAs = (reason: WhyReason): string => `${reason.code} ${reason.about?.id ?? ''}`;

/** "It waits" becomes "it waits"; a name keeps its letter. */
function lowerFirst(sentence: string): string {
  return /^(It|All|The|An|No|There)\b/.test(sentence) ? sentence[0]!.toLowerCase() + sentence.slice(1) : sentence;
}

/** Reasons that end by themselves when others are done: then those before it are taken first. */
const turns: ReadonlySet<string> = new Set<WhyCode>(['agent_busy', 'able_agents_busy', 'workspace_limit', 'queue_limit', 'provider_limit']);

export async function readWhy(tx: TenantTransaction, id: string): Promise<Why> {
  const found = await readRow(tx, id);
  const facts = await readFacts(tx, id, found);
  const own = explain(facts);
  const said = new Set(own.map(sameAs));
  // The paused workspace holds back all of them: it is said once, of the task itself.
  const chain = (await readChain(tx, facts, DEPTH)).filter((reason) => !said.has(sameAs(reason)));
  // A plan that does not run holds back the whole chain: nothing of it moves before that is mended.
  const whole = own.filter(({ code }) => code.startsWith('plan_'));
  const reasons = [...whole, ...chain, ...own.filter((reason) => !whole.includes(reason))];
  const runnable = found.state === 'queued' && own.length === 0;
  const inLine = found.state === 'queued' && own.every(({ code }) => turns.has(code));
  return { runnable, ahead: inLine ? await countAhead(tx, id, found) : null, reasons };
}
