// Bulk jobs in every state, and the look at a plan before it is done.
import { bulkPlans, plannedBulk } from '../stories/bulkFixtures.ts';
import { failing, paged, pending } from '../stories/bridge.ts';
import { agents, meAs } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';
import { BulkDialog } from './BulkDialog.tsx';

const nothing = (): void => undefined;
const done = bulkPlans[1];
const at = (index: number): string => `/jobs/${bulkPlans[index]?.id ?? ''}`;
const many = Array.from({ length: 400 }, (_, index) => ({
  ...(done ?? plannedBulk),
  id: `019d2f6a-0400-7a31-8f0c-c${String(index).padStart(11, '0')}`,
}));

export const stories = defineStories('bulk jobs', {
  some: { path: '/jobs' },
  'with only planned': { path: '/jobs?all=1' },
  running: { path: at(0) },
  done: { path: at(1) },
  undone: { path: at(2) },
  stopped: { path: at(3) },
  'given away': {
    path: at(1),
    handlers: {
      'bulkPlans.get': () => ({ ...(done ?? plannedBulk), action: 'reassign', filter: { state: 'queued', queue: 'firmware' }, input: { agentId: agents[1]?.id } }),
    },
  },
  planned: { path: `/jobs/${plannedBulk.id}`, handlers: { 'bulkPlans.get': () => plannedBulk } },
  viewer: { path: at(1), me: meAs('viewer') },
  many: { path: '/jobs', handlers: { 'bulkPlans.list': (input) => paged(many, input) } },
  empty: { path: '/jobs', handlers: { 'bulkPlans.list': (input) => paged([], input) } },
  loading: { path: at(0), handlers: { 'bulkPlans.list': pending, 'bulkPlans.get': pending } },
  failing: { path: '/jobs', handlers: { 'bulkPlans.list': failing('unavailable', 'The backend does not answer.') } },
  'one failing': { path: at(0), handlers: { 'bulkPlans.get': failing('unavailable', 'The backend does not answer.') } },
  'before a retry': { frame: 'shell', render: () => <BulkDialog action="retry" filter={{}} onClose={nothing} /> },
  'before a change of priority': { frame: 'shell', render: () => <BulkDialog action="reprioritise" filter={{}} onClose={nothing} /> },
  'nothing to do': {
    frame: 'shell',
    render: () => <BulkDialog action="delete" filter={{}} onClose={nothing} />,
    handlers: { 'bulkPlans.create': failing('conflict', 'No task under this filter is in a state that the action changes.') },
  },
});
