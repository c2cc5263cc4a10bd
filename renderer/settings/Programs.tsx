// Where agents and scripts reach this backend, and the keys that open it to them.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey } from '../../shared/identity.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { useMay } from '../app/me.tsx';
import { useStatus } from '../app/status.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { Lines, Panel } from '../components/layout.tsx';
import { notifyDone } from '../components/notify.ts';
import { CopyField } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Time } from '../components/values.tsx';
import styles from './settings.module.css';

const MOST = 100;

export function Programs() {
  const { backend } = useStatus().status;
  const keys = useMay('keys:manage');
  return (
    <>
      <Panel title="Address of the API">
        <p className={styles.text}>
          Agents and scripts reach this backend here, with an API key. <span className="mono">GET /api/openapi.json</span>{' '}
          describes all of it.
        </p>
        {backend.state === 'ready' ? (
          <CopyField text={backend.url} label="Address of the API" />
        ) : (
          <p className={styles.text}>The backend is not ready.</p>
        )}
      </Panel>
      <Panel title="API keys">
        <p className={styles.text}>
          An external agent gets its key when it is made, or again from its details in{' '}
          <Link to={{ place: 'agents' }}>Agents</Link>. A key is shown once.
        </p>
        {keys.allowed ? <Keys /> : <p className="dim">{keys.reason}</p>}
      </Panel>
    </>
  );
}

function Keys() {
  const api = useApi();
  const client = useQueryClient();
  const found = useQuery(api.keys.list.queryOptions({ limit: MOST }, { staleTime: 0 }));
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useMutation(
    api.keys.revoke.mutationOptions({
      onSuccess: () => {
        notifyDone(`${revoking?.name ?? 'The key'} opens nothing any more.`);
        setRevoking(null);
        void client.invalidateQueries({ queryKey: api.keys.list.queryKey() });
      },
    }),
  );
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Lines />;
  const { items, nextCursor } = found.data;
  if (items.length === 0) return <p className="dim">There is no key yet. Make an external agent, and its first key comes with it.</p>;
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="API keys">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Begins with</th>
              <th scope="col">May</th>
              <th scope="col">Last used</th>
              <th scope="col"><span className="hidden-visually">Revoke</span></th>
            </tr>
          </thead>
          <tbody>
            {items.map((key) => (
              <tr key={key.id}>
                <th scope="row" className={styles.name} title={key.name}>{key.name}</th>
                <td className={`mono ${styles.left}`}>{key.prefix}…</td>
                <td className={styles.words}>{key.scopes.join(', ')}</td>
                <td className={styles.left}>{key.lastUsedAt === null ? 'never' : <Time value={key.lastUsedAt} />}</td>
                <td><Button size="compact-xs" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>Revoke</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {nextCursor !== null && <p className="dim">The newest {MOST} are shown.</p>}
      <ConfirmDialog
        opened={revoking !== null}
        title="Revoke the key"
        confirm="Revoke it"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
        onClose={() => {
          setRevoking(null);
          revoke.reset();
        }}
      >
        <b>{revoking?.name}</b> stops working at once, wherever it is used. What was done with it stays. It cannot be taken back.
      </ConfirmDialog>
    </>
  );
}
