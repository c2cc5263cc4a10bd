// How a change of tasks is told: an event with the row as lists show it, and an audit entry of what changed.
import type { TaskSummary } from '../../shared/task.ts';
import { sql } from '../platform/database.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { findTasks, toSummary, type TaskRow } from './rows.ts';

export interface TaskChange {
  id: string;
  /** A fact in the past tense: `claimed`, `succeeded`. */
  fact: string;
  /** State before, for the audit; absent: nothing is audited (progress). */
  from?: string | null;
  /** What else the audit entry keeps. */
  note?: object;
  /** Who did it and from where, when that is not the transaction's caller. */
  caller?: Caller;
}

/** Reads the changed rows once, unless they were just read, and records event and audit for each, in the order given. */
export async function recordTasks(tx: TenantTransaction, changes: TaskChange[], read?: TaskRow[]): Promise<Map<string, TaskSummary>> {
  const shown = new Map<string, TaskSummary>();
  if (changes.length === 0) return shown;
  const ids = [...new Set(changes.map((change) => change.id))];
  for (const found of read ?? (await findTasks(tx, sql`t.id = any(${ids}::uuid[])`))) shown.set(found.id, toSummary(found));
  for (const { id, fact, from, note, caller } of changes) {
    const task = shown.get(id);
    if (!task) throw new Error(`A change was recorded of a task that is not there: ${id}`);
    const event = { type: `task.${fact}`, entity: 'task' as const, id, version: task.version, data: task };
    const audit = {
      action: `tasks.${fact}`,
      entity: 'task',
      id,
      before: from == null ? null : { state: from },
      after: { state: task.state, attempt: task.attempt, agentName: task.agentName, ...note },
      ...caller,
    };
    tx.record(from === undefined ? { event } : { event, audit });
    if (task.planId && from !== undefined) tx.settleLater('plan', task.planId);
  }
  return shown;
}
