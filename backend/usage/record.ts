// What work adds to the usage: one statement at the end of a transaction that claims or ends attempts, for the month,
// the hour and the day together, so that they cannot part.
import type { BillingPlan } from '../../shared/billing.ts';
import { kept, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { limitOf, periodOf } from './quota.ts';

/** An attempt that has ended, with what it has used. */
export interface EndedAttempt {
  taskId: string;
  number: number;
  agentId: string;
  planId: string | null;
  outcome: string;
  seconds: number;
  inputTokens: number;
  outputTokens: number;
  /** Dollars, a decimal. */
  costUsd: string;
  accountId: string | null;
  model: string | null;
  unpriced: boolean;
}

interface Entry extends Omit<EndedAttempt, 'taskId' | 'number'> {
  /** Executions that the month has not counted yet. */
  uncounted: number;
}

/** The first claim of a task: an execution. Where the workspace's plan has a limit, quota.ts has reserved it in the month. */
export function recordExecution(tx: TenantTransaction, task: { id: string; agentId: string; planId: string | null }, plan: BillingPlan): void {
  const { agentId, planId } = task;
  const uncounted = limitOf(plan) === null ? 1 : 0;
  const entry: Entry = {
    agentId, planId, outcome: CLAIMED, seconds: 0, inputTokens: 0, outputTokens: 0, costUsd: '0', accountId: null, model: null, unpriced: false, uncounted,
  };
  tx.settleLater('usage', `${task.id}:${CLAIMED}`, entry);
}
/** An attempt that has ended. */
export function recordAttempt(tx: TenantTransaction, { taskId, number, ...entry }: EndedAttempt): void {
  tx.settleLater('usage', `${taskId}:${number}`, { ...entry, uncounted: 0 });
}
const CLAIMED = 'claimed';

/** Adds a row's figures to those that stand under its key. */
const added = sql`executions = u.executions + excluded.executions, attempts = u.attempts + excluded.attempts,
  execution_seconds = u.execution_seconds + excluded.execution_seconds, input_tokens = u.input_tokens + excluded.input_tokens,
  output_tokens = u.output_tokens + excluded.output_tokens, cost_usd = u.cost_usd + excluded.cost_usd`;

/** Joined with the month, whose row is so taken first: all who write these rows wait for it, and none in a ring. */
function upsert(table: Statement, part: 'hour' | 'day'): Statement {
  return sql`insert into ${table} as u (at, agent_id, plan_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
    select date_trunc(${sql.lit(part)}, now(), 'UTC'), e.* from entries e cross join (select count(*) from month) m
    on conflict (at, agent_id, plan_id, outcome) do update set ${added}`;
}

/** Settler: what these attempts have used goes to the time in which they end; executions to that of their claim. */
export async function settleUsage(tx: TenantTransaction, _ids: string[], noted: unknown[]): Promise<void> {
  const column = <Value>(pick: (entry: Entry) => Value): Value[] => (noted as Entry[]).map(pick);
  await kept(sql`with noted as (
      select * from unnest(${column(({ agentId }) => agentId)}::uuid[], ${column(({ planId }) => planId)}::uuid[],
        ${column(({ outcome }) => outcome)}::text[], ${column(({ seconds }) => seconds)}::float8[],
        ${column(({ inputTokens }) => inputTokens)}::bigint[], ${column(({ outputTokens }) => outputTokens)}::bigint[],
        ${column(({ costUsd }) => costUsd)}::numeric[], ${column(({ accountId }) => accountId)}::uuid[],
        ${column(({ model }) => model)}::text[], ${column(({ unpriced }) => unpriced)}::boolean[], ${column(({ uncounted }) => uncounted)}::int[])
        as n(agent_id, plan_id, outcome, seconds, input_tokens, output_tokens, cost_usd, account_id, model, unpriced, uncounted)
    ), month as (
      insert into usage_months as u (period, executions, execution_seconds, input_tokens, output_tokens, cost_usd)
      select ${periodOf(tx.now)}, sum(uncounted), sum(seconds), sum(input_tokens), sum(output_tokens), sum(cost_usd)
      from noted where outcome <> ${CLAIMED} or uncounted > 0 having count(*) > 0
      on conflict (period) do update set executions = u.executions + excluded.executions, execution_seconds = u.execution_seconds + excluded.execution_seconds,
        input_tokens = u.input_tokens + excluded.input_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
        cost_usd = u.cost_usd + excluded.cost_usd
      returning period
    ), entries as (
      select agent_id, plan_id, outcome, (count(*) filter (where outcome = ${CLAIMED}))::int as executions,
        (count(*) filter (where outcome <> ${CLAIMED}))::int as attempts, sum(seconds) as execution_seconds,
        sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens, sum(cost_usd) as cost_usd
      from noted group by 1, 2, 3
    ), providers as (
      insert into provider_days as u (at, account_id, model, attempts, failed, unpriced, input_tokens, output_tokens, cost_usd)
      select date_trunc('day', now(), 'UTC'), e.account_id, e.model, count(*), count(*) filter (where e.outcome in ('failed', 'lease_expired')),
        count(*) filter (where e.unpriced), sum(e.input_tokens), sum(e.output_tokens), sum(e.cost_usd)
      from noted e cross join (select count(*) from month) m where e.account_id is not null group by e.account_id, e.model
      on conflict (account_id, at, model) do update set attempts = u.attempts + excluded.attempts, failed = u.failed + excluded.failed,
        unpriced = u.unpriced + excluded.unpriced, input_tokens = u.input_tokens + excluded.input_tokens,
        output_tokens = u.output_tokens + excluded.output_tokens, cost_usd = u.cost_usd + excluded.cost_usd
    ), hours as (${upsert(sql`usage_hours`, 'hour')})
    ${upsert(sql`usage_days`, 'day')}`).execute(tx.db);
}
settleUsage.atOnce = true;
