// Creates an agent, hosted or external, or edits one.
import { NumberInput, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { agentInput, type Agent } from '../../shared/agent.ts';
import { useApi } from '../app/api.ts';
import { useDialogForm } from '../app/dialogForm.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { wordsOf } from '../components/form.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { concurrencyError, emptyAgent, formOf, minutesError, renamed, toAgentInput, toAgentPatch, type AgentForm } from './agentForm.ts';
import { ProviderField } from './ProviderField.tsx';
import styles from './agents.module.css';

interface AgentDialogProps {
  opened: boolean;
  /** Edited; absent: a new one. */
  agent?: Agent | undefined;
  /** Capabilities that others have, to choose from. */
  capabilities: string[];
  onClose(): void;
  onSaved(agent: Agent): void;
}
export function AgentDialog({ opened, onClose, agent, ...rest }: AgentDialogProps) {
  return (
    <FormDialog opened={opened} onClose={onClose} title={agent ? `Edit ${agent.name}` : 'New agent'} size={560}>
      <Form {...rest} agent={agent} />
    </FormDialog>
  );
}

const fields = ['name', 'role', 'instructions', 'capabilities', 'provider', 'concurrency', 'timeLimitSeconds', 'attemptCostUsd'];
const { shape } = agentInput;

function Form({ agent, capabilities, onSaved }: Omit<AgentDialogProps, 'opened' | 'onClose'>) {
  const api = useApi();
  const { form, outcome, bind } = useDialogForm<AgentForm>({
    draft: { name: `agent ${agent?.id ?? 'new'}`, what: agent ? `changes to the agent ${agent.name}` : 'a new agent' },
    fields,
    renamed,
    initialValues: agent ? formOf(agent) : emptyAgent,
    validate: {
      name: wordsOf(shape.name),
      role: wordsOf(shape.role),
      instructions: wordsOf(shape.instructions),
      capabilities: wordsOf(shape.capabilities),
      accountId: (value, { kind }) => (kind === 'hosted' && !agent && value === null ? 'Choose a provider account, or add one.' : null),
      model: (value, { kind, accountId }) => (kind === 'hosted' && accountId !== null && value === null ? 'Choose a model, or type its name in.' : null),
      concurrency: concurrencyError,
      timeLimitMinutes: minutesError,
      attemptCostUsd: (value) => (value.trim() === '' ? null : wordsOf(shape.attemptCostUsd)(value.trim())),
    },
  });
  const create = useMutation(api.agents.create.mutationOptions(outcome(onSaved)));
  const update = useMutation(api.agents.update.mutationOptions(outcome(onSaved)));
  const submit = (values: AgentForm): void => {
    if (agent) update.mutate(toAgentPatch(values, agent));
    else create.mutate(toAgentInput(values));
  };
  const { kind } = form.values;
  return (
    <DialogForm
      {...bind(submit)}
      permission="agents:write"
      send={agent ? 'Save' : 'Create agent'}
      busy={create.isPending || update.isPending}
    >
      {!agent && <KindChoice value={kind} onChange={(next) => form.setFieldValue('kind', next)} />}
      <div className={styles.twoFields}>
        <TextInput label="Name" placeholder="firmware-reviewer" data-autofocus {...form.getInputProps('name')} />
        <TextInput label="Role" placeholder="Reads motor and sensor firmware" {...form.getInputProps('role')} />
      </div>
      {kind === 'hosted' && <ProviderField form={form} />}
      <Textarea
        label="Instructions"
        description="What it is told before every task. Markdown."
        autosize
        minRows={3}
        maxRows={10}
        {...form.getInputProps('instructions')}
      />
      <TagsInput
        label="Capabilities"
        description="Tasks that ask for these may go to it. Enter adds one."
        data={capabilities}
        {...form.getInputProps('capabilities')}
      />
      <div className={styles.twoFields}>
        <NumberInput label="Concurrency" description="Tasks at once, at the most" min={1} max={1_000} allowDecimal={false} {...form.getInputProps('concurrency')} />
        <NumberInput label="Time limit" description="Of a task; then it is handed off" suffix=" min" min={0} max={1_440} {...form.getInputProps('timeLimitMinutes')} />
      </div>
      <TextInput
        label="Cost of an attempt, at the most"
        description="What a budget holds for each. Empty: not known; then what its attempts cost so far is held."
        placeholder="Not known"
        inputMode="decimal"
        leftSection="$"
        {...form.getInputProps('attemptCostUsd')}
      />
    </DialogForm>
  );
}

const kinds = [
  { value: 'hosted', title: 'Hosted', text: 'Signalbox runs it through a provider account.' },
  { value: 'external', title: 'External', text: 'A program of yours that fetches its work with a key.' },
] as const;

function KindChoice({ value, onChange }: { value: Agent['kind']; onChange(kind: Agent['kind']): void }) {
  return (
    <div className={styles.kinds} role="radiogroup" aria-label="Kind of agent">
      {kinds.map((kind) => (
        <label key={kind.value} className={styles.kind}>
          <input type="radio" name="kind" value={kind.value} checked={kind.value === value} onChange={() => onChange(kind.value)} />
          <b>{kind.title}</b>
          <span className="dim small">{kind.text}</span>
        </label>
      ))}
    </div>
  );
}
