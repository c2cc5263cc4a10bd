// Cron in words, and the form of a schedule.
import { expect, test } from 'vitest';
import { schedules } from '../stories/scheduleFixtures.ts';
import type { Schedule } from '../../shared/schedule.ts';
import { cronWords, formatRun, timeZones } from './cronWords.ts';
import { scheduleFormOf, toScheduleInput, toSchedulePatch } from './scheduleForm.ts';

test('a cron expression in words; what is none has no words', () => {
  expect(cronWords('0 3 * * *')).toBe('At 03:00');
  expect(cronWords('*/15 8-18 * * 1-5')).toBe('Every 15 minutes, between 08:00 and 18:59, Monday through Friday');
  // Either day will do, as the backend's calendar has it.
  expect(cronWords('30 9 1 * 1')).toBe('At 09:30, on day 1 of the month, or on Monday');
  expect(cronWords('every day')).toBeNull();
  expect(cronWords('')).toBeNull();
});

test('times are those of the zone asked for; the year only where it is another', () => {
  const now = Date.parse('2026-11-20T17:42:10Z');
  expect(formatRun('2026-11-21T02:00:00Z', now, 'Europe/Zurich')).toBe('Sat 21 Nov, 03:00');
  expect(formatRun('2027-01-01T06:00:00Z', now, 'UTC')).toContain('2027');
  expect(timeZones()).toContain('UTC');
  expect(new Set(timeZones()).size).toBe(timeZones().length);
});

test('what is read into the form and sent again is the same', () => {
  const [first] = schedules as [Schedule];
  const task = { ...first.task, capabilities: [], queue: 'nightly', timeLimitSeconds: 600, retry: { initialSeconds: 10, factor: 3, maxSeconds: 300, nonRetryable: ['invalid_input'] } };
  const { task: sent, ...rest } = toScheduleInput(scheduleFormOf({ ...first, task }));
  expect(rest).toEqual({ name: first.name, cron: first.cron, timeZone: first.timeZone, overlap: 'skip' });
  expect(sent).toMatchObject({
    title: first.taskTitle,
    agentId: first.agentId,
    priority: 6,
    queue: 'nightly',
    timeLimitSeconds: 600,
    retry: { initialSeconds: 10, factor: 3, nonRetryable: ['invalid_input'] },
  });
  expect('runAt' in sent).toBe(false);
  expect(toSchedulePatch(scheduleFormOf(first), first)).toMatchObject({ id: first.id, version: first.version });
});
