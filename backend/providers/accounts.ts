// Provider accounts' rows: how lists show them, what a run takes of them, and what runs say of their health.
import { notFound } from '../../shared/errors.ts';
import {
  isServiceKind,
  serviceSettings,
  simulatorSettings,
  type ProviderAccount,
  type ProviderKind,
  type ProviderProblem,
  type ProviderState,
  type ProviderTest,
} from '../../shared/provider.ts';
import { jsonb, row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { openSeconds } from './breakers.ts';
import type { AccountNote, RunAccount } from './provider.ts';

export interface AccountRow {
  tenant_id: string;
  id: string;
  version: number;
  name: string;
  kind: ProviderKind;
  settings: unknown;
  secret: Uint8Array | null;
  secret_hint: string | null;
  models: string[];
  tested: ProviderTest | null;
  max_running: number | null;
  cooling_until: Date | null;
  cooling_reason: 'rate' | 'breaker' | null;
  cooling_count: number;
  breaker_opened_at: Date | null;
  breaker_epoch: number;
  refused: boolean;
  problem: ProviderProblem | null;
  created_at: Date;
}

export interface ListedRow extends AccountRow {
  agents: number;
  month_cost: string;
}

const SIMULATED_MODELS = ['simulated'];

export function stateOf(found: Pick<AccountRow, 'refused' | 'breaker_opened_at' | 'cooling_until' | 'problem'>, now: Date): ProviderState {
  if (found.refused) return 'refused';
  if (found.breaker_opened_at !== null) return 'breaker_open';
  if (found.cooling_until !== null && found.cooling_until > now) return 'cooling';
  return found.problem === null ? 'ok' : 'failing';
}

export function toAccount(found: ListedRow, now: Date): ProviderAccount {
  const service = isServiceKind(found.kind);
  const state = stateOf(found, now);
  const waits = (state === 'cooling' || state === 'breaker_open') && found.cooling_until !== null && found.cooling_until > now;
  return {
    id: found.id,
    version: found.version,
    name: found.name,
    kind: found.kind,
    simulated: !service,
    models: service ? found.models : SIMULATED_MODELS,
    settings: service ? null : simulatorSettings.parse(found.settings),
    service: service ? serviceSettings.parse(found.settings) : null,
    keyHint: found.secret_hint,
    maxRunning: found.max_running,
    state,
    until: waits ? found.cooling_until!.toISOString() : null,
    problem: state === 'ok' ? null : found.problem,
    tested: found.tested,
    agents: found.agents,
    monthCostUsd: found.month_cost,
    createdAt: found.created_at.toISOString(),
  };
}

/** Accounts by a condition on `p`, with the order and limit in it. */
export function findAccounts(tx: TenantTransaction, where: Statement): Promise<ListedRow[]> {
  return rows(tx.db, sql<ListedRow>`
    select p.*, (select count(*)::int from agents a where a.provider_account_id = p.id and a.status <> 'retired') as agents,
      (select coalesce(sum(d.cost_usd), 0)::text from provider_days d
        where d.account_id = p.id and d.at >= date_trunc('month', now(), 'UTC')) as month_cost
    from provider_accounts p where ${where}`);
}

export async function readAccount(tx: TenantTransaction, id: string): Promise<ProviderAccount> {
  const [found] = await findAccounts(tx, sql`p.id = ${id}`);
  if (!found) throw notFound('provider account');
  return toAccount(found, tx.now);
}

/** The account's row, held until the transaction ends. */
export async function lockAccount(tx: TenantTransaction, id: string): Promise<AccountRow> {
  const found = await row(tx.db, sql<AccountRow>`select * from provider_accounts where id = ${id} for no key update`);
  if (!found) throw notFound('provider account');
  return found;
}

export function toRunAccount(found: AccountRow): RunAccount {
  return {
    id: found.id,
    tenantId: found.tenant_id,
    name: found.name,
    kind: found.kind,
    settings: found.settings,
    service: serviceSettings.parse(isServiceKind(found.kind) ? found.settings : {}),
    secret: found.secret,
    troubled: found.problem !== null || found.breaker_opened_at !== null || found.cooling_count > 0 || found.refused,
    probing: found.breaker_opened_at !== null,
    coolingCount: found.cooling_count,
    breakerEpoch: found.breaker_epoch,
  };
}

/** What runs of these accounts need, as it is in this transaction. */
export async function readRunAccounts(tx: TenantTransaction, ids: string[]): Promise<Map<string, RunAccount>> {
  const found = await rows(tx.db, sql<AccountRow>`select * from provider_accounts where id = any(${ids}::uuid[])`);
  return new Map(found.map((account) => [account.id, toRunAccount(account)]));
}

/** Of an account `p`: work may be claimed for it now. */
export const mayClaim = sql`(not p.refused and (p.cooling_until is null or p.cooling_until <= now()))`;

export interface HeldAccount {
  id: string;
  name: string;
  code: 'provider_cooling' | 'provider_breaker' | 'provider_refused';
  until: Date | null;
  problem: string | null;
}

/** Those of these accounts that take no work now, and why. */
export async function readHeld(tx: TenantTransaction, ids: string[]): Promise<Map<string, HeldAccount>> {
  if (ids.length === 0) return new Map();
  const found = await rows(tx.db, sql<AccountRow & { probed: boolean }>`
    select p.*, p.breaker_opened_at is not null and exists (select 1 from tasks t join agents a on a.id = t.claimed_by
      where t.state = 'running' and a.provider_account_id = p.id) as probed
    from provider_accounts p where p.id = any(${[...new Set(ids)]}::uuid[])`);
  return new Map(found.flatMap((account): [string, HeldAccount][] => {
    const until = account.cooling_until !== null && account.cooling_until > tx.now ? account.cooling_until : null;
    if (!account.refused && until === null && !account.probed) return [];
    const code = account.refused ? 'provider_refused' : account.breaker_opened_at !== null ? 'provider_breaker' : 'provider_cooling';
    return [[account.id, { id: account.id, name: account.name, code, until: account.refused ? null : until, problem: account.problem?.message ?? null }]];
  }));
}

/** Seconds that an account waits whose 429 says nothing: 15, 30, 60 ... five minutes. */
const coolSeconds = openSeconds;

/** Writes down, for every node, what a run has shown of its account; what is known already changes nothing. */
export async function noteAccount(tx: TenantTransaction, id: string, note: AccountNote): Promise<void> {
  const before = await row(tx.db, sql<AccountRow>`select * from provider_accounts where id = ${id} for no key update`);
  // It was removed meanwhile.
  if (!before) return;
  if (note.kind === 'well') return noteWell(tx, before);
  const problem = jsonb({ code: note.code, message: note.message, at: tx.now.toISOString() });
  if (note.kind !== 'cooling') {
    const refused = before.refused || note.kind === 'refused';
    await sql`update provider_accounts set refused = ${refused}, problem = ${problem}, version = version + 1 where id = ${id}`.execute(tx.db);
    // A refused key is said once; of an account that fails, each new reason.
    if (refused === before.refused && before.problem?.code === note.code) return;
    return announce(tx, before, { fact: refused ? 'refused' : 'failing', code: note.code, message: note.message });
  }
  const seconds = note.seconds ?? coolSeconds(before.cooling_count);
  const until = new Date(tx.now.getTime() + seconds * 1000);
  const cools = before.cooling_until !== null && before.cooling_until > tx.now;
  // Many attempts run into the same wall at once: the longest wait holds, and they count as one.
  if (cools && before.cooling_until! >= until && (note.reason === 'rate' || before.breaker_opened_at !== null)) return;
  const opens = note.reason === 'breaker';
  await sql`update provider_accounts set cooling_until = greatest(cooling_until, ${until}), cooling_reason = ${note.reason},
      cooling_count = ${cools ? before.cooling_count : before.cooling_count + 1}, problem = ${problem}, version = version + 1,
      breaker_opened_at = ${opens ? (before.breaker_opened_at ?? tx.now) : before.breaker_opened_at}::timestamptz
    where id = ${id}`.execute(tx.db);
  tx.ready(until);
  announce(tx, before, { fact: opens ? 'breaker_opened' : 'cooling', code: note.code, message: note.message, until: until.toISOString() });
}

async function noteWell(tx: TenantTransaction, before: AccountRow): Promise<void> {
  const trouble = before.problem !== null || before.breaker_opened_at !== null || before.cooling_count > 0 || before.refused;
  if (!trouble) return;
  await sql`update provider_accounts set ${healed}, breaker_epoch = breaker_epoch + ${before.breaker_opened_at === null ? 0 : 1},
    version = version + 1 where id = ${before.id}`.execute(tx.db);
  tx.ready();
  announce(tx, before, { fact: 'healed', was: stateOf(before, tx.now) });
}

/** Nothing is said against an account any more. A rate that is used up stays so until its time. */
export const healed = sql`refused = false, problem = null, breaker_opened_at = null, cooling_count = 0,
  cooling_until = case when cooling_reason = 'rate' then cooling_until end,
  cooling_reason = case when cooling_reason = 'rate' then cooling_reason end`;

function announce(tx: TenantTransaction, before: AccountRow, { fact, ...after }: { fact: string; [detail: string]: unknown }): void {
  tx.record({
    event: { type: `provider.${fact}`, entity: 'provider', id: before.id, version: before.version + 1, data: null },
    audit: { action: `providers.${fact}`, entity: 'provider', id: before.id, after },
  });
}
