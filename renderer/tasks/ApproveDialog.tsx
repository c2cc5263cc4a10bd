// Asks before a gate is approved: what it releases, and a note that stays with it.
import { Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import { useApi } from '../app/api.ts';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { useKept } from '../components/draft.ts';
import { formatPlural } from '../components/format.ts';
import { shownState, stateWords } from '../components/state.ts';
import { StateShape } from '../components/StateBadge.tsx';
import styles from './tasks.module.css';

interface ApproveDialogProps {
  id: string;
  /** As the caller knows it, until the task is there. */
  title?: string;
  /** Throws where it is refused; the dialog says so. */
  approve(input: { id: string; note?: string }): Promise<unknown>;
  onClose(): void;
}
export function ApproveDialog({ id, title, approve, onClose }: ApproveDialogProps) {
  const api = useApi();
  const { data } = useQuery(api.tasks.details.queryOptions({ id }));
  const [{ note }, write, end] = useKept(`approve ${id}`, { note: '' });
  const close = (): void => {
    end();
    onClose();
  };
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const name = data?.task.title ?? title ?? 'the gate';
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await approve({ id, ...(note.trim() !== '' && { note: note.trim() }) });
      close();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      opened
      title={`Approve “${name.length > 60 ? `${name.slice(0, 60)}…` : name}”?`}
      confirm="Approve"
      dismiss="Not yet"
      busy={busy}
      error={error}
      onConfirm={() => void run()}
      onClose={close}
    >
      {data && <Released waiting={data.dependents.filter(({ state }) => state === 'waiting')} />}
      <p className="dim">This cannot be taken back. Your name and your note stay with it.</p>
      <Textarea
        label="Note"
        placeholder="Optional"
        mt={12}
        rows={3}
        maxLength={2_000}
        value={note}
        onChange={(event) => write({ note: event.currentTarget.value })}
      />
    </ConfirmDialog>
  );
}

const SHOWN = 5;

function Released({ waiting }: { waiting: TaskSummary[] }) {
  if (waiting.length === 0) return <p>Nothing waits for it: it is completed by you.</p>;
  const rest = waiting.length - SHOWN;
  return (
    <>
      <p>It releases {formatPlural(waiting.length, 'task')}, as far as nothing else holds {waiting.length === 1 ? 'it' : 'them'} back:</p>
      <ul className={styles.released}>
        {waiting.slice(0, SHOWN).map((task) => (
          <li key={task.id}>
            <StateShape state={shownState(task)} label={stateWords[shownState(task)]} />
            <span className="ellipsis" title={task.title}>{task.title}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="dim">and {formatPlural(rest, 'other')}</p>}
    </>
  );
}
