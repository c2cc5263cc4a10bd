// Dead letters by what they say: failed tasks whose errors are the same but for ids and figures are one group.
import type { ErrorGroup } from '../../shared/task.ts';
import { rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

interface GroupRow {
  fingerprint: string;
  code: string;
  least: string;
  most: string;
  count: number;
  agents: number;
  first_at: Date;
  last_at: Date;
  ids: string[];
}

const line = sql`left(split_part(split_part(coalesce(t.error->>'message', ''), ' Last notes:', 1), E'\n', 1), 200)`;

/** Where all say the same to the figure, the figures stand; otherwise what differs is left open. */
function titleOf({ least, most, code }: GroupRow): string {
  if (least === most) return least || code;
  // The same as the column error_fingerprint leaves out (backend/migrations/tenant/0006_engine.sql).
  const uuid = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|0x[0-9a-fA-F]+/g;
  return least.replaceAll(uuid, '…').replaceAll(/[0-9]+([.,:][0-9]+)*/g, '…') || code;
}

export interface GroupOptions {
  /** A condition on `t` beside that it failed. */
  where: Statement;
  /** Where `where` holds of a sample alone: what holds of all tasks of the groups, by which they are counted and named. */
  whole?: Statement;
  /** Groups at the most, the largest first. */
  limit: number;
  /** Ids of tasks for each, the newest first. */
  ids: number;
}

export async function readErrorGroups(tx: TenantTransaction, options: GroupOptions): Promise<ErrorGroup[]> {
  const ofGroup = sql`t.state = 'failed' and t.error_fingerprint = g.fingerprint and ${options.whole ?? options.where}`;
  const counted = sql`(select count(*)::int from tasks t where ${ofGroup})`;
  // The line of each is cut once and compared byte by byte; the filter, which may be costly, is gone through once. By agent
  // first, so that nothing is sorted to count the agents; the newest of each group are found by an index.
  const found = await rows(tx.db, sql<GroupRow>`
    with agents as (
        select f.fingerprint, f.agent_id, min(f.code) as code, min(f.line collate "C") as least, max(f.line collate "C") as most,
          count(*) as count, min(f.finished_at) as first_at, max(f.finished_at) as last_at
        from (select t.error_fingerprint as fingerprint, coalesce(t.error->>'code', 'failed') as code, ${line} as line,
            coalesce(t.agent_id, t.claimed_by) as agent_id, t.finished_at
          from tasks t where t.state = 'failed' and ${options.where} offset 0) f
        group by 1, 2),
      groups as (
        select fingerprint, min(code) as code, min(least) as least, max(most) as most, sum(count)::int as count,
          count(agent_id)::int as agents, min(first_at) as first_at, max(last_at) as last_at
        from agents group by 1 order by count desc, last_at desc limit ${options.limit})
    select g.fingerprint, g.code, g.least, g.most, g.agents, g.first_at, g.last_at, ${options.whole ? counted : sql`g.count`} as count,
      array(select t.id from tasks t where ${ofGroup} order by t.finished_at desc, t.id desc limit ${options.ids}) as ids
    from groups g order by count desc, g.last_at desc`);
  return found.map((group) => ({
    fingerprint: group.fingerprint,
    code: group.code,
    title: titleOf(group),
    count: group.count,
    agents: group.agents,
    firstAt: group.first_at.toISOString(),
    lastAt: group.last_at.toISOString(),
    taskIds: group.ids,
  }));
}
