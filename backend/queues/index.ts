// Queues: how they stand, and their switch and limit. A row is made when somebody first pauses or limits one.
import type { Queue, queueOperations } from '../../shared/queue.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

interface QueueRow {
  name: string;
  version: number;
  paused_at: Date | null;
  paused_by: string | null;
  max_running: number | null;
  waiting: number;
  queued: number;
  running: number;
  oldest: Date | null;
}

function toQueue(found: QueueRow): Queue {
  return {
    name: found.name,
    version: found.version,
    paused: found.paused_at !== null,
    pausedAt: found.paused_at?.toISOString() ?? null,
    pausedBy: found.paused_by,
    maxRunning: found.max_running,
    waiting: found.waiting,
    queued: found.queued,
    running: found.running,
    oldestQueuedAt: found.oldest?.toISOString() ?? null,
  };
}

function findQueues(tx: TenantTransaction, where: Statement): Promise<QueueRow[]> {
  return rows(tx.db, sql<QueueRow>`
    with open as (
      select queue as name, count(*) filter (where state = 'waiting')::int as waiting,
        count(*) filter (where state = 'queued')::int as queued, count(*) filter (where state = 'running')::int as running,
        min(queued_at) filter (where state = 'queued' and (run_at is null or run_at <= now())) as oldest
      from tasks where state in ('waiting', 'queued', 'running') group by queue)
    select coalesce(q.name, o.name) as name, coalesce(q.version, 0) as version, q.paused_at, q.paused_by, q.max_running,
      coalesce(o.waiting, 0) as waiting, coalesce(o.queued, 0) as queued, coalesce(o.running, 0) as running, o.oldest
    from queues q full join open o on o.name = q.name where ${where}`);
}

async function readQueue(tx: TenantTransaction, name: string): Promise<Queue> {
  const [found] = await findQueues(tx, sql`coalesce(q.name, o.name) = ${name}`);
  return toQueue(found!);
}

interface QueueChange {
  name: string;
  paused?: boolean | undefined;
  maxRunning?: number | null | undefined;
}

/** Pauses, resumes or limits a queue; more may run than before, so the engine looks again. */
async function updateQueue(tx: TenantTransaction, change: QueueChange): Promise<Queue> {
  await sql`insert into queues (name, id) values (${change.name}, ${newId()}) on conflict do nothing`.execute(tx.db);
  const before = (await row(tx.db, sql<QueueRow & { id: string }>`select * from queues where name = ${change.name} for update`))!;
  const wasPaused = before.paused_at !== null;
  const paused = change.paused ?? wasPaused;
  const limit = change.maxRunning === undefined ? before.max_running : change.maxRunning;
  await sql`update queues set version = version + 1, max_running = ${limit},
      paused_at = ${paused ? (before.paused_at ?? tx.now) : null}::timestamptz,
      paused_by = ${paused ? (before.paused_by ?? tx.actor.name) : null}::text
    where name = ${change.name}`.execute(tx.db);
  const after = await readQueue(tx, change.name);
  const fact = paused === wasPaused ? 'updated' : paused ? 'paused' : 'resumed';
  tx.record({
    event: { type: `queue.${fact}`, entity: 'queue', id: before.id, version: after.version, data: null },
    audit: {
      action: 'queues.update',
      entity: 'queue',
      id: change.name,
      before: { paused: wasPaused, maxRunning: before.max_running },
      after: { paused, maxRunning: limit },
    },
  });
  tx.ready();
  return after;
}

export const queueHandlers: HandlersOf<typeof queueOperations> = {
  list: inTenant(async (tx, { limit, cursor }) => {
    const after = decodeCursor(cursor, ['text']);
    const seen = after ? sql`coalesce(q.name, o.name) > ${after[0]}` : sql`true`;
    const found = await findQueues(tx, sql`${seen} order by 1 limit ${limit + 1}`);
    return toPage(found, limit, { item: toQueue, key: ({ name }) => [name] });
  }),
  update: inTenant(updateQueue),
};
