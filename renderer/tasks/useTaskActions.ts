// Retry, cancel and approve, for the open task and for those that it waits for.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Task, TaskDetails } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { notifyProblem } from '../components/notify.ts';

export function useTaskActions() {
  const api = useApi();
  const client = useQueryClient();
  // The live stream brings the rest; the answer only spares the person the wait.
  const show = (task: Task): void => {
    client.setQueryData(api.tasks.details.queryKey({ id: task.id }), (details: TaskDetails | undefined) =>
      details && details.task.version < task.version ? { ...details, task } : details,
    );
  };
  const retry = useMutation(api.tasks.retry.mutationOptions({ onSuccess: show, onError: notifyProblem }));
  const approve = useMutation(api.tasks.approve.mutationOptions({ onSuccess: show, onError: notifyProblem }));
  // Its dialog says what went wrong.
  const cancel = useMutation(api.tasks.cancel.mutationOptions({ onSuccess: show }));
  return { retry, approve, cancel };
}
export type TaskActions = ReturnType<typeof useTaskActions>;
