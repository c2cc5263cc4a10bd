// Starts a whole backend: storage, migrations, signals, and a node over them. Server and desktop app share
// it.
import type { BillingPlan } from '../shared/billing.ts';
import { settlers } from './handlers.ts';
import { startNode } from './node.ts';
import { systemClock } from './platform/clock.ts';
import type { Log } from './platform/log.ts';
import { createMetrics } from './platform/metrics.ts';
import { createSignals } from './platform/signals.ts';
import { openStorage, type Storage, type StorageKind } from './platform/storage.ts';
import { createRunInTenant } from './platform/tenant-transaction.ts';

export interface StartOptions {
  storage: StorageKind;
  masterKey?: Buffer | undefined;
  migrationsDir: string;
  listen: { host: string; port: number; orFree: boolean };
  defaultPlan: BillingPlan;
  leaseSeconds: number;
  metricsToken?: string | undefined;
  version: string;
  log: Log;
}

export interface RunningBackend {
  url: string;
  storage: Storage;
  masterKey: Uint8Array;
  /** Drains and closes the database. */
  stop(): Promise<void>;
}

export async function startBackend(options: StartOptions): Promise<RunningBackend> {
  const { log, defaultPlan, leaseSeconds, version, metricsToken, listen } = options;
  const embedded = options.storage.kind === 'pglite';
  const metrics = createMetrics(systemClock);
  const storage = await openStorage({ ...options, onQuery: metrics.query });
  if (storage.migrated > 0) log.info({ tenants: storage.migrated }, 'migrated');
  const { database, installation, tenants, versions } = storage;
  const closing: (() => Promise<void>)[] = [storage.close];
  const stop = async () => {
    for (const close of closing.toReversed()) await close();
  };
  try {
    const masterKey = await storage.readMasterKey();
    const signals = await createSignals(database);
    closing.push(signals.close);
    const runInTenant = createRunInTenant(database, installation.appLogin, {
      settlers,
      observe: metrics.observe,
    });
    const foundation = {
      database,
      tenants,
      runInTenant,
      signals,
      clock: systemClock,
      log,
      masterKey,
      defaultPlan,
      leaseSeconds,
      alone: embedded,
    };
    const node = await startNode({
      foundation,
      metrics,
      settings: { version, embedded, metricsToken },
      listen,
      versions,
    });
    closing.push(node.stop);
    return { url: node.url, storage, masterKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
