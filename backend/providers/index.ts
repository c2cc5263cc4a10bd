// Provider accounts: what other nouns may use.
import type { ProviderKind } from '../../shared/provider.ts';
import type { AddressPolicy } from './addresses.ts';
import { createBreakers, openSeconds, type BreakerState } from './breakers.ts';
import { createProviderHandlers } from './handlers.ts';
import { createKeys } from './keys.ts';
import type { Provider } from './provider.ts';
import { createService, type ServiceOptions } from './service.ts';
import { createSimulator } from './simulator.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';

export { addressPolicies, type AddressPolicy } from './addresses.ts';
export { mayClaim, noteAccount, readHeld, readRunAccounts } from './accounts.ts';
export { openPrices, priceHandlers } from './prices.ts';
export type { AccountNote, AttemptResult, AttemptRun, HostedUsage, Provider, RunAccount } from './provider.ts';
export { drawCourse, seededRandom } from './simulator.ts';
export { worstCaseCosts } from './worst-case.ts';

/** A provider for each kind of account; a kind without one does not compile. */
export type Providers = Record<ProviderKind, Provider>;

/** What is measured of services. */
export interface ProviderMetrics {
  answered(of: { kind: string; outcome: string }, seconds: { whole: number; first: number | null }): void;
  breaker(of: { tenantId: string; accountId: string }, state: BreakerState): void;
}

export interface ProvidersOptions {
  masterKey: Uint8Array;
  policy: AddressPolicy;
  metrics?: ProviderMetrics | undefined;
  /** A test's own pace; that of breakers.ts otherwise. */
  openSeconds?: ServiceOptions['openSeconds'] | undefined;
}

export function createProviders(options: ProvidersOptions) {
  const { policy, metrics, openSeconds: seconds = openSeconds } = options;
  const keys = createKeys(options.masterKey);
  const breakers = createBreakers({
    openSeconds: seconds,
    onChange: ({ id, tenantId }, state) => metrics?.breaker({ tenantId, accountId: id }, state),
  });
  const service = createService({ policy, breakers, openKey: keys.open, openSeconds: seconds, observe: metrics?.answered });
  const byKind: Providers = { simulator: createSimulator(), openai_compatible: service, openai: service, anthropic: service, google: service };
  return {
    byKind,
    handlers: (runInTenant: RunInTenant) => createProviderHandlers({ runInTenant, keys, policy, forget: breakers.forget }),
  };
}
