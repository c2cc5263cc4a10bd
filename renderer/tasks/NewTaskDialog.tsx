// Creates a task: what is to be done, by whom, and within which limits.
import { useMutation } from '@tanstack/react-query';
import type { Agent } from '../../shared/agent.ts';
import type { Task } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { useDialogForm } from '../app/dialogForm.ts';
import { DialogForm } from '../app/DialogForm.tsx';
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
  const { form, outcome, bind } = useDialogForm<TaskForm>({
    draft: { name: 'task new', what: 'a new task' },
    fields: taskFields,
    renamed: renamedTaskFields,
    initialValues: { ...emptyTask, agentId: agentId ?? null },
    validate: taskRules,
  });
  const create = useMutation(api.tasks.create.mutationOptions(outcome(onCreated)));
  return (
    <DialogForm
      {...bind((values) => create.mutate(toTaskInput(values)))}
      permission="tasks:create"
      send="Create task"
      busy={create.isPending}
    >
      <TaskFields form={form} agents={agents} />
    </DialogForm>
  );
}
