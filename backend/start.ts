// Starts a whole backend: storage, migrations, signals, and a node over them. Server and desktop app share
// it.
import type { BillingPlan } from '../shared/billing.ts';
import { settlers } from './handlers.ts';
import { startNode } from './node.ts';
import { systemClock } from './platform/clock.ts';
import type { OnBroken } from './platform/database.ts';
import { watchDisk, type Disk, type DiskState } from './platform/disk.ts';
import type { Log } from './platform/log.ts';
import { createMetrics } from './platform/metrics.ts';
import { createSignals } from './platform/signals.ts';
import { openStorage, type Storage, type StorageKind } from './platform/storage.ts';
import { createRunInTenant } from './platform/tenant-transaction.ts';
import type { AddressPolicy } from './providers/index.ts';

export interface StartOptions {
  storage: StorageKind;
  masterKey?: Buffer | undefined;
  migrationsDir: string;
  checklistsDir: string;
  listen: { host: string; port: number; orFree: boolean };
  defaultPlan: BillingPlan;
  leaseSeconds: number;
  providerAddresses: AddressPolicy;
  metricsToken?: string | undefined;
  version: string;
  log: Log;
  /** Told what is being done while a start takes its time. */
  say?: ((doing: string) => void) | undefined;
  /** Told when the embedded database can do no more work: the process must end, and be started again. */
  onBroken?: OnBroken | undefined;
  /** Told when changes begin to be refused for want of room, and when they are taken again. */
  onDisk?: ((state: DiskState) => void) | undefined;
}

export interface RunningBackend {
  url: string;
  storage: Storage;
  masterKey: Uint8Array;
  /** Tasks that the process before this one ran, and that were put back without spending an attempt. */
  putBack: number;
  /** Drains and closes the database. */
  stop(): Promise<void>;
}

export async function startBackend(options: StartOptions): Promise<RunningBackend> {
  const { log, defaultPlan, leaseSeconds, providerAddresses, checklistsDir, version, metricsToken, listen } = options;
  const embedded = options.storage.kind === 'pglite';
  const metrics = createMetrics(systemClock);
  const storage = await openStorage({ ...options, program: version, onQuery: metrics.query });
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
    const disk = watchRoom(options);
    if (disk) closing.push(async () => disk.close());
    let putBack = 0;
    const foundation = {
      database,
      disk,
      putBack: (tasks: number) => void (putBack += tasks),
      tenants,
      runInTenant,
      signals,
      clock: systemClock,
      log,
      masterKey,
      checklistsDir,
      defaultPlan,
      leaseSeconds,
      providerAddresses,
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
    return { url: node.url, storage, masterKey, putBack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Only the embedded database lies on a disk of ours. */
function watchRoom({ storage, onDisk, log }: StartOptions): Disk | undefined {
  if (storage.kind !== 'pglite') return undefined;
  const disk = watchDisk({ path: storage.dataDir });
  const tell = (state: DiskState) => {
    if (state.low) log.warn(state, 'the disk is nearly full: changes are refused');
    else log.info(state, 'there is room on the disk again');
    onDisk?.(state);
  };
  disk.onChange(tell);
  if (disk.read().low) tell(disk.read());
  return disk;
}
