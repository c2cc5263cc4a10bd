// The state that a person reads: a task's, a plan's, with the one word and the one shape that it has everywhere.
import type { PlanState } from '../../shared/plan.ts';
import { isRetrying, type TaskState, type TaskSummary } from '../../shared/task.ts';

/** Every state on screen: a task's, a plan's, and the two that are derived. */
export type ShownState = TaskState | PlanState | 'retrying' | 'approval';

export const stateWords: Record<ShownState, string> = {
  waiting: 'Waiting',
  queued: 'Queued',
  running: 'Running',
  retrying: 'Retrying',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  handed_off: 'Handed off',
  approval: 'Needs approval',
  draft: 'Draft',
  paused: 'Paused',
};

/** The tokens of theme.css, for charts and graphs: `stroke={stateColors.running}`. */
export const stateColors: Record<ShownState, string> = {
  waiting: 'var(--wait)',
  queued: 'var(--wait)',
  running: 'var(--run)',
  retrying: 'var(--retry)',
  succeeded: 'var(--ok)',
  failed: 'var(--fail)',
  cancelled: 'var(--wait)',
  handed_off: 'var(--hand)',
  approval: 'var(--retry)',
  draft: 'var(--wait)',
  paused: 'var(--wait)',
};

/** "Retrying" is queued with a failed attempt behind it; a gate that waits for a person needs approval. */
export function shownState(
  task: Pick<TaskSummary, 'state' | 'attempt' | 'runAt' | 'kind' | 'waitReason'>,
): ShownState {
  if (isRetrying(task)) return 'retrying';
  if (task.state === 'waiting' && task.waitReason === 'approval') return 'approval';
  return task.state;
}
