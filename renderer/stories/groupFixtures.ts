// Error groups and queues that stories show.
import type { Queue } from '../../shared/queue.ts';
import type { ErrorGroup } from '../../shared/task.ts';
import { secondsAgo, tasks } from './fixtures.ts';

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
