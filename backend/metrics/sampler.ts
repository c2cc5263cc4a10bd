// Keeps a sample of each active tenant every 15 s. Several nodes may do so at once: the first of a slot counts.
import { pause } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import { systemCaller, type RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant, Tenants } from '../platform/tenants.ts';
import { keepLastSample, keepSample, SAMPLE_SECONDS } from './sample.ts';

export interface SamplerOptions {
  tenants: Tenants;
  runInTenant: RunInTenant;
  metrics: Metrics;
  log: Log;
  /** The only node there can be: its few tenants are all watched from the start. */
  alone: boolean;
}

export interface Sampler {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** One round over the tenants that are active now. */
  round(): Promise<void>;
}

export function createSampler(options: SamplerOptions): Sampler {
  const { tenants, runInTenant, metrics, log } = options;
  const stopped = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  async function sampleOne(tenant: Tenant): Promise<void> {
    try {
      const kept = await runInTenant(tenant, systemCaller, keepSample);
      // A queue that nobody looks at has a history too.
      if (kept && kept.running + kept.queued > 0) metrics.touch(tenant);
    } catch (error) {
      if (await isGone(tenant)) metrics.forget(tenant);
      else log.warn({ err: error }, 'metrics: no sample of a tenant');
    }
  }

  /** Deleted meanwhile, by this node or another. Where that cannot be told it is taken to be there. */
  async function isGone({ id }: Tenant): Promise<boolean> {
    return tenants.all().then((all) => all.every((tenant) => tenant.id !== id), () => false);
  }

  async function round(): Promise<void> {
    for (const tenant of metrics.active()) {
      if (stopped.signal.aborted) return;
      await sampleOne(tenant);
    }
  }

  async function work(): Promise<void> {
    while (!stopped.signal.aborted) {
      await round();
      // Just after the begin of a slot, so that the samples of all nodes and tenants stand in line.
      const length = SAMPLE_SECONDS * 1000;
      await pause(length - (Date.now() % length) + 50, stopped.signal);
    }
  }

  return {
    round,
    async start() {
      if (options.alone) for (const tenant of await tenants.all()) metrics.touch(tenant);
      loop = work();
    },
    async stop() {
      stopped.abort();
      await loop;
      if (!options.alone) return;
      for (const tenant of metrics.active()) {
        await runInTenant(tenant, systemCaller, keepLastSample).catch((error: unknown) => log.warn({ err: error }, 'metrics: no last sample of a tenant'));
      }
    },
  };
}
