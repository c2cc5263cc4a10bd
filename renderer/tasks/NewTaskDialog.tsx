// Creates a task: what is to be done, by whom, and within which limits.

import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Agent } from '../../shared/agent.ts';
import type { Problem } from '../../shared/errors.ts';
import type { Task } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { useDraft } from '../components/draft.ts';
import { focusFirstError, placeFieldErrors } from '../components/form.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { emptyTask, renamedTaskFields, taskFields, taskRules, toTaskInput, type TaskForm } from './newTask.ts';
import { TaskFields } from './TaskFields.tsx';

interface NewTaskDialogProps {
  opened: boolean;
  agents: readonly Agent[];
  /** Chosen already, as when it comes from an agent. */
  agentId?: string | undefined;
  onClose(): void;
  onCreated(task: Task): void;
}
export function NewTaskDialog({ opened, onClose, ...rest }: NewTaskDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title="New task" size={560}>
      <NewTaskForm {...rest} />
    </FormDialog>
  );
}

function NewTaskForm({ agents, agentId, onCreated }: Omit<NewTaskDialogProps, 'opened' | 'onClose'>) {
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm<TaskForm>({
    initialValues: { ...emptyTask, agentId: agentId ?? null },
    validate: taskRules,
  });
  const sent = useDraft({ name: 'task new', what: 'a new task' }, form);
  const create = useMutation(
    api.tasks.create.mutationOptions({
      onSuccess: (task) => {
        sent();
        onCreated(task);
      },
      onError: (error) => {
        const placed = { setErrors: (errors: Record<string, string>) => form.setErrors(renamedTaskFields(errors)) };
        setProblem(placeFieldErrors(error, placed, taskFields));
      },
    }),
  );
  const submit = (values: TaskForm): void => {
    setProblem(null);
    create.mutate(toTaskInput(values));
  };
  return (
    <DialogForm
      onSubmit={form.onSubmit(submit, focusFirstError)}
      problem={problem}
      fields={taskFields}
      permission="tasks:create"
      send="Create task"
      busy={create.isPending}
    >
      <TaskFields form={form} agents={agents} />
    </DialogForm>
  );
}
