// Settings › Connections: what there is, renaming and removing, and the way to a new one.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { renamedConnection, type ConnectionSummary } from '../../shared/connection.ts';
import { useStatus } from '../app/status.tsx';
import { useRun } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { ConfirmDialog } from '../components/ConfirmDialog.tsx';
import { Panel } from '../components/layout.tsx';
import { Time } from '../components/values.tsx';
import { placeOf } from './Switcher.tsx';
import { Swatch } from './Swatch.tsx';
import { useConnections } from './useConnections.ts';
import styles from './connections.module.css';

export function ConnectionsSection() {
  const connections = useConnections();
  const run = useRun();
  const bridge = useBridge();
  const [removing, setRemoving] = useState<ConnectionSummary | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const close = (): void => {
    setRemoving(null);
    setProblem(null);
  };
  const remove = async ({ id }: ConnectionSummary): Promise<void> => {
    setBusy(true);
    try {
      await bridge.request('connections:remove', { id });
      close();
    } catch (cause) {
      setProblem(cause);
    }
    setBusy(false);
  };
  return (
    <Panel title="Connections">
      <p className="dim">
        Where your workspaces are: on this computer, and on servers. Each opens in windows of its own, with a session of its own.
      </p>
      <ul className={styles.list}>
        {connections?.map((one) => <Row key={one.id} connection={one} onRemove={() => setRemoving(one)} />)}
      </ul>
      <div>
        <Button variant="filled" onClick={() => run('connection.add')}>Connect to a server…</Button>
      </div>
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove “${removing?.name ?? ''}”?`}
        confirm="Remove it"
        dismiss="Keep it"
        danger
        busy={busy}
        error={problem}
        onClose={close}
        onConfirm={() => void (removing && remove(removing))}
      >
        <p>
          You are signed out there, its windows close, and this computer forgets its session. The workspaces on the server stay as
          they are; connect again to see them.
        </p>
      </ConfirmDialog>
    </Panel>
  );
}

function Row({ connection, onRemove }: { connection: ConnectionSummary; onRemove(): void }) {
  const bridge = useBridge();
  const current = useStatus().status.connection.id === connection.id;
  const [renaming, setRenaming] = useState(false);
  const { id, name, workspace, accent, lastUsedAt, removable } = connection;
  return (
    <li className={styles.row} aria-label={name}>
      <Swatch accent={accent} size={16} />
      {renaming ? (
        <Rename connection={connection} onDone={() => setRenaming(false)} />
      ) : (
        <>
          <span className={styles.facts}>
            <b className="ellipsis">{workspace ?? name}</b>
            <span className="dim small">
              {placeOf(connection)}
              {lastUsedAt !== null && <> · last used <Time value={lastUsedAt} /></>}
            </span>
          </span>
          <span className={styles.acts}>
            {current ? (
              <span className="faint small" style={{ alignSelf: 'center' }}>this window</span>
            ) : (
              <Button onClick={() => void bridge.request('connections:open', { id })}>Open</Button>
            )}
            <Button onClick={() => setRenaming(true)}>Rename</Button>
            {removable && <Button onClick={onRemove}>Remove</Button>}
          </span>
        </>
      )}
    </li>
  );
}

function Rename({ connection: { id, name }, onDone }: { connection: ConnectionSummary; onDone(): void }) {
  const bridge = useBridge();
  const [written, setWritten] = useState(name);
  const wrong = renamedConnection.shape.name.safeParse(written).error?.issues[0]?.message ?? null;
  const save = async (): Promise<void> => {
    if (wrong !== null) return;
    await bridge.request('connections:rename', { id, name: written });
    onDone();
  };
  return (
    <form
      className={styles.rename}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        aria-label={`New name of ${name}`}
        value={written}
        error={wrong}
        autoFocus
        onChange={(event) => setWritten(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onDone();
        }}
      />
      <Button type="submit" variant="filled">Save</Button>
      <Button onClick={onDone}>Go back</Button>
    </form>
  );
}
