// What the system tells the person when Signalbox is not in front, and when it is quiet.
import { Button, Checkbox, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { clockTime, preferences as schema, type NoticeKind, type NotificationChoices } from '../../shared/preferences.ts';
import { useStatus } from '../app/status.tsx';
import { useBridge } from '../components/bridge.tsx';
import { Panel } from '../components/layout.tsx';
import { Note } from '../components/ProblemNotice.tsx';
import styles from './settings.module.css';

const kinds: readonly { kind: NoticeKind; label: string; description: string }[] = [
  { kind: 'finding', label: 'Urgent findings', description: 'An agent has reported something that needs a person.' },
  { kind: 'failed', label: 'Failed tasks', description: 'A task has no attempts left.' },
  { kind: 'stopped', label: 'Stopped work', description: 'A budget is used up, or a provider account takes nothing more.' },
  { kind: 'approval', label: 'Gates', description: 'A plan waits for a person’s approval.' },
  { kind: 'plan', label: 'Finished plans', description: 'A plan has succeeded, or has failed.' },
];

export function Notifications() {
  const bridge = useBridge();
  const { preferences, prefer } = useStatus();
  const [tested, setTested] = useState<boolean | null>(null);
  const choices = preferences?.notifications ?? schema.parse({}).notifications;
  const change = (patch: Partial<NotificationChoices>): void => prefer({ notifications: { ...choices, ...patch } });
  const test = async (): Promise<void> => setTested((await bridge.request('notifications:test')).shown);
  return (
    <>
      <Panel title="Tell me about">
        <p className={styles.text}>
          The system shows these while no Signalbox window that shows the thing is in front; several at once come as one. A click
          leads to it.
        </p>
        {kinds.map(({ kind, label, description }) => (
          <Checkbox
            key={kind}
            label={label}
            description={description}
            checked={choices[kind]}
            onChange={(event) => change({ [kind]: event.currentTarget.checked })}
          />
        ))}
        <div className={styles.buttons}>
          <Button onClick={() => void test()}>Show a test notification</Button>
          {tested === true && <span className="dim small" role="status">Sent. If none appears, the system’s settings hold it back.</span>}
        </div>
        {tested === false && <Note tone="warning">This system shows no notifications.</Note>}
      </Panel>
      <Panel title="Quiet hours">
        <Switch
          label="Tell me nothing at these hours"
          description="What happens meanwhile stands on the overview; it is not told afterwards."
          checked={choices.quiet.on}
          onChange={(event) => change({ quiet: { ...choices.quiet, on: event.currentTarget.checked } })}
        />
        <div className={styles.times}>
          <Time label="From" value={choices.quiet.from} onChange={(from) => change({ quiet: { ...choices.quiet, from } })} />
          <Time label="To" value={choices.quiet.to} onChange={(to) => change({ quiet: { ...choices.quiet, to } })} />
        </div>
      </Panel>
    </>
  );
}

/** In the computer's zone. What is no time is said, and the last one kept. */
function Time({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const written = draft ?? value;
  const wrong = clockTime.safeParse(written).error?.issues[0]?.message ?? null;
  return (
    <TextInput
      label={label}
      type="time"
      value={written}
      error={draft === null ? null : wrong}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setDraft(next);
        if (clockTime.safeParse(next).success) onChange(next);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
