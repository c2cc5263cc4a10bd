// Everything that a window shows before somebody is signed in.
import type { FailedBackend } from '../../shared/ipc.ts';
import { me, NOW } from '../stories/fixtures.ts';
import { defineStories, type StoryState } from '../stories/story.ts';
import { SessionGate } from './SessionGate.tsx';
import { Starting } from './Starting.tsx';
import { Welcome } from './Welcome.tsx';

const demo = { offered: true, kept: false, making: null, trickle: false };
const ready = { state: 'ready', url: 'http://127.0.0.1:4180' } as const;

export const stories = defineStories('session', {
  first: { frame: 'page', render: () => <Welcome hint={null} keychain demo={demo} /> },
  left: { frame: 'page', render: () => <Welcome hint="You have left the demo. It waits here for you." keychain demo={{ ...demo, kept: true }} /> },
  register: { frame: 'page', render: () => <Welcome hint={null} keychain /> },
  signin: { frame: 'page', render: () => <Welcome hint="mara@northwind.example" keychain={false} /> },
  starting: { frame: 'page', render: () => <Starting what="Opening the workspace’s database…" /> },
  ...failures({
    failed: {
      reason: 'data_folder_in_use',
      title: 'Signalbox is already running',
      message: 'The data folder /home/mara/.config/Signalbox/workspace is in use by process 4711. Nothing in it was changed.',
      action: 'Close the other Signalbox, then try again.',
    },
    crashloop: {
      reason: 'crash_loop',
      title: 'The backend keeps stopping',
      message: 'It has stopped again and again (last exit code 134), so it is not started any more. Your data is kept.',
      action: 'Restart the backend. If it stops again, free some memory and disk space first, or restore a backup.',
      log: [
        '14:02:11 info listening',
        '14:02:12 warning a hosted attempt threw: socket hang up',
        'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      ],
    },
    newer: {
      reason: 'newer_database',
      title: 'This database is from a newer Signalbox',
      message:
        'This database is at version 14, this program knows versions up to 10. It was opened by Signalbox 0.3.0 last. ' +
        'Nothing was changed. Update Signalbox, or restore a backup from before the update.',
      action: 'Update Signalbox, or restore a backup from before the update.',
    },
    damaged: {
      reason: 'database_unreadable',
      title: 'The database cannot be opened',
      message:
        'The database in /home/mara/.config/Signalbox/workspace cannot be opened: the file PG_VERSION is missing. ' +
        'Nothing in it was deleted. Restore a backup, or choose another folder.',
      action: 'Restore a backup. What is there can be set aside; nothing of it is deleted.',
      log: ['14:02:11 error the backend did not start: the file PG_VERSION is missing'],
    },
    keylocked: {
      reason: 'key_locked',
      title: 'The keychain does not open the master key',
      message:
        'Your keychain does not open the master key of this workspace, as after a new login password. ' +
        'The key and the database are kept as they are.',
      action: 'Unlock the keychain that this workspace was made with, then try again. Or give the key from a backup.',
    },
    diskfull: {
      reason: 'disk_full',
      title: 'The disk is full',
      message: 'The disk is full: 2 MB are free at /home/mara/.config/Signalbox/workspace, and 64 MB are needed to write. Nothing was changed.',
      action: 'Free some space. Signalbox looks every few seconds and goes on by itself.',
      nextTryAt: new Date(NOW + 5_000).toISOString(),
    },
    unreachable: {
      reason: 'unreachable',
      title: 'The server cannot be reached',
      message: 'signalbox.example.com is away: nothing answers at its address (the connection was refused).',
      action: 'Check your network, and whether the server runs.',
      nextTryAt: new Date(NOW + 8_000).toISOString(),
    },
  }),
  updating: {
    frame: 'page',
    status: { backend: { state: 'starting', doing: 'Making a safety copy of the database (212 MB) before it is updated…' }, session: { state: 'unknown' } },
    render: () => <SessionGate>{() => null}</SessionGate>,
  },
  away: {
    path: '/tasks',
    freshness: { state: 'stale', since: new Date(NOW - 190_000).toISOString(), reason: 'The backend does not answer. Connecting again.' },
    status: {
      backend: {
        state: 'away',
        since: new Date(NOW - 190_000).toISOString(),
        tries: 5,
        nextTryAt: new Date(NOW + 11_000).toISOString(),
        title: 'The server cannot be reached',
        message: 'signalbox.example.com is away: it does not answer in time.',
        action: 'Check your network, and whether the server runs.',
      },
    },
  },
  crashing: {
    path: '/tasks',
    freshness: { state: 'stale', since: new Date(NOW - 2_000).toISOString(), reason: 'The connection to the backend was lost. Trying again.' },
    status: { backend: { state: 'starting', crash: { at: new Date(NOW - 2_000).toISOString(), times: 1, how: 'ended', putBack: null } } },
  },
  crashed: { path: '/tasks', status: { backend: { ...ready, crash: { at: new Date(NOW - 30_000).toISOString(), times: 3, how: 'hung', putBack: 4 } } } },
  everything: {
    path: '/tasks',
    status: {
      backend: { ...ready, url: 'http://127.0.0.1:51234', portTaken: 4180, disk: { freeBytes: 41_000_000, neededBytes: 96_000_000 } },
      clockAhead: -312,
      keychain: false,
      session: { state: 'signed_in', me, remembered: false },
    },
  },
  awake: { path: '/tasks', freshness: { state: 'connecting', awake: true } },
});

/** One screen for each way in which the backend cannot be used. */
function failures(given: Record<string, Omit<FailedBackend, 'state'>>): Record<string, StoryState> {
  const screens = Object.entries(given).map(([name, failure]): [string, StoryState] => [
    name,
    {
      frame: 'page',
      status: { backend: { state: 'failed', ...failure }, session: { state: 'unknown' } },
      render: () => <SessionGate>{() => null}</SessionGate>,
    },
  ]);
  return Object.fromEntries(screens);
}
