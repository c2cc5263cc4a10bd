// Schedules that stories show, and when they would come.
import type { Schedule } from '../../shared/schedule.ts';
import { agents, secondsAgo, secondsAhead, tasks, uuid } from './fixtures.ts';

const agent = agents[2];
const last = tasks.find(({ state }) => state === 'succeeded');
const failed = tasks.find(({ state }) => state === 'failed');

const common = {
  version: 4,
  overlap: 'skip',
  enabled: true,
  agentId: agent?.id ?? null,
  agentName: agent?.name ?? null,
  lastProblem: null,
  createdAt: secondsAgo(6 * 86_400),
} as const;
const task = (title: string, queue = 'default'): Schedule['task'] => ({
  title, agentId: agent?.id, queue, priority: 6,
  instructions: 'Read what the **field robots** sent since the last run.\n\n- Group by joint.\n- Say what is new.',
});

export const schedules: Schedule[] = [
  { ...common, id: uuid('8', 1, 500_000), name: 'Field telemetry', cron: '*/15 6-20 * * 1-5', timeZone: 'Europe/Zurich', task: task('Read the telemetry of the last quarter of an hour'), taskTitle: 'Read the telemetry of the last quarter of an hour', nextAt: secondsAhead(170), lastAt: secondsAgo(730), lastTaskId: last?.id ?? null, lastState: 'succeeded' },
  { ...common, id: uuid('8', 2, 400_000), name: 'Monthly recall review', cron: '0 6 1 * *', timeZone: 'UTC', task: task('Go through what was recalled'), taskTitle: 'Go through what was recalled', nextAt: secondsAhead(900_000), lastAt: null, lastTaskId: null, lastState: null },
  { ...common, id: uuid('8', 3, 300_000), name: 'Nightly reading of the logs', cron: '0 3 * * *', timeZone: 'Europe/Zurich', task: task('Read the night’s logs', 'nightly'), taskTitle: 'Read the night’s logs', nextAt: secondsAhead(29_870), lastAt: secondsAgo(53_000), lastTaskId: failed?.id ?? null, lastState: 'failed' },
  { ...common, id: uuid('8', 4, 200_000), name: 'Old price check', cron: '0 9 * * 1', timeZone: 'America/New_York', enabled: false, task: task('Compare prices of hall sensors'), taskTitle: 'Compare prices of hall sensors', nextAt: null, lastAt: secondsAgo(400_000), lastTaskId: last?.id ?? null, lastState: 'succeeded' },
  { ...common, id: uuid('8', 5, 100_000), name: 'Weekly supplier report', cron: '0 8 * * 1', timeZone: 'Europe/Zurich', task: task('Write the supplier report'), taskTitle: 'Write the supplier report', nextAt: secondsAhead(220_000), lastAt: secondsAgo(380_000), lastTaskId: null, lastState: null, lastProblem: 'supply-analyst is retired. Give the task to another agent.' },
];

/** Five nights at three o'clock in Zurich. */
/** Three in the morning of the zone. */
export function previewTimes(timeZone: unknown) {
  const first = timeZone === 'UTC' ? 33_470 : 29_870;
  return { times: [0, 1, 2, 3, 4].map((days) => secondsAhead(days * 86_400 + first)) };
}
