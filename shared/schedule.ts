// Schedules: tasks that are created by the calendar, by a cron expression in a time zone.
import { z } from 'zod';
import { operation } from './operation.ts';
import { byId, id, line, nothing, page, pageInput, time } from './schema.ts';
import { taskInput, taskState } from './task.ts';

/** What a run does while the task of the run before has not ended. */
export const overlaps = ['skip', 'allow'] as const;

/** Five fields (minute to weekday), or six with seconds first; what it means is checked by the backend. */
export const cron = line(120);
/** An IANA name, such as Europe/Zurich. */
export const timeZone = line(60);

/** The task of each run: dependencies and a time of its own make no sense there. */
export const scheduledTask = taskInput.omit({ dependsOn: true, runAt: true });

export const scheduleInput = z.object({
  name: line(120),
  cron,
  timeZone: timeZone.default('UTC'),
  overlap: z.enum(overlaps).default('skip'),
  enabled: z.boolean().default(true),
  task: scheduledTask,
});

export const schedule = z.object({
  id,
  version: z.number().int(),
  name: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  overlap: z.enum(overlaps),
  enabled: z.boolean(),
  task: z.record(z.string(), z.unknown()),
  taskTitle: z.string(),
  agentId: id.nullable(),
  agentName: z.string().nullable(),
  /** Null: disabled, or it never comes again. */
  nextAt: time.nullable(),
  lastAt: time.nullable(),
  lastTaskId: id.nullable(),
  /** How the task of the last run stands. */
  lastState: taskState.nullable(),
  /** Why the last run made no task. */
  lastProblem: z.string().nullable(),
  createdAt: time,
});
export type Schedule = z.infer<typeof schedule>;

const read = { permission: 'tasks:read', scope: 'tasks:read' } as const;
const write = { kind: 'mutation', permission: 'tasks:operate', scope: 'tasks:write' } as const;

export const scheduleOperations = {
  list: operation({
    kind: 'query',
    summary: 'Schedules, by name.',
    input: pageInput,
    output: page(schedule),
    ...read,
    rest: { method: 'GET', path: '/api/schedules', status: 200 },
  }),
  preview: operation({
    kind: 'query',
    summary: 'The next times of a cron expression.',
    input: z.object({ cron, timeZone: timeZone.default('UTC') }),
    output: z.object({ times: z.array(time) }),
    ...read,
    rest: { method: 'GET', path: '/api/schedules/preview', status: 200 },
  }),
  create: operation({
    summary: 'Create a schedule.',
    input: scheduleInput,
    output: schedule,
    ...write,
    rest: { method: 'POST', path: '/api/schedules', status: 201 },
  }),
  update: operation({
    summary: 'Change a schedule; a stale version is refused.',
    input: z.object({
      id,
      name: line(120).optional(),
      cron: cron.optional(),
      timeZone: timeZone.optional(),
      overlap: z.enum(overlaps).optional(),
      enabled: z.boolean().optional(),
      task: scheduledTask.optional(),
      version: z.number().int().optional(),
    }),
    output: schedule,
    ...write,
    rest: { method: 'PATCH', path: '/api/schedules/:id', status: 200 },
  }),
  run: operation({
    summary: 'Create the task of a schedule now, beside its times.',
    input: byId,
    output: schedule,
    ...write,
    rest: { method: 'POST', path: '/api/schedules/:id/run', status: 200 },
  }),
  remove: operation({
    summary: 'Delete a schedule; the tasks that it made stay.',
    input: byId,
    output: nothing,
    ...write,
    rest: { method: 'DELETE', path: '/api/schedules/:id', status: 204 },
  }),
};
