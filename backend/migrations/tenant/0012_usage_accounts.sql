-- The provider account too: who pays per provider sees what each was used for, and what was only simulated is known for
-- sure. Null: an external agent's.
alter table usage_hours add column account_id uuid;
drop index usage_hours_key;
create unique index usage_hours_key on usage_hours (at, agent_id, plan_id, account_id, outcome) nulls not distinct;
alter table usage_days add column account_id uuid;
drop index usage_days_at_agent_id_plan_id_outcome_idx;
create unique index usage_days_key on usage_days (at, agent_id, plan_id, account_id, outcome) nulls not distinct;

-- What was done before goes from the rows without an account to rows with one; as in 0002, attempts are scanned once.
with done as (
  select date_trunc('hour', a.finished_at, 'UTC') as at, a.agent_id, t.plan_id, a.provider_account_id as account_id, a.outcome,
    0 as executions, 1 as attempts, extract(epoch from a.finished_at - a.started_at) as seconds, a.input_tokens, a.output_tokens, a.cost_usd
  from attempts a join tasks t on t.id = a.task_id where a.finished_at is not null and a.provider_account_id is not null
  union all
  select date_trunc('hour', a.started_at, 'UTC'), a.agent_id, t.plan_id, a.provider_account_id, 'claimed', 1, 0, 0, 0, 0, 0
  from attempts a join tasks t on t.id = a.task_id
  where a.number = 1 and t.handoff_from is null and a.provider_account_id is not null
), taken as (
  update usage_hours u set executions = u.executions - d.executions, attempts = u.attempts - d.attempts,
    execution_seconds = u.execution_seconds - d.seconds, input_tokens = u.input_tokens - d.input_tokens,
    output_tokens = u.output_tokens - d.output_tokens, cost_usd = u.cost_usd - d.cost_usd
  from (select at, agent_id, plan_id, outcome, sum(executions) as executions, sum(attempts) as attempts, sum(seconds) as seconds,
      sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cost_usd) as cost_usd
    from done group by 1, 2, 3, 4) d
  where u.account_id is null and u.at = d.at and u.agent_id = d.agent_id and u.plan_id is not distinct from d.plan_id and u.outcome = d.outcome
)
insert into usage_hours (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
  select at, agent_id, plan_id, account_id, outcome, sum(executions), sum(attempts), sum(seconds), sum(input_tokens), sum(output_tokens), sum(cost_usd)
  from done group by 1, 2, 3, 4, 5;
delete from usage_hours where executions = 0 and attempts = 0;

-- Days are hours added up.
delete from usage_days;
insert into usage_days (at, agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
  select date_trunc('day', at, 'UTC'), agent_id, plan_id, account_id, outcome, sum(executions), sum(attempts), sum(execution_seconds),
    sum(input_tokens), sum(output_tokens), sum(cost_usd)
  from usage_hours group by 1, 2, 3, 4, 5;

-- Accounts that were removed: what they were called, and whether they were simulators, is asked of usage for years.
create table former_accounts (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  name text not null,
  kind text not null
);
