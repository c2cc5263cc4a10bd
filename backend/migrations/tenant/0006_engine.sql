-- The engine: queues, limits on what runs at the same time, retry policies, schedules, and the group of an error.

-- A queue is a name that tasks carry; a row is here once somebody paused or limited it.
create table queues (
  tenant_id uuid not null default '{{tenant_id}}',
  name text primary key,
  -- What events name it by.
  id uuid not null,
  version integer not null default 1,
  paused_at timestamptz,
  paused_by text,
  -- Tasks of it that run at the same time; null: as many as agents take.
  max_running integer check (max_running >= 1),
  created_at timestamptz not null default now()
);

alter table workspace add column max_running integer check (max_running >= 1);
alter table provider_accounts add column max_running integer check (max_running >= 1);

-- What happens by the calendar: once, or again by a cron expression.
create table schedules (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  name text not null,
  cron text not null,
  time_zone text not null,
  -- The task that each run creates, as the operation tasks.create takes it.
  task jsonb not null,
  -- What a run does while the one before has not ended: goes beside it, or is left out.
  overlap text not null default 'skip' check (overlap in ('skip', 'allow')),
  enabled boolean not null default true,
  next_at timestamptz,
  last_at timestamptz,
  last_task_id uuid,
  -- Why the last run made no task; null when it made one.
  last_problem text,
  created_by jsonb not null,
  created_at timestamptz not null default now()
);
create unique index schedules_name on schedules (lower(name));
create index schedules_due on schedules (next_at) where enabled;

alter table tasks
  add column queue text not null default 'default',
  add column retry_policy jsonb,
  add column schedule_id uuid references schedules (id) on delete set null,
  -- The deadline of the current attempt was told to its agent.
  add column warned boolean not null default false,
  -- Failures that say the same but for ids and figures are one group; what a handoff's notes said does not count.
  add column error_fingerprint text generated always as (
    case when state = 'failed' then md5(coalesce(error ->> 'code', 'failed') || ' ' || regexp_replace(regexp_replace(
      left(split_part(split_part(coalesce(error ->> 'message', ''), ' Last notes:', 1), E'\n', 1), 200),
      '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|0x[0-9a-fA-F]+', '…', 'g'),
      '[0-9]+([.,:][0-9]+)*', '…', 'g')) end
  ) stored;
create index tasks_error on tasks (error_fingerprint, finished_at desc) where state = 'failed';
create index tasks_queue_running on tasks (queue) where state = 'running';
create index tasks_schedule on tasks (schedule_id, id) where schedule_id is not null;
