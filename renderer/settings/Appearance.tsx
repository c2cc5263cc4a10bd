// How the console looks on this computer.
import type { Preferences } from '../../shared/ipc.ts';
import { textSizes, type TextSize } from '../../shared/text-size.ts';
import { useStatus } from '../app/status.tsx';
import { keyWords } from '../components/keys.ts';
import { Panel, Segments } from '../components/layout.tsx';

const themes = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];
const sizeWords: Record<TextSize, string> = { small: 'Small', normal: 'Normal', large: 'Large', largest: 'Largest' };
const sizes = textSizes.map((value) => ({ value, label: sizeWords[value] }));

export function Appearance() {
  const { preferences, prefer } = useStatus();
  return (
    <>
      <Panel title="Theme">
        <Segments
          label="Theme"
          options={themes}
          value={preferences?.theme ?? 'system'}
          onChange={(theme) => prefer({ theme: theme as Preferences['theme'] })}
        />
      </Panel>
      <Panel title="Text size">
        <Segments
          label="Text size"
          options={sizes}
          value={preferences?.textSize ?? 'normal'}
          onChange={(textSize) => prefer({ textSize: textSize as TextSize })}
        />
        <p className="dim">
          In all windows on this computer. {keyWords('mod++')} and {keyWords('mod+-')} enlarge and reduce on top of it.
        </p>
      </Panel>
    </>
  );
}
