-- A tenant's tables. Each row carries the tenant's id; the policies that compare it are made after the last file.
create table workspace (
  tenant_id uuid primary key default '{{tenant_id}}',
  name text not null,
  plan text not null check (plan in ('starter', 'professional', 'enterprise')),
  version integer not null default 1,
  paused_at timestamptz,
  paused_by text,
  created_at timestamptz not null default now()
);

-- The one row that orders a tenant's commits: taken last, so that events and audit have the order of the commits.
create table head (
  tenant_id uuid primary key default '{{tenant_id}}',
  event_seq bigint not null default 0,
  audit_seq bigint not null default 0,
  audit_hash text not null default repeat('0', 64)
);

create table events (
  tenant_id uuid not null default '{{tenant_id}}',
  seq bigint primary key,
  at timestamptz not null,
  type text not null,
  entity text not null,
  entity_id uuid not null,
  version integer not null,
  data jsonb
);

create table audit (
  tenant_id uuid not null default '{{tenant_id}}',
  seq bigint primary key,
  at timestamptz not null,
  actor jsonb not null,
  origin text not null,
  action text not null,
  entity text not null,
  entity_id text not null,
  before jsonb,
  after jsonb,
  hash text not null
);
create index audit_entity on audit (entity_id, seq);

create table provider_accounts (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  kind text not null check (kind in ('simulator')),
  settings jsonb not null,
  created_at timestamptz not null default now()
);
create unique index provider_accounts_name on provider_accounts (lower(name));

create table agents (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  kind text not null check (kind in ('hosted', 'external')),
  role text not null default '',
  instructions text not null default '',
  capabilities text[] not null default '{}',
  provider_account_id uuid references provider_accounts (id),
  model text,
  concurrency integer not null default 1 check (concurrency >= 1),
  time_limit_seconds integer not null default 900,
  status text not null default 'active' check (status in ('active', 'paused', 'retired')),
  -- Its running tasks; changes in the transaction that starts or ends one.
  running integer not null default 0 check (running >= 0),
  -- An external agent that was heard within the presence time.
  online boolean not null default false,
  built_in boolean not null default false,
  last_seen_at timestamptz,
  created_at timestamptz not null default now(),
  check ((provider_account_id is null) = (model is null))
);
create unique index agents_name on agents (lower(name)) where status <> 'retired';

create table plans (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  state text not null check (state in ('draft', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
  min_active integer not null,
  time_limit_seconds integer not null,
  success_criteria jsonb not null,
  -- Its tasks by state, the last of each chain of handoffs; written where a task changed, so that lists need not count.
  counts jsonb not null,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index plans_state on plans (state);

create table tasks (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  title text not null,
  instructions text not null default '',
  kind text not null default 'work' check (kind in ('work', 'approval')),
  state text not null
    check (state in ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'handed_off')),
  wait_reason text check (wait_reason in ('dependency', 'dependency_failed', 'approval', 'plan_not_started')),
  -- Whom it is given to; null: any capable agent, of which claimed_by is the last.
  agent_id uuid references agents (id),
  claimed_by uuid references agents (id),
  capabilities text[] not null default '{}',
  plan_id uuid references plans (id),
  plan_key text,
  priority smallint not null default 5 check (priority between 0 and 9),
  -- Attempts made; attempts that failed since the last retry by a person, against max_attempts.
  attempt integer not null default 0,
  failed_attempts integer not null default 0,
  max_attempts integer not null default 3,
  run_at timestamptz,
  -- Since when it could be claimed: what waiting time is measured from.
  queued_at timestamptz,
  time_limit_seconds integer not null,
  -- An execution of the quota was reserved for it, or for the task that it continues.
  counted boolean not null default false,
  -- The fence: of the current attempt, null unless running.
  lease_token text,
  lease_expires_at timestamptz,
  deadline_at timestamptz,
  progress_percent real,
  progress_message text,
  output text,
  error jsonb,
  expected_output text,
  tools jsonb not null default '[]',
  success_criteria jsonb not null default '[]',
  handoffs integer not null default 0,
  handoff_from uuid references tasks (id),
  handoff_notes text,
  succeeded_by uuid references tasks (id),
  execution_seconds double precision not null default 0,
  cost_usd numeric(20, 6) not null default 0,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  check ((state = 'running') = (lease_token is not null)),
  check ((state = 'waiting') = (wait_reason is not null))
);
create index tasks_queue on tasks (agent_id, priority desc, queued_at, id) where state = 'queued';
create index tasks_pool on tasks (priority desc, queued_at, id) where state = 'queued' and agent_id is null;
create index tasks_due on tasks (run_at) where state = 'queued';
create index tasks_lease on tasks (lease_expires_at) where state = 'running';
create index tasks_deadline on tasks (deadline_at) where state = 'running';
create index tasks_plan on tasks (plan_id) where plan_id is not null;
create index tasks_state on tasks (state, id);
create index tasks_failed on tasks (finished_at desc) where state = 'failed';
create index tasks_approval on tasks (id) where wait_reason = 'approval';
create index tasks_agent on tasks (agent_id, id);
create index tasks_running on tasks (claimed_by) where state = 'running';
create index tasks_claimed_by on tasks (claimed_by, id) where claimed_by is not null;

create table task_dependencies (
  tenant_id uuid not null default '{{tenant_id}}',
  task_id uuid not null references tasks (id),
  depends_on uuid not null references tasks (id),
  primary key (task_id, depends_on),
  check (task_id <> depends_on)
);
create index task_dependencies_back on task_dependencies (depends_on);

create table attempts (
  tenant_id uuid not null default '{{tenant_id}}',
  task_id uuid not null references tasks (id),
  number integer not null,
  agent_id uuid not null references agents (id),
  agent_name text not null,
  -- Of the lease: a cancelled attempt is told so at its next heartbeat, by this.
  token text not null,
  outcome text not null default 'running'
    check (outcome in ('running', 'succeeded', 'failed', 'lease_expired', 'cancelled', 'handed_off', 'released')),
  error jsonb,
  wait_seconds double precision not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(20, 6) not null default 0,
  primary key (task_id, number)
);
create index attempts_agent on attempts (agent_id, started_at desc);
create index attempts_started on attempts (started_at);
create index attempts_finished on attempts (finished_at) where finished_at is not null;

create table findings (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  task_id uuid not null references tasks (id),
  plan_id uuid references plans (id),
  agent_id uuid references agents (id),
  title text not null,
  body text not null,
  severity text not null check (severity in ('info', 'warning', 'urgent')),
  acknowledged_at timestamptz,
  created_at timestamptz not null default now()
);
create index findings_task on findings (task_id);
create index findings_plan on findings (plan_id) where plan_id is not null;
create index findings_urgent on findings (id) where severity = 'urgent' and acknowledged_at is null;

create table usage_months (
  tenant_id uuid not null default '{{tenant_id}}',
  period text primary key,
  executions integer not null default 0,
  execution_seconds double precision not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(20, 6) not null default 0
);

create table api_keys (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  name text not null,
  prefix text not null,
  -- SHA-256 of 32 random bytes: a slow hash would add nothing to 256 bits of entropy.
  secret_hash text not null,
  scopes text[] not null,
  agent_id uuid references agents (id),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table idempotency_keys (
  tenant_id uuid not null default '{{tenant_id}}',
  operation text not null,
  key text not null,
  request_hash text not null,
  entity_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (operation, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

-- The table of transitions again, where no caller can go around it. It must say what shared/task.ts says.
create function check_task_transition() returns trigger language plpgsql as $$
begin
  if not (
    (old.state = 'waiting' and new.state in ('queued', 'succeeded', 'cancelled'))
    or (old.state = 'queued' and new.state in ('running', 'cancelled'))
    or (old.state = 'running' and new.state in ('queued', 'succeeded', 'failed', 'cancelled', 'handed_off'))
    or (old.state in ('failed', 'cancelled') and new.state in ('queued', 'waiting'))
  ) then
    raise exception 'task transition % to % is not allowed', old.state, new.state using errcode = 'SB001';
  end if;
  if new.version <= old.version then
    raise exception 'a change of state must raise the version' using errcode = 'SB002';
  end if;
  return new;
end $$;
create trigger task_transition before update on tasks
  for each row when (old.state is distinct from new.state) execute function check_task_transition();
