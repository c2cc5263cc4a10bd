// The lanes: each agent with its attempts in the window and the work that stands before it.
import type { Lane, LaneBlock } from '../../shared/overview.ts';
import type { Attempt } from '../../shared/task.ts';
import { findAgents, toAgent } from '../agents/index.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

const MOST_LANES = 100;
const MOST_BLOCKS = 60;

// An attempt that was put back, or whose agent fell silent, is shown by what it meant for the attempt.
const shown: Record<Attempt['outcome'], LaneBlock['state']> = {
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  lease_expired: 'failed',
  cancelled: 'cancelled',
  handed_off: 'handed_off',
  released: 'queued',
};

interface BlockRow {
  lane: string;
  task_id: string;
  title: string;
  number: number;
  outcome: Attempt['outcome'];
  started_at: Date;
  finished_at: Date | null;
  time_limit_seconds: number;
}

/** What ran at any moment of the window. No attempt outlasts a day, which is the longest time limit. */
async function readBlocks(
  tx: TenantTransaction,
  agents: string[],
  since: Date,
): Promise<Map<string, LaneBlock[]>> {
  const found = await rows(
    tx.db,
    sql<BlockRow>`
    select l.lane, b.* from unnest(${agents}::uuid[]) as l(lane) cross join lateral (
      select x.task_id, t.title, x.number, x.outcome, x.started_at, x.finished_at, t.time_limit_seconds
      from attempts x join tasks t on t.id = x.task_id
      where x.agent_id = l.lane and x.started_at >= ${since}::timestamptz - interval '1 day'
        and (x.finished_at is null or x.finished_at >= ${since})
      order by x.started_at desc, x.task_id desc limit ${MOST_BLOCKS}) b
    order by l.lane, b.started_at desc, b.task_id desc`,
  );
  const lanes = new Map<string, LaneBlock[]>(agents.map((id) => [id, []]));
  for (const block of found) {
    lanes.get(block.lane)!.push({
      taskId: block.task_id,
      title: block.title,
      attempt: block.number,
      state: shown[block.outcome],
      startedAt: block.started_at.toISOString(),
      finishedAt: block.finished_at?.toISOString() ?? null,
      timeLimitSeconds: block.time_limit_seconds,
    });
  }
  return lanes;
}

interface Before {
  agent_id: string;
  queued: number;
  waiting: number;
}

async function countBefore(tx: TenantTransaction, agents: string[]): Promise<Map<string, Before>> {
  const found = await rows(
    tx.db,
    sql<Before>`
    select agent_id, count(*) filter (where state = 'queued')::int as queued,
      count(*) filter (where state = 'waiting')::int as waiting
    from tasks where state in ('queued', 'waiting') and agent_id = any(${agents}::uuid[]) group by agent_id`,
  );
  return new Map(found.map((before) => [before.agent_id, before]));
}

/** Agents that run something, then those with work before them, then the recently active, then by name. */
export async function readLanes(tx: TenantTransaction, since: Date): Promise<Lane[]> {
  const agents = await findAgents(
    tx,
    sql`a.status <> 'retired' order by a.running > 0 desc,
    exists (select 1 from tasks t where t.agent_id = a.id and t.state = 'queued') desc,
    (select max(x.started_at) from attempts x where x.agent_id = a.id) desc nulls last,
    lower(a.name), a.id limit ${MOST_LANES}`,
  );
  if (agents.length === 0) return [];
  const ids = agents.map((agent) => agent.id);
  const blocks = await readBlocks(tx, ids, since);
  const before = await countBefore(tx, ids);
  return agents.map((agent) => ({
    agent: toAgent(agent),
    blocks: blocks.get(agent.id) ?? [],
    queued: before.get(agent.id)?.queued ?? 0,
    waiting: before.get(agent.id)?.waiting ?? 0,
  }));
}
