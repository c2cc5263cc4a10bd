// The details of a task beside something else than the list of tasks, such as the graph of its plan.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { CancelTaskDialog } from './CancelTaskDialog.tsx';
import { TaskPanel } from './TaskPanel.tsx';
import { useTaskActions } from './useTaskActions.ts';
import { useTaskKeys } from './useTaskKeys.ts';

export function TaskBeside({ id, onClose }: { id: string; onClose(): void }) {
  const api = useApi();
  const actions = useTaskActions();
  const [cancelling, setCancelling] = useState(false);
  const task = useQuery(api.tasks.details.queryOptions({ id })).data?.task;
  useTaskKeys(task, { actions, onCancel: () => setCancelling(true) });
  return (
    <>
      <TaskPanel
        id={id}
        row={undefined}
        actions={actions}
        onCancel={() => setCancelling(true)}
        onClose={onClose}
      />
      {task && (
        <CancelTaskDialog
          key={task.id}
          task={task}
          opened={cancelling}
          actions={actions}
          onClose={() => setCancelling(false)}
        />
      )}
    </>
  );
}
