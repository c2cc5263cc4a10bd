-- Frozen bulk plans: what an action would touch, written down before it is done, and what became of each row.
alter table tasks
  -- A person holds it: it is not claimed until it is resumed.
  add column held_at timestamptz,
  add column held_by text,
  -- It has left the lists; kept for a while, so that a deletion can be undone.
  add column deleted_at timestamptz;
create index tasks_deleted on tasks (deleted_at) where deleted_at is not null;

create table bulk_plans (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  action text not null check (action in ('retry', 'cancel', 'reassign', 'reprioritise', 'pause', 'delete')),
  filter jsonb not null,
  input jsonb not null,
  state text not null default 'planned'
    check (state in ('planned', 'running', 'stopped', 'done', 'undoing', 'undone')),
  -- Of the action, its input and the rows in their order: execution must quote it.
  hash text not null,
  count integer not null,
  -- Under the filter, but in a state in which the action does nothing.
  left_out integer not null,
  breakdown jsonb not null,
  sample jsonb not null,
  estimated_cost_usd numeric(20, 6) not null default 0,
  -- Rows that were gone through; of them, those that were changed and those that were not.
  gone_through integer not null default 0,
  changed integer not null default 0,
  skipped integer not null default 0,
  undone integer not null default 0,
  kept integer not null default 0,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index bulk_plans_open on bulk_plans (id) where state in ('running', 'undoing');
create index bulk_plans_planned on bulk_plans (expires_at) where state = 'planned';

create table bulk_plan_rows (
  tenant_id uuid not null default '{{tenant_id}}',
  plan_id uuid not null references bulk_plans (id) on delete cascade,
  n integer not null,
  task_id uuid not null,
  -- As it was when the plan was made.
  before jsonb not null,
  outcome text check (outcome in ('changed', 'skipped', 'undone', 'kept')),
  note text,
  primary key (plan_id, n)
);
create index bulk_plan_rows_outcome on bulk_plan_rows (plan_id, outcome, n);
