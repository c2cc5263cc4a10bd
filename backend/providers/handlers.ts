// The operations of provider accounts. Keys go in and never come out: no answer, event, audit entry or log has one.
import { AppError, notFound } from '../../shared/errors.ts';
import {
  isServiceKind,
  serviceFacts,
  serviceSettings,
  simulatorSettings,
  type ProviderKind,
  type providerOperations,
  type ServiceSettings,
} from '../../shared/provider.ts';
import { findAccounts, healed, lockAccount, readAccount, toAccount, type AccountRow } from './accounts.ts';
import { checkAddress, checkSameAddress, keyMissing, refused, type ProviderHandlerOptions } from './checks.ts';
import { readDetails } from './details.ts';
import { createTest } from './test-account.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { isUniqueViolation, jsonb, row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

function nameTaken(name: string): AppError {
  return new AppError('conflict', `There is already a provider account "${name}". Choose another name.`, {
    details: { fields: [{ path: 'name', message: 'Choose a name that no other account has.' }] },
  });
}

/** The settings of a kind, and nothing of another's. */
function settingsOf(kind: ProviderKind, given: { settings?: unknown; service?: ServiceSettings | undefined }): object {
  if (!isServiceKind(kind)) {
    if (given.service) throw refused('service', 'The simulator has no address; leave it out.');
    return simulatorSettings.parse(given.settings ?? {});
  }
  if (given.settings) throw refused('settings', 'Only the simulator has them; leave them out.');
  return given.service ?? serviceSettings.parse({});
}

/** What an audit entry keeps of an account: all but its key. */
function auditable(found: AccountRow): object {
  return { name: found.name, kind: found.kind, settings: found.settings, models: found.models, maxRunning: found.max_running, keyHint: found.secret_hint };
}

function announce(tx: TenantTransaction, fact: 'created' | 'updated' | 'removed', given: { id: string; version: number; before?: AccountRow; after?: AccountRow; newKey?: boolean }): void {
  const { id, version, before, after, newKey } = given;
  const action = { created: 'create', updated: 'update', removed: 'remove' }[fact];
  tx.record({
    event: { type: `provider.${fact}`, entity: 'provider', id, version, data: null },
    audit: {
      action: `providers.${action}`,
      entity: 'provider',
      id,
      ...(before && { before: auditable(before) }),
      ...(after && { after: { ...auditable(after), ...(newKey && { newKey }) } }),
    },
  });
}

const readRow = async (tx: TenantTransaction, id: string): Promise<AccountRow> =>
  (await row(tx.db, sql<AccountRow>`select * from provider_accounts where id = ${id}`))!;

export function createProviderHandlers(options: ProviderHandlerOptions): HandlersOf<typeof providerOperations> {
  const { keys, policy } = options;
  const tenantOf = async (tx: TenantTransaction): Promise<string> => (await row(tx.db, sql<{ tenant_id: string }>`select tenant_id from workspace`))!.tenant_id;
  const sealed = async (tx: TenantTransaction, id: string, key: string | null | undefined) =>
    key ? keys.seal(key, { id, tenantId: await tenantOf(tx) }) : { secret: null, hint: null };

  return {
    list: inTenant(async (tx, { limit, cursor }) => {
      const after = decodeCursor(cursor, ['text', 'uuid']);
      const seen = after ? sql`(lower(p.name), p.id) > (${after[0]}, ${String(after[1])}::uuid)` : sql`true`;
      const found = await findAccounts(tx, sql`${seen} order by lower(p.name), p.id limit ${limit + 1}`);
      return toPage(found, limit, { item: (one) => toAccount(one, tx.now), key: (account) => [account.name.toLowerCase(), account.id] });
    }),
    get: inTenant((tx, { id }) => readDetails(tx, id)),
    create: inTenant(async (tx, input) => {
      const { kind, name } = input;
      const settings = settingsOf(kind, input);
      if (isServiceKind(kind)) {
        checkAddress(kind, settings as ServiceSettings, policy);
        if (serviceFacts[kind].needsKey && !input.key) throw keyMissing(`${serviceFacts[kind].label} asks for a key.`);
      } else if (input.key) throw refused('key', 'The simulator has no key; leave it out.');
      const id = newId();
      const { secret, hint } = await sealed(tx, id, input.key);
      try {
        await sql`insert into provider_accounts (id, name, kind, settings, secret, secret_hint, models, max_running)
          values (${id}, ${name}, ${kind}, ${jsonb(settings)}, ${secret}, ${hint}, ${input.models ?? []}, ${input.maxRunning ?? null})`.execute(tx.db);
      } catch (error) {
        if (isUniqueViolation(error)) throw nameTaken(name);
        throw error;
      }
      announce(tx, 'created', { id, version: 1, after: await readRow(tx, id) });
      return readAccount(tx, id);
    }),
    update: inTenant(async (tx, input) => {
      const before = await lockAccount(tx, input.id);
      if (input.version !== undefined && input.version !== before.version) {
        throw new AppError('version_conflict', 'Somebody changed this account meanwhile. Load it again and decide.', { details: { version: before.version } });
      }
      const changed = input.settings !== undefined || input.service !== undefined;
      const settings = changed ? settingsOf(before.kind, input) : before.settings;
      if (isServiceKind(before.kind)) {
        if (changed) checkAddress(before.kind, settings as ServiceSettings, policy);
        if (changed && input.key === undefined) checkSameAddress(before, settings as ServiceSettings);
        if (input.key === null && serviceFacts[before.kind].needsKey) throw keyMissing(`${serviceFacts[before.kind].label} asks for a key.`);
      } else if (input.key) throw refused('key', 'The simulator has no key; leave it out.');
      const fresh = await sealed(tx, before.id, input.key);
      const kept = input.key === undefined ? { secret: before.secret, hint: before.secret_hint } : fresh;
      const mended = input.key !== undefined || changed;
      try {
        await sql`update provider_accounts set version = version + 1, name = ${input.name ?? before.name}, settings = ${jsonb(settings)},
            secret = ${kept.secret}, secret_hint = ${kept.hint}, models = ${input.models ?? before.models},
            max_running = ${input.maxRunning === undefined ? before.max_running : input.maxRunning} where id = ${before.id}`.execute(tx.db);
      } catch (error) {
        if (isUniqueViolation(error)) throw nameTaken(input.name ?? before.name);
        throw error;
      }
      // Another key or address: what was said against the ones before no longer counts.
      if (mended) {
        await sql`update provider_accounts set ${healed}, breaker_epoch = breaker_epoch + 1 where id = ${before.id}`.execute(tx.db);
        tx.afterCommit(() => options.forget(before.id));
      }
      tx.ready();
      const after = await readRow(tx, before.id);
      announce(tx, 'updated', { id: before.id, version: after.version, before, after, newKey: typeof input.key === 'string' });
      return readAccount(tx, before.id);
    }),
    remove: inTenant(async (tx, { id }) => {
      const before = await lockAccount(tx, id);
      const users = await rows(tx.db, sql<{ name: string }>`
        select name from agents where provider_account_id = ${id} and status <> 'retired' order by lower(name) limit 51`);
      if (users.length > 0) throw inUse(before.name, users.map(({ name }) => name));
      await sql`update agents set provider_account_id = null, model = null, version = version + 1 where provider_account_id = ${id}`.execute(tx.db);
      const gone = await row(tx.db, sql`
        with gone as (delete from provider_accounts where id = ${id} returning id, name, kind)
        insert into former_accounts (id, name, kind) select id, name, kind from gone returning id`);
      if (!gone) throw notFound('provider account');
      tx.afterCommit(() => options.forget(id));
      announce(tx, 'removed', { id, version: before.version + 1, before });
      return null;
    }),
    test: createTest(options),
  };
}

function inUse(name: string, users: string[]): AppError {
  const shown = users.slice(0, 5).join(', ');
  const more = users.length > 50 ? ' and more than 45 others' : users.length > 5 ? ` and ${users.length - 5} more` : '';
  const said = users.length === 1 ? 'An agent runs' : 'Agents run';
  return new AppError('conflict', `${said} on ${name}: ${shown}${more}. Give them another account or retire them first.`, {
    details: { agents: users.slice(0, 50) },
  });
}
