// What work adds to the usage: one statement at the end of a transaction that claims or ends attempts, for the month,
// the hour and the day together, so that they cannot part.
import type { BillingPlan } from '../../shared/billing.ts';
import { fixed, kept, sql, type Statement } from '../platform/database.ts';
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

interface Claimed {
  id: string;
  agentId: string;
  planId: string | null;
  /** What the agent runs on; null: an external one. */
  accountId: string | null;
}

/** The first claim of a task: an execution. Where the workspace's plan has a limit, quota.ts has reserved it in the month. */
export function recordExecution(tx: TenantTransaction, task: Claimed, plan: BillingPlan): void {
  const { agentId, planId, accountId } = task;
  const uncounted = limitOf(plan) === null ? 1 : 0;
  const entry: Entry = {
    agentId, planId, outcome: CLAIMED, seconds: 0, inputTokens: 0, outputTokens: 0, costUsd: '0', accountId, model: null, unpriced: false, uncounted,
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
  return sql`insert into ${table} as u (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
    select date_trunc(${sql.lit(part)}, now(), 'UTC'), e.* from entries e cross join (select count(*) from month) m
    on conflict (at, agent_id, plan_id, account_id, outcome) do update set ${added}`;
}

/** A claim of a task that has not been counted, and nothing else: most transactions. */
const addExecution = fixed<{ period: string; agentId: string; planId: string | null; accountId: string | null }>(({ period, agentId, planId, accountId }) => {
  const slot = (table: Statement, part: 'hour' | 'day'): Statement => sql`insert into ${table} as u
      (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
    select date_trunc(${sql.lit(part)}, now(), 'UTC'), ${agentId}, ${planId}::uuid, ${accountId}::uuid, ${sql.lit(CLAIMED)}, 1, 0, 0, 0, 0, 0
    from (select count(*) from month) m
    on conflict (at, agent_id, plan_id, account_id, outcome) do update set executions = u.executions + 1`;
  return kept(sql`with month as (insert into usage_months as u (period, executions) values (${period}, 1)
      on conflict (period) do update set executions = u.executions + 1 returning 1),
    hours as (${slot(sql`usage_hours`, 'hour')})
    ${slot(sql`usage_days`, 'day')}`);
});

/** Settler: what these attempts have used goes to the time in which they end; executions to that of their claim. */
export async function settleUsage(tx: TenantTransaction, _ids: string[], noted: unknown[]): Promise<void> {
  const entries = noted as Entry[];
  const period = periodOf(tx.now);
  const [only] = entries.length === 1 ? entries : [];
  if (only?.outcome === CLAIMED && only.uncounted === 1) return void (await addExecution(tx.db, { period, agentId: only.agentId, planId: only.planId, accountId: only.accountId }));
  const column = <Key extends keyof Entry>(key: Key): Entry[Key][] => entries.map((entry) => entry[key]);
  await addAll(tx.db, {
    period,
    agentIds: column('agentId'),
    planIds: column('planId'),
    outcomes: column('outcome'),
    seconds: column('seconds'),
    inputTokens: column('inputTokens'),
    outputTokens: column('outputTokens'),
    costs: column('costUsd'),
    accountIds: column('accountId'),
    models: column('model'),
    unpriced: column('unpriced'),
    uncounted: column('uncounted'),
  });
}
settleUsage.atOnce = true;
settleUsage.isSilent = () => true;

interface Columns {
  period: string;
  agentIds: string[];
  planIds: (string | null)[];
  outcomes: string[];
  seconds: number[];
  inputTokens: number[];
  outputTokens: number[];
  costs: string[];
  accountIds: (string | null)[];
  models: (string | null)[];
  unpriced: boolean[];
  uncounted: number[];
}
const addAll = fixed<Columns>((at) =>
  kept(sql`with noted as (
      select * from unnest(${at.agentIds}::uuid[], ${at.planIds}::uuid[], ${at.outcomes}::text[], ${at.seconds}::float8[],
        ${at.inputTokens}::bigint[], ${at.outputTokens}::bigint[], ${at.costs}::numeric[], ${at.accountIds}::uuid[],
        ${at.models}::text[], ${at.unpriced}::boolean[], ${at.uncounted}::int[])
        as n(agent_id, plan_id, outcome, seconds, input_tokens, output_tokens, cost_usd, account_id, model, unpriced, uncounted)
    ), month as (
      insert into usage_months as u (period, executions, execution_seconds, input_tokens, output_tokens, cost_usd)
      select ${at.period}, sum(uncounted), sum(seconds), sum(input_tokens), sum(output_tokens), sum(cost_usd)
      from noted where outcome <> ${sql.lit(CLAIMED)} or uncounted > 0 having count(*) > 0
      on conflict (period) do update set executions = u.executions + excluded.executions, execution_seconds = u.execution_seconds + excluded.execution_seconds,
        input_tokens = u.input_tokens + excluded.input_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
        cost_usd = u.cost_usd + excluded.cost_usd
      returning period
    ), entries as (
      select agent_id, plan_id, account_id, outcome, (count(*) filter (where outcome = ${sql.lit(CLAIMED)}))::int as executions,
        (count(*) filter (where outcome <> ${sql.lit(CLAIMED)}))::int as attempts, sum(seconds) as execution_seconds,
        sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens, sum(cost_usd) as cost_usd
      from noted group by 1, 2, 3, 4
    ), providers as (
      insert into provider_days as u (at, account_id, model, attempts, failed, unpriced, input_tokens, output_tokens, cost_usd)
      select date_trunc('day', now(), 'UTC'), e.account_id, e.model, count(*), count(*) filter (where e.outcome in ('failed', 'lease_expired')),
        count(*) filter (where e.unpriced), sum(e.input_tokens), sum(e.output_tokens), sum(e.cost_usd)
      from noted e cross join (select count(*) from month) m where e.account_id is not null and e.outcome <> ${sql.lit(CLAIMED)} group by e.account_id, e.model
      on conflict (account_id, at, model) do update set attempts = u.attempts + excluded.attempts, failed = u.failed + excluded.failed,
        unpriced = u.unpriced + excluded.unpriced, input_tokens = u.input_tokens + excluded.input_tokens,
        output_tokens = u.output_tokens + excluded.output_tokens, cost_usd = u.cost_usd + excluded.cost_usd
    ), hours as (${upsert(sql`usage_hours`, 'hour')})
    ${upsert(sql`usage_days`, 'day')}`),
);
