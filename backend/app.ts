// buildApp: one HTTP server with every door on it: REST, tRPC, the live stream, health and metrics.
import helmet from '@fastify/helmet';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AppError } from '../shared/errors.ts';
import type { MetricSample } from '../shared/metric.ts';
import { allOperations, type NamedOperation, type Operations } from '../shared/operations.ts';
import type { Disk } from './platform/disk.ts';
import type { Authenticate } from './platform/doors/credential.ts';
import { createExecute, defaultRateLimits, type Execute, type RateLimits } from './platform/doors/execute.ts';
import { createOpenApi } from './platform/doors/openapi.ts';
import { problemHandlers, problemOf, sendProblem } from './platform/doors/problem.ts';
import { addRestRoutes, allowedMethods, toRequest } from './platform/doors/rest.ts';
import { createRouter, toTrpcError } from './platform/doors/trpc.ts';
import { createLive, type Live } from './platform/live.ts';
import type { Log } from './platform/log.ts';
import type { Metrics, TenantSample } from './platform/metrics.ts';
import { isLocalHost, mayReadMetrics, refuseForeignHost } from './platform/doors/guards.ts';
import type { Signals } from './platform/signals.ts';
import type { RunInTenant } from './platform/tenant-transaction.ts';
import type { Tenant } from './platform/tenants.ts';
import type { AppHandlers, AppRouter } from './router.ts';

export interface AppDependencies {
  runInTenant: RunInTenant;
  signals: Signals;
  log: Log;
  metrics: Metrics;
  authenticate: Authenticate;
  handlers: AppHandlers;
  /** Of the live stream, once a second. */
  sampleQueue(tenant: Tenant): Promise<Omit<MetricSample, 'at' | 'eventLagMs'>>;
  /** Of the metrics, at a scrape. */
  sampleTenant(tenant: Tenant): Promise<TenantSample>;
  /** Throws when the database cannot be used, with the reason. */
  checkReady(): Promise<void>;
  /** Of the database's pool. */
  connections(): { used: number; waiting: number; limit: number };
  /** Where the embedded database lies: nothing is changed while there is too little room. */
  disk?: Disk | undefined;
  settings: AppSettings;
}

export interface AppSettings {
  version: string;
  /** One machine's own backend: nothing but this machine's names may be in the Host header. */
  embedded: boolean;
  metricsToken?: string | undefined;
  limits?: RateLimits | undefined;
}

export interface App {
  fastify: FastifyInstance;
  /** Answers whoever waits, closes sockets and the server; requests under way are finished. */
  close(): Promise<void>;
}

/** Milliseconds in which a request must have arrived whole. */
const REQUEST_MS = 30_000;
/** Milliseconds that requests under way have to finish when the node drains. */
const DRAIN_MS = 5_000;
const LARGEST_BODY = Math.max(...allOperations.map(({ operation }) => operation.bodyLimit ?? 0), 2_000_000);
/** Calls that one tRPC request may carry. */
const MAX_BATCH = 100;

function createServer(log: Log): FastifyInstance {
  const fastify = Fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: 5_000 },
    // A URL that cannot be decoded.
    frameworkErrors: (error, _request, reply: FastifyReply) => void sendProblem(reply, problemOf(error, log)),
  });
  // Only JSON is taken: text/plain is what a page of another origin could send without asking.
  fastify.removeContentTypeParser('text/plain');
  return fastify;
}

export async function buildApp(dependencies: AppDependencies): Promise<App> {
  const { log, settings, metrics, handlers } = dependencies;
  const stopping = new AbortController();
  const execute = observed(
    createExecute({
      operations: allOperations,
      handlers,
      runInTenant: dependencies.runInTenant,
      beforeChange: () => dependencies.disk?.refuseWhenLow(),
      limits: settings.limits ?? defaultRateLimits,
    }),
    metrics,
  );
  const doors = {
    operations: allOperations,
    execute,
    authenticate: dependencies.authenticate,
    stopping: stopping.signal,
  };
  const fastify = createServer(log);
  const { onError, onNotFound } = problemHandlers(log, (path) => allowedMethods(allOperations, path));
  fastify.setErrorHandler(onError);
  fastify.setNotFoundHandler(onNotFound);
  if (settings.embedded) fastify.addHook('onRequest', refuseForeignHost);
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    metrics.http({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  await fastify.register(helmet, { strictTransportSecurity: false });
  addRestRoutes(fastify, doors);
  await addTrpc(fastify, { ...doors, log });
  const live = openLive(fastify, dependencies);
  metrics.node.watch({ sockets: live.sockets });
  addOwnRoutes(fastify, { ...dependencies, operations: allOperations, live, stopping: stopping.signal });
  return {
    fastify,
    async close() {
      stopping.abort();
      const impatient = setTimeout(() => fastify.server.closeAllConnections(), DRAIN_MS);
      await Promise.all([live.close(), fastify.close()]);
      clearTimeout(impatient);
    },
  };
}

/** Marks the tenants that are active, for the metrics. */
function observed(execute: Execute, metrics: Metrics): Execute {
  return (name, input, request) => {
    if (request.credential) metrics.touch(request.credential.tenant);
    return execute(name, input, request);
  };
}

interface TrpcDoor {
  operations: NamedOperation[];
  execute: Execute;
  authenticate: Authenticate;
  stopping: AbortSignal;
  log: Log;
}

async function addTrpc(fastify: FastifyInstance, door: TrpcDoor): Promise<void> {
  const isPublic = new Set(
    door.operations.filter(({ operation }) => operation.permission === 'public').map(({ name }) => name),
  );
  const router = createRouter<Operations>({ ...door, problemOf: (error) => problemOf(error, door.log) });
  await fastify.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router,
      allowBatching: true,
      maxBatchSize: MAX_BATCH,
      async createContext({ req, res, info }) {
        const open = info.calls.every((call) => isPublic.has(call.path));
        try {
          return { request: await toRequest({ request: req, reply: res, isPublic: open }, door) };
        } catch (error) {
          throw toTrpcError(error);
        }
      },
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
  });
}

function openLive(fastify: FastifyInstance, dependencies: AppDependencies): Live {
  const { runInTenant, authenticate, signals, log, metrics, settings } = dependencies;
  return createLive({
    http: fastify.server,
    authenticate,
    runInTenant,
    signals,
    log,
    allow: ({ host }) => !settings.embedded || isLocalHost(host),
    onLag: metrics.node.lag,
    sample(tenant) {
      metrics.touch(tenant);
      return dependencies.sampleQueue(tenant);
    },
  });
}

interface OwnRoutes extends AppDependencies {
  operations: NamedOperation[];
  live: Live;
  stopping: AbortSignal;
}

/** The routes that are no operations: description, liveness, readiness and metrics. */
function addOwnRoutes(fastify: FastifyInstance, parts: OwnRoutes): void {
  const { metrics, settings, live } = parts;
  // Made when it is first asked for: it takes a quarter of a second, which every start would wait for.
  let description: string | undefined;
  fastify.get('/api/openapi.json', (_request, reply) => {
    description ??= JSON.stringify(createOpenApi(parts.operations, settings.version));
    return reply.type('application/json; charset=utf-8').send(description);
  });
  fastify.get('/health', () => ({ status: 'ok', version: settings.version }));
  fastify.get('/ready', async () => {
    if (parts.stopping.aborted) throw new AppError('unavailable', 'This node is shutting down.');
    await parts.checkReady();
    return { status: 'ready', version: settings.version };
  });
  fastify.get('/metrics', async (request: FastifyRequest, reply) => {
    mayReadMetrics(request, settings);
    const text = await metrics.text({
      sample: parts.sampleTenant,
      sockets: live.sockets,
      eventLagMs: live.eventLagMs,
      connections: parts.connections,
    });
    return reply.type(metrics.contentType).send(text);
  });
}
