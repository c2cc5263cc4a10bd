// The backend cannot be used: what happened, what was kept, what to do, and the ways out.
import { Button, PasswordInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { FailureReason, WayOut } from '../../shared/backend-status.ts';
import type { Problem } from '../../shared/errors.ts';
import type { FailedBackend } from '../../shared/ipc.ts';
import { useStatus } from '../app/status.tsx';
import { RestoreDialog } from '../backup/index.ts';
import { useBridge } from '../components/bridge.tsx';
import { problemOf } from '../components/problem.ts';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import { Time } from '../components/values.tsx';
import { useRestart } from './useRestart.ts';
import styles from './session.module.css';

const again: Partial<Record<FailureReason, string>> = {
  crash_loop: 'Restart the backend',
  unreachable: 'Try now',
};
const takesKey = new Set<FailureReason>(['key_missing', 'key_locked', 'key_unreadable', 'key_wrong']);
const others: Partial<Record<FailureReason, { way: WayOut; label: string }[]>> = {
  crash_loop: [{ way: 'save_log', label: 'Save the log…' }],
  other: [{ way: 'save_log', label: 'Save the log…' }],
  data_folder_unusable: [{ way: 'show_folder', label: 'Show the folder' }],
  disk_full: [{ way: 'show_folder', label: 'Show the folder' }],
  newer_database: [{ way: 'set_aside', label: 'Begin with an empty workspace…' }],
  database_unreadable: [
    { way: 'set_aside', label: 'Set it aside and begin anew…' },
    { way: 'show_folder', label: 'Show the folder' },
  ],
  database_missing: [{ way: 'set_aside', label: 'Begin with an empty workspace…' }],
};

export function BackendFailed({ failure }: { failure: FailedBackend }) {
  const { restart, busy } = useRestart();
  const [restoring, setRestoring] = useState(false);
  const { demo } = useStatus().status;
  const reason = failure.reason ?? 'other';
  const log = failure.log ?? [];
  const withKey = takesKey.has(reason);
  return (
    <main className={styles.page} data-failed>
      <div className={styles.card} role="alert">
        <div className={styles.failedHead}>
          <StateShape state="failed" size={18} />
          <h1>{failure.title}</h1>
        </div>
        <p className={styles.message}>{failure.message}</p>
        <p className={styles.message}>
          <strong>What to do.</strong> {failure.action}
        </p>
        {failure.nextTryAt && (
          <p className="dim" aria-live="off">
            Looked at again by itself <Time value={failure.nextTryAt} everyMs={1_000} />.
          </p>
        )}
        {withKey && <GiveKey />}
        <WaysOut ways={others[reason] ?? []}>
          <Button variant={withKey ? 'default' : 'filled'} loading={busy} onClick={restart} autoFocus={!withKey}>
            {again[reason] ?? 'Try again'}
          </Button>
          {demo?.offered === true && <Button onClick={() => setRestoring(true)}>Restore a backup…</Button>}
        </WaysOut>
        {log.length > 0 && (
          <details className={styles.log}>
            <summary>The last lines of its log</summary>
            <pre>{log.join('\n')}</pre>
          </details>
        )}
      </div>
      {restoring && <RestoreDialog onClose={() => setRestoring(false)} />}
    </main>
  );
}

function WaysOut({ ways, children }: { ways: { way: WayOut; label: string }[]; children: ReactNode }) {
  const bridge = useBridge();
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (way: WayOut): Promise<void> => {
    setProblem(null);
    try {
      const answer = await bridge.request('backend:way-out', { way });
      if (!answer.ok) setProblem(answer.problem);
    } catch (cause) {
      setProblem(problemOf(cause));
    }
  };
  return (
    <>
      {problem && <ProblemNotice error={problem} />}
      <div className={styles.waysOut}>
        {children}
        {ways.map(({ way, label }) => (
          <Button key={way} onClick={() => void take(way)}>
            {label}
          </Button>
        ))}
      </div>
    </>
  );
}

/** The master key from a backup. What is there is not touched until the database has taken it. */
function GiveKey() {
  const bridge = useBridge();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const give = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      const answer = await bridge.request('backend:give-key', { key });
      if (!answer.ok) setRefusal(answer.problem.detail);
    } catch (cause) {
      setRefusal(problemOf(cause).detail);
    }
    setBusy(false);
  };
  return (
    <form className={styles.giveKey} onSubmit={(event) => void give(event)}>
      <PasswordInput
        label="Master key from a backup"
        description="44 characters. It is tried on the database first; only the right one is kept."
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={refusal}
        autoComplete="off"
        autoFocus
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the key' }}
      />
      <Button type="submit" variant="filled" loading={busy} disabled={key.trim() === ''}>
        Use this key
      </Button>
    </form>
  );
}
