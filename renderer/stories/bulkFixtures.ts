// Bulk plans that stories show: one that is looked at, one that runs, and those that have ended.
import type { BulkPlan, BulkRow } from '../../shared/bulk-plan.ts';
import { agents, me, secondsAgo, secondsAhead, tasks } from './fixtures.ts';

const id = (index: number): string => `019d2f6a-0400-7a31-8f0c-b0000000000${index}`;
const actor = { kind: 'user', id: me.user.id, name: me.user.name } as const;
const failed = tasks.filter(({ state }) => state === 'failed');

const base: BulkPlan = {
  id: id(1),
  version: 1,
  action: 'retry',
  filter: { state: 'failed' },
  input: {},
  state: 'planned',
  hash: '9'.repeat(64),
  count: 41_207,
  leftOut: 312,
  sample: failed.slice(0, 6).map((task) => ({ id: task.id, title: task.title, state: task.state, agentName: task.agentName })),
  breakdown: {
    states: [{ state: 'failed', count: 41_195 }, { state: 'cancelled', count: 12 }],
    agents: agents.slice(0, 3).map(({ id: key, name }, index) => ({ key, name, count: 30_000 - index * 9_500 })),
    plans: [{ key: null, name: 'none', count: 41_207 }],
    errorGroups: [{ key: '5e543256c480ac577d30f76f9120eb74', name: 'The provider answered 429 three times. retry-after: 60', count: 41_195 }],
  },
  estimatedCostUsd: '618.105000',
  undoable: false,
  goneThrough: 0,
  changed: 0,
  skipped: 0,
  undone: 0,
  kept: 0,
  createdBy: actor,
  createdAt: secondsAgo(30),
  expiresAt: secondsAhead(570),
  startedAt: null,
  finishedAt: null,
};
const ran = { startedAt: secondsAgo(25), count: 41_207 };

export const plannedBulk = base;
export const bulkPlans: BulkPlan[] = [
  { ...base, ...ran, id: id(2), version: 30, state: 'running', goneThrough: 14_500, changed: 14_436, skipped: 64 },
  { ...base, ...ran, id: id(3), version: 9, action: 'reprioritise', input: { priority: 9 }, state: 'done', count: 260, goneThrough: 260, changed: 260, undoable: true, createdAt: secondsAgo(700), startedAt: secondsAgo(694), finishedAt: secondsAgo(690) },
  { ...base, ...ran, id: id(4), version: 12, action: 'cancel', state: 'undone', count: 90, goneThrough: 90, changed: 88, skipped: 2, undone: 80, kept: 8, undoable: true, createdAt: secondsAgo(4_000), startedAt: secondsAgo(3_960), finishedAt: secondsAgo(3_900) },
  { ...base, ...ran, id: id(5), version: 4, action: 'delete', state: 'stopped', count: 12_000, goneThrough: 3_500, changed: 3_500, undoable: true, createdAt: secondsAgo(90_000), startedAt: secondsAgo(89_996), finishedAt: secondsAgo(89_990) },
];

const notes = ['Deleted meanwhile.', 'Now queued, was failed.', 'Now queued, was failed.'];

export function bulkRowsOf(outcome: unknown): BulkRow[] {
  return tasks.slice(0, 30).map((task, index): BulkRow => ({
    n: index + 1,
    taskId: task.id,
    title: task.title,
    stateBefore: 'failed',
    outcome: outcome as BulkRow['outcome'],
    note: outcome === 'skipped' || outcome === 'kept' ? (notes[index % notes.length] ?? null) : null,
  }));
}
