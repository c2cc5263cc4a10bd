// Makes an API key for a program: what it may do, until when; then the key, once.
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { keyInput } from '../../shared/identity.ts';
import { useAllAgents } from '../app/all.ts';
import { useDialogForm } from '../app/dialogForm.ts';
import { DialogForm } from '../app/DialogForm.tsx';
import { useNewKey } from '../app/newKey.ts';
import { KeyOnce, OnceDialog, useMaking } from '../app/OnceDialog.tsx';
import layout from '../components/dialog.module.css';
import { wordsOf } from '../components/form.ts';
import { Done } from '../components/FormDialog.tsx';
import { Segments } from '../components/layout.tsx';
import { useNow } from '../components/now.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { dayError, emptyKey, keyFields, offered, presets, sameScopes, scopeWords, toKeyInput, type KeyForm } from './keyForm.ts';
import styles from './settings.module.css';

export function KeyDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <OnceDialog opened={opened} onClose={onClose} title="New API key" size={620}>
      <NewKey />
    </OnceDialog>
  );
}

const { shape } = keyInput;

function NewKey() {
  const now = useNow(null);
  // The key itself is no field, and so in no draft.
  const { form, outcome, bind } = useDialogForm<KeyForm>({
    draft: { name: 'key new', what: 'a new API key' },
    fields: keyFields,
    renamed: ({ expiresAt, ...errors }) => ({ ...errors, ...(expiresAt && { day: expiresAt }) }),
    initialValues: emptyKey,
    validate: {
      name: wordsOf(shape.name),
      scopes: wordsOf(shape.scopes),
      agentId: (value, { scopes }) => (scopes.includes('agent') && value === null ? 'Choose the agent that it works as.' : null),
      day: (value, { ends }) => (ends === 'day' ? dayError(value, now) : null),
    },
  });
  const create = useNewKey(outcome<void>(() => undefined));
  useMaking(create.isPending);
  if (create.data) return <Made text={create.data.key} name={form.values.name.trim()} />;
  return (
    <DialogForm
      {...bind((values) => create.mutate(toKeyInput(values)))}
      permission="keys:manage"
      send="Create key"
      busy={create.isPending}
    >
      <TextInput label="Name" description="What it is for, so that you know later which one to revoke" placeholder="Nightly report" data-autofocus {...form.getInputProps('name')} />
      <ScopeFields form={form} />
      {form.values.scopes.includes('agent') && <AgentField form={form} />}
      <div className={styles.ends}>
        <div className={styles.endsChoice}>
          <span className={styles.label}>Ends</span>
          <Segments label="Ends" options={endings} value={form.values.ends} onChange={(ends) => form.setFieldValue('ends', ends as KeyForm['ends'])} />
        </div>
        {form.values.ends === 'day' && <TextInput label="Last day" type="date" {...form.getInputProps('day')} />}
      </div>
    </DialogForm>
  );
}

const endings = [
  { value: 'never', label: 'When it is revoked' },
  { value: 'day', label: 'On a day' },
];

type Form = UseFormReturnType<KeyForm>;

function ScopeFields({ form }: { form: Form }) {
  const chosen = form.values.scopes;
  const wrong = form.errors.scopes !== undefined;
  return (
    <Checkbox.Group
      label="It may"
      description="Never more than you may yourself, now and later. No key makes keys."
      error={form.errors.scopes}
      value={chosen}
      onChange={(scopes) => form.setFieldValue('scopes', scopes)}
    >
      <div className={styles.presets}>
        {presets.map(({ label, scopes }) => (
          <Button key={label} size="compact-sm" aria-pressed={sameScopes(chosen, scopes)} onClick={() => form.setFieldValue('scopes', [...scopes])}>
            {label}
          </Button>
        ))}
      </div>
      <div className={styles.scopes}>
        {offered.map((scope, index) => (
          <Checkbox key={scope} size="xs" value={scope} label={scope} description={scopeWords[scope]} aria-invalid={(wrong && index === 0) || undefined} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function AgentField({ form }: { form: Form }) {
  const { rows, complete, error, retry } = useAllAgents();
  if (error && rows === undefined) return <ProblemNotice error={error} onRetry={retry} />;
  const external = rows?.filter(({ kind }) => kind === 'external') ?? [];
  return (
    <Select
      label="Works as"
      description="An external agent. Signalbox runs the hosted ones itself."
      placeholder={complete && external.length === 0 ? 'There is none yet: make one in Agents first' : 'Choose an agent'}
      openOnFocus={false}
      searchable
      nothingFoundMessage={rows === undefined ? 'The agents are being read…' : 'No external agent has that name.'}
      data={external.map(({ id, name, status }) => ({ value: id, label: status === 'paused' ? `${name} (paused)` : name }))}
      {...form.getInputProps('agentId')}
    />
  );
}

function Made({ text, name }: { text: string; name: string }) {
  return (
    <div className={layout.body}>
      <p><b>{name}</b> is made.</p>
      <KeyOnce text={text} />
      <p className="dim">
        A program sends it with each request: <code className="mono">Authorization: Bearer …</code>
      </p>
      <div className={layout.actions}><Done /></div>
    </div>
  );
}
