// The floor of a plan: how many of its tasks run, how many could, and in words why not as many as it wants.
import type { planFloor } from '../../shared/plan.ts';
import type { z } from 'zod';
import { row, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { mayClaim } from '../providers/index.ts';
import { readUsage } from '../usage/index.ts';
import type { BarePlan } from './rows.ts';

export type Floor = z.infer<typeof planFloor>;

/** The open tasks of a plan that one agent has. */
export interface AgentLoad {
  /** Null: tasks that any capable agent may take. */
  name: string | null;
  kind: 'hosted' | 'external';
  paused: boolean;
  /** Hosted: it has a provider. External: it was heard within the presence time. */
  reachable: boolean;
  /** Hosted: its provider account, where that takes nothing now (its rate is used up, its breaker open, its key refused). */
  held: string | null;
  /** Free slots, over all of its work. */
  free: number;
  concurrency: number;
  running: number;
  /** Queued and due. */
  due: number;
  /** Of those: their execution is not reserved yet. */
  uncounted: number;
  /** Queued for a later time, and the first such time. */
  later: number;
  laterAt: Date | null;
  dependency: number;
  broken: number;
  approval: number;
}

export interface FloorFacts {
  target: number;
  /** The plan's state is running: only then anything starts. */
  active: boolean;
  total: number;
  workspacePaused: boolean;
  quota: { limit: number | null; remaining: number | null; resetsAt: string };
  loads: AgentLoad[];
}

/** Agents named in a reason; the others are counted. */
const MOST_NAMED = 4;

const sum = (loads: AgentLoad[], of: (load: AgentLoad) => number) =>
  loads.reduce((total, load) => total + of(load), 0);
const number = (count: number) => count.toLocaleString('en');
const verb = (count: number, one: string, many: string) =>
  `${number(count)} ${count === 1 ? one : many}`;
const minute = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** How many of an agent's due tasks could start now, as far as the agent goes. */
function startable(load: AgentLoad): number {
  if (load.name === null) return 0;
  return load.paused || !load.reachable || load.held !== null ? 0 : Math.min(load.due, Math.max(0, load.free));
}

/** Of those that agents could start, what workspace, plan and quota allow. */
function allowed(facts: FloorFacts): number {
  if (!facts.active || facts.workspacePaused) return 0;
  const able = sum(facts.loads, startable);
  if (facts.quota.remaining === null) return able;
  const counted = sum(facts.loads, (load) => load.due - load.uncounted);
  return Math.min(able, Math.min(counted, able) + facts.quota.remaining);
}

/** What holds back the due tasks of one agent; null: nothing does. */
function obstacle(load: AgentLoad): string | null {
  const queued = `(${number(load.due)} queued)`;
  if (load.name === null) return `no agent has taken what any capable agent may take ${queued}`;
  if (load.paused) return `agent ${load.name} is paused ${queued}`;
  if (!load.reachable)
    return load.kind === 'hosted'
      ? `agent ${load.name} has no provider ${queued}`
      : `agent ${load.name} is external and offline ${queued}`;
  if (load.held !== null) return `agent ${load.name} waits for its provider account ${load.held} ${queued}`;
  if (load.free >= load.due) return null;
  const beyond = load.due - Math.max(0, load.free);
  return `agent ${load.name} is at its concurrency of ${load.concurrency} (${number(beyond)} queued)`;
}

function agentClauses(loads: AgentLoad[]): string[] {
  const named = loads.filter((load) => load.due > 0).flatMap((load) => obstacle(load) ?? []);
  if (named.length <= MOST_NAMED) return named;
  const more = named.length - MOST_NAMED;
  return [...named.slice(0, MOST_NAMED), `so it is with ${verb(more, 'more agent', 'more agents')}`];
}

function dispatchClauses(facts: FloorFacts, starting: number): string[] {
  if (starting === 0) return [];
  const idle = facts.loads.filter((load) => load.kind === 'external' && startable(load) > 0);
  const external = sum(idle, startable);
  const clauses = idle
    .slice(0, MOST_NAMED)
    .map((load) => `agent ${load.name} is free and has not claimed yet (${startable(load)} queued)`);
  if (idle.length > MOST_NAMED)
    clauses.push(`so it is with ${verb(idle.length - MOST_NAMED, 'more agent', 'more agents')}`);
  const hosted = Math.max(0, starting - external);
  return hosted > 0 ? [...clauses, `${verb(hosted, 'is', 'are')} being started`] : clauses;
}

/** Everything that is not running, each with its reason, in the order in which a person would clear them. */
function clausesOf(facts: FloorFacts, running: number): string[] {
  const { loads, quota } = facts;
  const due = sum(loads, (load) => load.due);
  const starting = allowed(facts);
  const clauses: string[] = [];
  if (due > 0 && facts.workspacePaused) {
    clauses.push(`the workspace is paused (${number(due)} queued)`);
  } else {
    clauses.push(...agentClauses(loads));
    const refused = sum(loads, startable) - starting;
    if (refused > 0)
      clauses.push(
        `the quota of ${number(quota.limit ?? 0)} executions is used up until ${minute(quota.resetsAt)} ` +
          `(${number(refused)} queued)`,
      );
    clauses.push(...dispatchClauses(facts, starting));
  }
  const later = sum(loads, (load) => load.later);
  const at = loads.flatMap((load) => load.laterAt ?? []).toSorted((a, b) => a.getTime() - b.getTime())[0];
  if (later > 0)
    clauses.push(
      `${verb(later, 'waits', 'wait')} to be tried, the first at ${at?.toISOString().slice(11, 19)} UTC`,
    );
  const counted: [number, string, string][] = [
    [sum(loads, (load) => load.approval), 'waits for approval', 'wait for approval'],
    [
      sum(loads, (load) => load.broken),
      'waits for a task that failed or was cancelled',
      'wait for a task that failed or was cancelled',
    ],
    [sum(loads, (load) => load.dependency), 'waits for dependencies', 'wait for dependencies'],
  ];
  const open = running + due + later + sum(loads, (load) => load.approval + load.broken + load.dependency);
  counted.push([facts.total - open, 'is done', 'are done']);
  const others = counted.filter(([count]) => count > 0);
  // With one reason for all of them, it is "the other 9".
  const single = others.length === 1 && clauses.length === 0;
  clauses.push(
    ...others.map(([count, one, many]) =>
      single && running > 0
        ? `the other ${count === 1 ? one : verb(count, one, many)}`
        : verb(count, one, many),
    ),
  );
  return clauses;
}

/** The floor from what was read; `reason` is null where it holds, or where nothing is to run. */
export function explainFloor(facts: FloorFacts): Floor {
  const running = sum(facts.loads, (load) => load.running);
  const floor = { target: facts.target, running, runnable: running + allowed(facts) };
  if (!facts.active || running >= facts.target) return { ...floor, reason: null };
  const clauses = clausesOf(facts, running);
  const head = running === 0 ? 'None runs' : verb(running, 'runs', 'run');
  return {
    ...floor,
    reason: `${head}: ${clauses.length > 0 ? clauses.join('; ') : 'the plan has no others'}.`,
  };
}

interface LoadRow {
  name: string | null;
  kind: 'hosted' | 'external' | null;
  status: string | null;
  reachable: boolean | null;
  held: string | null;
  concurrency: number | null;
  busy: number | null;
  running: number;
  due: number;
  uncounted: number;
  later: number;
  later_at: Date | null;
  dependency: number;
  broken: number;
  approval: number;
}

/** One statement: the plan's open tasks by the agent that has them, and the state of each agent. */
async function readLoads(tx: TenantTransaction, planId: string): Promise<AgentLoad[]> {
  const found = await rows(
    tx.db,
    sql<LoadRow>`
    select a.name, a.kind, a.status, a.concurrency, a.running as busy,
      case a.kind when 'hosted' then a.provider_account_id is not null else a.online end as reachable,
      (select p.name from provider_accounts p where p.id = a.provider_account_id and not ${mayClaim}) as held,
      count(*) filter (where t.state = 'running')::int as running,
      count(*) filter (where t.state = 'queued' and (t.run_at is null or t.run_at <= now()))::int as due,
      count(*) filter (where t.state = 'queued' and (t.run_at is null or t.run_at <= now())
        and not t.counted)::int as uncounted,
      count(*) filter (where t.state = 'queued' and t.run_at > now())::int as later,
      min(t.run_at) filter (where t.state = 'queued' and t.run_at > now()) as later_at,
      count(*) filter (where t.wait_reason in ('dependency', 'plan_not_started'))::int as dependency,
      count(*) filter (where t.wait_reason = 'dependency_failed')::int as broken,
      count(*) filter (where t.wait_reason = 'approval')::int as approval
    from tasks t left join agents a on a.id = t.agent_id
    where t.plan_id = ${planId} and t.state in ('waiting', 'queued', 'running')
    group by a.id order by lower(a.name)`,
  );
  return found.map((load) => ({
    name: load.name,
    kind: load.kind ?? 'external',
    paused: load.status === 'paused',
    reachable: load.reachable ?? false,
    held: load.held,
    free: (load.concurrency ?? 0) - (load.busy ?? 0),
    concurrency: load.concurrency ?? 0,
    running: load.running,
    due: load.due,
    uncounted: load.uncounted,
    later: load.later,
    laterAt: load.later_at,
    dependency: load.dependency,
    broken: load.broken,
    approval: load.approval,
  }));
}

export async function readFloor(tx: TenantTransaction, plan: BarePlan): Promise<Floor> {
  const loads = await readLoads(tx, plan.id);
  const { paused } = (await row(
    tx.db,
    sql<{ paused: boolean }>`select paused_at is not null as paused from workspace`,
  ))!;
  const { quota } = await readUsage(tx);
  return explainFloor({
    target: plan.min_active,
    active: plan.state === 'running',
    total: plan.counts.total,
    workspacePaused: paused,
    quota,
    loads,
  });
}
