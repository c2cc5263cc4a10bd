// Insertion of tasks that nothing holds back: queued (one that is claimed at once: running) in one statement, with event and audit made from what was
// written, so that ten thousand of them cost little more than their rows.
import { DEFAULT_QUEUE, type TaskSummary } from '../../shared/task.ts';
import type { AgentRow } from '../agents/index.ts';
import { jsonb, kept, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import type { NewTask } from './create.ts';
import { freeDetailColumns, shownAgent, summaryColumns, type TaskDetailRow } from './rows.ts';

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
  if (ids.length === 0) return [];
  return rows(tx.db, kept(sql<Taker>`
    select a.id, a.name, a.status, coalesce(p.kind = 'simulator', false) as simulated, a.time_limit_seconds as "timeLimitSeconds"
    from agents a left join provider_accounts p on p.id = a.provider_account_id where a.id = any(${ids}::uuid[])`));
}

/** Inserts them as queued; each may have a time before which it is not tried. Answers what lists show of them. */
export async function insertQueued(tx: TenantTransaction, tasks: NewTask[], takers?: Taker[]): Promise<TaskSummary[]> {
  const known = takers ?? (await readTakers(tx, [...new Set(tasks.flatMap(({ agentId }) => agentId ?? []))]));
  // What is told of them is known without an answer.
  tx.alongside(kept(insertion(tx, tasks, { state: 'queued', columns: sql``, values: sql`` })).execute(tx.db));
  await tx.begun;
  tx.ready();
  return tellCreated(tx, tasks, known);
}

/** How the first attempt of a task begins that is claimed as it is inserted. */
export interface Start {
  agentId: string;
  token: string;
  leaseSeconds: number;
}

/** Inserts one as claimed already: what insertQueued() and the claim after it leave in its row. */
export async function insertStarted(tx: TenantTransaction, task: NewTask, { taker, start }: { taker: Taker; start: Start }): Promise<TaskDetailRow[]> {
  const { agentId, token, leaseSeconds } = start;
  const inserted = insertion(tx, [task], {
    state: 'running',
    columns: sql`, version, attempt, counted, claimed_by, lease_token, lease_expires_at, deadline_at, started_at`,
    values: sql`, 2, 1, true, ${agentId}, ${token}, now() + make_interval(secs => ${leaseSeconds}),
      now() + make_interval(secs => n.time_limit), now()`,
  });
  tellCreated(tx, [task], [taker]);
  return rows(tx.db, kept(sql<TaskDetailRow>`with t as (${inserted} returning *)
    select ${summaryColumns}, ${freeDetailColumns} from t, ${shownAgent} where a.id = ${agentId}`));
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

/** As a table `n`. One goes in by its values: a plan for arrays is made anew for each, as they might be longer. */
function given(tasks: NewTask[]): Statement {
  const [only] = tasks.length === 1 ? tasks : [];
  if (only) {
    const values = inputs.map(([name, type, of]) => sql`${of(only)}::${sql.raw(type)} as ${sql.ref(name)}`);
    return sql`(select ${sql.join(values)}) as n`;
  }
  const columns = inputs.map(([, type, of]) => sql`${tasks.map(of)}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(columns)}) as n(${sql.join(inputs.map(([name]) => sql.ref(name)))})`;
}

/** `as`: the state, and what else is set. */
function insertion(tx: TenantTransaction, tasks: NewTask[], as: { state: 'queued' | 'running'; columns: Statement; values: Statement }): Statement {
  return sql`insert into tasks (id, title, instructions, kind, state, agent_id, capabilities, priority, run_at, queued_at,
      time_limit_seconds, max_attempts, queue, retry_policy, schedule_id, expected_output, tools, success_criteria, created_by${as.columns})
    select n.id, n.title, n.instructions, 'work', ${sql.lit(as.state)}, n.agent_id, n.capabilities::text[], n.priority, n.run_at,
      greatest(now(), n.run_at), n.time_limit, n.max_attempts, n.queue, n.retry::jsonb, n.schedule_id,
      n.expected_output, n.tools::jsonb, n.criteria::jsonb, ${jsonb(tx.actor)}${as.values}
    from ${given(tasks)}`;
}

function tellCreated(tx: TenantTransaction, tasks: NewTask[], takers: Taker[]): TaskSummary[] {
  const names = new Map(takers.map((agent) => [agent.id, agent]));
  return tasks.map((task) => {
    const agent = task.agentId === null ? undefined : names.get(task.agentId);
    const data = summaryOf(tx, task, agent);
    tx.record({
      event: { type: 'task.created', entity: 'task', id: task.id, version: data.version, data },
      audit: {
        action: 'tasks.created',
        entity: 'task',
        id: task.id,
        before: null,
        after: { state: data.state, attempt: 0, agentName: data.agentName },
      },
    });
    return data;
  });
}

/** What a list shows of it, from what was just written: toSummary() of its row says the same (a test compares). */
export function summaryOf(tx: TenantTransaction, task: NewTask, agent: Taker | undefined): TaskSummary {
  return {
    id: task.id,
    version: 1,
    title: task.title,
    kind: 'work',
    state: 'queued',
    waitReason: null,
    agentId: task.agentId,
    agentName: agent?.name ?? null,
    simulated: agent?.simulated ?? false,
    capabilities: task.capabilities ?? [],
    planId: null,
    planKey: null,
    queue: task.queue ?? DEFAULT_QUEUE,
    priority: task.priority ?? 5,
    attempt: 0,
    maxAttempts: task.maxAttempts ?? 3,
    runAt: task.runAt ? new Date(task.runAt).toISOString() : null,
    timeLimitSeconds: task.timeLimitSeconds,
    progress: null,
    error: null,
    errorGroup: null,
    handoffs: 0,
    succeededBy: null,
    executionSeconds: 0,
    costUsd: '0.000000',
    createdBy: tx.actor,
    createdAt: tx.now.toISOString(),
    startedAt: null,
    finishedAt: null,
    heldBy: null,
    deletedAt: null,
  };
}
