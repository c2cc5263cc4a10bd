// The handlers of what people do and see of tasks.
import { taskStates, type TaskDetails, type TaskState, type taskOperations } from '../../shared/task.ts';
import type { Actor } from '../../shared/actor.ts';
import { findFindings } from '../findings/index.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { rows, sql, type Statement } from '../platform/database.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { setHeld } from './act-on-many.ts';
import { approveTask, cancelTask, retryTask } from './commands.ts';
import { readChain } from './chain.ts';
import { conditionOf } from './filter.ts';
import { readErrorGroups } from './error-groups.ts';
import { findTasks, readAttempts, readTask, toSummary } from './rows.ts';
import { readWhy } from './why-facts.ts';

interface AuditRow {
  seq: number;
  at: Date;
  action: string;
  actor: Actor;
  after: Record<string, unknown> | null;
}

// What the timeline says of each fact; what is not here is said by its name.
const sentences: Record<string, string> = {
  created: 'Created',
  queued: 'Queued: nothing holds it back',
  claimed: 'Started',
  warned: 'Near its time limit; the agent was told',
  succeeded: 'Succeeded',
  attempt_failed: 'The attempt failed; it will be tried again',
  failed: 'Failed: no attempts left',
  lease_expired: 'The agent was not heard within its lease',
  handed_off: 'Handed off to a successor',
  cancelled: 'Cancelled',
  retried: 'Retried by a person',
  hastened: 'To be taken now: a person did not wait for its time',
  released: 'Put back without spending an attempt',
  revoked: 'Told to stop: a budget is used up',
  stopped_by_budget: 'Stopped by a budget, and queued again',
  held: 'Held by a person',
  resumed: 'Resumed',
  reassigned: 'Given to another agent',
  reprioritised: 'Priority changed',
  deleted: 'Deleted',
  restored: 'Brought back',
  limits_moved: 'Its lease and its limit were moved: the computer slept, or its clock was set',
  approved: 'Approved',
};

function sentenceOf(found: AuditRow): string {
  const fact = found.action.replace('tasks.', '');
  const error = found.after?.['error'] as { message?: string } | undefined;
  const agent = fact === 'claimed' && typeof found.after?.['agentName'] === 'string' ? ` by ${found.after['agentName']}` : '';
  return `${sentences[fact] ?? fact.replaceAll('_', ' ')}${agent}${error?.message ? `: ${error.message.slice(0, 300)}` : ''}`;
}

async function readDetails(tx: TenantTransaction, id: string): Promise<TaskDetails> {
  const task = await readTask(tx, id);
  const timeline = await rows(tx.db, sql<AuditRow>`
    select seq, at, action, actor, after from audit where entity = 'task' and entity_id = ${id} order by seq desc limit 200`);
  const neighbours = (edge: Statement) => findTasks(tx, sql`t.id in (${edge}) order by t.id limit 200`);
  const dependencies = await neighbours(sql`select d.depends_on from task_dependencies d where d.task_id = ${id}`);
  const dependents = await neighbours(sql`select d.task_id from task_dependencies d where d.depends_on = ${id}`);
  return {
    task,
    attempts: await readAttempts(tx, id),
    findings: await findFindings(tx, sql`f.task_id = ${id} order by f.id desc limit 200`),
    timeline: timeline.map((found) => ({
      seq: Number(found.seq),
      at: found.at.toISOString(),
      type: found.action,
      actor: found.actor,
      message: sentenceOf(found),
    })),
    dependencies: dependencies.map(toSummary),
    dependents: dependents.map(toSummary),
  };
}

/** Those of tasks that are there; creation-handlers.ts has the rest. */
export const taskHandlers: Omit<HandlersOf<typeof taskOperations>, 'create' | 'createMany'> = {
  list: inTenant(async (tx, { limit, cursor, ...filter }) => {
    const after = decodeCursor(cursor, ['uuid']);
    const seen = after ? sql`t.id < ${String(after[0])}::uuid` : sql`true`;
    const found = await findTasks(tx, sql`${conditionOf(filter)} and ${seen} order by t.id desc limit ${limit + 1}`);
    return toPage(found, limit, { item: toSummary, key: (task) => [task.id] });
  }),
  count: inTenant(async (tx, filter) => {
    const found = await rows(tx.db, sql<{ state: TaskState; count: number }>`
      select t.state, count(*)::int as count from tasks t where ${conditionOf(filter)} group by t.state`);
    const counts = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>;
    for (const { state, count } of found) counts[state] = count;
    return counts;
  }),
  get: inTenant((tx, { id }) => readTask(tx, id)),
  details: inTenant((tx, { id }) => readDetails(tx, id)),
  chain: inTenant((tx, { id }) => readChain(tx, id)),
  errorGroups: inTenant(async (tx, filter) => ({
    items: await readErrorGroups(tx, { where: conditionOf(filter), limit: 200, ids: 20 }),
    nextCursor: null,
  })),
  why: inTenant((tx, { id }) => readWhy(tx, id)),
  cancel: inTenant(cancelTask),
  retry: inTenant((tx, { id }) => retryTask(tx, id)),
  setPaused: inTenant(async (tx, { id, paused }) => {
    await setHeld(tx, id, paused);
    return readTask(tx, id);
  }),
  approve: inTenant(approveTask),
};
