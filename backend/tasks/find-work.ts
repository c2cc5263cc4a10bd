// What an agent may take: the best of what is given to it and of what is open to any that is able, locked, none that another
// claims. Where nothing is limited it is found in the statement that reads the limits, and a claim is a round trip less.
import type { AgentRow } from '../agents/index.ts';
import type { Closed } from '../budgets/index.ts';
import { fixed, keptBriefly, rows, sql, type Queryable, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { limitColumns, type Limits } from './room.ts';
import { unclaimedColumns, type TaskDetailRow, type UnclaimedRow } from './rows.ts';

/** A task that may be claimed: its row is locked, so that it is what it will have been before. */
export interface Candidate {
  id: string;
  counted: boolean;
  queue: string;
  planId: string | null;
  reserveUsd: string | null;
  /** Attempts made so far. */
  attempt: number;
  /** Seconds since it could be claimed. */
  waited: number;
  row: TaskDetailRow;
}

interface FoundRow extends UnclaimedRow {
  reserve_usd: string | null;
  waited: number;
}

// A plan that is paused, done or not started gives no work.
const runnable = sql`t.state = 'queued' and t.held_at is null and (t.run_at is null or t.run_at <= now())
  and (t.plan_id is null or exists (select 1 from plans p where p.id = t.plan_id and p.state = 'running'))`;
/** Asked of the row as it is when it is locked. */
const stillQueued = sql`t.state = 'queued' and t.held_at is null`;
const order = sql`order by t.priority desc, t.queued_at, t.id`;
/** Candidates beyond those wanted: others may be claiming, holding or cancelling the first. */
const SPARE = 8;

/**
 * The ids of the best. As an array they come from two indexes and are looked up by their ids: as a subquery, a table that has
 * grown since its last ANALYZE was joined row by row with itself (79 ms for a hundred tasks, measured; now 2).
 */
function bestOf(who: { agentId: unknown; capabilities: Statement; open: Statement }, limit: number): Statement {
  const part = (whose: Statement, most: number) =>
    sql`(select t.id, t.priority, t.queued_at from tasks t where ${whose} and ${runnable} and ${who.open} ${order}
      limit ${sql.lit(roundUp(most))})`;
  return sql`array(select c.id from (
    ${part(sql`t.agent_id = ${who.agentId}`, limit + SPARE)}
    union all
    ${part(sql`t.agent_id is null and t.capabilities <@ ${who.capabilities}`, limit * 4 + SPARE)}
  ) c)`;
}
/** So that there are few texts of a statement. */
const roundUp = (most: number): number => 2 ** Math.ceil(Math.log2(most));

const foundColumns = sql`${unclaimedColumns}, t.reserve_usd::text as reserve_usd,
  greatest(0, extract(epoch from now() - coalesce(t.queued_at, now())))::float8 as waited`;

function toCandidate({ reserve_usd: reserveUsd, waited, ...found }: FoundRow, { id, name, account_kind: kind }: AgentRow): Candidate {
  const row = { ...found, shown_agent_id: id, agent_name: name, account_kind: kind };
  return { id: row.id, counted: row.counted, queue: row.queue, planId: row.plan_id, reserveUsd, attempt: row.attempt, waited, row };
}

/** The best tasks beyond what is closed. */
export async function findCandidates(
  tx: TenantTransaction,
  agent: AgentRow,
  options: { limit: number; capabilities: string[]; closed: string[]; beyond: Closed | null },
): Promise<Candidate[]> {
  const { limit, closed, beyond } = options;
  const queues = closed.length === 0 ? sql`true` : sql`t.queue <> all(${closed}::text[])`;
  const open = beyond === null ? queues : sql`${queues} and ${within(beyond)}`;
  const best = bestOf({ agentId: agent.id, capabilities: sql`${options.capabilities}::text[]`, open }, limit);
  const found = await rows(tx.db, keptBriefly(sql<FoundRow>`
    select ${foundColumns} from tasks t where t.id = any(${best}) and ${stillQueued} ${order} limit ${limit} for update of t skip locked`));
  return found.map((one) => toCandidate(one, agent));
}

/** What budgets and the quota leave room for. */
function within({ plans, freshOfPlans, fresh, tasks }: Closed): Statement {
  return sql`(t.plan_id is null or t.plan_id <> all(${plans}::uuid[])) and t.id <> all(${tasks}::uuid[])
    and (t.counted or (not ${fresh}::boolean and (t.plan_id is null or t.plan_id <> all(${freshOfPlans}::uuid[]))))`;
}

interface Asked {
  agentId: string;
  /** Null: what the agent is entered with. */
  capabilities: string[] | null;
  limit: number;
}

const limitsOf = (agentId: Statement): Statement => sql`workspace w left join agents a on a.id = ${agentId}::uuid
  left join provider_accounts p on p.id = a.provider_account_id`;
const abilities = (at: { agentId: Statement; capabilities: Statement }): Statement =>
  sql`coalesce(${at.capabilities}::text[], (select g.capabilities from agents g where g.id = ${at.agentId}))`;

type Opening = (db: Queryable, asked: Asked) => Promise<(Limits & (FoundRow | { id: null }))[]>;
const openings = new Map<number, Opening>();

/** One text for each size of what is asked for. */
function openingFor(limit: number): Opening {
  const most = roundUp(limit);
  const known = openings.get(most);
  if (known) return known;
  const made: Opening = fixed<Asked, Limits & (FoundRow | { id: null })>((at) => {
    const best = bestOf({ agentId: at.agentId, capabilities: abilities(at), open: sql`true` }, most);
    return keptBriefly(sql`select l.*, c.* from (select ${limitColumns} from ${limitsOf(at.agentId)} offset 0) l
      left join lateral (select ${foundColumns}, t.queued_at from tasks t where l.unlimited and not l.queue_rules and not l.budgets and t.id = any(${best}) and ${stillQueued} ${order}
        limit coalesce((select least(${at.limit}::int, greatest(0, g.concurrency - g.running)) from agents g
          where g.id = ${at.agentId} and g.status = 'active'), 0)
        for update of t skip locked) c on true
      order by c.priority desc, c.queued_at, c.id`);
  });
  openings.set(most, made);
  return made;
}

export interface Opened {
  limits: Limits;
  /** Where nothing is limited: the best tasks for the free slots of the agent. */
  found: FoundRow[] | undefined;
}

/** One is set: something has to be held or counted before a task is taken. */
export const isLimited = (limits: Limits): boolean => !limits.unlimited || limits.queue_rules || limits.budgets;

/** The limits of an agent that is held, and with them its tasks where there are none. */
export async function openSearch(tx: TenantTransaction, asked: Asked): Promise<Opened> {
  const found = await openingFor(asked.limit)(tx.db, asked);
  const limits = found[0]!;
  return { limits, found: isLimited(limits) ? undefined : found.filter((one): one is Limits & FoundRow => one.id !== null) };
}

/** As what a claim takes them; the limits that were read beside are no part of a row. */
export function candidatesOf({ found }: Opened, agent: AgentRow): Candidate[] | undefined {
  return found?.map((one) => toCandidate(one, agent));
}

/** The limits of an agent, and whether anything is queued that it may take now. */
export async function lookFirst(tx: TenantTransaction, asked: Omit<Asked, 'limit'>): Promise<{ limits: Limits; other: boolean }> {
  const [limits] = await look(tx.db, asked);
  return { limits: limits!, other: limits!.other };
}
const look = fixed<Omit<Asked, 'limit'>, Limits & { other: boolean }>((at) => {
  const given = sql`exists (select 1 from tasks t where t.agent_id = ${at.agentId} and ${runnable})`;
  const pool = sql`exists (select 1 from tasks t where t.agent_id is null and t.capabilities <@ ${abilities(at)} and ${runnable})`;
  return keptBriefly(sql`select ${limitColumns}, ${given} or ${pool} as other from ${limitsOf(at.agentId)}`);
});
