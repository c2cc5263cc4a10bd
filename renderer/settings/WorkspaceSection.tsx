// The workspace: its name, which administrators change, its plan, and whether it is paused.
import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Workspace } from '../../shared/workspace.ts';
import { workspaceOperations } from '../../shared/workspace.ts';
import { useApi } from '../app/api.ts';
import { MayButton, useMay } from '../app/me.tsx';
import { placeFieldErrors, wordsOf } from '../components/form.ts';
import { Panel } from '../components/layout.tsx';
import { notifyDone, notifyProblem } from '../components/notify.ts';
import { Fields } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Time } from '../components/values.tsx';
import { LeaveDemoButton } from '../demo/index.ts';
import { LimitForm } from './LimitForm.tsx';
import styles from './settings.module.css';

export function WorkspaceSection() {
  const api = useApi();
  const client = useQueryClient();
  const found = useQuery(api.workspace.get.queryOptions({}));
  const show = (changed: Workspace): void => void client.setQueryData(api.workspace.get.queryKey({}), changed);
  const pause = useMutation(api.workspace.setPaused.mutationOptions({ onSuccess: show, onError: notifyProblem }));
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  const workspace = found.data;
  if (workspace === undefined) return <Panel title="Name"><p className="dim">…</p></Panel>;
  return (
    <>
      <Panel title="Name">
        <NameForm key={workspace.name} workspace={workspace} onChanged={show} />
      </Panel>
      <Panel title="Work">
        <Fields
          rows={[
            ['State', workspace.paused ? 'Paused: nothing new is started; what runs, runs on.' : 'Running'],
            ['Paused', workspace.pausedAt === null ? null : <>by {workspace.pausedBy}, <Time value={workspace.pausedAt} /></>],
          ]}
        />
        <div className={styles.buttons}>
          <MayButton
            permission="workspace:operate"
            loading={pause.isPending}
            onClick={() => pause.mutate({ paused: !workspace.paused })}
          >
            {workspace.paused ? 'Resume everything' : 'Pause everything'}
          </MayButton>
        </div>
      </Panel>
      <LimitForm key={workspace.maxRunning} workspace={workspace} onChanged={show} />
      <Panel title="About it">
        <Fields
          rows={[
            ['Plan', workspace.plan],
            ['Made', <Time key="made" value={workspace.createdAt} />],
            ['Kind', workspace.demo ? 'Demo: made up, and all of its agents are simulated.' : null],
          ]}
        />
        {workspace.demo && (
          <div className={styles.buttons}>
            <LeaveDemoButton />
          </div>
        )}
      </Panel>
    </>
  );
}

function NameForm({ workspace, onChanged }: { workspace: Workspace; onChanged(changed: Workspace): void }) {
  const api = useApi();
  const may = useMay('workspace:write');
  const form = useForm({
    initialValues: { name: workspace.name },
    validate: { name: wordsOf(workspaceOperations.rename.input.shape.name) },
  });
  const rename = useMutation(
    api.workspace.rename.mutationOptions({
      onSuccess: (changed) => {
        onChanged(changed);
        notifyDone(`The workspace is called ${changed.name} now.`);
      },
      onError: (error) => void placeFieldErrors(error, form, ['name']),
    }),
  );
  if (!may.allowed) {
    return <Fields rows={[['Name', workspace.name], ['To change it', may.reason]]} />;
  }
  const changed = form.values.name.trim() !== workspace.name;
  return (
    <form className={styles.inline} noValidate onSubmit={form.onSubmit(({ name }) => rename.mutate({ name }))}>
      <TextInput aria-label="Name of the workspace" className="grow" maxLength={80} {...form.getInputProps('name')} />
      <Button type="submit" loading={rename.isPending} disabled={!changed}>Rename</Button>
    </form>
  );
}
