// Prometheus metrics of this node. Gauges of tenants are read when they are scraped, and only of tenants that
// were active a short time ago: a thousand quiet ones cost nothing.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TaskState } from '../../shared/task.ts';
import type { Clock } from './clock.ts';
import { createNodeHistory, type NodeHistory } from './node-history.ts';
import type { Measure } from './tenant-transaction.ts';
import type { Tenant } from './tenants.ts';

const ACTIVE_MS = 15 * 60_000;
/** Tenants that one scrape samples at the most, the latest active ones. */
const MAX_SAMPLED = 200;

/** What is read of a tenant at a scrape. */
export interface TenantSample {
  states: Partial<Record<TaskState, number>>;
  presence: Record<'idle' | 'busy' | 'offline', number>;
  /** Null: unlimited. */
  quotaRemaining: number | null;
}

/** Where the gauges look; each part is given once its owner is there. */
export interface MetricSources {
  sample(tenant: Tenant): Promise<TenantSample>;
  sockets(): number;
  /** Milliseconds. */
  eventLagMs(): number;
  /** Of the database's pool. */
  connections(): { used: number; waiting: number; limit: number };
}

export interface Metrics {
  /** The tenant did something now. */
  touch(tenant: Tenant): void;
  /** It is there no more. */
  forget(tenant: Tenant): void;
  /** Tenants that did something in the last minutes, the latest last; at most MAX_SAMPLED. */
  active(): Tenant[];
  /** What this node saw of itself in the last day. */
  node: NodeHistory;
  /** What a tenant's transaction measured. */
  observe(tenant: Tenant, name: Measure, seconds: number): void;
  query(seconds: number): void;
  /** What services answered, and how their breakers stand on this node. */
  providers: {
    answered(of: { kind: string; outcome: string }, seconds: { whole: number; first: number | null }): void;
    breaker(of: { tenantId: string; accountId: string }, state: 'closed' | 'half_open' | 'open'): void;
  };
  http(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** The text that Prometheus reads. */
  text(sources: MetricSources): Promise<string>;
  contentType: string;
}

const latency = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const long = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400];

function createInstruments(registry: Registry) {
  const registers = [registry];
  const histogram = (name: string, help: string, given: { buckets: number[]; labelNames?: string[] }) =>
    new Histogram({ name, help, registers, ...given });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, registers, labelNames });
  return {
    executions: new Counter({
      name: 'agent_executions_total',
      help: 'Attempts that ended',
      labelNames: ['tenant_id'],
      registers,
    }),
    durations: histogram('agent_executions_duration_seconds', 'Duration of attempts', {
      buckets: long,
      labelNames: ['tenant_id'],
    }),
    quota: gauge('usage_quota_remaining', 'Executions left this month', ['tenant_id']),
    queue: gauge('tasks_by_state', 'Tasks by state', ['tenant_id', 'state']),
    presence: gauge('agents_by_presence', 'Agents by presence', ['tenant_id', 'presence']),
    claims: histogram('task_claim_latency_seconds', 'From queued to claimed', {
      buckets: [0.005, 0.05, ...long],
    }),
    lag: gauge('event_lag_seconds', 'From an event to its sending, the last batch'),
    sockets: gauge('live_sockets', 'Sockets of the live stream'),
    connections: gauge('database_connections', 'Connections of the pool in use, and requests that wait for one', [
      'state',
    ]),
    queries: histogram('database_query_duration_seconds', 'Duration of database statements', {
      buckets: latency,
    }),
    http: histogram('http_request_duration_seconds', 'Duration of HTTP requests by route', {
      buckets: latency,
      labelNames: ['method', 'route', 'status'],
    }),
    answers: histogram('provider_request_duration_seconds', 'From a question to a service to the end of its answer', {
      buckets: long,
      labelNames: ['kind', 'outcome'],
    }),
    firstWords: histogram('provider_first_token_seconds', 'From a question to a service to the first word of its answer', {
      buckets: [...latency, 30, 60],
      labelNames: ['kind'],
    }),
    faults: new Counter({
      name: 'provider_errors_total',
      help: 'Questions to services that failed, by what went wrong',
      labelNames: ['kind', 'code'],
      registers,
    }),
    breakers: gauge('provider_breaker_state', 'Breaker of a provider account on this node: 0 closed, 1 half open, 2 open', [
      'tenant_id',
      'account_id',
    ]),
    memory: gauge('process_resident_memory_bytes', 'Resident memory of this node'),
    uptime: gauge('process_uptime_seconds', 'Since this node started'),
  };
}

export function createMetrics(clock: Clock): Metrics {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  const node = createNodeHistory(clock);
  const active = new Map<string, { tenant: Tenant; at: number }>();

  function activeTenants(): Tenant[] {
    const since = clock.now().getTime() - ACTIVE_MS;
    for (const [id, { at }] of active) if (at < since) active.delete(id);
    // Touching moves a tenant to the end.
    return [...active.values()].slice(-MAX_SAMPLED).map(({ tenant }) => tenant);
  }

  async function sampleTenants(sources: MetricSources): Promise<void> {
    instruments.quota.reset();
    instruments.queue.reset();
    instruments.presence.reset();
    for (const tenant of activeTenants()) {
      const { states, presence, quotaRemaining } = await sources.sample(tenant);
      if (quotaRemaining !== null) instruments.quota.set({ tenant_id: tenant.id }, quotaRemaining);
      for (const [state, count] of Object.entries(states))
        instruments.queue.set({ tenant_id: tenant.id, state }, count);
      for (const [name, count] of Object.entries(presence))
        instruments.presence.set({ tenant_id: tenant.id, presence: name }, count);
    }
  }

  function touch(tenant: Tenant): void {
    active.delete(tenant.id);
    active.set(tenant.id, { tenant, at: clock.now().getTime() });
  }

  return {
    touch,
    forget: ({ id }) => void active.delete(id),
    active: activeTenants,
    node,
    observe(tenant, name, seconds) {
      touch(tenant);
      if (name === 'claim') return instruments.claims.observe(seconds);
      instruments.executions.inc({ tenant_id: tenant.id });
      instruments.durations.observe({ tenant_id: tenant.id }, seconds);
    },
    query(seconds) {
      instruments.queries.observe(seconds);
      node.query(seconds);
    },
    providers: {
      answered({ kind, outcome }, { whole, first }) {
        instruments.answers.observe({ kind, outcome }, whole);
        if (first !== null) instruments.firstWords.observe({ kind }, first);
        if (outcome !== 'answered') instruments.faults.inc({ kind, code: outcome });
      },
      breaker: ({ tenantId, accountId }, state) =>
        instruments.breakers.set({ tenant_id: tenantId, account_id: accountId }, { closed: 0, half_open: 1, open: 2 }[state]),
    },
    http: ({ method, route, status }, seconds) =>
      instruments.http.observe({ method, route, status: String(status) }, seconds),
    async text(sources) {
      await sampleTenants(sources);
      instruments.lag.set(sources.eventLagMs() / 1000);
      instruments.sockets.set(sources.sockets());
      const { used, waiting } = sources.connections();
      instruments.connections.set({ state: 'used' }, used);
      instruments.connections.set({ state: 'waiting' }, waiting);
      instruments.memory.set(process.memoryUsage.rss());
      instruments.uptime.set(process.uptime());
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
