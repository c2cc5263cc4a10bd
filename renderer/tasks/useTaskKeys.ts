// The keys and the omnibox's words for the task that is open: retry, cancel, approve.
import type { TaskSummary } from '../../shared/task.ts';
import { useMay } from '../app/me.tsx';
import { useAction } from '../components/actions.tsx';
import { refusalsOf } from './actions.ts';
import type { TaskActions } from './useTaskActions.ts';

interface TaskKeys {
  actions: TaskActions;
  onCancel(id: string): void;
}
export function useTaskKeys(open: TaskSummary | undefined, { actions, onCancel }: TaskKeys): void {
  const may = useMay('tasks:operate').allowed;
  const refusals = open && may ? refusalsOf(open) : null;
  const title = open === undefined ? '' : open.title.length > 40 ? `${open.title.slice(0, 40)}…` : open.title;
  const can = (what: 'retry' | 'cancel' | 'approve', run: (id: string) => void): (() => void) | null =>
    open && refusals?.[what] === null ? () => run(open.id) : null;
  useAction('task.retry', can('retry', (id) => actions.retry.mutate({ id })), { label: `Retry “${title}”` });
  useAction('task.cancel', can('cancel', onCancel), { label: `Cancel “${title}”` });
  useAction('task.approve', can('approve', actions.askApproval), { label: `Approve “${title}”` });
}
