// The form of a schedule, new or edited, and what it sends. Pure.
import type { z } from 'zod';
import { cron, scheduledTask, scheduleInput, type Schedule, type scheduleOperations } from '../../shared/schedule.ts';
import { wordsOf } from '../components/form.ts';
import { emptyTask, renamedTaskFields, taskFields, taskFormOf, taskRules, toTaskInput, type TaskForm } from '../tasks/index.ts';

export interface ScheduleForm extends TaskForm {
  name: string;
  cron: string;
  timeZone: string;
  overlap: Schedule['overlap'];
}

/** What people ask for most; the words are the expression's own. */
export const usual = ['*/15 * * * *', '0 * * * *', '0 3 * * *', '0 8 * * 1-5', '0 9 * * 1', '0 6 1 * *'];

export function emptySchedule(timeZone: string): ScheduleForm {
  return { ...emptyTask, name: '', cron: '0 3 * * *', timeZone, overlap: 'skip' };
}

export function scheduleFormOf(schedule: Schedule): ScheduleForm {
  const task = scheduledTask.safeParse(schedule.task).data;
  const { name, timeZone, overlap } = schedule;
  return { ...(task ? taskFormOf(task) : { ...emptyTask, title: schedule.taskTitle }), name, cron: schedule.cron, timeZone, overlap };
}

export const scheduleRules = {
  ...taskRules,
  name: wordsOf(scheduleInput.shape.name),
  cron: wordsOf(cron),
  timeZone: wordsOf(scheduleInput.shape.timeZone),
};

export function toScheduleInput(form: ScheduleForm): z.input<typeof scheduleInput> {
  const { runAt: _runAt, ...task } = toTaskInput(form);
  const { name, timeZone, overlap } = form;
  return { name, cron: form.cron.trim(), timeZone, overlap, task };
}

/** With the version that the form began from: somebody else's change is not overwritten. */
export function toSchedulePatch(form: ScheduleForm, { id, version }: Schedule): z.input<(typeof scheduleOperations)['update']['input']> {
  return { ...toScheduleInput(form), id, version };
}

/** The fields under the backend's names; a task's own stand under `task.`. */
export const scheduleFields = ['name', 'cron', 'timeZone', 'overlap', ...taskFields.map((field) => `task.${field}`)];

/** The backend's names as the form has them. */
export function renamedScheduleFields(errors: Record<string, string>): Record<string, string> {
  return renamedTaskFields(Object.fromEntries(Object.entries(errors).map(([field, message]) => [field.replace(/^task\./, ''), message])));
}
