// Creation of tasks: one from a form or an agent, many from a plan.
import { AppError, notFound } from '../../shared/errors.ts';
import { DEFAULT_QUEUE, type RetryPolicy, type Task, type TaskInput, type TaskSummary } from '../../shared/task.ts';
import { jsonb, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { recordTasks } from './record.ts';
import { readTask, toTask } from './rows.ts';
import type { Claimants } from './claimants.ts';
import { insertQueued, newRow, readTakers, takerOf, type Taker } from './insert-queued.ts';
import { claimOffered, openOffer } from './offer.ts';
import { holdDependencies, settleWaiting } from './waiting.ts';

export interface NewTask {
  id: string;
  title: string;
  instructions: string;
  kind?: 'work' | 'approval';
  agentId: string | null;
  capabilities?: string[];
  planId?: string;
  planKey?: string;
  priority?: number;
  runAt?: string | null;
  timeLimitSeconds: number;
  maxAttempts?: number;
  queue?: string | undefined;
  retry?: RetryPolicy | undefined;
  scheduleId?: string | null;
  expectedOutput?: string | null;
  tools?: string[];
  successCriteria?: string[];
  dependsOn: string[];
}

/** Of a task that no agent and no input gives one. */
const DEFAULT_LIMIT_SECONDS = 900;

/** Whether nothing can hold it back but time: it is queued in the statement that inserts it. */
function isFree(task: NewTask): boolean {
  return (task.kind ?? 'work') === 'work' && task.planId === undefined && task.dependsOn.length === 0;
}

/**
 * Inserts tasks and their dependencies in a few statements, and queues those that wait for nothing; answers those, as
 * lists show them. `takers`: the agents that they are given to, where they have just been read.
 */
export async function insertTasks(tx: TenantTransaction, tasks: NewTask[], takers?: Taker[]): Promise<Map<string, TaskSummary>> {
  const free = tasks.filter(isFree);
  const queued = free.length > 0 ? await insertQueued(tx, free, takers) : [];
  const held = tasks.filter((task) => !isFree(task));
  if (held.length > 0) await insertHeld(tx, held);
  for (const { runAt } of tasks) if (runAt) tx.ready(new Date(runAt));
  return new Map(queued.map((task) => [task.id, task]));
}

async function insertHeld(tx: TenantTransaction, tasks: NewTask[]): Promise<void> {
  const values = tasks.map((task) => ({
    ...task,
    kind: task.kind ?? 'work',
    capabilities: task.capabilities ?? [],
    planId: task.planId ?? null,
    planKey: task.planKey ?? null,
    priority: task.priority ?? 5,
    runAt: task.runAt ?? null,
    maxAttempts: task.maxAttempts ?? 3,
    queue: task.queue ?? DEFAULT_QUEUE,
    retry: task.retry ?? null,
    scheduleId: task.scheduleId ?? null,
    expectedOutput: task.expectedOutput ?? null,
    tools: task.tools ?? [],
    successCriteria: task.successCriteria ?? [],
  }));
  // They begin as waiting and are weighed below, by the one function that decides what may be queued.
  await sql`insert into tasks (id, title, instructions, kind, state, wait_reason, agent_id, capabilities, plan_id,
      plan_key, priority, run_at, time_limit_seconds, max_attempts, queue, retry_policy, schedule_id, expected_output, tools, success_criteria, created_by)
    select n.id, n.title, n.instructions, n.kind, 'waiting',
      case when n."planId" is null then 'dependency' else 'plan_not_started' end,
      n."agentId", array(select jsonb_array_elements_text(n.capabilities)), n."planId", n."planKey", n.priority, n."runAt",
      n."timeLimitSeconds", n."maxAttempts", n.queue, nullif(n.retry, 'null'), n."scheduleId", n."expectedOutput", n.tools, n."successCriteria", ${jsonb(tx.actor)}
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as n(id uuid, title text, instructions text, kind text,
      "agentId" uuid, capabilities jsonb, "planId" uuid, "planKey" text, priority smallint, "runAt" timestamptz,
      "timeLimitSeconds" int, "maxAttempts" int, queue text, retry jsonb, "scheduleId" uuid, "expectedOutput" text, tools jsonb, "successCriteria" jsonb)`.execute(tx.db);
  const edges = tasks.flatMap((task) => task.dependsOn.map((on) => ({ task: task.id, on })));
  if (edges.length > 0) {
    await sql`insert into task_dependencies (task_id, depends_on)
      select e.task, e."on" from jsonb_to_recordset(${JSON.stringify(edges)}::jsonb) as e(task uuid, "on" uuid)
      on conflict do nothing`.execute(tx.db);
  }
  const ids = tasks.map(({ id }) => id);
  await recordTasks(tx, ids.map((id) => ({ id, fact: 'created', from: null })));
  await settleWaiting(tx, ids);
}

/** The agent that it is given to, if any. `taker`: it was read already. */
async function checkReferences(tx: TenantTransaction, input: TaskRequest, taker?: Taker): Promise<Taker | undefined> {
  const dependsOn = [...new Set(input.dependsOn ?? [])];
  if (dependsOn.length > 0) {
    const known = await rows(tx.db, sql`select 1 from tasks where id = any(${dependsOn}::uuid[])`);
    if (known.length !== dependsOn.length) throw notFound('task that this one depends on');
  }
  if (input.agentId === undefined) return undefined;
  const [agent] = taker ? [taker] : await readTakers(tx, [input.agentId]);
  if (!agent) throw notFound('agent');
  if (agent.status === 'retired') {
    throw new AppError('conflict', `${agent.name} is retired. Give the task to another agent.`);
  }
  return agent;
}

/** A task as tests and schedules may leave it: what has a default need not be there. */
export type TaskRequest = Omit<TaskInput, 'queue'> & { queue?: string };

export interface CreateOptions {
  /** The schedule that it comes from. */
  scheduleId?: string;
  /** Those who wait for work at this node; one may be given the task as it is created. */
  claimants?: Claimants;
}

/** What is inserted for an input that was checked. `taker`: the agent that it names; `dependsOn`: held. */
export function newTask(input: TaskRequest, given: { id: string; taker: Taker | undefined; dependsOn: string[] }): NewTask {
  return {
    id: given.id,
    title: input.title,
    instructions: input.instructions,
    kind: input.kind,
    agentId: input.agentId ?? null,
    capabilities: input.capabilities ?? [],
    priority: input.priority,
    runAt: input.runAt ?? null,
    timeLimitSeconds: input.timeLimitSeconds ?? given.taker?.timeLimitSeconds ?? DEFAULT_LIMIT_SECONDS,
    maxAttempts: input.maxAttempts,
    queue: input.queue,
    retry: input.retry,
    dependsOn: given.dependsOn,
  };
}

/** Creates one task, and answers it as it was created: who waits for it may have it by the commit. */
export async function createTask(tx: TenantTransaction, input: TaskRequest, options: CreateOptions = {}): Promise<Task> {
  const { scheduleId = null, claimants } = options;
  if (input.agentId !== undefined && (input.capabilities?.length ?? 0) > 0) {
    throw new AppError('validation_failed', 'Give either agentId or capabilities, not both.', {
      details: { fields: [{ path: 'capabilities', message: 'Leave it out where agentId is given.' }] },
    });
  }
  const taken = mayStart(input) ? claimants?.take(tx.tenant.id, input.agentId) : undefined;
  const offering = taken && (await openOffer(tx, taken));
  const taker = await checkReferences(tx, input, offering?.agent && takerOf(offering.agent));
  const dependsOn = await holdDependencies(tx, input.dependsOn ?? []);
  const task: NewTask = { ...newTask(input, { id: newId(), taker, dependsOn }), scheduleId };
  const started = offering && (await claimOffered(tx, task, { offering, taken, taker: taker! }));
  if (started) return started;
  const queued = (await insertTasks(tx, [task], taker && [taker])).get(task.id);
  return queued ? toTask(newRow(tx, task, taker), queued) : readTask(tx, task.id);
}

/** Whether it could start at once: it is given to an agent, and waits for nothing. */
function mayStart(input: TaskRequest): input is TaskRequest & { agentId: string } {
  return input.agentId !== undefined && input.kind === 'work' && !input.runAt && !input.dependsOn?.length;
}
