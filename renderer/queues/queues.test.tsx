// @vitest-environment jsdom
// Queues and schedules on the screen: paused and limited with a way back, made and changed, and not by viewers.
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { AppError } from '../../shared/errors.ts';
import type { Queue } from '../../shared/queue.ts';
import type { Schedule } from '../../shared/schedule.ts';
import { failing, type Handlers } from '../stories/bridge.ts';
import { agents, meAs } from '../stories/fixtures.ts';
import { queues } from '../stories/groupFixtures.ts';
import { schedules } from '../stories/scheduleFixtures.ts';
import { drawAt } from '../testing/draw.tsx';

const setup = (path: string, handlers: Handlers = {}, role: 'owner' | 'viewer' = 'owner') => drawAt(path, { handlers, me: meAs(role) });
const named = (name: string): Queue => queues.find((queue) => queue.name === name) as Queue;
const panel = (name: string): Promise<HTMLElement> => screen.findByRole('complementary', { name });
const [first] = schedules as [Schedule];
const schedulesAt = (schedule: Schedule): string => `/queues/${schedule.id}?tab=schedules`;

afterEach(cleanup);

test('a queue is paused, says what still runs, and goes on by the undo', async () => {
  const { calls } = setup('/queues/default', { 'queues.update': (input) => ({ ...named('default'), ...input }) });
  fireEvent.click(await within(await panel('Queue default')).findByRole('button', { name: 'Pause' }));
  await screen.findByText('default is paused. Draining: 5 still run.');
  expect(calls('queues.update')).toEqual([{ name: 'default', paused: true }]);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(calls('queues.update').at(-1)).toEqual({ name: 'default', paused: false }));
  await screen.findByText(/default is open again\./);
});

test('draining until the last has ended, then drained; the same in the row and beside it', async () => {
  setup('/queues/exports');
  expect(await within(await panel('Queue exports')).findByText('Draining: 3 still run.')).toBeTruthy();
  const grid = screen.getByRole('grid', { name: 'Queues' });
  expect(within(grid).getByText('Draining · 3')).toBeTruthy();
  expect(within(grid).getByText('Drained')).toBeTruthy();
});

test('a limit is set, refused where it is none, taken away, and taken back', async () => {
  const { calls } = setup('/queues/firmware', { 'queues.update': (input) => ({ ...named('firmware'), ...input }) });
  fireEvent.click(await within(await panel('Queue firmware')).findByRole('button', { name: 'Limit…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Limit firmware' });
  const field = within(dialog).getByLabelText(/at the most/);
  fireEvent.change(field, { target: { value: '0' } });
  expect(within(dialog).getByText('At least 1; pause it to run none.')).toBeTruthy();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Set the limit' }));
  expect(calls('queues.update')).toEqual([]);
  fireEvent.change(field, { target: { value: '' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Take the limit away' }));
  await screen.findByText('firmware has no limit.');
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(calls('queues.update')).toEqual([{ name: 'firmware', maxRunning: null }, { name: 'firmware', maxRunning: 4 }]));
});

test('a queue leads to its tasks; one that holds nothing is shown as it is', async () => {
  const { route } = setup('/queues/evening');
  const open = await panel('Queue evening');
  expect(await within(open).findByText('none: as many run as agents take')).toBeTruthy();
  fireEvent.click(within(open).getByRole('link', { name: 'All tasks of this queue' }));
  expect(route()).toEqual({ place: 'tasks', id: null, search: { queue: 'evening' } });
});

test('a viewer is told why not', async () => {
  const { calls } = setup('/queues/exports', {}, 'viewer');
  const resume = await within(await panel('Queue exports')).findByRole('button', { name: 'Resume' });
  expect(resume.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(resume);
  expect(calls('queues.update')).toEqual([]);
});

test('a schedule says when in words, runs now with a way to its task, and is paused with a way back', async () => {
  const task = '019d2f6a-0400-7a31-8f0c-100000000001';
  const { calls, route } = setup(schedulesAt(first), {
    'schedules.run': () => ({ ...first, lastTaskId: task }),
    'schedules.update': (input) => ({ ...first, ...input }),
  });
  const open = await panel('Schedule Field telemetry');
  expect(await within(open).findByText('Every 15 minutes, between 06:00 and 20:59, Monday through Friday')).toBeTruthy();
  fireEvent.click(within(open).getByRole('button', { name: 'Pause' }));
  await screen.findByText(/is paused: it creates nothing/);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(calls('schedules.update')).toEqual([{ id: first.id, enabled: false }, { id: first.id, enabled: true }]));
  fireEvent.click(within(open).getByRole('button', { name: 'Run now' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Show it' }));
  expect(route()).toEqual({ place: 'tasks', id: task, search: {} });
});

test('a schedule is deleted only when it was asked about', async () => {
  const { calls, route } = setup(schedulesAt(first), { 'schedules.remove': () => null });
  fireEvent.click(await within(await panel('Schedule Field telemetry')).findByRole('button', { name: 'Delete…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete “Field telemetry”?' });
  expect(calls('schedules.remove')).toEqual([]);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Delete it' }));
  await waitFor(() => expect(calls('schedules.remove')).toEqual([{ id: first.id }]));
  await waitFor(() => expect(route().id).toBeNull());
});

test('a new schedule: what is written is said in words, and refusals go to their fields', async () => {
  const fields = [{ path: 'task.title', message: 'Write another title.' }, { path: 'name', message: 'Choose a name that no other schedule has.' }];
  const { calls } = setup('/queues?tab=schedules&new=1', {
    'schedules.create': () => {
      throw new AppError('conflict', 'There is already a schedule “Nightly”.', { details: { fields } });
    },
  });
  const dialog = await screen.findByRole('dialog', { name: 'New schedule' });
  fireEvent.change(within(dialog).getByLabelText('Name'), { target: { value: 'Nightly' } });
  fireEvent.change(within(dialog).getByLabelText('When'), { target: { value: '30 8 * * 1-5' } });
  expect(await within(dialog).findByText('At 08:30, Monday through Friday')).toBeTruthy();
  await waitFor(() => expect(calls('schedules.preview').at(-1)).toMatchObject({ cron: '30 8 * * 1-5' }));
  fireEvent.change(within(dialog).getByLabelText('Title of each task'), { target: { value: 'Read the logs' } });
  fireEvent.click(within(dialog).getByRole('radio', { name: 'Any agent' }));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Queue and retries: the usual ones. Change them' }));
  fireEvent.change(within(dialog).getByLabelText('Queue'), { target: { value: 'nightly' } });
  fireEvent.change(within(dialog).getByLabelText('First retry'), { target: { value: '30' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create schedule' }));
  expect(await within(dialog).findByText('Write another title.')).toBeTruthy();
  expect(within(dialog).getByText('Choose a name that no other schedule has.')).toBeTruthy();
  expect(calls('schedules.create')).toEqual([
    expect.objectContaining({
      name: 'Nightly',
      cron: '30 8 * * 1-5',
      overlap: 'skip',
      task: expect.objectContaining({ title: 'Read the logs', queue: 'nightly', retry: { initialSeconds: 30, nonRetryable: [] } }),
    }),
  ]);
});

test('a cron expression that is none is said at its field while it is written', async () => {
  const message = '"61 * * * *" is no cron expression.';
  setup('/queues?tab=schedules&new=1', {
    'schedules.preview': (input) => {
      if (input.cron !== '61 * * * *') return { times: [] };
      throw new AppError('validation_failed', message, { details: { fields: [{ path: 'cron', message }] } });
    },
  });
  const dialog = await screen.findByRole('dialog', { name: 'New schedule' });
  fireEvent.change(within(dialog).getByLabelText('When'), { target: { value: '61 * * * *' } });
  expect(await within(dialog).findByText(message)).toBeTruthy();
});

test('an edited schedule keeps what the form does not show, and names the version that it began from', async () => {
  const { calls } = setup(schedulesAt(first), { 'schedules.update': (input) => ({ ...first, ...input }) });
  fireEvent.click(await within(await panel('Schedule Field telemetry')).findByRole('button', { name: 'Edit' }));
  const dialog = await screen.findByRole('dialog', { name: 'Edit Field telemetry' });
  fireEvent.change(within(dialog).getByLabelText('When'), { target: { value: '0 6 * * *' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(calls('schedules.update')).toHaveLength(1));
  expect(calls('schedules.update')[0]).toMatchObject({
    id: first.id,
    version: first.version,
    cron: '0 6 * * *',
    timeZone: 'Europe/Zurich',
    task: { title: first.taskTitle, agentId: agents[2]?.id, priority: 6 },
  });
});

test('what cannot be loaded says so and is tried again', async () => {
  const { calls } = setup('/queues', { 'queues.list': failing('unavailable', 'The backend does not answer.') });
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(calls('queues.list').length).toBeGreaterThan(1));
});
