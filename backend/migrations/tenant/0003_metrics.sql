-- Live operation, and what the audit is searched by.

-- How many attempts began or ended in a slot of time, by how long they waited or ran: counted with the work, so that
-- nothing is scanned, in buckets that merge (shared/histogram.ts).
create table metric_counts (
  tenant_id uuid not null default '{{tenant_id}}',
  -- The length of the slot: 1, kept for 20 minutes, or 60, kept for 7 days.
  seconds smallint not null check (seconds in (1, 60)),
  -- Its begin.
  at timestamptz not null,
  -- `wait`: began, by the time that they waited. The others: how they ended, by the time that they ran.
  fact text not null
    check (fact in ('wait', 'succeeded', 'failed', 'retried', 'handed_off', 'cancelled', 'released')),
  bucket smallint not null,
  count integer not null,
  primary key (seconds, at, fact, bucket)
);

-- What stood there at a moment: tasks by state and agents by presence, every 15 s while the tenant is active.
create table metric_samples (
  tenant_id uuid not null default '{{tenant_id}}',
  at timestamptz primary key,
  waiting integer not null,
  queued integer not null,
  retrying integer not null,
  running integer not null,
  idle integer not null,
  busy integer not null,
  offline integer not null
);

-- The audit is searched by what was done to what, by whom, and when.
create index audit_kind on audit (entity, action, seq);
create index audit_actor on audit ((actor->>'name'), seq);
create index audit_at on audit (at);
