// How many tasks of the workspace run at the same time, at the most; ceilings in money stand with the budgets.
import { NumberInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { workspaceOperations, type Workspace } from '../../shared/workspace.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton, useMay } from '../app/me.tsx';
import { wordsOf } from '../components/form.ts';
import { formatCount } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { notifyProblem } from '../components/notify.ts';
import { useUndo } from '../components/undo.tsx';
import styles from './settings.module.css';

const validate = wordsOf(workspaceOperations.setLimits.input.shape.maxRunning);
const wordsFor = (limit: number | null): string =>
  limit === null ? 'The workspace has no limit.' : `At most ${formatCount(limit)} tasks run at the same time.`;

export function LimitForm({ workspace, onChanged }: { workspace: Workspace; onChanged(changed: Workspace): void }) {
  const api = useApi();
  const may = useMay('workspace:write');
  const undo = useUndo();
  const before = workspace.maxRunning;
  const [written, setWritten] = useState<number | string>(before ?? '');
  const wanted = written === '' ? null : Number(written);
  const error = validate(wanted);
  const set = useMutation(api.workspace.setLimits.mutationOptions({ onSuccess: onChanged, onError: notifyProblem }));
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (error !== null || wanted === before || !may.allowed) return;
    set.mutate({ maxRunning: wanted }, {
      onSuccess: () => undo.offer({ done: wordsFor(wanted), undone: wordsFor(before), undo: () => set.mutateAsync({ maxRunning: before }) }),
    });
  };
  return (
    <Panel title="Limits">
      <p className={styles.text}>
        So many tasks run at the same time, whatever their agents and queues allow; what runs already, runs on. Ceilings in
        money and executions are <Link to={{ place: 'budgets' }}>budgets</Link>.
      </p>
      <form className={styles.inline} noValidate onSubmit={save}>
        <NumberInput
          aria-label="Tasks that run at the same time, at the most"
          className="grow"
          placeholder="No limit"
          min={1}
          max={100_000}
          allowDecimal={false}
          disabled={!may.allowed}
          value={written}
          onChange={setWritten}
          error={error}
        />
        <MayButton permission="workspace:write" type="submit" loading={set.isPending} reason={wanted === before ? 'It is set to this already.' : null}>
          {wanted === null && before !== null ? 'Take the limit away' : 'Set the limit'}
        </MayButton>
      </form>
    </Panel>
  );
}
