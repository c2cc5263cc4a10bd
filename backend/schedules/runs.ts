// The runs of schedules: what is due creates its task; what was missed while nothing ran comes once, not many times.
import { AppError } from '../../shared/errors.ts';
import { scheduledTask } from '../../shared/schedule.ts';
import { row, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { createTask } from '../tasks/index.ts';
import { nextTime } from './cron.ts';
import { findSchedules, readSchedule, type ScheduleRow } from './rows.ts';

const BATCH = 100;

/** Whether the task of the run before, or the last of its chain of handoffs, has not ended. */
async function isBusy(tx: TenantTransaction, found: ScheduleRow): Promise<boolean> {
  const open = await row(tx.db, sql`
    select 1 from tasks where schedule_id = ${found.id} and state in ('waiting', 'queued', 'running') limit 1`);
  return open !== undefined;
}

/** Creates the task of one run and notes it; a task that cannot be made is the schedule's problem, not the sweep's. */
export async function runSchedule(
  tx: TenantTransaction,
  found: ScheduleRow,
  options: { next: Date | null; always: boolean },
): Promise<void> {
  const skipped = !options.always && found.overlap === 'skip' && (await isBusy(tx, found));
  const made = skipped ? { problem: 'The task of the run before has not ended.' } : await make(tx, found);
  const taskId = 'taskId' in made ? made.taskId : found.last_task_id;
  const problem = 'problem' in made ? made.problem : null;
  await sql`update schedules set version = version + 1, next_at = ${options.next}, last_at = now(),
    last_task_id = ${taskId}, last_problem = ${problem} where id = ${found.id}`.execute(tx.db);
  const after = await readSchedule(tx, found.id);
  const fact = problem === null ? 'ran' : 'skipped';
  tx.record({
    event: { type: `schedule.${fact}`, entity: 'schedule', id: found.id, version: after.version, data: null },
    audit: { action: `schedules.${fact}`, entity: 'schedule', id: found.id, after: { taskId: problem === null ? taskId : null, problem } },
  });
}

async function make(tx: TenantTransaction, found: ScheduleRow): Promise<{ taskId: string } | { problem: string }> {
  const read = scheduledTask.safeParse(found.task);
  if (!read.success) return { problem: 'The task of this schedule is not one that this version creates. Edit it.' };
  try {
    const task = await createTask(tx, read.data, { scheduleId: found.id });
    return { taskId: task.id };
  } catch (error) {
    // Such as an agent that was retired: refused before anything was written.
    if (error instanceof AppError) return { problem: error.message };
    throw error;
  }
}

/** The engine's calendar of schedules. */
export const scheduleCalendar = {
  async run(tx: TenantTransaction): Promise<void> {
    await sql`select 1 from schedules where enabled and next_at <= now() order by id limit ${BATCH} for update`.execute(tx.db);
    const due = await findSchedules(tx, sql`s.enabled and s.next_at <= now() order by s.id limit ${BATCH}`);
    for (const found of due) {
      const next = nextTime({ cron: found.cron, timeZone: found.time_zone }, tx.now);
      await runSchedule(tx, found, { next, always: false });
    }
  },
  async next(tx: TenantTransaction): Promise<Date | null> {
    const found = await row(tx.db, sql<{ at: Date | null }>`select min(next_at) as at from schedules where enabled`);
    return found?.at ?? null;
  },
};
