// Schedules' rows and the shape that lists and answers show.
import { notFound } from '../../shared/errors.ts';
import type { Schedule } from '../../shared/schedule.ts';
import type { TaskState } from '../../shared/task.ts';
import { row, rows, sql, type Statement } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';

export interface ScheduleRow {
  id: string;
  version: number;
  name: string;
  cron: string;
  time_zone: string;
  overlap: 'skip' | 'allow';
  enabled: boolean;
  task: { title: string; agentId?: string } & Record<string, unknown>;
  agent_name: string | null;
  next_at: Date | null;
  last_at: Date | null;
  last_task_id: string | null;
  last_state: TaskState | null;
  last_problem: string | null;
  created_at: Date;
}

const select = sql`select s.*, a.name as agent_name, t.state as last_state from schedules s
  left join agents a on a.id = (s.task->>'agentId')::uuid left join tasks t on t.id = s.last_task_id`;

export function toSchedule(found: ScheduleRow): Schedule {
  return {
    id: found.id,
    version: found.version,
    name: found.name,
    cron: found.cron,
    timeZone: found.time_zone,
    overlap: found.overlap,
    enabled: found.enabled,
    task: found.task,
    taskTitle: found.task.title,
    agentId: found.task.agentId ?? null,
    agentName: found.agent_name,
    nextAt: found.next_at?.toISOString() ?? null,
    lastAt: found.last_at?.toISOString() ?? null,
    lastTaskId: found.last_task_id,
    lastState: found.last_state,
    lastProblem: found.last_problem,
    createdAt: found.created_at.toISOString(),
  };
}

export function findSchedules(tx: TenantTransaction, where: Statement): Promise<ScheduleRow[]> {
  return rows(tx.db, sql<ScheduleRow>`${select} where ${where}`);
}

export async function readSchedule(tx: TenantTransaction, id: string): Promise<Schedule> {
  const [found] = await findSchedules(tx, sql`s.id = ${id}`);
  if (!found) throw notFound('schedule');
  return toSchedule(found);
}

/** The schedule's row, held until the transaction ends. */
export async function lockSchedule(tx: TenantTransaction, id: string): Promise<ScheduleRow> {
  const held = await row(tx.db, sql`select 1 from schedules where id = ${id} for update`);
  const [found] = held ? await findSchedules(tx, sql`s.id = ${id}`) : [];
  if (!found) throw notFound('schedule');
  return found;
}
