// The begin of attempts: both rows of each, in one statement, and what its task's row is after it.
import type { AgentRow } from '../agents/index.ts';
import { fixed, kept, keptBriefly, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import type { TaskDetailRow } from './rows.ts';

/** An attempt that begins, and the row of its task as it is written. */
export interface Begun {
  token: string;
  /** Seconds that the task has waited. */
  waited: number;
  row: TaskDetailRow;
}

/** What `beginning` makes of a row (a test compares). */
export function beginRow(row: TaskDetailRow, how: { agentId: string; now: Date; leaseSeconds: number; budgeted: string[] }): TaskDetailRow {
  const after = (seconds: number): Date => new Date(how.now.getTime() + seconds * 1000);
  return {
    ...row,
    state: 'running',
    version: row.version + 1,
    attempt: row.attempt + 1,
    claimed_by: how.agentId,
    counted: true,
    lease_expires_at: after(how.leaseSeconds),
    deadline_at: after(row.time_limit_seconds),
    started_at: how.now,
    finished_at: null,
    run_at: null,
    budgeted: how.budgeted.includes(row.id),
    revoked: null,
    progress_percent: null,
    progress_message: null,
    error: null,
  };
}

interface Common {
  agentId: string;
  agentName: string;
  accountId: string | null;
  model: string | null;
  leaseSeconds: number;
}
interface One extends Common {
  id: string;
  number: number;
  token: string;
  waited: number;
  budgeted: boolean;
}
interface Many extends Common {
  ids: string[];
  numbers: number[];
  tokens: string[];
  waits: number[];
  budgeted: boolean[];
}

const beginning = (at: { agentId: Statement; leaseSeconds: Statement }, token: Statement, budgeted: Statement): Statement =>
  sql`state = 'running', version = t.version + 1, attempt = t.attempt + 1, claimed_by = ${at.agentId}, counted = true, lease_token = ${token},
    lease_expires_at = now() + make_interval(secs => ${at.leaseSeconds}), deadline_at = now() + make_interval(secs => t.time_limit_seconds),
    started_at = now(), finished_at = null, run_at = null, warned = false, budgeted = ${budgeted}, revoked = null,
    progress_percent = null, progress_message = null, error = null`;
export const attemptColumns = sql`attempts (task_id, number, token, agent_id, agent_name, provider_account_id, model, started_at, wait_seconds)`;

// One goes in by its values: a plan for arrays is made anew for each, as they might be longer.
const beginOne = fixed<One>((at) =>
  kept(sql`with s as (update tasks t set ${beginning(at, at.token, sql`${at.budgeted}::boolean`)} where t.id = ${at.id})
    insert into ${attemptColumns} values (${at.id}, ${at.number}, ${at.token}, ${at.agentId}, ${at.agentName}, ${at.accountId}, ${at.model}, now(), ${at.waited})`),
);
const beginMany = fixed<Many>((at) =>
  keptBriefly(sql`with n as materialized (
      select * from unnest(${at.ids}::uuid[], ${at.numbers}::int[], ${at.tokens}::text[], ${at.waits}::float8[], ${at.budgeted}::boolean[])
        as n(id, number, token, waited, budgeted)),
      s as (update tasks t set ${beginning(at, sql`n.token`, sql`n.budgeted`)} from n where t.id = n.id)
    insert into ${attemptColumns}
      select n.id, n.number, n.token, ${at.agentId}, ${at.agentName}, ${at.accountId}, ${at.model}, now(), n.waited from n`),
);

/** Writes them: state, token, lease and deadline of each task, and its attempt. */
export function writeBegun(tx: TenantTransaction, begun: Begun[], by: { agent: AgentRow; leaseSeconds: number }): Promise<unknown> {
  const { agent, leaseSeconds } = by;
  const common: Common = { agentId: agent.id, agentName: agent.name, accountId: agent.provider_account_id, model: agent.model, leaseSeconds };
  const [only] = begun.length === 1 ? begun : [];
  if (only) {
    const { token, waited, row } = only;
    return beginOne(tx.db, { ...common, id: row.id, number: row.attempt, token, waited, budgeted: row.budgeted });
  }
  return beginMany(tx.db, {
    ...common,
    ids: begun.map(({ row }) => row.id),
    numbers: begun.map(({ row }) => row.attempt),
    tokens: begun.map(({ token }) => token),
    waits: begun.map(({ waited }) => waited),
    budgeted: begun.map(({ row }) => row.budgeted),
  });
}
