-- Budgets: ceilings in money or executions, what of them is spent and held, and who was stopped by one.
create table budgets (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  -- Counts changes by people alone: metering raises the version many times a minute, and must refuse no edit.
  edition integer not null default 1,
  scope text not null check (scope in ('workspace', 'plan', 'agent')),
  plan_id uuid references plans (id),
  agent_id uuid references agents (id),
  unit text not null check (unit in ('usd', 'executions')),
  amount numeric(20, 6) not null check (amount > 0),
  soft_percent smallint not null check (soft_percent between 1 and 100),
  period text not null check (period in ('day', 'month', 'total')),
  -- Dollars that are held for an attempt whose worst case is not known; null: what nearly all of its agent's cost.
  reserve_usd numeric(20, 6) check (reserve_usd > 0),
  -- The first moment of the period that `spent` counts (UTC); of a total the beginning of time.
  period_start timestamptz not null,
  spent numeric(26, 6) not null default 0,
  -- What the attempts in flight may still spend of what is held for them.
  reserved numeric(26, 6) not null default 0 check (reserved >= 0),
  -- The same, for each attempt at least what it may spend before it is metered again: what the overshoot comes from.
  exposed numeric(26, 6) not null default 0 check (exposed >= reserved),
  running integer not null default 0 check (running >= 0),
  warned_at timestamptz,
  exhausted_at timestamptz,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  -- It holds nothing back any more; kept so that a removal can be undone.
  removed_at timestamptz,
  check ((scope = 'plan') = (plan_id is not null)),
  check ((scope = 'agent') = (agent_id is not null)),
  check (unit = 'usd' or (reserve_usd is null and reserved = 0 and amount = trunc(amount)))
);
create unique index budgets_key on budgets (scope, agent_id, plan_id, unit, period) nulls not distinct where removed_at is null;
create index budgets_agent on budgets (agent_id) where agent_id is not null and removed_at is null;
create index budgets_plan on budgets (plan_id) where plan_id is not null and removed_at is null;

-- What a budget in money holds for an attempt that runs; gone when the attempt has ended.
create table budget_reservations (
  tenant_id uuid not null default '{{tenant_id}}',
  budget_id uuid not null references budgets (id),
  task_id uuid not null,
  attempt integer not null,
  -- Held in all since the claim; what is left of it is `held - metered`, never less than nothing.
  held numeric(26, 6) not null check (held >= 0),
  -- What the attempt has used so far, as this budget counted it.
  metered numeric(26, 6) not null check (metered >= 0),
  -- What was held at the claim: what it may spend between two reports, and what is held anew when that is used up.
  step numeric(26, 6) not null check (step >= 0),
  -- `step` is the most that the attempt can cost, by the price of its model or by what a person entered.
  known boolean not null,
  primary key (task_id, attempt, budget_id)
);
create index budget_reservations_budget on budget_reservations (budget_id);

alter table tasks
  -- Budgets hold something for the attempt that runs.
  add column budgeted boolean not null default false,
  -- Set while an attempt that a budget has stopped may still end by itself: which budget, and what its agent was told.
  add column revoked jsonb,
  -- What attempts that were stopped by a budget have cost at the most: the next one needs at least as much.
  add column reserve_usd numeric(20, 6);
alter table attempts add column stopped_by uuid references budgets (id);
create index attempts_stopped on attempts (stopped_by, finished_at desc) where stopped_by is not null;
-- The most that an attempt of it costs, as a person entered it; null: not known.
alter table agents add column attempt_cost_usd numeric(20, 6) check (attempt_cost_usd > 0);
