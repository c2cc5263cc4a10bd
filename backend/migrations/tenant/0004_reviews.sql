-- Reviews. A review holds the items of its checklist as they were when it began; imported checklists come later.
create table reviews (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  title text not null,
  checklist_id uuid not null,
  checklist_name text not null,
  checklist_version integer not null,
  level smallint check (level between 1 and 3),
  state text not null default 'open' check (state in ('open', 'submitted')),
  -- What its items add up to; written in the transaction that changes one, so that nothing counts them.
  total integer not null,
  looked_at integer not null default 0,
  passed integer not null default 0,
  failed integer not null default 0,
  not_applicable integer not null default 0,
  waived integer not null default 0,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  submitted_by jsonb,
  submitted_at timestamptz,
  check (looked_at between 0 and total),
  check (passed >= 0 and failed >= 0 and not_applicable >= 0 and waived >= 0),
  check (passed + failed + not_applicable + waived <= total),
  check ((state = 'submitted') = (submitted_at is not null))
);
create index reviews_open on reviews (id) where state = 'open';

create table review_items (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  review_id uuid not null references reviews (id),
  ref text not null,
  position integer not null,
  section text not null,
  text text not null,
  level smallint not null check (level between 1 and 3),
  guidance text not null,
  evidence text not null,
  version integer not null default 1,
  -- The version that the last change of verdict, waiver or note made: a decision on an older one is stale.
  decision_version integer not null default 1,
  verdict text check (verdict in ('pass', 'fail', 'not_applicable', 'waived')),
  note text not null default '',
  waiver jsonb,
  looked_at timestamptz,
  decided_by jsonb,
  decided_at timestamptz,
  changed_by jsonb,
  changed_at timestamptz,
  assignee jsonb,
  unique (review_id, ref),
  check ((verdict is not null and verdict = 'waived') = (waiver is not null)),
  check ((verdict is null) = (decided_at is null)),
  check (verdict is null or looked_at is not null)
);
