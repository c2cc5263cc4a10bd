// Schedules: the handlers of its operations, and the calendar that the engine keeps.
import { AppError } from '../../shared/errors.ts';
import type { scheduleOperations } from '../../shared/schedule.ts';
import { inTenant, type HandlersOf } from '../platform/doors/handlers.ts';
import { isUniqueViolation, jsonb, row, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decodeCursor, toPage } from '../platform/page.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { readAgent } from '../agents/index.ts';
import { nextTime, nextTimes } from './cron.ts';
import { findSchedules, lockSchedule, readSchedule, toSchedule, type ScheduleRow } from './rows.ts';
import { runSchedule } from './runs.ts';

export { scheduleCalendar } from './runs.ts';

const SHOWN_TIMES = 5;

async function named<Result>(name: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `There is already a schedule "${name}". Choose another name.`, {
      details: { fields: [{ path: 'name', message: 'Choose a name that no other schedule has.' }] },
    });
  }
}

async function checkTask(tx: TenantTransaction, task: { agentId?: string | undefined; capabilities?: string[] | undefined }) {
  if (task.agentId === undefined) return;
  if ((task.capabilities?.length ?? 0) > 0) {
    throw new AppError('validation_failed', 'task.capabilities: give either agentId or capabilities, not both.', {
      details: { fields: [{ path: 'task.capabilities', message: 'Leave it out where agentId is given.' }] },
    });
  }
  const agent = await readAgent(tx, task.agentId);
  if (agent.status === 'retired') {
    throw new AppError('conflict', `${agent.name} is retired. Give the task to another agent.`);
  }
}

function announce(tx: TenantTransaction, fact: string, change: { id: string; version: number; before?: object; after?: object }) {
  const { id, version, before = null, after = null } = change;
  tx.record({
    event: { type: `schedule.${fact}`, entity: 'schedule', id, version, data: null },
    audit: { action: `schedules.${fact}`, entity: 'schedule', id, before, after },
  });
}

const auditable = ({ name, cron, time_zone: timeZone, overlap, enabled, task }: ScheduleRow): object => ({
  name,
  cron,
  timeZone,
  overlap,
  enabled,
  title: task.title,
});

export const scheduleHandlers: HandlersOf<typeof scheduleOperations> = {
  list: inTenant(async (tx, { limit, cursor }) => {
    const after = decodeCursor(cursor, ['text', 'uuid']);
    const seen = after ? sql`(lower(s.name), s.id) > (${after[0]}, ${String(after[1])}::uuid)` : sql`true`;
    const found = await findSchedules(tx, sql`${seen} order by lower(s.name), s.id limit ${limit + 1}`);
    return toPage(found, limit, { item: toSchedule, key: ({ name, id }) => [name.toLowerCase(), id] });
  }),
  preview: inTenant(async (tx, input) => ({
    times: nextTimes(input, tx.now, SHOWN_TIMES).map((time) => time.toISOString()),
  })),
  create: inTenant(async (tx, input) => {
    const next = nextTime(input, tx.now);
    await checkTask(tx, input.task);
    const id = newId();
    await named(
      input.name,
      sql`insert into schedules (id, name, cron, time_zone, task, overlap, enabled, next_at, created_by)
        values (${id}, ${input.name}, ${input.cron}, ${input.timeZone}, ${jsonb(input.task)}, ${input.overlap}, ${input.enabled},
          ${input.enabled ? next : null}, ${jsonb(tx.actor)})`.execute(tx.db),
    );
    const created = await lockSchedule(tx, id);
    announce(tx, 'created', { id, version: created.version, after: auditable(created) });
    if (created.next_at) tx.ready(created.next_at);
    return toSchedule(created);
  }),
  update: inTenant(async (tx, { id, version, ...change }) => {
    const before = await lockSchedule(tx, id);
    if (version !== undefined && version !== before.version) {
      throw new AppError('version_conflict', 'Somebody changed this schedule meanwhile. Load it again and decide.', {
        details: { version: before.version },
      });
    }
    const rhythm = { cron: change.cron ?? before.cron, timeZone: change.timeZone ?? before.time_zone };
    const enabled = change.enabled ?? before.enabled;
    const next = enabled ? nextTime(rhythm, tx.now) : null;
    if (change.task) await checkTask(tx, change.task);
    const name = change.name ?? before.name;
    await named(
      name,
      sql`update schedules set version = version + 1, name = ${name}, cron = ${rhythm.cron}, time_zone = ${rhythm.timeZone},
        overlap = ${change.overlap ?? before.overlap}, enabled = ${enabled}, next_at = ${next},
        task = ${jsonb(change.task ?? before.task)} where id = ${id}`.execute(tx.db),
    );
    const after = await lockSchedule(tx, id);
    announce(tx, 'updated', { id, version: after.version, before: auditable(before), after: auditable(after) });
    if (next) tx.ready(next);
    return toSchedule(after);
  }),
  run: inTenant(async (tx, { id }) => {
    const found = await lockSchedule(tx, id);
    await runSchedule(tx, found, { next: found.next_at, always: true });
    const after = await readSchedule(tx, id);
    if (after.lastProblem !== null) throw new AppError('conflict', after.lastProblem);
    return after;
  }),
  remove: inTenant(async (tx, { id }) => {
    const before = await lockSchedule(tx, id);
    await row(tx.db, sql`delete from schedules where id = ${id} returning id`);
    announce(tx, 'deleted', { id, version: before.version + 1, before: auditable(before) });
    return null;
  }),
};
