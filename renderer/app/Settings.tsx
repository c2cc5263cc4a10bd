// Settings: how the console looks, who is signed in, and where programs reach the backend.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Preferences } from '../../shared/ipc.ts';
import { useBridge } from '../components/bridge.tsx';
import { PageHeader, Panel, Screen, Segments } from '../components/layout.tsx';
import { CopyField, Fields } from '../components/output.tsx';
import { ProblemNotice } from '../components/ProblemNotice.tsx';
import { useMe } from './me.tsx';
import { useStatus } from './status.tsx';

const themes = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function SettingsScreen() {
  const bridge = useBridge();
  const me = useMe();
  const { status, preferences, prefer } = useStatus();
  const [problem, setProblem] = useState<unknown>(null);
  const signOut = async (): Promise<void> => {
    const answer = await bridge.request('session:logout');
    if (!answer.ok) setProblem(answer.problem);
  };
  return (
    <Screen>
      <PageHeader title="Settings" />
      <div style={{ display: 'grid', gap: 14, maxWidth: 640, overflow: 'auto', paddingBottom: 8 }}>
        <Panel title="Look">
          <Segments
            label="Theme"
            options={themes}
            value={preferences?.theme ?? 'system'}
            onChange={(theme) => prefer({ theme: theme as Preferences['theme'] })}
          />
        </Panel>
        <Panel title="Signed in">
          <Fields
            rows={[
              ['Name', me.user.name],
              ['E-mail', me.user.email],
              ['Workspace', me.organization.name],
              ['Role', me.organization.role],
              ['Next time', remembered(status)],
            ]}
          />
          {problem !== null && <ProblemNotice error={problem} />}
          <div>
            <Button onClick={() => void signOut()}>Sign out</Button>
          </div>
        </Panel>
        <Panel title="For programs">
          <p className="dim">Agents and scripts reach this backend here, with an API key. It runs while Signalbox is open.</p>
          {status.backend.state === 'ready' ? (
            <CopyField text={status.backend.url} label="Address of the API" />
          ) : (
            <p className="dim">The backend is not ready.</p>
          )}
        </Panel>
        <Panel title="About">
          <Fields rows={[['Signalbox', status.version], ['Platform', status.platform]]} />
        </Panel>
      </div>
    </Screen>
  );
}

function remembered({ session, keychain }: ReturnType<typeof useStatus>['status']): string {
  if (session.state === 'signed_in' && session.remembered) return 'You stay signed in; the session is kept by the keychain.';
  return keychain ? 'You sign in again.' : 'You sign in again: this computer has no keychain to keep a session.';
}
