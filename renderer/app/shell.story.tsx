// The window's frame in each state of the connection.
import { useEffect } from 'react';
import { EmptyState } from '../components/layout.tsx';
import { meAs } from '../stories/fixtures.ts';
import { pending } from '../stories/bridge.ts';
import { defineStories } from '../stories/story.ts';
import { omnibox } from './palette.ts';

function Open() {
  useEffect(() => omnibox.open(), []);
  return null;
}
const content = () => <EmptyState title="Content">A screen stands here.</EmptyState>;

export const stories = defineStories('shell', {
  live: { frame: 'shell', render: content },
  connecting: { frame: 'shell', render: content, freshness: { state: 'connecting' }, handlers: { 'overview.get': pending } },
  stale: {
    frame: 'shell',
    render: content,
    freshness: { state: 'stale', since: '2026-11-20T17:40:00Z', reason: 'The backend does not answer.' },
  },
  forgotten: {
    frame: 'shell',
    render: content,
    status: { keychain: false, session: { state: 'signed_in', me: meAs('owner'), remembered: false } },
  },
  'left form': {
    frame: 'shell',
    render: content,
    drafts: [
      { name: 'task new', what: 'a new task', path: '/tasks?new=1', values: { title: 'Check the port lamp before the tide turns' } },
      { name: 'agent 1', what: 'changes to the agent lamp-checker', path: '/agents/1?edit=1', values: { role: 'Looks at every lamp twice' } },
    ],
  },
  omnibox: { frame: 'shell', render: () => <Open /> },
});
