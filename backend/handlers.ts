// Joins the nouns: their handlers under the one table of operations, what they do at the end of a
// transaction, the services that run beside the doors, and what is sampled of them.
import type { BillingPlan } from '../shared/billing.ts';
import type { MetricSample } from '../shared/metric.ts';
import { agentHandlers } from './agents/index.ts';
import { auditHandlers } from './audit/index.ts';
import { budgetCalendar, budgetHandlers } from './budgets/index.ts';
import { bulkCalendar, bulkPlanHandlers } from './bulk-plans/index.ts';
import { billingHandlers } from './billing/index.ts';
import { createChecklistHandlers, createChecklistLibrary } from './checklists/index.ts';
import { findingHandlers } from './findings/index.ts';
import { createIdentity } from './identity/index.ts';
import { createMetricHandlers, createPace, createSampler, readNow, readStanding, settleMetrics } from './metrics/index.ts';
import { queueHandlers } from './queues/index.ts';
import { overviewHandlers } from './overview/index.ts';
import { planHandlers, settlePlans } from './plans/index.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import type { Disk } from './platform/disk.ts';
import type { Authenticate } from './platform/doors/credential.ts';
import type { RateLimit } from './platform/limits.ts';
import type { Log } from './platform/log.ts';
import type { Metrics, TenantSample } from './platform/metrics.ts';
import type { Signals } from './platform/signals.ts';
import { createStatistics } from './platform/statistics.ts';
import { systemCaller, type RunInTenant, type Settlers } from './platform/tenant-transaction.ts';
import type { Tenant, Tenants } from './platform/tenants.ts';
import { createProviders, priceHandlers, type AddressPolicy } from './providers/index.ts';
import { createReviewHandlers } from './reviews/index.ts';
import type { AppHandlers } from './router.ts';
import { scheduleCalendar, scheduleHandlers } from './schedules/index.ts';
import {
  countByState,
  createClaimants,
  createCreationHandlers,
  createEngine,
  createWorkHandlers,
  taskHandlers,
  taskSettlers,
} from './tasks/index.ts';
import { readUsage, usageHandlers } from './usage/index.ts';
import { createWorkspaceHandlers } from './workspace/index.ts';

/** What the nouns stand on; each composition root lays it. */
export interface Foundation {
  database: Database;
  tenants: Tenants;
  runInTenant: RunInTenant;
  signals: Signals;
  clock: Clock;
  log: Log;
  masterKey: Uint8Array;
  /** The folder of the built-in checklists. */
  checklistsDir: string;
  defaultPlan: BillingPlan;
  leaseSeconds: number;
  /** Which addresses provider accounts may lead to. */
  providerAddresses: AddressPolicy;
  /** The only node there can be over this database. */
  alone: boolean;
  loginLimit?: RateLimit | undefined;
  /** Where the embedded database lies; absent with a server's. */
  disk?: Disk | undefined;
  /** Told how many tasks of the process before this one were put back. */
  putBack?: ((tasks: number) => void) | undefined;
}

/** Runs beside the doors from the start of the node to its end. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Nouns {
  authenticate: Authenticate;
  handlers: AppHandlers;
  services: Service[];
  sampleQueue(tenant: Tenant): Promise<Omit<MetricSample, 'at' | 'eventLagMs'>>;
  sampleTenant(tenant: Tenant): Promise<TenantSample>;
}

/** What each noun does at the end of a transaction that touched its rows. */
export const settlers: Settlers = { ...taskSettlers, metrics: settleMetrics, plan: settlePlans };

export function joinNouns(foundation: Foundation, node: { metrics: Metrics; version: string }): Nouns {
  const { runInTenant } = foundation;
  const { metrics, version } = node;
  const paced = createPace<Omit<MetricSample, 'at' | 'eventLagMs'>>(foundation.clock);
  const identity = createIdentity(foundation);
  const providers = createProviders({ masterKey: foundation.masterKey, policy: foundation.providerAddresses, metrics: metrics.providers });
  const checklists = createChecklistLibrary(foundation.checklistsDir);
  const claimants = createClaimants();
  return {
    authenticate: identity.authenticate,
    handlers: {
      ...identity.handlers,
      workspace: createWorkspaceHandlers(foundation),
      agents: agentHandlers,
      providers: providers.handlers(runInTenant),
      prices: priceHandlers,
      tasks: { ...taskHandlers, ...createCreationHandlers({ ...foundation, claimants }) },
      bulkPlans: bulkPlanHandlers,
      queues: queueHandlers,
      schedules: scheduleHandlers,
      work: createWorkHandlers({ ...foundation, claimants }),
      findings: findingHandlers,
      plans: planHandlers,
      checklists: createChecklistHandlers(checklists),
      reviews: createReviewHandlers(checklists),
      overview: overviewHandlers,
      metrics: createMetricHandlers({ ...foundation, history: metrics.node, version }),
      usage: usageHandlers,
      budgets: budgetHandlers,
      billing: billingHandlers,
      audit: auditHandlers,
    },
    services: [
      createEngine({ ...foundation, providers: providers.byKind, calendars: [scheduleCalendar, bulkCalendar, budgetCalendar] }),
      createSampler({ ...foundation, metrics }),
      ...(foundation.database.dialect === 'pglite' ? [createStatistics(foundation)] : []),
      // A server with a broken checklist does not start; the desktop app reads it when it is first asked for.
      ...(foundation.alone ? [] : [{ start: async () => void (await checklists.load()), stop: async () => {} }]),
    ],
    sampleQueue: (tenant) =>
      paced(tenant.id, async () => ({
        ...(await runInTenant(tenant, systemCaller, readNow)),
        ...metrics.node.at(foundation.clock.now().getTime(), { stepSeconds: 5, spanSeconds: 60 }),
      })),
    sampleTenant: (tenant) =>
      runInTenant(tenant, systemCaller, async (tx) => ({
        states: await countByState(tx),
        presence: await readStanding(tx),
        quotaRemaining: (await readUsage(tx)).quota.remaining,
      })),
  };
}
