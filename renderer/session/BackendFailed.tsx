// The backend did not start: what happened, what to do, and a way to try again.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { BackendStatus } from '../../shared/ipc.ts';
import { useStatus } from '../app/status.tsx';
import { RestoreDialog } from '../backup/index.ts';
import { useBridge } from '../components/bridge.tsx';
import { StateShape } from '../components/StateBadge.tsx';
import styles from './session.module.css';

export function BackendFailed({ failure }: { failure: Extract<BackendStatus, { state: 'failed' }> }) {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const [restoring, setRestoring] = useState(false);
  const { demo } = useStatus().status;
  const restart = (): void => {
    setBusy(true);
    void bridge.request('backend:restart').finally(() => setBusy(false));
  };
  return (
    <main className={styles.page}>
      <div className={styles.card} role="alert">
        <div className={styles.failedHead}>
          <StateShape state="failed" size={18} />
          <h1>{failure.title}</h1>
        </div>
        <p className={styles.message}>{failure.message}</p>
        <p className={styles.message}>
          <strong>What to do.</strong> {failure.action}
        </p>
        <div className={styles.buttons}>
          <Button variant="filled" loading={busy} onClick={restart} autoFocus>
            Restart the backend
          </Button>
          {demo?.offered === true && <Button onClick={() => setRestoring(true)}>Restore a backup…</Button>}
        </div>
      </div>
      {restoring && <RestoreDialog onClose={() => setRestoring(false)} />}
    </main>
  );
}
