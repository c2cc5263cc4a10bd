// Retry, cancel and approve, for the open task and for those that it waits for.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Task, TaskDetails, TaskState } from '../../shared/task.ts';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { useGo, useRouteStore } from '../app/routes.ts';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';

export function useTaskActions() {
  const api = useApi();
  const client = useQueryClient();
  const undo = useUndo();
  const go = useGo();
  const routes = useRouteStore();
  // The live stream brings the rest; the answer only spares the person the wait.
  const show = (task: Task): void => {
    client.setQueryData(api.tasks.details.queryKey({ id: task.id }), (details: TaskDetails | undefined) =>
      details && details.task.version < task.version ? { ...details, task } : details,
    );
  };
  const again = useMutation(api.tasks.retry.mutationOptions());
  const stop = useMutation(api.tasks.cancel.mutationOptions());
  const stateOf = (id: string): TaskState | undefined =>
    client.getQueryData<TaskDetails>(api.tasks.details.queryKey({ id }))?.task.state;
  const retry = useMutation(
    api.tasks.retry.mutationOptions({
      // A failed task cannot go back to failed; one that was cancelled can be cancelled again.
      onMutate: ({ id }) => stateOf(id),
      onSuccess: (task, { id }, before) => {
        show(task);
        const done = before === 'queued' ? `“${short(task.title)}” waits no longer for its time.` : `“${short(task.title)}” is in the queue again.`;
        const way = { label: 'Show it', run: () => go({ place: 'tasks', id }) };
        const route = routes.getState().route;
        if (before !== 'cancelled') return notifyDone(done, route.id === id ? undefined : way);
        undo.offer({
          done,
          undone: `“${short(task.title)}” is cancelled, as it was.`,
          undo: async () => show(await stop.mutateAsync({ id })),
        });
      },
      onError: notifyProblem,
    }),
  );
  // Its dialog asks first, and says what went wrong.
  const [approving, askApproval] = useState<string | null>(null);
  const approve = useMutation(
    api.tasks.approve.mutationOptions({
      onSuccess: (task) => {
        show(task);
        notifyDone(`“${short(task.title)}” is approved. What waited for it goes on.`);
      },
    }),
  );
  // Its dialog says what went wrong.
  const cancel = useMutation(
    api.tasks.cancel.mutationOptions({
      onSuccess: (task, { id }) => {
        show(task);
        undo.offer({
          done: `“${short(task.title)}” is cancelled.`,
          undone: `“${short(task.title)}” is in the queue again.`,
          undo: async () => show(await again.mutateAsync({ id })),
        });
      },
    }),
  );
  return { retry, approve, approving, askApproval, cancel };
}

/** A title as a notice has room for it. */
function short(title: string): string {
  return title.length > 60 ? `${title.slice(0, 60)}…` : title;
}

export type TaskActions = ReturnType<typeof useTaskActions>;
