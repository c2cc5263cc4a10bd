// Error groups, queues and chains of handoffs that stories show.
import type { Queue } from '../../shared/queue.ts';
import type { ErrorGroup, TaskChain, TaskSummary } from '../../shared/task.ts';
import { makeDetails, secondsAgo, tasks, uuid } from './fixtures.ts';

const errors: [code: string, title: string, count: number, agents: number][] = [
  ['provider_error', 'The provider answered … three times. retry-after: …', 41_207, 6],
  ['agent_error', 'ENOSPC: no space left on device, write', 18_530, 2],
  ['lease_expired', 'The agent was not heard within its lease.', 9_114, 11],
  ['handoff_limit', 'Not done after … handoffs. Split the task, or raise its time limit.', 612, 3],
  ['agent_error', 'joint model …: torque limit of the wrist is … Nm, the safety case says … Nm', 88, 1],
];
export const errorGroups: ErrorGroup[] = errors.map(([code, title, count, agents], index) => ({
  fingerprint: index === 0 ? '5e543256c480ac577d30f76f9120eb74' : String(index).repeat(32),
  code,
  title,
  count,
  agents,
  firstAt: secondsAgo(90_000 - index * 9_000),
  lastAt: secondsAgo(40 + index * 700),
  taskIds: tasks.filter((task) => task.errorGroup !== null).slice(0, 20).map(({ id }) => id),
}));

export const queues: Queue[] = [
  { name: 'default', version: 0, paused: false, pausedAt: null, pausedBy: null, maxRunning: null, waiting: 9, queued: 31, running: 5, oldestQueuedAt: secondsAgo(70) },
  { name: 'exports', version: 2, paused: true, pausedAt: secondsAgo(140), pausedBy: 'Mara Keller', maxRunning: null, waiting: 2, queued: 12, running: 3, oldestQueuedAt: secondsAgo(900) },
  { name: 'firmware', version: 1, paused: false, pausedAt: null, pausedBy: null, maxRunning: 4, waiting: 1, queued: 18, running: 4, oldestQueuedAt: secondsAgo(1_300) },
  { name: 'nightly', version: 3, paused: true, pausedAt: secondsAgo(4_000), pausedBy: 'Mara Keller', maxRunning: 2, waiting: 0, queued: 6, running: 0, oldestQueuedAt: secondsAgo(4_100) },
];

/** A chain of three, of which the task is the second. */
export function makeChain(task: TaskSummary): TaskChain {
  const attempts = makeDetails(task).attempts.slice(0, 1);
  const notes = '**Done:** joints 1 to 9 of the left arm.\n\n**Open:** joint 10 has no limit in the data sheet; ask the supplier.';
  const first: TaskSummary = { ...task, id: uuid('1', 901, 9_000), state: 'handed_off', handoffs: 0, succeededBy: task.id, executionSeconds: 900, costUsd: '0.412', createdAt: secondsAgo(9_000) };
  const last: TaskSummary = { ...task, id: uuid('1', 903, 900), state: 'running', handoffs: 2, succeededBy: null, executionSeconds: 240, costUsd: '0.11', finishedAt: null, error: null, runAt: null };
  const items = [first, { ...task, executionSeconds: 900, costUsd: '0.388' }, last].map((one, index) => ({ task: one, notes: index === 0 ? null : notes, attempts }));
  return { items, nextCursor: null, attempts: 3, executionSeconds: 2_040, costUsd: '0.91', startedAt: first.createdAt, finishedAt: null };
}
