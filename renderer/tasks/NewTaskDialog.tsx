// Creates a task: what is to be done, by whom, and within which limits.
import { Button, Modal, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Agent } from '../../shared/agent.ts';
import type { Problem } from '../../shared/errors.ts';
import { taskInput, type Task } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { MayButton, useMe } from '../app/me.tsx';
import dialog from '../components/dialog.module.css';
import { useDraft } from '../components/draft.ts';
import { focusFirstError, placeFieldErrors, wordsOf } from '../components/form.ts';
import { Segments } from '../components/layout.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { emptyTask, minutesError, takers, toTaskInput, type Taker, type TaskForm } from './newTask.ts';
import styles from './tasks.module.css';

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
    <Modal opened={opened} onClose={onClose} title="New task" size={560} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': 'Close' }}>
      <NewTaskForm {...rest} onClose={onClose} />
    </Modal>
  );
}

const fields = ['title', 'instructions', 'agentId', 'capabilities', 'priority', 'timeLimitSeconds', 'maxAttempts', 'runAt'] as const;
const { shape } = taskInput;

function NewTaskForm({ agents, agentId, onClose, onCreated }: Omit<NewTaskDialogProps, 'opened'>) {
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm<TaskForm>({
    initialValues: { ...emptyTask, agentId: agentId ?? null },
    validate: {
      title: wordsOf(shape.title),
      instructions: wordsOf(shape.instructions),
      agentId: (value, { taker }) => (taker === 'agent' && value === null ? 'Choose an agent, or let any able one take it.' : null),
      capabilities: (value, { taker }) => (taker === 'able' && value.length === 0 ? 'Name at least one capability.' : null),
      timeLimitMinutes: minutesError,
    },
  });
  useDraft(`new-task ${useMe().organization.id}`, form);
  const create = useMutation(
    api.tasks.create.mutationOptions({
      onSuccess: (task) => onCreated(task),
      onError: (error) => {
        const placed = { setErrors: (errors: Record<string, string>) => form.setErrors(renamed(errors)) };
        setProblem(placeFieldErrors(error, placed, fields));
      },
    }),
  );
  const submit = (values: TaskForm): void => {
    setProblem(null);
    create.mutate(toTaskInput(values));
  };
  const { taker } = form.values;
  return (
    <form className={dialog.body} onSubmit={form.onSubmit(submit, focusFirstError)} noValidate>
      <TextInput label="Title" placeholder="Check torque limits of the left wrist" data-autofocus {...form.getInputProps('title')} />
      <Textarea
        label="Instructions"
        description="Markdown. What to read, what to do, and what the result should look like."
        autosize
        minRows={4}
        maxRows={12}
        {...form.getInputProps('instructions')}
      />
      <div className={styles.taker}>
        <Segments label="Who does it" options={takers} value={taker} onChange={(value) => form.setFieldValue('taker', value as Taker)} />
        {taker === 'agent' && (
          <Select
            aria-label="Agent"
            placeholder="Choose an agent"
            searchable
            nothingFoundMessage="No agent has that name."
            data={agents.map(({ id, name, status }) => ({ value: id, label: status === 'paused' ? `${name} (paused)` : name }))}
            {...form.getInputProps('agentId')}
          />
        )}
        {taker === 'able' && (
          <TagsInput
            aria-label="Capabilities"
            placeholder={form.values.capabilities.length === 0 ? 'Such as review; Enter adds it' : ''}
            data={[...new Set(agents.flatMap((agent) => agent.capabilities))].sort()}
            {...form.getInputProps('capabilities')}
          />
        )}
        {taker === 'any' && <p className="dim">The first agent in service that is free takes it.</p>}
      </div>
      <div className={styles.fourFields}>
        <NumberInput label="Priority" description="0 to 9, higher first" min={0} max={9} clampBehavior="strict" allowDecimal={false} {...form.getInputProps('priority')} />
        <NumberInput
          label="Time limit"
          description="Then handed off"
          placeholder="Its agent’s"
          suffix=" min"
          min={1}
          max={1_440}
          {...form.getInputProps('timeLimitMinutes')}
        />
        <NumberInput label="Attempts" description="At the most" min={1} max={100} allowDecimal={false} {...form.getInputProps('maxAttempts')} />
        <TextInput label="Not before" description="Empty: at once" type="datetime-local" {...form.getInputProps('runAt')} />
      </div>
      {problem && <ProblemNotice error={problem} kept="What you wrote is still here." shownFields={[...fields]} />}
      <div className={dialog.stickyActions}>
        <Button onClick={onClose}>Not now</Button>
        <MayButton permission="tasks:create" variant="filled" type="submit" loading={create.isPending}>
          Create task
        </MayButton>
      </div>
    </form>
  );
}

/** The one field that has another unit, and so another name, on the screen. */
function renamed({ timeLimitSeconds, ...errors }: Record<string, string>): Record<string, string> {
  return timeLimitSeconds === undefined ? errors : { ...errors, timeLimitMinutes: timeLimitSeconds };
}
