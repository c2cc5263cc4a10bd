// Schedules: cron in a time zone over changes of the clock, runs that overlap, are missed or cannot be made.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { scheduleOperations, type scheduleInput, type Schedule } from '../../shared/schedule.ts';
import { row, rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { createAgents } from '../agents/index.ts';
import { taskInput, taskOperations } from '../../shared/task.ts';
import { createTask, taskHandlers, taskSettlers } from '../tasks/index.ts';
import { nextTime, nextTimes } from './cron.ts';
import { scheduleCalendar, scheduleHandlers } from './index.ts';

describe('a cron expression', () => {
  it('follows the clocks of its time zone', () => {
    const rhythm = { cron: '30 2 * * *', timeZone: 'Europe/Zurich' };
    // The clocks go from 2 to 3 on 29 March 2026, and from 3 back to 2 on 25 October.
    const spring = nextTimes(rhythm, new Date('2026-03-27T12:00:00Z'), 3).map((time) => time.toISOString());
    expect(spring[0]).toBe('2026-03-28T01:30:00.000Z');
    expect(spring[2]).toBe('2026-03-30T00:30:00.000Z');
    const autumn = nextTimes(rhythm, new Date('2026-10-24T12:00:00Z'), 2).map((time) => time.toISOString());
    expect(new Set(autumn.map((time) => time.slice(0, 10))).size).toBe(2);
    expect(nextTime({ cron: '0 0 30 2 *', timeZone: 'UTC' }, new Date())).toBeNull();
  });

  it('that is none names the field and the fix', () => {
    const field = (given: { cron?: string; timeZone?: string }) => {
      try {
        nextTime({ cron: '0 3 * * *', timeZone: 'UTC', ...given }, new Date());
      } catch (error) {
        return (error as { details: { fields: { path: string }[] } }).details.fields[0]?.path;
      }
      return undefined;
    };
    expect(field({ cron: 'every day' })).toBe('cron');
    expect(field({ cron: '61 * * * *' })).toBe('cron');
    expect(field({ timeZone: 'Mars/Olympus' })).toBe('timeZone');
    expect(field({})).toBeUndefined();
  });
});

let database: TestDatabase;
let workspace: HandlerWorkspace;
let agent: string;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());
beforeEach(async () => {
  workspace = await makeHandlerWorkspace(database, { settlers: taskSettlers });
  const [made] = await workspace.run((tx) =>
    createAgents(tx, [{ name: 'worker', kind: 'external', concurrency: 1, timeLimitSeconds: 900 }]),
  );
  agent = made!.id;
});

const call: HandlerWorkspace['call'] = (...given) => workspace.call(...given);
const create = (over: Partial<z.input<typeof scheduleInput>> = {}): Promise<Schedule> =>
  call(scheduleOperations.create, scheduleHandlers.create, {
    name: 'Nightly',
    cron: '0 3 * * *',
    task: { title: 'Read the night’s logs', agentId: agent, priority: 7, queue: 'nightly' },
    ...over,
  });
const read = async (): Promise<Schedule> => (await call(scheduleOperations.list, scheduleHandlers.list, {})).items[0]!;
const due = () => workspace.run(({ db }) => sql`update schedules set next_at = now() - interval '3 days'`.execute(db));
const run = () => workspace.run(scheduleCalendar.run);
const tasks = () =>
  workspace.run(({ db }) => rows(db, sql<{ id: string; state: string; queue: string; priority: number }>`select * from tasks order by id`));

describe('a schedule', () => {
  it('creates its task when it is due; what was missed comes once', async () => {
    const created = await create();
    expect(created).toMatchObject({ enabled: true, lastAt: null, taskTitle: 'Read the night’s logs', agentName: 'worker' });
    await run();
    expect(await tasks()).toEqual([]);
    await due();
    await run();
    await run();
    const [task, ...more] = await tasks();
    expect(more).toEqual([]);
    expect(task).toMatchObject({ state: 'queued', queue: 'nightly', priority: 7 });
    const after = await read();
    expect(after).toMatchObject({ lastTaskId: task!.id, lastState: 'queued', lastProblem: null, version: created.version + 1 });
    expect(Date.parse(after.nextAt!)).toBeGreaterThan(Date.now());
    await workspace.run((tx) => createTask(tx, taskInput.parse({ title: 'Of no schedule' })));
    const ofIt = await call(taskOperations.list, taskHandlers.list, { scheduleId: created.id });
    expect(ofIt.items.map(({ id }) => id)).toEqual([task!.id]);
    const next = await workspace.run(scheduleCalendar.next);
    expect(next?.toISOString()).toBe(after.nextAt);
  });

  it('leaves a run out while the one before has not ended, unless it may overlap', async () => {
    await create();
    await due();
    await run();
    await due();
    await run();
    expect(await tasks()).toHaveLength(1);
    expect((await read()).lastProblem).toContain('has not ended');
    await call(scheduleOperations.update, scheduleHandlers.update, { id: (await read()).id, overlap: 'allow' });
    await due();
    await run();
    expect(await tasks()).toHaveLength(2);
    expect((await read()).lastProblem).toBeNull();
  });

  it('whose task cannot be made says why, and harms no other', async () => {
    await create();
    await create({ name: 'Another', task: { title: 'For anybody' } });
    await workspace.run(({ db }) => sql`update agents set status = 'retired' where id = ${agent}`.execute(db));
    await due();
    await run();
    expect(await tasks()).toHaveLength(1);
    const { items } = await call(scheduleOperations.list, scheduleHandlers.list, {});
    expect(items.map(({ name, lastProblem }) => [name, lastProblem])).toEqual([
      ['Another', null],
      ['Nightly', expect.stringContaining('retired')],
    ]);
  });

  it('is run now on request, changed, disabled and deleted; its tasks stay', async () => {
    const { id, version, nextAt } = await create();
    const ran = await call(scheduleOperations.run, scheduleHandlers.run, { id });
    expect(ran).toMatchObject({ nextAt, lastTaskId: expect.any(String) });
    await expect(call(scheduleOperations.update, scheduleHandlers.update, { id, enabled: false, version })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    const off = await call(scheduleOperations.update, scheduleHandlers.update, { id, enabled: false, version: ran.version });
    expect(off).toMatchObject({ enabled: false, nextAt: null });
    expect(await workspace.run(scheduleCalendar.next)).toBeNull();
    await expect(create()).rejects.toMatchObject({ code: 'conflict' });
    await call(scheduleOperations.remove, scheduleHandlers.remove, { id });
    expect(await tasks()).toHaveLength(1);
    const audited = await workspace.run(({ db }) =>
      row(db, sql<{ actions: string }>`select string_agg(action, ' ' order by seq) as actions from audit where entity = 'schedule'`),
    );
    expect(audited?.actions).toBe('schedules.created schedules.ran schedules.updated schedules.deleted');
  });
});
