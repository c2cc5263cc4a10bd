// `providers.test`: of a stored account or of one that is being entered. It holds no transaction while it asks.
import { isServiceKind, serviceSettings, type providerOperations, type ServiceKind } from '../../shared/provider.ts';
import { actorOf } from '../platform/doors/credential.ts';
import { onPlatform, type OnPlatform } from '../platform/doors/handlers.ts';
import { jsonb, row, sql } from '../platform/database.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { healed, lockAccount, noteAccount, type AccountRow } from './accounts.ts';
import { checkAddress, checkSameAddress, refused, type ProviderHandlerOptions } from './checks.ts';
import { faultFacts, ProviderFault } from './faults.ts';
import { fixes } from './classify.ts';
import type { Endpoint } from './models.ts';
import { probe, type Probed } from './probe.ts';
import type { z } from 'zod';

type TestOperation = (typeof providerOperations)['test'];
type Input = z.output<TestOperation['input']>;

interface Asked {
  stored: AccountRow | null;
  kind: ServiceKind;
  service: Endpoint['service'];
  /** The model of one of its agents. */
  model: string | undefined;
}

export function createTest(options: ProviderHandlerOptions): OnPlatform<TestOperation> {
  const { runInTenant, keys, policy } = options;

  async function find(tx: TenantTransaction, input: Input): Promise<Asked> {
    const service = input.service ?? serviceSettings.parse({});
    if (input.id === undefined) {
      if (!input.kind) throw refused('kind', 'Say of which kind it is, or which account by its id.');
      checkAddress(input.kind, service, policy);
      return { stored: null, kind: input.kind, service, model: undefined };
    }
    const stored = await lockAccount(tx, input.id);
    if (!isServiceKind(stored.kind)) throw refused('kind', 'The simulator runs no model; there is nothing to test.');
    const used = input.service ?? serviceSettings.parse(stored.settings);
    checkAddress(stored.kind, used, policy);
    if (input.key === undefined) checkSameAddress(stored, used);
    const agent = await row(tx.db, sql<{ model: string }>`
      select model from agents where provider_account_id = ${input.id} and status <> 'retired' order by id limit 1`);
    return { stored, kind: stored.kind, service: used, model: agent?.model };
  }

  function keyFor(asked: Asked, given: string | null | undefined): string | null {
    if (given !== undefined || asked.stored === null) return given ?? null;
    return keys.open({ id: asked.stored.id, tenantId: asked.stored.tenant_id, secret: asked.stored.secret });
  }

  async function run(asked: Asked, input: Input, signal: AbortSignal): Promise<Probed> {
    try {
      const endpoint = { kind: asked.kind, service: asked.service, key: keyFor(asked, input.key) };
      return await probe({ endpoint, models: [input.model, asked.model], policy, signal });
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      const { code, message } = error;
      return { ok: false, milliseconds: null, models: null, model: null, list: [], problem: { code, message, fix: fixes[code] }, fault: error };
    }
  }

  /** Only what is stored was tested: settings that are being typed in say nothing of the account yet. */
  const isOfStored = ({ service, key }: Input): boolean => service === undefined && key === undefined;

  return onPlatform(async (request, input) => {
    const credential = request.credential!;
    const caller: Caller = { actor: actorOf(credential), origin: request.origin };
    const asked = await runInTenant(credential.tenant, caller, (tx) => find(tx, input));
    const probed = await run(asked, input, request.signal);
    const { fault, list, ...shown } = probed;
    const at = new Date().toISOString();
    const tested = { ...shown, at };
    if (asked.stored && isOfStored(input)) {
      const { id } = asked.stored;
      await runInTenant(credential.tenant, caller, (tx) => write(tx, id, { tested, list, fault }));
      if (fault === null) options.forget(id);
    }
    return { ...tested, list };
  });
}

/** What a test of a stored account has shown: it heals what was said against it, or says it anew. */
async function write(tx: TenantTransaction, id: string, result: { tested: object; list: string[]; fault: ProviderFault | null }): Promise<void> {
  const { tested, list, fault } = result;
  const models = list.length === 0 ? sql`models` : sql`${list}::text[]`;
  const found = await row(tx.db, sql<{ version: number }>`update provider_accounts set tested = ${jsonb(tested)}, models = ${models}, version = version + 1
    where id = ${id} returning version`);
  if (!found) return;
  if (fault === null) {
    await sql`update provider_accounts set ${healed}, breaker_epoch = breaker_epoch + 1 where id = ${id}`.execute(tx.db);
    tx.ready();
  }
  tx.record({
    event: { type: 'provider.tested', entity: 'provider', id, version: found.version, data: null },
    audit: { action: 'providers.test', entity: 'provider', id, after: { ok: fault === null, ...(fault && { code: fault.code, message: fault.message }) } },
  });
  const said = fault && faultFacts[fault.code].account;
  if (fault && said) await noteAccount(tx, id, { kind: said, code: fault.code, message: fault.message });
}
