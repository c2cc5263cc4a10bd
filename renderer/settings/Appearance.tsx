// How the console looks on this computer.
import type { Preferences } from '../../shared/ipc.ts';
import { useStatus } from '../app/status.tsx';
import { Panel, Segments } from '../components/layout.tsx';

const themes = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function Appearance() {
  const { preferences, prefer } = useStatus();
  return (
    <Panel title="Theme">
      <Segments
        label="Theme"
        options={themes}
        value={preferences?.theme ?? 'system'}
        onChange={(theme) => prefer({ theme: theme as Preferences['theme'] })}
      />
    </Panel>
  );
}
