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
  /** Groups at the most, the largest first. */
  limit: number;
  /** Ids of tasks for each, the newest first. */
  ids: number;
}

export async function readErrorGroups(tx: TenantTransaction, options: GroupOptions): Promise<ErrorGroup[]> {
  // The line of each is cut once and compared byte by byte, and only the newest ids of each group are looked up: of
  // 100,000 failures in 40 groups everything else is a sort of them all.
  const found = await rows(tx.db, sql<GroupRow>`
    with groups as (
      select f.fingerprint, min(f.code) as code, min(f.line collate "C") as least, max(f.line collate "C") as most,
        count(*)::int as count, count(distinct f.agent_id)::int as agents, min(f.finished_at) as first_at, max(f.finished_at) as last_at
      from (select t.error_fingerprint as fingerprint, coalesce(t.error->>'code', 'failed') as code, ${line} as line,
          coalesce(t.agent_id, t.claimed_by) as agent_id, t.finished_at
        from tasks t where t.state = 'failed' and ${options.where} offset 0) f
      group by 1 order by count desc, last_at desc limit ${options.limit})
    select g.*, array(select t.id from tasks t where t.state = 'failed' and t.error_fingerprint = g.fingerprint and ${options.where}
      order by t.finished_at desc, t.id desc limit ${options.ids}) as ids
    from groups g order by g.count desc, g.last_at desc`);
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
