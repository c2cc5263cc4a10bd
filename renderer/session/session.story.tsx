// Everything that a window shows before somebody is signed in.
import { defineStories } from '../stories/story.ts';
import { SessionGate } from './SessionGate.tsx';
import { Starting } from './Starting.tsx';
import { Welcome } from './Welcome.tsx';

const demo = { offered: true, kept: false, making: null };

export const stories = defineStories('session', {
  first: { frame: 'page', render: () => <Welcome hint={null} keychain demo={demo} /> },
  left: { frame: 'page', render: () => <Welcome hint="You have left the demo. It waits here for you." keychain demo={{ ...demo, kept: true }} /> },
  register: { frame: 'page', render: () => <Welcome hint={null} keychain /> },
  signin: { frame: 'page', render: () => <Welcome hint="mara@northwind.example" keychain={false} /> },
  starting: { frame: 'page', render: () => <Starting what="Opening the workspace’s database…" /> },
  failed: {
    frame: 'page',
    status: {
      backend: {
        state: 'failed',
        title: 'The database could not be opened',
        message: 'Another Signalbox uses the folder /home/mara/.config/signalbox/data. Nothing in it was changed.',
        action: 'Close the other one, then restart the backend here.',
      },
    },
    render: () => <SessionGate>{() => null}</SessionGate>,
  },
});
