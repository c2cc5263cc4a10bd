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
import { jsonb, row, rows, sql, type Statement } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { conditionOf } from '../tasks/index.ts';
import { announce } from './rows.ts';

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

/** In the order in which they will be gone through; one more than fits, so that too many are known as such. */
async function freezeRows(tx: TenantTransaction, planId: string, where: { filter: Statement; action: BulkAction }): Promise<number> {
  const states = actsOn[where.action];
  const steps = where.action === 'delete' ? sql`t.plan_id is null` : sql`true`;
  await sql`insert into bulk_plan_rows (plan_id, n, task_id, before)
    select ${planId}::uuid, row_number() over (order by t.id), t.id, jsonb_build_object('state', t.state, 'agentId', t.agent_id,
      'capabilities', t.capabilities, 'priority', t.priority)
    from tasks t where ${where.filter} and t.state = any(${states}::text[]) and ${steps}
    order by t.id limit ${MAX_BULK_TASKS + 1}`.execute(tx.db);
  const { count } = (await row(tx.db, sql<{ count: number }>`
    select count(*)::int as count from bulk_plan_rows where plan_id = ${planId}`))!;
  if (count > MAX_BULK_TASKS) {
    throw refuse('filter', `It matches more than ${MAX_BULK_TASKS} tasks. Narrow it, and do the rest in a second plan.`);
  }
  if (count === 0) throw new AppError('conflict', 'No task under this filter is in a state that the action changes.');
  return count;
}

interface PartRow {
  part: 'state' | 'agent' | 'plan' | 'error' | 'all';
  key: string | null;
  name: string | null;
  count: number;
  cost: string;
}

/** All parts of the breakdown, and what an attempt of each has cost so far, in one pass over the frozen rows. */
async function readParts(tx: TenantTransaction, planId: string): Promise<PartRow[]> {
  return rows(tx.db, sql<PartRow>`
    with frozen as (
        select t.state, coalesce(t.agent_id, t.claimed_by) as agent, t.plan_id as plan, t.error_fingerprint as error,
          left(t.error->>'message', 200) as message, t.cost_usd / greatest(1, t.attempt) as cost
        from bulk_plan_rows r join tasks t on t.id = r.task_id where r.plan_id = ${planId}),
      parts as (
        select grouping(state) as s, grouping(agent) as a, grouping(plan) as p, grouping(error) as e, state, agent, plan, error,
          min(message collate "C") as message, count(*)::int as count, sum(cost)::numeric(20, 6)::text as cost
        from frozen group by grouping sets ((state), (agent), (plan), (error), ()))
    select case when s = 0 then 'state' when a = 0 then 'agent' when p = 0 then 'plan' when e = 0 then 'error' else 'all' end as part,
      case when s = 0 then state when a = 0 then agent::text when p = 0 then plan::text else error end as key,
      case when s = 0 then state when a = 0 then (select name from agents where id = agent)
        when p = 0 then (select name from plans where id = plan) else message end as name, count, cost
    from parts order by count desc`);
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
async function hashOf(tx: TenantTransaction, plan: { id: string; action: BulkAction; input: BulkInput }): Promise<string> {
  const { hash } = (await row(tx.db, sql<{ hash: string }>`
    select encode(sha256(convert_to(string_agg(task_id::text, ',' order by n), 'UTF8')), 'hex') as hash
    from bulk_plan_rows where plan_id = ${plan.id}`))!;
  return createHash('sha256').update(canonicalJson({ action: plan.action, input: plan.input, rows: hash })).digest('hex');
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
  const count = await freezeRows(tx, id, { filter: where, action });
  const { all } = (await row(tx.db, sql<{ all: number }>`select count(*)::int as "all" from tasks t where ${where}`))!;
  const sample = await rows(tx.db, sql<BulkPlan['sample'][number]>`
    select t.id, t.title, t.state, a.name as "agentName" from bulk_plan_rows r join tasks t on t.id = r.task_id
    left join agents a on a.id = coalesce(t.agent_id, t.claimed_by) where r.plan_id = ${id} order by r.n limit 10`);
  const parts = await readParts(tx, id);
  // What running the tasks once more is likely to cost: what an attempt of each has cost on average so far.
  const cost = action === 'retry' ? (parts.find(({ part }) => part === 'all')?.cost ?? '0') : '0';
  await sql`update bulk_plans set count = ${count}, left_out = ${all - count}, sample = ${jsonb(sample)},
      breakdown = ${jsonb(breakDown(parts))}, hash = ${await hashOf(tx, { id, action, input })},
      estimated_cost_usd = ${cost}::numeric where id = ${id}`.execute(tx.db);
  return announce(tx, id, { fact: 'planned', audit: true });
}
