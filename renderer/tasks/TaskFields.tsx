// The fields of a task that is to be made, now or by a schedule: what is to be done, by whom, and within which limits.
import { Autocomplete, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import type { Agent } from '../../shared/agent.ts';
import { useAllQueues } from '../app/all.ts';
import { Segments } from '../components/layout.tsx';
import { hasMore, takers, type Taker, type TaskForm } from './newTask.ts';
import styles from './tasks.module.css';

interface TaskFieldsProps {
  form: UseFormReturnType<TaskForm>;
  agents: readonly Agent[];
  /** A schedule says when itself. */
  scheduled?: boolean;
  titleLabel?: string;
}
export function TaskFields({ form, agents, scheduled = false, titleLabel = 'Title' }: TaskFieldsProps) {
  const { taker } = form.values;
  const [more, setMore] = useState(() => hasMore(form.values));
  return (
    <>
      <TextInput
        label={titleLabel}
        placeholder="Check torque limits of the left wrist"
        data-autofocus={scheduled ? undefined : true}
        {...form.getInputProps('title')}
      />
      <Textarea
        label="Instructions"
        description="Markdown. What to read, what to do, and what the result should look like."
        autosize
        minRows={scheduled ? 3 : 4}
        maxRows={12}
        {...form.getInputProps('instructions')}
      />
      <div className={styles.taker}>
        <Segments label="Who does it" options={takers} value={taker} onChange={(value) => form.setFieldValue('taker', value as Taker)} />
        {taker === 'agent' && (
          <Select
            aria-label="Agent"
            placeholder="Choose an agent"
            openOnFocus={false}
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
      <div className={styles.fourFields} data-three={scheduled || undefined}>
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
        {!scheduled && <TextInput label="Not before" description="Empty: at once" type="datetime-local" {...form.getInputProps('runAt')} />}
      </div>
      {more ? (
        <QueueAndRetries form={form} />
      ) : (
        <button type="button" className={styles.more} onClick={() => setMore(true)}>
          Queue and retries: the usual ones. Change them
        </button>
      )}
    </>
  );
}

function QueueAndRetries({ form }: { form: UseFormReturnType<TaskForm> }) {
  const queues = useAllQueues().rows ?? [];
  return (
    <fieldset className={styles.retries}>
      <legend>Queue and retries</legend>
      <Autocomplete
        label="Queue"
        description="A queue can be paused and limited as one."
        placeholder="default"
        data={queues.map(({ name }) => name)}
        {...form.getInputProps('queue')}
      />
      <div className={styles.threeFields}>
        <NumberInput label="First retry" description="After a failure" placeholder="2" suffix=" s" min={0} max={86_400} {...form.getInputProps('retryAfterSeconds')} />
        <NumberInput label="Then times" description="For each failure" placeholder="2" min={1} max={10} {...form.getInputProps('retryFactor')} />
        <NumberInput label="At the most" description="Between attempts" placeholder="300" suffix=" s" min={0} max={86_400} {...form.getInputProps('retryMostSeconds')} />
      </div>
      <TagsInput
        label="Errors that are not tried again"
        description="Codes, as agents report them. Enter adds one."
        placeholder={form.values.nonRetryable.length === 0 ? 'Such as invalid_input' : ''}
        {...form.getInputProps('nonRetryable')}
      />
    </fieldset>
  );
}
