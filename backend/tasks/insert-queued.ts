// Insertion of tasks that nothing holds back: queued in one statement, with event and audit made from what was
// written, so that ten thousand of them cost little more than their rows.
import { DEFAULT_QUEUE, type TaskSummary } from '../../shared/task.ts';
import { jsonb, kept, rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import type { NewTask } from './create.ts';

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

export async function readTakers(tx: TenantTransaction, ids: string[]): Promise<Taker[]> {
  if (ids.length === 0) return [];
  return rows(tx.db, kept(sql<Taker>`
    select a.id, a.name, a.status, coalesce(p.kind = 'simulator', false) as simulated, a.time_limit_seconds as "timeLimitSeconds"
    from agents a left join provider_accounts p on p.id = a.provider_account_id where a.id = any(${ids}::uuid[])`));
}

/** Inserts them as queued; each may have a time before which it is not tried. Answers what lists show of them. */
export async function insertQueued(tx: TenantTransaction, tasks: NewTask[], takers?: Taker[]): Promise<TaskSummary[]> {
  const column = <Value>(pick: (task: NewTask) => Value): Value[] => tasks.map(pick);
  const given = takers ?? (await readTakers(tx, [...new Set(tasks.flatMap(({ agentId }) => agentId ?? []))]));
  const names = new Map(given.map((agent) => [agent.id, agent]));
  // What is told of them is known without an answer.
  tx.alongside(kept(sql`insert into tasks (id, title, instructions, kind, state, agent_id, capabilities, priority, run_at, queued_at,
      time_limit_seconds, max_attempts, queue, retry_policy, schedule_id, expected_output, tools, success_criteria, created_by)
    select n.id, n.title, n.instructions, 'work', 'queued', n.agent_id, n.capabilities::text[], n.priority, n.run_at,
      greatest(now(), n.run_at), n.time_limit, n.max_attempts, n.queue, n.retry::jsonb, n.schedule_id,
      n.expected_output, n.tools::jsonb, n.criteria::jsonb,
      ${jsonb(tx.actor)}
    from unnest(${column((task) => task.id)}::uuid[], ${column((task) => task.title)}::text[],
      ${column((task) => task.instructions)}::text[], ${column((task) => task.agentId)}::uuid[],
      ${column((task) => arrayLiteral(task.capabilities ?? []))}::text[], ${column((task) => task.priority ?? 5)}::smallint[],
      ${column((task) => task.runAt ?? null)}::timestamptz[], ${column((task) => task.timeLimitSeconds)}::int[],
      ${column((task) => task.maxAttempts ?? 3)}::int[], ${column((task) => task.queue ?? DEFAULT_QUEUE)}::text[],
      ${column((task) => (task.retry ? JSON.stringify(task.retry) : null))}::text[],
      ${column((task) => task.scheduleId ?? null)}::uuid[], ${column((task) => task.expectedOutput ?? null)}::text[],
      ${column((task) => JSON.stringify(task.tools ?? []))}::text[],
      ${column((task) => JSON.stringify(task.successCriteria ?? []))}::text[])
      as n(id, title, instructions, agent_id, capabilities, priority, run_at, time_limit, max_attempts,
        queue, retry, schedule_id, expected_output, tools, criteria)`).execute(tx.db));
  await tx.begun;
  tx.ready();
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
function summaryOf(tx: TenantTransaction, task: NewTask, agent: Taker | undefined): TaskSummary {
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
