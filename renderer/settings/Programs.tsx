// Where agents and scripts reach this backend, and the keys that open it to them.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey } from '../../shared/identity.ts';
import { useApi } from '../app/api.ts';
import { Link } from '../app/Link.tsx';
import { MayButton, useMay } from '../app/me.tsx';
import { useGo, useRoute } from '../app/routes.ts';
import { useStatus } from '../app/status.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { Lines, Panel } from '../components/layout.tsx';
import { notifyDone } from '../components/notify.ts';
import { CopyField } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { Time } from '../components/values.tsx';
import { KeyDialog } from './KeyDialog.tsx';
import { shortPrefix } from './keyForm.ts';
import styles from './settings.module.css';

const MOST = 100;

export function Programs() {
  const { backend } = useStatus().status;
  const keys = useMay('keys:manage');
  const go = useGo();
  const { new: creating } = useRoute().search;
  const show = (search: Record<string, string>): void => go({ place: 'settings', id: 'programs', search }, { replace: true });
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
          A key lets a program read or change what you choose, and is shown once. An external agent gets one when it is made, or
          again from its details in <Link to={{ place: 'agents' }}>Agents</Link>.
        </p>
        <div className={styles.buttons}>
          <MayButton permission="keys:manage" onClick={() => show({ new: '1' })}>New key…</MayButton>
        </div>
        {keys.allowed ? <Keys /> : <p className="dim">{keys.reason}</p>}
      </Panel>
      <KeyDialog opened={creating === '1'} onClose={() => show({})} />
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
  if (items.length === 0) return <p className="dim">There is no key yet.</p>;
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
              <th scope="col">Ends</th>
              <th scope="col"><span className="hidden-visually">Revoke</span></th>
            </tr>
          </thead>
          <tbody>
            {items.map((key) => (
              <tr key={key.id}>
                <th scope="row" className={styles.keyName} title={key.name}>{key.name}</th>
                <td className={`mono ${styles.left}`} title={`${key.prefix}_…`}>{shortPrefix(key.prefix)}</td>
                <td className={styles.words}>{key.scopes.join(', ')}</td>
                <td className={styles.left}>{key.lastUsedAt === null ? 'never' : <Time value={key.lastUsedAt} />}</td>
                <td className={styles.left}>{key.expiresAt === null ? 'never' : <Time value={key.expiresAt} />}</td>
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
