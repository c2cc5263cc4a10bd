// The line above the screens of the demo, in its states.
import { EmptyState } from '../components/layout.tsx';
import { meAs } from '../stories/fixtures.ts';
import { defineStories } from '../stories/story.ts';
import { AppError, toProblem } from '../../shared/errors.ts';

const owner = meAs('owner');
const guest = { ...owner, organization: { ...owner.organization, name: 'Brightwater Logistics', demo: true } };
const content = () => <EmptyState title="Content">A screen stands here.</EmptyState>;
const making = { step: 3, steps: 7, doing: 'Giving three agents errands', problem: null };
const problem = toProblem(new AppError('unavailable', 'The backend cannot be reached.'));
const status = (now: typeof making | (Omit<typeof making, 'problem'> & { problem: typeof problem }) | null) => ({
  demo: { offered: true, kept: true, making: now, trickle: now === null },
});

export const stories = defineStories('demo', {
  made: { frame: 'shell', me: guest, status: status(null), render: content },
  making: { frame: 'shell', me: guest, status: status(making), render: content },
  failed: { frame: 'shell', me: guest, status: status({ ...making, problem }), render: content },
});
