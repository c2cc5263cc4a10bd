// What work adds to the usage: one statement at the end of a transaction that claims or ends attempts, for the month,
// the hour and the day together, so that they cannot part.
import { sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { periodOf } from './quota.ts';

/** The first claim of a task: an execution, which quota.ts has reserved in the month. */
export function recordExecution(tx: TenantTransaction, taskId: string): void {
  tx.settleLater('usage', `${taskId}:${CLAIMED}`);
}
/** An attempt that has ended. */
export function recordAttempt(tx: TenantTransaction, taskId: string, number: number): void {
  tx.settleLater('usage', `${taskId}:${number}`);
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
export async function settleUsage(tx: TenantTransaction, noted: string[]): Promise<void> {
  await sql`with noted as (
      select split_part(n, ':', 1)::uuid as task_id, split_part(n, ':', 2) as what from unnest(${noted}::text[]) as n
    ), ended as (
      select a.agent_id, t.plan_id, a.outcome, a.provider_account_id, a.model, a.unpriced, extract(epoch from a.finished_at - a.started_at)::float8 as seconds,
        a.input_tokens, a.output_tokens, a.cost_usd
      from noted n join tasks t on t.id = n.task_id join attempts a on a.task_id = n.task_id and a.number = n.what::int
      where n.what <> ${CLAIMED}
    ), month as (
      insert into usage_months as u (period, execution_seconds, input_tokens, output_tokens, cost_usd)
      select ${periodOf(tx.now)}, sum(seconds), sum(input_tokens), sum(output_tokens), sum(cost_usd) from ended having count(*) > 0
      on conflict (period) do update set execution_seconds = u.execution_seconds + excluded.execution_seconds,
        input_tokens = u.input_tokens + excluded.input_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
        cost_usd = u.cost_usd + excluded.cost_usd
      returning period
    ), entries as (
      select agent_id, plan_id, outcome, 0 as executions, count(*)::int as attempts, sum(seconds) as execution_seconds,
        sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens, sum(cost_usd) as cost_usd
      from ended group by 1, 2, 3
      union all
      select t.claimed_by, t.plan_id, ${CLAIMED}, count(*)::int, 0, 0, 0, 0, 0
      from noted n join tasks t on t.id = n.task_id where n.what = ${CLAIMED} group by 1, 2
    ), providers as (
      insert into provider_days as u (at, account_id, model, attempts, failed, unpriced, input_tokens, output_tokens, cost_usd)
      select date_trunc('day', now(), 'UTC'), e.provider_account_id, e.model, count(*), count(*) filter (where e.outcome in ('failed', 'lease_expired')),
        count(*) filter (where e.unpriced), sum(e.input_tokens), sum(e.output_tokens), sum(e.cost_usd)
      from ended e cross join (select count(*) from month) m where e.provider_account_id is not null group by e.provider_account_id, e.model
      on conflict (account_id, at, model) do update set attempts = u.attempts + excluded.attempts, failed = u.failed + excluded.failed,
        unpriced = u.unpriced + excluded.unpriced, input_tokens = u.input_tokens + excluded.input_tokens,
        output_tokens = u.output_tokens + excluded.output_tokens, cost_usd = u.cost_usd + excluded.cost_usd
    ), hours as (${upsert(sql`usage_hours`, 'hour')})
    ${upsert(sql`usage_days`, 'day')}`.execute(tx.db);
}
