// What closing the last window does while work runs, and whether running work keeps the computer awake.
import { Radio, Switch } from '@mantine/core';
import { closings, type Preferences } from '../../shared/preferences.ts';
import { useStatus } from '../app/status.tsx';
import { Panel } from '../components/layout.tsx';
import { Note } from '../components/ProblemNotice.tsx';
import styles from './settings.module.css';

const words: Record<Preferences['closing'], { label: string; description: string }> = {
  ask: { label: 'Ask me', description: 'With the number of tasks that run.' },
  background: { label: 'Keep running in the tray', description: 'The icon brings the window back; its menu has the counts, pause and quit.' },
  quit: { label: 'Quit', description: 'What runs is put back in the queue, and tried again at the next start.' },
};

export function Closing() {
  const { status, preferences, prefer } = useStatus();
  const { tray, awake } = status;
  const labelOf = (value: Preferences['closing']): string => (value === 'background' && !tray ? 'Keep running, minimised' : words[value].label);
  const describe = (value: Preferences['closing']): string =>
    value === 'background' && !tray ? 'The window stays in the list of windows.' : words[value].description;
  return (
    <>
      <Panel title="When I close the last window while tasks run on this computer">
        <Radio.Group
          aria-label="Closing the last window"
          value={preferences?.closing ?? 'ask'}
          onChange={(closing) => prefer({ closing })}
        >
          <div className={styles.choices}>
            {closings.map((value) => <Radio key={value} value={value} label={labelOf(value)} description={describe(value)} />)}
          </div>
        </Radio.Group>
        <p className={styles.text}>
          Without running tasks, closing the last window quits. File › Quit always quits. What runs on a server runs on in any case.
        </p>
        {!tray && <Note>This desktop shows no tray, so a hidden window would be out of reach. Signalbox minimises instead.</Note>}
      </Panel>
      <Panel title="Sleep">
        <Switch
          label="Keep the computer awake while tasks run on it"
          description="The screen may still go dark. The status line says so while it is so."
          checked={preferences?.keepAwake ?? false}
          onChange={(event) => prefer({ keepAwake: event.currentTarget.checked })}
        />
        {awake && <p className={styles.text} role="status">Tasks run: the computer is kept awake now.</p>}
      </Panel>
    </>
  );
}
