// Which provider account runs a hosted agent. Nothing is chosen for the person; a simulator says what it is.
import { Autocomplete, Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Problem } from '../../shared/errors.ts';
import { SIMULATOR_NOTICE, type ProviderAccount } from '../../shared/provider.ts';
import { useApi } from '../app/api.ts';
import { MayButton } from '../app/me.tsx';
import { placeFieldErrors } from '../components/form.ts';
import { Note, ProblemNotice } from '../components/ProblemNotice.tsx';
import { ProviderDialog } from '../providers/index.ts';
import type { AgentForm } from './agentForm.ts';
import styles from './agents.module.css';

export function ProviderField({ form }: { form: UseFormReturnType<AgentForm> }) {
  const api = useApi();
  const client = useQueryClient();
  const query = useQuery(api.providers.list.queryOptions({ limit: 200 }));
  const [adding, setAdding] = useState(false);
  const [opening, setOpening] = useState(false);
  const accounts = query.data?.items ?? [];
  const account = accounts.find(({ id }) => id === form.values.accountId);
  const choose = (chosen: ProviderAccount | undefined): void => {
    form.setFieldValue('accountId', chosen?.id ?? null);
    // One model is no choice.
    form.setFieldValue('model', chosen?.models.length === 1 ? (chosen.models[0] ?? null) : null);
    form.clearFieldError('accountId');
  };
  const added = (created: ProviderAccount): void => {
    client.setQueryData(api.providers.list.queryKey({ limit: 200 }), (page) =>
      page && !page.items.some(({ id }) => id === created.id) ? { ...page, items: [...page.items, created] } : page,
    );
    setAdding(false);
    setOpening(false);
    choose(created);
  };
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={styles.provider}>
      <div className={styles.twoFields}>
        <Select
          label="Provider account"
          description="What it runs on"
          placeholder={query.isPending ? 'Loading…' : accounts.length === 0 ? 'None yet: add one' : 'Choose one'}
          data={accounts.map(({ id, name, simulated }) => ({ value: id, label: simulated ? `${name} (simulated)` : name }))}
          value={form.values.accountId}
          onChange={(id) => choose(accounts.find((known) => known.id === id))}
          error={form.errors.accountId}
        />
        <Autocomplete
          label="Model"
          description={account && !account.simulated ? 'Choose one, or type its name in' : 'Of that account'}
          placeholder={account ? 'Choose one' : 'Choose an account first'}
          disabled={!account}
          readOnly={account?.simulated}
          data={account?.models ?? []}
          limit={100}
          maxDropdownHeight={220}
          value={form.values.model ?? ''}
          onChange={(model) => form.setFieldValue('model', model.trim() === '' ? null : model)}
          error={form.errors.model}
        />
      </div>
      {account?.simulated && <Note tone="warning">{SIMULATOR_NOTICE}</Note>}
      <ProviderDialog opened={opening} onClose={() => setOpening(false)} onSaved={added} />
      {adding ? (
        <AddSimulator onAdded={added} onClose={() => setAdding(false)} />
      ) : (
        <div className={styles.row}>
          <MayButton permission="providers:write" onClick={() => setOpening(true)}>Add an account…</MayButton>
          <MayButton permission="providers:write" onClick={() => setAdding(true)}>Add a simulator…</MayButton>
        </div>
      )}
    </div>
  );
}

const simulatorFields = ['name', 'seed', 'typicalSeconds', 'failureRate', 'overrunRate'];

/** Within the agent's form, so a group and not a form of its own. */
function AddSimulator({ onAdded, onClose }: { onAdded(account: ProviderAccount): void; onClose(): void }) {
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm({
    initialValues: { name: 'Simulator', seed: 1, typicalSeconds: 20, failureRate: 8, overrunRate: 4 },
    validate: { name: (value) => (value.trim() === '' ? 'Write a name.' : null) },
  });
  const create = useMutation(
    api.providers.create.mutationOptions({
      onSuccess: onAdded,
      onError: (error) => {
        const placed = {
          setErrors: (errors: Record<string, string>) =>
            form.setErrors(Object.fromEntries(Object.entries(errors).map(([path, words]) => [path.replace('settings.', ''), words]))),
        };
        setProblem(placeFieldErrors(error, placed, ['name', ...simulatorFields.map((field) => `settings.${field}`)]));
      },
    }),
  );
  const add = (): void => {
    if (form.validate().hasErrors) return;
    setProblem(null);
    const { name, seed, typicalSeconds, failureRate, overrunRate } = form.values;
    create.mutate({ name, kind: 'simulator', settings: { seed, typicalSeconds, failureRate: failureRate / 100, overrunRate: overrunRate / 100 } });
  };
  return (
    <fieldset className={styles.simulator}>
      <legend>Add a simulator</legend>
      <p className="dim">{SIMULATOR_NOTICE} It is for trying Signalbox out; everything that it does is marked as simulated.</p>
      <div className={styles.simulatorFields}>
        <TextInput label="Name" {...form.getInputProps('name')} />
        <NumberInput label="Seed" min={0} max={2_147_483_647} allowDecimal={false} {...form.getInputProps('seed')} />
        <NumberInput label="Typical time" suffix=" s" min={0.01} max={3_600} {...form.getInputProps('typicalSeconds')} />
        <NumberInput label="Attempts failing" suffix=" %" min={0} max={100} {...form.getInputProps('failureRate')} />
        <NumberInput label="Tasks overrunning" suffix=" %" min={0} max={100} {...form.getInputProps('overrunRate')} />
      </div>
      {problem && <ProblemNotice error={problem} />}
      <div className={styles.row}>
        <Button onClick={add} loading={create.isPending}>Add simulator</Button>
        <Button variant="subtle" color="gray" onClick={onClose}>Leave it</Button>
      </div>
    </fieldset>
  );
}
