// The filter of the tasks' list as a condition on `t`: by what the task is, and by what its attempts did when.
import { AppError } from '../../shared/errors.ts';
import { parseSpan } from '../../shared/schema.ts';
import { attemptOutcomes, taskStates, type TaskState } from '../../shared/task.ts';
import { sql, type Statement } from '../platform/database.ts';

export interface TaskFilter {
  attention?: boolean | undefined;
  state?: string | undefined;
  agentId?: string | undefined;
  planId?: string | undefined;
  queue?: string | undefined;
  scheduleId?: string | undefined;
  chain?: 'last' | undefined;
  errorGroup?: string | undefined;
  q?: string | undefined;
  created?: string | undefined;
  ended?: string | undefined;
  started?: string | undefined;
  counted?: string | undefined;
  outcome?: string | undefined;
  accountId?: string | undefined;
}

/** The names of a comma list; one that is not known is refused. */
function namesOf<Name extends string>(field: string, given: string, known: readonly Name[]): Name[] {
  return given.split(',').map((part) => {
    const name = known.find((one) => one === part.trim());
    if (name !== undefined) return name;
    throw new AppError('validation_failed', `${field}: there is no ${field} "${part}". Use ${known.join(', ')}.`, {
      details: { fields: [{ path: field, message: `Use one or several of ${known.join(', ')}.` }] },
    });
  });
}

/** A text for LIKE in which nothing is a wildcard. */
function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}

function within(column: Statement, given: string): Statement {
  const { from, to } = parseSpan(given)!;
  const parts: Statement[] = [sql`${column} is not null`];
  if (from !== null) parts.push(sql`${column} >= ${from}::timestamptz`);
  if (to !== null) parts.push(sql`${column} < ${to}::timestamptz`);
  return sql.join(parts, sql` and `);
}

/** Ids begin with the time at which they were made, so their index finds a time; a clock may be ahead by a minute. */
function idsOf(given: string): Statement {
  const { from, to } = parseSpan(given)!;
  const parts: Statement[] = [sql`true`];
  if (from !== null) parts.push(sql`t.id >= ${idAt(Date.parse(from) - CLOCKS_DIFFER_MS)}::uuid`);
  if (to !== null) parts.push(sql`t.id < ${idAt(Date.parse(to) + CLOCKS_DIFFER_MS)}::uuid`);
  return sql.join(parts, sql` and `);
}

const CLOCKS_DIFFER_MS = 60_000;

/** The least id of a moment. */
function idAt(milliseconds: number): string {
  const at = Math.max(0, milliseconds).toString(16).padStart(12, '0').slice(-12);
  return `${at.slice(0, 8)}-${at.slice(8)}-0000-0000-000000000000`;
}

/** One state by itself: only so does the index of states give its tasks in their order, without a sort of them all. */
function inStates(states: TaskState[]): Statement {
  const [one, ...others] = states;
  return others.length === 0 ? sql`t.state = ${one}` : sql`t.state = any(${states}::text[])`;
}

/** What one attempt of the task must be; null: the filter asks nothing of attempts. */
function attemptCondition(filter: TaskFilter): Statement | null {
  const parts: Statement[] = [];
  if (filter.ended) parts.push(within(sql`x.finished_at`, filter.ended));
  if (filter.started) parts.push(within(sql`x.started_at`, filter.started));
  // An execution is the first claim of a task; what continues a handed-off task is counted with it.
  if (filter.counted) parts.push(sql`x.number = 1 and t.handoff_from is null and ${within(sql`x.started_at`, filter.counted)}`);
  if (filter.outcome) parts.push(sql`x.outcome = any(${namesOf('outcome', filter.outcome, attemptOutcomes)}::text[])`);
  if (filter.accountId === 'none') parts.push(sql`x.provider_account_id is null`);
  else if (filter.accountId) parts.push(sql`x.provider_account_id = ${filter.accountId}`);
  if (parts.length === 0) return null;
  if (filter.agentId) parts.push(sql`x.agent_id = ${filter.agentId}`);
  return sql`exists (select 1 from attempts x where x.task_id = t.id and ${sql.join(parts, sql` and `)})`;
}

/** The condition that a filter is; refused with the field's name where it names what is not there. */
export function conditionOf(filter: TaskFilter): Statement {
  const parts: Statement[] = [sql`t.deleted_at is null`];
  if (filter.state) parts.push(inStates(namesOf('state', filter.state, taskStates)));
  // What needsAttention in shared/task.ts says of a row.
  if (filter.attention) {
    parts.push(sql`(t.state = 'failed' or t.wait_reason = 'approval'
      or (t.state = 'queued' and t.attempt > 0 and t.run_at is not null))`);
  }
  const attempt = attemptCondition(filter);
  if (attempt) parts.push(attempt);
  else if (filter.agentId) {
    parts.push(sql`(t.agent_id = ${filter.agentId} or (t.agent_id is null and t.claimed_by = ${filter.agentId}))`);
  }
  if (filter.planId === 'none') parts.push(sql`t.plan_id is null`);
  else if (filter.planId) parts.push(sql`t.plan_id = ${filter.planId}`);
  if (filter.queue) parts.push(sql`t.queue = ${filter.queue}`);
  if (filter.chain) parts.push(sql`t.succeeded_by is null`);
  if (filter.scheduleId) parts.push(sql`t.schedule_id = ${filter.scheduleId}`);
  if (filter.errorGroup) parts.push(sql`t.state = 'failed' and t.error_fingerprint = ${filter.errorGroup}`);
  if (filter.created) parts.push(within(sql`t.created_at`, filter.created), idsOf(filter.created));
  for (const word of filter.q?.trim().split(/\s+/).filter(Boolean).slice(0, 8) ?? []) {
    parts.push(sql`(t.title ilike ${`%${literal(word)}%`} or t.id::text like ${`${literal(word.toLowerCase())}%`})`);
  }
  return sql.join(parts, sql` and `);
}
