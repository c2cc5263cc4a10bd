// Live: reads committed events on a hint and sends them in batches to the sockets of their tenant. One reader
// for each tenant that somebody watches; a socket is told what it missed, or to fetch everything anew.
import type { IncomingHttpHeaders, Server as HttpServer } from 'node:http';
import { sql } from 'kysely';
import { Server, type Namespace, type Socket } from 'socket.io';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { LiveEvent } from '../../shared/events.ts';
import type { MetricSample } from '../../shared/metric.ts';
import type { Authenticate, Credential } from './doors/credential.ts';
import { row, rows } from './database.ts';
import type { Log } from './log.ts';
import type { Signals } from './signals.ts';
import { systemCaller, type RunInTenant } from './tenant-transaction.ts';
import type { Tenant } from './tenants.ts';

/** Events a batch carries at the most; a socket further behind than MAX_REPLAY is told to resync. */
const BATCH = 500;
const MAX_REPLAY = 5_000;
/** How often each socket's session is checked, so that it ends within 5 s of a logout. */
const SESSION_CHECK_MS = 2_000;
const POLL_MS = 1_000;

const handshake = z.object({ token: z.string().max(4096), since: z.number().int().min(0).nullish() });

interface EventRow {
  seq: number;
  at: Date;
  type: string;
  entity: LiveEvent['entity'];
  entity_id: string;
  version: number;
  data: unknown;
}

function toEvent(found: EventRow): LiveEvent {
  const { entity_id: id, at, ...rest } = found;
  return {
    seq: rest.seq,
    at: at.toISOString(),
    type: rest.type,
    entity: rest.entity,
    id,
    version: rest.version,
    data: rest.data,
  };
}

export interface LiveOptions {
  http: HttpServer;
  authenticate: Authenticate;
  runInTenant: RunInTenant;
  signals: Signals;
  log: Log;
  /** Whether a request may open a socket at all, by its headers. */
  allow: (headers: IncomingHttpHeaders) => boolean;
  /** A sample of the tenant's queue, once a second while somebody watches. */
  sample: (tenant: Tenant) => Promise<Omit<MetricSample, 'at' | 'eventLagMs'>>;
  /** Told the lag of each batch that is sent, in milliseconds. */
  onLag: (milliseconds: number) => void;
}

export interface Live {
  /** Sockets now, for the metrics. */
  sockets(): number;
  /** Milliseconds from an event's commit to its sending, the last batch of any tenant. */
  eventLagMs(): number;
  close(): Promise<void>;
}

interface Watch {
  tenant: Tenant;
  sent: number;
  busy: boolean;
  again: boolean;
}

export function createLive(options: LiveOptions): Live {
  const { runInTenant, signals, log } = options;
  const server = new Server(options.http, {
    serveClient: false,
    maxHttpBufferSize: 10_000,
    cors: { origin: false },
    allowRequest: (request, answer) => answer(null, options.allow(request.headers)),
  });
  const live = server.of('/live');
  const watches = new Map<string, Watch>();
  let lagMs = 0;

  const readAfter = (tenant: Tenant, seq: number, limit: number) =>
    runInTenant(tenant, systemCaller, async ({ db }) =>
      (
        await rows(db, sql<EventRow>`select * from events where seq > ${seq} order by seq limit ${limit}`)
      ).map(toEvent),
    );
  const readHead = (tenant: Tenant) =>
    runInTenant(tenant, systemCaller, async ({ db }) => {
      const found = await row(
        db,
        sql<{ last: number; first: number | null }>`
        select event_seq as last, (select min(seq) from events) as first from head`,
      );
      return { last: Number(found?.last ?? 0), first: found?.first == null ? null : Number(found.first) };
    });

  async function pump(watch: Watch): Promise<void> {
    if (watch.busy) {
      watch.again = true;
      return;
    }
    watch.busy = true;
    try {
      do {
        watch.again = false;
        for (;;) {
          const events = await readAfter(watch.tenant, watch.sent, BATCH);
          if (events.length === 0) break;
          watch.sent = events.at(-1)!.seq;
          // Another clock than the database's, which may be set: a lag is never below nothing.
          lagMs = Math.max(0, Date.now() - Date.parse(events.at(-1)!.at));
          options.onLag(lagMs);
          live.to(watch.tenant.id).emit('events', events);
        }
      } while (watch.again);
    } catch (error) {
      log.warn({ err: error }, 'live: reading events failed; the next poll tries again');
    } finally {
      watch.busy = false;
    }
  }

  async function join(socket: Socket, credential: Credential, since: number | null): Promise<void> {
    const { tenant } = credential;
    const head = await readHead(tenant);
    // Gone meanwhile: nobody would ever take it out of the room.
    if (!socket.connected) return;
    let watch = watches.get(tenant.id);
    if (!watch) watches.set(tenant.id, (watch = { tenant, sent: head.last, busy: false, again: false }));
    // Joined before the replay: what is committed meanwhile comes twice at worst, and the client drops what
    // it has.
    await socket.join(tenant.id);
    const from = since ?? head.last;
    const tooOld = head.first !== null && from + 1 < head.first && from < head.last;
    if (from > head.last || tooOld || head.last - from > MAX_REPLAY)
      socket.emit('resync', { seq: head.last });
    else {
      for (let at = from; at < head.last;) {
        const events = await readAfter(tenant, at, BATCH);
        if (events.length === 0) break;
        at = events.at(-1)!.seq;
        socket.emit('events', events);
      }
    }
    socket.emit('ready', { seq: head.last });
    await pump(watch);
  }

  addAuthentication(live, options.authenticate);
  live.on('connection', (socket) => {
    const { credential, token, since } = socket.data as SocketData;
    socket.on('ping', (answer: unknown) => {
      if (typeof answer === 'function') answer();
    });
    const check = setInterval(() => {
      options.authenticate(token).catch((error: unknown) => {
        // A database that is away for a moment ends no socket: it sends nothing meanwhile either.
        if (error instanceof AppError && error.code === 'unauthenticated') socket.disconnect(true);
      });
    }, SESSION_CHECK_MS);
    socket.on('disconnect', () => {
      clearInterval(check);
      const room = live.adapter.rooms.get(credential.tenant.id);
      if (!room || room.size === 0) watches.delete(credential.tenant.id);
    });
    join(socket, credential, since).catch((error: unknown) => {
      log.warn({ err: error }, 'live: a socket could not be started');
      socket.disconnect(true);
    });
  });

  const off = signals.on('events', (tenantId) => {
    const watch = watches.get(tenantId);
    if (watch) void pump(watch);
  });
  const poll = setInterval(() => {
    for (const watch of watches.values()) {
      void pump(watch);
      void options.sample(watch.tenant).then(
        (sample) =>
          live
            .to(watch.tenant.id)
            .emit('metrics', { ...sample, at: new Date().toISOString(), eventLagMs: lagMs }),
        (error: unknown) => log.warn({ err: error }, 'live: no metric sample'),
      );
    }
  }, POLL_MS);

  return {
    sockets: () => live.sockets.size,
    eventLagMs: () => lagMs,
    async close() {
      off();
      clearInterval(poll);
      await server.close();
    },
  };
}

interface SocketData {
  credential: Credential;
  token: string;
  since: number | null;
}

function addAuthentication(live: Namespace, authenticate: Authenticate): void {
  live.use((socket, next) => {
    const parsed = handshake.safeParse(socket.handshake.auth);
    if (!parsed.success) return next(new Error('unauthenticated'));
    authenticate(parsed.data.token).then(
      (credential) => {
        // An agent's key works on tasks; the stream is for people, and for keys that may read tasks.
        if (credential.kind === 'key' && !credential.scopes.includes('tasks:read'))
          return next(new Error('forbidden'));
        socket.data = {
          credential,
          token: parsed.data.token,
          since: parsed.data.since ?? null,
        } satisfies SocketData;
        next();
      },
      (error: unknown) => next(new Error(error instanceof AppError ? error.code : 'unavailable')),
    );
  });
}
