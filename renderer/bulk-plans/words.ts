// What bulk plans are called on the screen, and how their progress is said.
import type { BulkAction, BulkPlan } from '../../shared/bulk-plan.ts';
import { formatCount, formatPlural } from '../components/format.ts';
import type { ShownState } from '../components/state.ts';

/** `Retry 4,312 tasks`. */
export const verbs: Record<BulkAction, string> = {
  retry: 'Retry',
  cancel: 'Cancel',
  reassign: 'Give away',
  reprioritise: 'Change the priority of',
  pause: 'Hold',
  delete: 'Delete',
};

/** What happens to the tasks, said before it is done. */
export const consequences: Record<BulkAction, string> = {
  retry: 'They are queued again with their full number of attempts. This cannot be undone: some may have run by then.',
  cancel: 'Those that have not started are cancelled at once; agents that run one are told to stop at their next heartbeat. '
    + 'It can be undone for those that had not started.',
  reassign: 'They wait for the new agent, with the priority that they have. It can be undone until it has taken them.',
  reprioritise: 'Higher priorities are taken first. It can be undone for those that have not been taken.',
  pause: 'They are not taken until somebody resumes them. What runs is not touched. It can be undone.',
  delete: 'They leave the lists and are gone for good after 30 days; until then it can be undone. What they used stays counted.',
};

export function titleOf({ action, count, input }: Pick<BulkPlan, 'action' | 'count' | 'input'>): string {
  const tasks = formatPlural(count, 'task');
  return action === 'reprioritise' ? `Set ${tasks} to priority ${input.priority ?? ''}` : `${verbs[action]} ${tasks}`;
}

/** The product's states under which a bulk plan is drawn. */
export const shownAs: Record<BulkPlan['state'], ShownState> = {
  planned: 'waiting',
  running: 'running',
  stopped: 'cancelled',
  done: 'succeeded',
  undoing: 'running',
  undone: 'handed_off',
};

export const stateWords: Record<BulkPlan['state'], string> = {
  planned: 'Planned',
  running: 'Running',
  stopped: 'Stopped',
  done: 'Done',
  undoing: 'Undoing',
  undone: 'Undone',
};

/** `3,100 changed · 12 passed over`. */
export function progressWords(plan: BulkPlan): string {
  const parts = [
    [plan.changed - plan.undone - plan.kept, 'changed'],
    [plan.skipped, 'passed over'],
    [plan.undone, 'undone'],
    [plan.kept, 'kept as they are'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return said.length === 0 ? 'Nothing changed yet' : said.join(' · ');
}

/** Seconds that a job still takes, by its pace so far; null where that says nothing yet. */
export function secondsLeft({ count, goneThrough, startedAt }: Pick<BulkPlan, 'count' | 'goneThrough' | 'startedAt'>, now: number): number | null {
  const spent = startedAt === null ? 0 : (now - Date.parse(startedAt)) / 1_000;
  if (spent < 3 || goneThrough === 0 || goneThrough >= count) return null;
  return Math.max(1, Math.round(((count - goneThrough) * spent) / goneThrough));
}
