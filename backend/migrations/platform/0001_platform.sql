-- The platform: tenants, people, sessions, and where there is work. No tenant's role reaches this schema.
create table platform.installation (id text primary key);
insert into platform.installation (id) values ('{{installation}}');

create table platform.tenants (
  id uuid primary key,
  schema_name text not null unique,
  role_name text not null unique,
  schema_version integer not null,
  created_at timestamptz not null default now()
);

create table platform.users (
  id uuid primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null default now()
);
create unique index users_email on platform.users (lower(email));

create table platform.memberships (
  tenant_id uuid not null references platform.tenants (id),
  user_id uuid not null references platform.users (id),
  role text not null check (role in ('owner', 'admin', 'sre', 'reviewer', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index memberships_user on platform.memberships (user_id);

create table platform.sessions (
  id uuid primary key,
  user_id uuid not null references platform.users (id),
  tenant_id uuid not null references platform.tenants (id),
  origin text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_reason text
);
create index sessions_user on platform.sessions (user_id);

-- A token is kept as its SHA-256 alone; its successor is derived from it, so that a lost answer can be given again.
create table platform.refresh_tokens (
  hash text primary key,
  session_id uuid not null references platform.sessions (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_session on platform.refresh_tokens (session_id);

create table platform.waitlist (
  email text primary key,
  created_at timestamptz not null default now()
);

-- Where to look for work next, and when: a hint, the tenant's rows are the truth.
create table platform.work_hints (
  tenant_id uuid primary key references platform.tenants (id),
  ready_at timestamptz not null
);
create index work_hints_ready on platform.work_hints (ready_at);

grant usage on schema platform to {{app}};
grant select on platform.installation, platform.migrations, platform.tenants to {{app}};
grant select, insert, update, delete on platform.users, platform.memberships, platform.sessions,
  platform.refresh_tokens, platform.waitlist, platform.work_hints to {{app}};
