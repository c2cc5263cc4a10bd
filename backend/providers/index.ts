// Provider accounts: their rows, their operations, and the providers that run hosted agents.
import { AppError } from '../../shared/errors.ts';
import type { ProviderAccount, ProviderKind, providerOperations, SimulatorSettings } from '../../shared/provider.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { isUniqueViolation, jsonb, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import type { Provider } from './provider.ts';
import { createSimulator } from './simulator.ts';

export type { AttemptResult, AttemptRun, Provider } from './provider.ts';
export { worstCaseCosts } from './worst-case.ts';
export { drawCourse, seededRandom } from './simulator.ts';

/** A provider for each kind of account; a kind without one does not compile. */
export type Providers = Record<ProviderKind, Provider>;

export function createProviders(): Providers {
  return { simulator: createSimulator() };
}

interface AccountRow {
  id: string;
  version: number;
  name: string;
  kind: ProviderKind;
  settings: SimulatorSettings;
  created_at: Date;
}

/** The account that an agent runs on: its kind and settings. */
export async function readAccounts(tx: TenantTransaction, ids: string[]): Promise<Map<string, Pick<AccountRow, 'kind' | 'settings'>>> {
  const found = await rows(tx.db, sql<AccountRow>`select * from provider_accounts where id = any(${ids}::uuid[])`);
  return new Map(found.map((account) => [account.id, account]));
}

export function createProviderHandlers(providers: Providers): HandlersOf<typeof providerOperations> {
  const toAccount = (found: AccountRow): ProviderAccount => ({
    id: found.id,
    version: found.version,
    name: found.name,
    kind: found.kind,
    simulated: found.kind === 'simulator',
    models: providers[found.kind].models,
    settings: found.settings,
    createdAt: found.created_at.toISOString(),
  });
  return {
    list: inTenant(async (tx, { limit, cursor }) => {
      const after = decodeCursor(cursor, ['text', 'uuid']);
      const seen = after ? sql`(lower(name), id) > (${after[0]}, ${String(after[1])}::uuid)` : sql`true`;
      const found = await rows(tx.db, sql<AccountRow>`select * from provider_accounts where ${seen} order by lower(name), id limit ${limit + 1}`);
      return toPage(found, limit, { item: toAccount, key: (account) => [account.name.toLowerCase(), account.id] });
    }),
    create: inTenant(async (tx, input) => {
      const id = newId();
      try {
        await sql`insert into provider_accounts (id, name, kind, settings) values (${id}, ${input.name}, ${input.kind}, ${jsonb(input.settings)})`.execute(tx.db);
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new AppError('conflict', `There is already a provider account "${input.name}". Choose another name.`, {
          details: { fields: [{ path: 'name', message: 'Choose a name that no other account has.' }] },
        });
      }
      tx.record({
        event: { type: 'provider.created', entity: 'provider', id, version: 1, data: null },
        audit: { action: 'providers.create', entity: 'provider', id, after: { name: input.name, kind: input.kind, settings: input.settings } },
      });
      const [found] = await rows(tx.db, sql<AccountRow>`select * from provider_accounts where id = ${id}`);
      return toAccount(found!);
    }),
  };
}
