// Whose workspace this window shows, and the way to the other connections.
import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPlus, IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionSummary } from '../../shared/connection.ts';
import { useStatus } from '../app/status.tsx';
import { useAction, useRun } from '../components/actions.tsx';
import { useBridge } from '../components/bridge.tsx';
import { initialsOf } from '../components/values.tsx';
import { Swatch } from './Swatch.tsx';
import { useConnections } from './useConnections.ts';
import styles from './connections.module.css';

interface SwitcherProps {
  /** Null: nobody is signed in. */
  workspace: string | null;
  /** False where settings cannot be reached, as before the sign-in. */
  settings?: boolean;
}
export function Switcher({ workspace, settings = true }: SwitcherProps) {
  const bridge = useBridge();
  const run = useRun();
  const { connection } = useStatus().status;
  const connections = useConnections();
  const [opened, setOpened] = useState(false);
  useAction('connection.choose', () => setOpened(true));
  const title = workspace ?? 'Signalbox';
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-start" offset={4} width={320}>
      <Menu.Target>
        <UnstyledButton className={styles.button}>
          <span className={styles.mark} aria-hidden>{workspace === null ? '' : initialsOf(workspace)}</span>
          <span className={styles.words}>
            <b className="ellipsis" title={title}>{title}</b>
            <span className="hidden-visually"> on </span>
            <span className="ellipsis" title={connection.name}>{connection.name}</span>
          </span>
          <span className="hidden-visually">. Open another connection</span>
          <IconChevronDown size={13} className={styles.chevron} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown aria-label="Connections">
        <Menu.Label>Each connection has windows of its own</Menu.Label>
        {connections?.map((one) => (
          <Menu.Item
            key={one.id}
            leftSection={<Swatch accent={one.accent} />}
            rightSection={<span className="faint small">{standOf(one, connection.id)}</span>}
            onClick={() => void bridge.request('connections:open', { id: one.id })}
          >
            <span className={styles.item}>
              <b className="ellipsis">{one.workspace ?? one.name}</b>
              <span className="ellipsis">{placeOf(one)}</span>
            </span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => run('connection.add')}>
          Connect to a server…
        </Menu.Item>
        {settings && (
          <Menu.Item leftSection={<IconSettings size={14} />} onClick={() => run('connection.manage')}>
            Manage connections
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function standOf({ id, open }: ConnectionSummary, current: string): string {
  if (id === current) return 'this window';
  return open ? 'open' : '';
}

/** Its name and where it is, without saying the same twice. */
export function placeOf({ name, where, workspace }: ConnectionSummary): string {
  const told = name.toLowerCase() === where.toLowerCase();
  if (workspace === null) return told ? 'nobody has signed in yet' : where;
  return told ? name : `${name} · ${where}`;
}
