// The dialogs of backup and restore, step by step.
import { useEffect } from 'react';
import { useBridge } from '../components/bridge.tsx';
import { failing, pending, type FakeBridge } from '../stories/bridge.ts';
import { backup } from '../stories/keepingFixtures.ts';
import { defineStories } from '../stories/story.ts';
import { BackUpDialog } from './BackUpDialog.tsx';
import { Contents } from './Contents.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import { Working } from './Working.tsx';

const nothing = (): void => undefined;

/** Main tells how far it is once the window listens. */
function Telling({ stage }: { stage: 'copying' | 'checking' }) {
  const bridge = useBridge() as FakeBridge;
  useEffect(() => bridge.notify('backup:progress', { stage, done: 140_000_000, total: 412_000_000 }), [bridge, stage]);
  return <BackUpDialog onClose={nothing} onMade={nothing} />;
}

export const stories = defineStories('backup', {
  make: { render: () => <BackUpDialog onClose={nothing} onMade={nothing} /> },
  'make-telling': { render: () => <Telling stage="copying" /> },
  copying: { render: () => <Working progress={{ stage: 'copying', done: 140_000_000, total: 412_000_000 }} first="" /> },
  checking: { render: () => <Working progress={{ stage: 'checking', done: 0, total: 0 }} first="" /> },
  contents: { render: () => <Contents contents={backup} /> },
  'contents-empty': { render: () => <Contents contents={{ ...backup, workspaces: [], people: 0, rows: 0 }} /> },
  'contents-many': {
    render: () => (
      <Contents
        contents={{
          ...backup,
          workspaces: Array.from({ length: 40 }, (_, index) => ({ ...backup.workspaces[0]!, id: `w${index}`, name: `Workspace ${index + 1} of a company with many of them` })),
        }}
      />
    ),
  },
  restore: { render: () => <RestoreDialog onClose={nothing} /> },
  'restore-foreign': {
    render: () => <RestoreDialog onClose={nothing} />,
    keeping: { 'backup:pick': failing('malformed_request', 'This file is not a Signalbox backup. Choose one that “Back up” made. Nothing was changed.') },
  },
  'restore-loading': { render: () => <RestoreDialog onClose={nothing} />, keeping: { 'backup:pick': pending } },
});
