// What the rounds of kills are judged to have shown.
import { expect, it } from 'vitest';
import { crashVerdict, type CrashReport } from './crash.ts';

const held: CrashReport = {
  nodes: 1, kills: 3, killsWhileRunning: 3, tasks: 10, succeeded: 10, retried: 2, completedTwice: 0, lost: 0, unfinished: 0,
  gaveUp: null, attempts: 14, executions: 10, auditEntries: 60,
};

it.each<[string, Partial<CrashReport>, ReturnType<typeof crashVerdict>]>([
  ['all that was there succeeded once', {}, 'held'],
  ['a task is gone', { succeeded: 9, lost: 1 }, 'BROKEN'],
  ['a task was completed twice', { succeeded: 9, completedTwice: 1, lost: 1 }, 'BROKEN'],
  ['an execution was counted twice', { executions: 11 }, 'BROKEN'],
  ['an execution was not counted', { executions: 9 }, 'BROKEN'],
  ['the rest was given up while it was being tried', { succeeded: 4, unfinished: 6, executions: 7, gaveUp: 'busy' }, 'not finished'],
  ['the rest was given up, and one of it is gone', { succeeded: 4, unfinished: 5, lost: 1, executions: 7, gaveUp: 'busy' }, 'BROKEN'],
  ['a kill hit when all was done', { killsWhileRunning: 2 }, 'killed too late'],
])('%s', (_, found, verdict) => {
  expect(crashVerdict({ ...held, ...found })).toBe(verdict);
});
