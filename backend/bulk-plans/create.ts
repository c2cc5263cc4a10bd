// Freezing: the rows under a filter are written down in one transaction, counted, broken down and hashed.
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  actsOn,
  BULK_PLAN_SECONDS,
  MAX_BULK_TASKS,
  type BulkAction,
  type BulkBreakdown,
  type BulkInput,
  type BulkPlan,
  type bulkPlanInput,
} from '../../shared/bulk-plan.ts';
import { AppError } from '../../shared/errors.ts';
import type { TaskState } from '../../shared/task.ts';
import { readAgent } from '../agents/index.ts';
import { canonicalJson } from '../platform/audit-chain.ts';
import { jsonb, row, sql, type Statement } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { conditionOf } from '../tasks/index.ts';
import { announce } from './rows.ts';

/** Tasks that are shown of a plan. */
const SAMPLE = 10;

function refuse(path: string, message: string): AppError {
  return new AppError('validation_failed', `${path}: ${message}`, { details: { fields: [{ path, message }] } });
}

/** What the action needs beside its rows, and nothing that it does not take. */
async function checkInput(tx: TenantTransaction, action: BulkAction, input: BulkInput): Promise<BulkInput> {
  switch (action) {
    case 'reassign': {
      if (input.agentId === undefined) throw refuse('input.agentId', 'Name the agent that the tasks go to.');
      const agent = await readAgent(tx, input.agentId);
      if (agent.status === 'retired') throw refuse('input.agentId', `${agent.name} is retired. Choose another agent.`);
      return { agentId: input.agentId };
    }
    case 'reprioritise':
      if (input.priority === undefined) throw refuse('input.priority', 'Name the new priority, 0 to 9.');
      return { priority: input.priority };
    case 'cancel':
      return input.reason ? { reason: input.reason } : {};
    default:
      return {};
  }
}

interface PartRow {
  part: 'state' | 'agent' | 'plan' | 'error' | 'all';
  key: string | null;
  name: string | null;
  count: number;
  cost: string;
}

interface Frozen {
  count: number;
  /** Under the filter, whatever their state. */
  all: number;
  sample: BulkPlan['sample'];
  parts: PartRow[];
  /** Over the ids of the rows in their order. */
  hash: string | null;
}

/**
 * Writes the rows down in the order in which they will be gone through, and says what they are. One statement, as it must
 * all be of one moment: while other work goes on, a second one would count tasks as they have become. One row more than
 * fits is taken, so that too many are known as such.
 */
async function freezeRows(tx: TenantTransaction, planId: string, where: { filter: Statement; action: BulkAction }): Promise<Frozen> {
  const states = actsOn[where.action];
  const steps = where.action === 'delete' ? sql`t.plan_id is null` : sql`true`;
  const frozen = (await row(tx.db, sql<Frozen>`
    with frozen as materialized (
        select row_number() over (order by t.id)::int as n, t.id, t.title, t.state, coalesce(t.agent_id, t.claimed_by) as agent,
          t.plan_id as plan, t.error_fingerprint as error, left(t.error->>'message', 200) as message,
          t.cost_usd / greatest(1, t.attempt) as cost, jsonb_build_object('state', t.state, 'agentId', t.agent_id,
            'capabilities', t.capabilities, 'priority', t.priority) as before
        from tasks t where ${where.filter} and t.state = any(${states}::text[]) and ${steps}
        order by t.id limit ${MAX_BULK_TASKS + 1}),
      written as (insert into bulk_plan_rows (plan_id, n, task_id, before) select ${planId}::uuid, n, id, before from frozen),
      grouped as (
        select grouping(state) as s, grouping(agent) as a, grouping(plan) as p, grouping(error) as e, state, agent, plan, error,
          min(message collate "C") as message, count(*)::int as count, sum(cost)::numeric(20, 6)::text as cost
        from frozen group by grouping sets ((state), (agent), (plan), (error), ())),
      parts as (
        select case when s = 0 then 'state' when a = 0 then 'agent' when p = 0 then 'plan' when e = 0 then 'error' else 'all' end as part,
          case when s = 0 then state when a = 0 then agent::text when p = 0 then plan::text else error end as key,
          case when s = 0 then state when a = 0 then (select name from agents where id = agent)
            when p = 0 then (select name from plans where id = plan) else message end as name, count, cost
        from grouped)
    select (select count(*)::int from frozen) as count,
      (select count(*)::int from tasks t where ${where.filter}) as "all",
      (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'title', f.title, 'state', f.state, 'agentName', a.name) order by f.n), '[]')
        from (select * from frozen where n <= ${SAMPLE}) f left join agents a on a.id = f.agent) as sample,
      (select jsonb_agg(p order by p.count desc) from parts p) as parts,
      (select encode(sha256(convert_to(string_agg(id::text, ',' order by n), 'UTF8')), 'hex') from frozen) as hash`))!;
  if (frozen.count > MAX_BULK_TASKS) {
    throw refuse('filter', `It matches more than ${MAX_BULK_TASKS} tasks. Narrow it, and do the rest in a second plan.`);
  }
  if (frozen.count === 0) throw new AppError('conflict', 'No task under this filter is in a state that the action changes.');
  return frozen;
}

function breakDown(parts: PartRow[]): BulkBreakdown {
  const of = (part: PartRow['part']): PartRow[] => parts.filter((one) => one.part === part);
  return {
    states: of('state').map(({ key, count }) => ({ state: key as TaskState, count })),
    agents: topTen(of('agent')),
    plans: topTen(of('plan')),
    errorGroups: topTen(of('error')),
  };
}

const TOP = 10;

function topTen(found: { key: string | null; name: string | null; count: number }[]): BulkBreakdown['agents'] {
  const shown = found.slice(0, TOP).map(({ key, name, count }) => ({ key, name: name ?? 'none', count }));
  const rest = found.slice(TOP).reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? shown : [...shown, { key: null, name: 'others', count: rest }];
}

/** Over the action, what it is done with, and the rows in their order. */
function hashOf(action: BulkAction, input: BulkInput, frozen: Frozen): string {
  return createHash('sha256').update(canonicalJson({ action, input, rows: frozen.hash })).digest('hex');
}

export async function createBulkPlan(tx: TenantTransaction, asked: z.output<typeof bulkPlanInput>): Promise<BulkPlan> {
  const { action, filter } = asked;
  const input = await checkInput(tx, action, asked.input);
  const { ids, ...listed } = filter;
  const condition = conditionOf(listed);
  const where = ids === undefined ? condition : sql`${condition} and t.id = any(${ids}::uuid[])`;
  const id = newId();
  // First the plan, as its rows refer to it; then what they say of it.
  await sql`insert into bulk_plans (id, action, filter, input, hash, count, left_out, breakdown, sample, created_by, expires_at)
    values (${id}, ${action}, ${jsonb(filter)}, ${jsonb(input)}, '', 0, 0, '{}', '[]', ${jsonb(tx.actor)},
      now() + make_interval(secs => ${BULK_PLAN_SECONDS}))`.execute(tx.db);
  const frozen = await freezeRows(tx, id, { filter: where, action });
  const { count, parts } = frozen;
  // What running the tasks once more is likely to cost: what an attempt of each has cost on average so far.
  const cost = action === 'retry' ? (parts.find(({ part }) => part === 'all')?.cost ?? '0') : '0';
  await sql`update bulk_plans set count = ${count}, left_out = ${frozen.all - count}, sample = ${jsonb(frozen.sample)},
      breakdown = ${jsonb(breakDown(parts))}, hash = ${hashOf(action, input, frozen)},
      estimated_cost_usd = ${cost}::numeric where id = ${id}`.execute(tx.db);
  return announce(tx, id, { fact: 'planned', audit: true });
}
