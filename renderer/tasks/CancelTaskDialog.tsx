// Asks before a task is cancelled; says what stops, what waits and what stays.
import { Textarea } from '@mantine/core';
import { isFinal, type TaskDetails, type TaskSummary } from '../../shared/task.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../app/api.ts';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { useKept } from '../components/draft.ts';
import { cancelConsequences } from './actions.ts';
import type { TaskActions } from './useTaskActions.ts';
import styles from './tasks.module.css';

/** One for each task (`key`): what was written about one does not stand in another's. */
interface CancelTaskDialogProps {
  task: TaskSummary;
  opened: boolean;
  actions: TaskActions;
  onClose(): void;
}
export function CancelTaskDialog({ task, opened, actions: { cancel }, onClose }: CancelTaskDialogProps) {
  const api = useApi();
  const [{ reason }, write] = useKept(`cancel ${task.id}`, { reason: '' });
  const details: TaskDetails | undefined = useQueryClient().getQueryData(api.tasks.details.queryKey({ id: task.id }));
  const waiting = details?.dependents.filter(({ state }) => state === 'waiting').length ?? null;
  const close = (): void => {
    cancel.reset();
    write({ reason: '' });
    onClose();
  };
  // It may end while this is being read.
  const ended = isFinal(task.state);
  return (
    <ConfirmDialog
      opened={opened}
      title={`Cancel “${task.title.length > 60 ? `${task.title.slice(0, 60)}…` : task.title}”?`}
      confirm={ended ? 'Close' : 'Cancel this task'}
      dismiss={ended ? 'Go back' : 'Keep it'}
      danger={!ended}
      busy={cancel.isPending}
      error={cancel.error}
      onConfirm={ended ? close : () => cancel.mutate({ id: task.id, ...(reason.trim() && { reason: reason.trim() }) }, { onSuccess: close })}
      onClose={close}
    >
      <ul className={styles.list}>
        {cancelConsequences(task, waiting).map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
      {!ended && <Textarea
        label="Reason"
        description="Optional; stands in the task and in the audit log."
        mt={12}
        rows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => write({ reason: event.currentTarget.value })}
      />}
    </ConfirmDialog>
  );
}
