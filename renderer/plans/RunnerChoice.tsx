// What runs the agents that a plan brings along. Somebody has to say it: nothing is chosen for them.
import { Autocomplete, Button, Radio, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { SIMULATOR_NOTICE, type ProviderAccount } from '../../shared/provider.ts';
import { useApi } from '../app/api.ts';
import { MayButton, useMay } from '../app/me.tsx';
import { formatPlural } from '../components/format.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { SimulatedTag } from '../components/values.tsx';
import { ProviderDialog } from '../providers/index.ts';
import type { Runner } from './planForm.ts';
import styles from './import.module.css';

interface RunnerChoiceProps {
  runner: Runner | null;
  /** Names of the agents that are new. */
  agents: readonly string[];
  /** Tasks of a coordinator that nothing runs yet. */
  coordinatorTasks: number;
  error: string | undefined;
  onChange(runner: Runner): void;
}

export function RunnerChoice({ runner, agents, coordinatorTasks, error, onChange }: RunnerChoiceProps) {
  const id = useId();
  const api = useApi();
  const host = useMay('agents:write');
  const accounts = useQuery(api.providers.list.queryOptions({ limit: 200 })).data?.items;
  const chosen = runner?.kind === 'hosted' ? accounts?.find((account) => account.id === runner.accountId) : undefined;
  const choose = (kind: Runner['kind']): void => {
    if (kind === runner?.kind) return;
    onChange(kind === 'external' ? { kind } : hosted(accounts?.[0]));
  };
  const who = [
    agents.length > 0 ? formatPlural(agents.length, 'new agent') : null,
    coordinatorTasks > 0 ? 'the coordinator' : null,
  ]
    .filter(Boolean)
    .join(' and ');
  return (
    <Radio.Group
      label={agents.length > 0 ? 'Run new agents on' : 'Run the coordinator on'}
      description={`${who[0]?.toUpperCase()}${who.slice(1)}`}
      required
      withAsterisk={false}
      value={runner?.kind ?? null}
      onChange={(value) => choose(value === 'hosted' ? 'hosted' : 'external')}
      error={error}
      errorProps={{ id: `${id}-error` }}
    >
      <div className={styles.runners}>
        <div className={styles.runner} data-chosen={runner?.kind === 'hosted' || undefined}>
          <Radio
            value="hosted"
            disabled={!host.allowed}
            label={
              <span className={styles.runnerLabel}>
                Provider account {chosen?.simulated && <SimulatedTag />}
              </span>
            }
            description={host.reason ?? (chosen?.simulated ? SIMULATOR_NOTICE : 'Signalbox runs them on an account of this workspace.')}
          />
          {runner?.kind === 'hosted' && <Account runner={runner} accounts={accounts} onChange={onChange} />}
        </div>
        <div className={styles.runner} data-chosen={runner?.kind === 'external' || undefined}>
          <Radio
            value="external"
            label="External agents"
            description="Their programs connect with an API key. Tasks stay queued until they do."
          />
          {runner?.kind === 'external' && coordinatorTasks > 0 && (
            <p className={styles.runnerNote}>
              {formatPlural(coordinatorTasks, 'task')} of the coordinator{' '}
              {coordinatorTasks === 1 ? 'waits' : 'wait'} until it has a provider.
            </p>
          )}
        </div>
      </div>
    </Radio.Group>
  );
}

const hosted = (account: ProviderAccount | undefined): Runner => ({
  kind: 'hosted',
  accountId: account?.id ?? null,
  model: account?.models[0] ?? null,
});

interface AccountProps {
  runner: Extract<Runner, { kind: 'hosted' }>;
  accounts: readonly ProviderAccount[] | undefined;
  onChange(runner: Runner): void;
}
function Account({ runner, accounts, onChange }: AccountProps) {
  const api = useApi();
  const client = useQueryClient();
  const [opening, setOpening] = useState(false);
  const added = (account: ProviderAccount): void => {
    client.setQueryData(
      api.providers.list.queryKey({ limit: 200 }),
      (page: { items: ProviderAccount[]; nextCursor: string | null } | undefined) =>
        page && !page.items.some(({ id }) => id === account.id)
          ? { ...page, items: [...page.items, account] }
          : page,
    );
    setOpening(false);
    onChange(hosted(account));
  };
  const create = useMutation(api.providers.create.mutationOptions({ onSuccess: added }));
  if (!accounts) return <p className={styles.runnerNote}>Looking for accounts…</p>;
  if (accounts.length === 0) {
    return (
      <div className={styles.runnerNote}>
        <p>This workspace has no provider account yet.</p>
        <MayButton permission="providers:write" mt={6} mr={6} px={9} onClick={() => setOpening(true)}>
          Add an account…
        </MayButton>
        <MayButton
          permission="providers:write"
          mt={6}
          px={9}
          loading={create.isPending}
          onClick={() => create.mutate({ name: 'Simulator', kind: 'simulator' })}
        >
          Add a simulator account
        </MayButton>
        <p className="dim small">{SIMULATOR_NOTICE}</p>
        <ProviderDialog opened={opening} onClose={() => setOpening(false)} onSaved={added} />
        {create.error && <ProblemNotice error={create.error} />}
      </div>
    );
  }
  const account = accounts.find(({ id }) => id === runner.accountId);
  if (!account)
    return (
      <div className={styles.runnerNote}>
        <Button onClick={() => onChange(hosted(accounts[0]))}>Use {accounts[0]?.name}</Button>
      </div>
    );
  return (
    <div className={styles.account}>
      <Select
        aria-label="Account"
        data={accounts.map(({ id, name, simulated }) => ({
          value: id,
          label: simulated ? `${name} (simulated)` : name,
        }))}
        value={runner.accountId}
        allowDeselect={false}
        onChange={(value) => onChange(hosted(accounts.find(({ id }) => id === value)))}
      />
      {!account.simulated && (
        <Autocomplete
          aria-label="Model"
          placeholder="Model"
          data={account.models}
          value={runner.model ?? ''}
          onChange={(model) => onChange({ ...runner, model: model.trim() === '' ? null : model })}
        />
      )}
    </div>
  );
}
