// One node: the doors and services over an opened database, from listening to drained.
import type { AddressInfo } from 'node:net';
import { buildApp, type App, type AppSettings } from './app.ts';
import { joinNouns, type Foundation, type Service } from './handlers.ts';
import { AppError } from '../shared/errors.ts';
import type { Metrics } from './platform/metrics.ts';
import { checkReady } from './platform/ready.ts';

export interface NodeOptions {
  foundation: Foundation;
  metrics: Metrics;
  settings: AppSettings;
  listen: { host: string; port: number; /** Takes a free port when this one is taken. */ orFree: boolean };
  /** The versions that the migrations of this program reach. */
  versions: { platform: number; tenant: number };
}

export interface RunningNode {
  url: string;
  /**
   * Drains: no new requests, those under way finished, runs put back, sockets closed. The database stays
   * open.
   */
  stop(): Promise<void>;
}

function portTaken(host: string, port: number): AppError {
  return new AppError(
    'unavailable',
    `Port ${port} on ${host} is in use. Stop what listens there, or choose another with PORT.`,
    {
      details: { reason: 'port_in_use', port },
    },
  );
}

async function listen(app: App, { host, port, orFree }: NodeOptions['listen']): Promise<string> {
  try {
    await app.fastify.listen({ host, port });
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'EADDRINUSE' && orFree) await app.fastify.listen({ host, port: 0 });
    else if (code === 'EADDRINUSE') throw portTaken(host, port);
    else if (code === 'EACCES')
      throw new AppError(
        'unavailable',
        `Port ${port} needs more rights than this process has. Choose one above 1023 with PORT.`,
        { cause },
      );
    else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new AppError('unavailable', `HOST ${host} is no address of this machine.`, { cause });
    else throw cause;
  }
  const address = app.fastify.server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${address.port}`;
}

export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { foundation, metrics, settings, versions } = options;
  const nouns = joinNouns(foundation, { metrics, version: settings.version });
  metrics.node.watch({ connections: foundation.database.connections });
  const app = await buildApp({
    ...foundation,
    ...nouns,
    metrics,
    settings,
    connections: foundation.database.connections,
    checkReady: () => checkReady(foundation.database, versions),
  });
  const started: Service[] = [];
  const stop = async () => {
    // The engine first: what it puts back while sockets are open is still seen there.
    metrics.node.stop();
    for (const service of started.toReversed()) await service.stop();
    await app.close();
  };
  try {
    const url = await listen(app, options.listen);
    metrics.node.start();
    for (const service of nouns.services) {
      await service.start();
      started.push(service);
    }
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
