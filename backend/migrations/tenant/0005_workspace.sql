-- The workspace: whether it is the demo, and how long it keeps what may be let go.
alter table workspace
  -- Made by "Try the demo": said wherever it shows, and the only kind that one operation can delete.
  add column demo boolean not null default false,
  -- Days that events of the live stream are kept; never more than the newest 50,000. Null: for as long as those are.
  add column keep_events_days integer default 30 check (keep_events_days between 1 and 3650);
