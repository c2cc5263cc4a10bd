// The queues and the schedules in every state in which a person meets them.
import type { Queue } from '../../shared/queue.ts';
import { AppError } from '../../shared/errors.ts';
import { emptyWorkspace, failing, paged, pending } from '../stories/bridge.ts';
import { meAs, secondsAgo } from '../stories/fixtures.ts';
import { queues } from '../stories/groupFixtures.ts';
import { schedules } from '../stories/scheduleFixtures.ts';
import { defineStories } from '../stories/story.ts';

const many = Array.from({ length: 1_200 }, (_, index): Queue => ({
  ...(queues[index % queues.length] as Queue),
  name: `tenant-${String(index).padStart(4, '0')}`,
  queued: (index * 7_919) % 4_000,
  oldestQueuedAt: secondsAgo(index * 13),
}));
const at = (index: number): string => `/queues/${schedules[index]?.id}?tab=schedules`;
const noCron = (): never => {
  const message = '"61 * * * *" is no cron expression. Write five fields: minute, hour, day, month, weekday; such as "0 3 * * 1-5".';
  throw new AppError('validation_failed', `cron: ${message}`, { details: { fields: [{ path: 'cron', message }] } });
};

export const stories = defineStories('queues', {
  some: { path: '/queues' },
  open: { path: '/queues/default' },
  draining: { path: '/queues/exports' },
  drained: { path: '/queues/nightly' },
  'at its limit': { path: '/queues/firmware' },
  'one that holds nothing': { path: '/queues/evening' },
  viewer: { path: '/queues/exports', me: meAs('viewer') },
  many: { path: '/queues', handlers: { 'queues.list': (input) => paged(many, input) } },
  empty: { path: '/queues', handlers: emptyWorkspace },
  loading: { path: '/queues/default', handlers: { 'queues.list': pending } },
  failing: { path: '/queues', handlers: { 'queues.list': failing('unavailable', 'The backend does not answer.') } },
  'one failing': { path: '/queues/default', handlers: { 'queues.list': failing('unavailable', 'The backend does not answer.') } },
  schedules: { path: '/queues?tab=schedules' },
  'a schedule': { path: at(2) },
  'a schedule whose last run made no task': { path: at(4) },
  'a paused schedule': { path: at(3) },
  'a schedule seen by a viewer': { path: at(0), me: meAs('viewer') },
  'a schedule that is gone': { path: '/queues/019d2f6a-0400-7a31-8f0c-a000000000ff?tab=schedules' },
  'new schedule': { path: '/queues?tab=schedules&new=1' },
  'new schedule, no such times': { path: '/queues?tab=schedules&new=1', handlers: { 'schedules.preview': noCron } },
  'no schedules': { path: '/queues?tab=schedules', handlers: emptyWorkspace },
  'a schedule loading': { path: at(2), handlers: { 'schedules.list': pending } },
  'a schedule failing': { path: at(2), handlers: { 'schedules.list': failing('unavailable', 'The backend does not answer.') } },
  'schedules loading': { path: '/queues?tab=schedules', handlers: { 'schedules.list': pending } },
  'schedules failing': { path: '/queues?tab=schedules', handlers: { 'schedules.list': failing('unavailable', 'The backend does not answer.') } },
});
