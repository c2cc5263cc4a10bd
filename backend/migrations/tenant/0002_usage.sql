-- Usage rolled up by the hour and by the day, both in UTC. The rows are written with the work, in its transaction, so
-- that no chart and no forecast ever scans attempts. No reference: a roll-up outlives what it sums up.
create table usage_hours (
  tenant_id uuid not null default '{{tenant_id}}',
  at timestamptz not null,
  agent_id uuid not null,
  plan_id uuid,
  -- How the attempts ended; `claimed` holds the executions, which are counted before there is an outcome.
  outcome text not null
    check (outcome in ('claimed', 'succeeded', 'failed', 'lease_expired', 'cancelled', 'handed_off', 'released')),
  executions integer not null default 0,
  attempts integer not null default 0,
  execution_seconds double precision not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(20, 6) not null default 0
);
create unique index usage_hours_key on usage_hours (at, agent_id, plan_id, outcome) nulls not distinct;

-- The same by the day: what a year is read from, at most 366 times a day's agents, plans and outcomes.
create table usage_days (like usage_hours including all);

-- What was done before these tables were there; the only time that attempts are scanned.
insert into usage_hours (at, agent_id, plan_id, outcome, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
  select date_trunc('hour', a.finished_at, 'UTC'), a.agent_id, t.plan_id, a.outcome, count(*),
    sum(extract(epoch from a.finished_at - a.started_at)), sum(a.input_tokens), sum(a.output_tokens), sum(a.cost_usd)
  from attempts a join tasks t on t.id = a.task_id where a.finished_at is not null group by 1, 2, 3, 4;
insert into usage_hours (at, agent_id, plan_id, outcome, executions)
  select date_trunc('hour', a.started_at, 'UTC'), a.agent_id, t.plan_id, 'claimed', count(*)
  from attempts a join tasks t on t.id = a.task_id where a.number = 1 and t.handoff_from is null group by 1, 2, 3;
insert into usage_days (at, agent_id, plan_id, outcome, executions, attempts, execution_seconds, input_tokens, output_tokens, cost_usd)
  select date_trunc('day', at, 'UTC'), agent_id, plan_id, outcome, sum(executions), sum(attempts), sum(execution_seconds),
    sum(input_tokens), sum(output_tokens), sum(cost_usd)
  from usage_hours group by 1, 2, 3, 4;
