// Insertion of tasks that nothing holds back: queued (one that is claimed at once: running) in one statement, with event and
// audit made from what was written, so that ten thousand of them cost little more than their rows.
import { DEFAULT_QUEUE, type TaskSummary } from '../../shared/task.ts';
import type { AgentRow } from '../agents/index.ts';
import { fixed, kept, sql, type Places, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { attemptColumns } from './begin.ts';
import type { NewTask } from './create.ts';
import { toSummary, type TaskDetailRow } from './rows.ts';

/** An array of PostgreSQL as a literal; its members hold no control characters, so JSON's quoting is PostgreSQL's. */
function arrayLiteral(members: string[]): string {
  return `{${members.map((member) => JSON.stringify(member)).join(',')}}`;
}

/** An agent that tasks are given to: what their creation asks of it. */
export interface Taker {
  id: string;
  name: string;
  status: string;
  simulated: boolean;
  timeLimitSeconds: number;
}

/** The same of an agent's row. */
export function takerOf({ id, name, status, account_kind: account, time_limit_seconds: timeLimitSeconds }: AgentRow): Taker {
  return { id, name, status, simulated: account === 'simulator', timeLimitSeconds };
}

export async function readTakers(tx: TenantTransaction, ids: string[]): Promise<Taker[]> {
  return ids.length === 0 ? [] : takers(tx.db, { ids });
}
const takers = fixed<{ ids: string[] }, Taker>(({ ids }) =>
  kept(sql`select a.id, a.name, a.status, coalesce(p.kind = 'simulator', false) as simulated, a.time_limit_seconds as "timeLimitSeconds"
    from agents a left join provider_accounts p on p.id = a.provider_account_id where a.id = any(${ids}::uuid[])`),
);

/** Inserts them as queued; each may have a time before which it is not tried. Answers what lists show of them. */
export async function insertQueued(tx: TenantTransaction, tasks: NewTask[], takers?: Taker[]): Promise<TaskSummary[]> {
  const known = takers ?? (await readTakers(tx, [...new Set(tasks.flatMap(({ agentId }) => agentId ?? []))]));
  // What is told of them is known without an answer.
  tx.alongside(tasks.length === 1 ? insertOne(tx.db, valuesOf(tx, tasks[0]!)) : insertMany(tx.db, columnsOf(tx, tasks)), 'silent');
  await tx.begun;
  for (const agentId of new Set(tasks.map((task) => task.agentId))) tx.ready(tx.now, agentId ?? undefined);
  const names = new Map(known.map((agent) => [agent.id, agent]));
  return tasks.map((task) => tellCreated(tx, newRow(tx, task, names.get(task.agentId ?? ''))));
}

/** How the first attempt of a task begins that is claimed as it is inserted. */
export interface Start {
  agent: AgentRow;
  token: string;
  leaseSeconds: number;
}

/** Inserts one as claimed already, with its attempt: what insertQueued() and the claim after it leave in their rows. */
export function insertStarted(tx: TenantTransaction, task: NewTask, { agent, token, leaseSeconds }: Start): Promise<unknown> {
  return insertBegun(tx.db, {
    ...valuesOf(tx, task),
    token,
    leaseSeconds,
    agentName: agent.name,
    accountId: agent.provider_account_id,
    model: agent.model,
  });
}

/** What is given of each, with its type. */
const inputs: [name: string, type: string, of: (task: NewTask) => unknown][] = [
  ['id', 'uuid', (task) => task.id],
  ['title', 'text', (task) => task.title],
  ['instructions', 'text', (task) => task.instructions],
  ['agent_id', 'uuid', (task) => task.agentId],
  ['capabilities', 'text', (task) => arrayLiteral(task.capabilities ?? [])],
  ['priority', 'smallint', (task) => task.priority ?? 5],
  ['run_at', 'timestamptz', (task) => task.runAt ?? null],
  ['time_limit', 'int', (task) => task.timeLimitSeconds],
  ['max_attempts', 'int', (task) => task.maxAttempts ?? 3],
  ['queue', 'text', (task) => task.queue ?? DEFAULT_QUEUE],
  ['retry', 'text', (task) => (task.retry ? JSON.stringify(task.retry) : null)],
  ['schedule_id', 'uuid', (task) => task.scheduleId ?? null],
  ['expected_output', 'text', (task) => task.expectedOutput ?? null],
  ['tools', 'text', (task) => JSON.stringify(task.tools ?? [])],
  ['criteria', 'text', (task) => JSON.stringify(task.successCriteria ?? [])],
];
interface Values {
  actor: string;
  [name: string]: unknown;
}
const createdBy = (tx: TenantTransaction): Values => ({ actor: JSON.stringify(tx.actor) });
const valuesOf = (tx: TenantTransaction, task: NewTask): Values =>
  Object.assign(createdBy(tx), Object.fromEntries(inputs.map(([name, , of]) => [name, of(task)])));
const columnsOf = (tx: TenantTransaction, tasks: NewTask[]): Values =>
  Object.assign(createdBy(tx), Object.fromEntries(inputs.map(([name, , of]) => [name, tasks.map(of)])));

/** As a table `n`. One goes in by its values: a plan for arrays is made anew for each, as they might be longer. */
const one = (at: Places<Values>): Statement =>
  sql`(select ${sql.join(inputs.map(([name, type]) => sql`${at[name]}::${sql.raw(type)} as ${sql.ref(name)}`))}) as n`;
const many = (at: Places<Values>): Statement => sql`unnest(${sql.join(inputs.map(([name, type]) => sql`${at[name]}::${sql.raw(type)}[]`))})
  as n(${sql.join(inputs.map(([name]) => sql.ref(name)))})`;

interface Inserted {
  state: 'queued' | 'running';
  /** What else is set. */
  columns: Statement;
  values: Statement;
}

function insertion(at: Places<Values>, given: Statement, { state, columns, values }: Inserted): Statement {
  return sql`insert into tasks (id, title, instructions, kind, state, agent_id, capabilities, priority, run_at, queued_at,
      time_limit_seconds, max_attempts, queue, retry_policy, schedule_id, expected_output, tools, success_criteria, created_by${columns})
    select n.id, n.title, n.instructions, 'work', ${sql.lit(state)}, n.agent_id, n.capabilities::text[], n.priority, n.run_at,
      greatest(now(), n.run_at), n.time_limit, n.max_attempts, n.queue, n.retry::jsonb, n.schedule_id,
      n.expected_output, n.tools::jsonb, n.criteria::jsonb, ${at.actor}::jsonb${values}
    from ${given}`;
}
const queued: Inserted = { state: 'queued', columns: sql``, values: sql`` };
const insertOne = fixed<Values>((at) => kept(insertion(at, one(at), queued)));
const insertMany = fixed<Values>((at) => kept(insertion(at, many(at), queued)));
const insertBegun = fixed<Values>((at) => {
  const inserted = insertion(at, one(at), {
    state: 'running',
    columns: sql`, version, attempt, counted, claimed_by, lease_token, lease_expires_at, deadline_at, started_at`,
    values: sql`, 2, 1, true, n.agent_id, ${at.token}, now() + make_interval(secs => ${at.leaseSeconds}),
      now() + make_interval(secs => n.time_limit), now()`,
  });
  return kept(sql`with t as (${inserted})
    insert into ${attemptColumns} values (${at.id}, 1, ${at.token}, ${at.agent_id}, ${at.agentName}, ${at.accountId}, ${at.model}, now(), 0)`);
});

/** Records the creation, and answers what lists show of it. */
export function tellCreated(tx: TenantTransaction, row: TaskDetailRow): TaskSummary {
  const data = toSummary(row);
  tx.record({
    event: { type: 'task.created', entity: 'task', id: row.id, version: data.version, data },
    audit: {
      action: 'tasks.created',
      entity: 'task',
      id: row.id,
      before: null,
      after: { state: data.state, attempt: 0, agentName: data.agentName },
    },
  });
  return data;
}

/** The row of a task that is inserted as queued: what is read of it says the same (a test compares). */
export function newRow(tx: TenantTransaction, task: NewTask, agent: Taker | undefined): TaskDetailRow {
  return {
    id: task.id,
    version: 1,
    title: task.title,
    kind: 'work',
    state: 'queued',
    wait_reason: null,
    agent_id: task.agentId,
    claimed_by: null,
    shown_agent_id: task.agentId,
    agent_name: agent?.name ?? null,
    account_kind: agent?.simulated ? 'simulator' : null,
    capabilities: task.capabilities ?? [],
    plan_id: null,
    plan_key: null,
    queue: task.queue ?? DEFAULT_QUEUE,
    retry_policy: task.retry ?? null,
    priority: task.priority ?? 5,
    attempt: 0,
    failed_attempts: 0,
    max_attempts: task.maxAttempts ?? 3,
    run_at: task.runAt ? new Date(task.runAt) : null,
    time_limit_seconds: task.timeLimitSeconds,
    counted: false,
    budgeted: false,
    revoked: null,
    lease_expires_at: null,
    deadline_at: null,
    progress_percent: null,
    progress_message: null,
    error: null,
    error_fingerprint: null,
    handoffs: 0,
    handoff_from: null,
    succeeded_by: null,
    execution_seconds: 0,
    cost_usd: '0.000000',
    created_by: tx.actor,
    created_at: tx.now,
    started_at: null,
    finished_at: null,
    held_at: null,
    held_by: null,
    deleted_at: null,
    schedule_id: task.scheduleId ?? null,
    instructions: task.instructions,
    output: null,
    expected_output: task.expectedOutput ?? null,
    tools: task.tools ?? [],
    success_criteria: task.successCriteria ?? [],
    handoff_notes: null,
    depends_on: [],
  };
}
