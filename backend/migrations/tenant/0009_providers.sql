-- Providers: accounts with credentials and their health, the price table, and what each account was used for.
alter table provider_accounts drop constraint provider_accounts_kind_check;
alter table provider_accounts
  add check (kind in ('simulator', 'openai_compatible', 'openai', 'anthropic', 'google')),
  -- The key, sealed under the master key and bound to this tenant and account; null: the service asks for none.
  add column secret bytea,
  -- Its last characters, to tell keys apart.
  add column secret_hint text,
  -- The models that its last test listed, or that were typed in.
  add column models text[] not null default '{}',
  add column tested jsonb,
  -- No claim for its agents is made until then: its rate is used up, or its breaker is open.
  add column cooling_until timestamptz,
  add column cooling_reason text check (cooling_reason in ('rate', 'breaker')),
  -- How often in a row it cooled: without a Retry-After the next time is longer.
  add column cooling_count integer not null default 0,
  -- Set while its breaker is open or half open: then one task at a time probes it.
  add column breaker_opened_at timestamptz,
  -- Rises when the breaker closes, so that each node forgets what it counted.
  add column breaker_epoch integer not null default 0,
  -- It refused our key: nothing is claimed until somebody mends it.
  add column refused boolean not null default false,
  -- What it last said against us: {code, message, at}.
  add column problem jsonb;

create table prices (
  tenant_id uuid not null default '{{tenant_id}}',
  id uuid primary key,
  version integer not null default 1,
  -- Of the model's name; * stands for any characters.
  pattern text not null,
  -- US dollars for a million tokens.
  input_per_million numeric(14, 6) not null check (input_per_million >= 0),
  cached_input_per_million numeric(14, 6) check (cached_input_per_million >= 0),
  output_per_million numeric(14, 6) not null check (output_per_million >= 0),
  updated_at timestamptz not null default now(),
  updated_by jsonb not null
);
create unique index prices_pattern on prices (lower(pattern));

alter table attempts
  -- What it ran on; null: an external agent's. No reference: attempts outlive accounts.
  add column provider_account_id uuid,
  add column model text,
  -- The provider did not say what it used, or said what cannot be: counted from the texts.
  add column usage_estimated boolean not null default false,
  -- No price was known for its model: the cost is not counted.
  add column unpriced boolean not null default false;
create index attempts_troubles on attempts (provider_account_id, started_at desc)
  where error is not null and provider_account_id is not null;

-- What each account was used for, by day (UTC) and model; written with the work, as the other roll-ups are.
create table provider_days (
  tenant_id uuid not null default '{{tenant_id}}',
  at timestamptz not null,
  account_id uuid not null,
  model text not null,
  attempts integer not null default 0,
  failed integer not null default 0,
  unpriced integer not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(20, 6) not null default 0,
  primary key (account_id, at, model)
);
