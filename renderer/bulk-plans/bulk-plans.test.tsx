// @vitest-environment jsdom
// Bulk plans on the screen: looked at before they are done, done by their hash, stopped, undone, and not for viewers.
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import { bulkPlans, plannedBulk } from '../stories/bulkFixtures.ts';
import { failing, type Handlers } from '../stories/bridge.ts';
import { agents, meAs } from '../stories/fixtures.ts';
import { drawAt } from '../testing/draw.tsx';
import { filterWords, searchOf } from './planFacts.tsx';
import { progressWords, secondsLeft, titleOf } from './words.ts';

const setup = (path: string, handlers: Handlers = {}, role: 'owner' | 'viewer' = 'owner') => drawAt(path, { handlers, me: meAs(role) });

afterEach(cleanup);

test('a retry of all that match is planned first, and executed by the hash of what was seen', async () => {
  const { calls } = setup('/tasks?state=failed', {
    'bulkPlans.create': () => plannedBulk,
    'bulkPlans.execute': () => ({ ...plannedBulk, state: 'running' }),
    'bulkPlans.get': () => ({ ...plannedBulk, state: 'running' }),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'All matching' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Retry…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Retry 41,207 tasks?' });
  expect(calls('bulkPlans.create')).toEqual([{ action: 'retry', filter: { state: 'failed' }, input: {} }]);
  expect(calls('bulkPlans.execute')).toEqual([]);
  expect(dialog.textContent).toContain('312 other tasks under the filter are left out');
  expect(dialog.textContent).toContain('about $618.11');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Retry 41,207 tasks' }));
  await waitFor(() => expect(calls('bulkPlans.execute')).toEqual([{ id: plannedBulk.id, hash: plannedBulk.hash }]));
  await screen.findByRole('heading', { level: 1, name: 'Bulk jobs' });
});

test('what an action needs is asked before the plan is made', async () => {
  const { calls } = setup('/tasks', { 'bulkPlans.create': () => ({ ...plannedBulk, action: 'reprioritise', input: { priority: 8 } }) });
  fireEvent.click(await screen.findByRole('button', { name: 'All matching' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Change the priority…' }));
  expect(calls('bulkPlans.create')).toEqual([]);
  fireEvent.change(await screen.findByLabelText(/Priority/), { target: { value: '8' } });
  fireEvent.click(screen.getByRole('button', { name: 'See what it would touch' }));
  await screen.findByRole('button', { name: 'Set 41,207 tasks to priority 8' });
  expect(calls('bulkPlans.create')).toEqual([{ action: 'reprioritise', filter: {}, input: { priority: 8 } }]);
});

test('a refusal stays in the dialog, and nothing can be executed', async () => {
  setup('/tasks', { 'bulkPlans.create': failing('conflict', 'No task under this filter is in a state that the action changes.') });
  fireEvent.click(await screen.findByRole('button', { name: 'All matching' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete…' }));
  expect((await screen.findByRole('alert')).textContent).toContain('No task under this filter');
  expect(screen.queryByRole('button', { name: /^Delete/ })).toBeNull();
});

test('a job that runs is stopped; one that is done is undone; a retry is not', async () => {
  const [running, done] = bulkPlans as [BulkPlan, BulkPlan];
  const first = setup(`/jobs/${running.id}`, { 'bulkPlans.stop': () => ({ ...running, state: 'stopped' }) });
  fireEvent.click(await screen.findByRole('button', { name: 'Stop here' }));
  await waitFor(() => expect(first.calls('bulkPlans.stop')).toEqual([{ id: running.id }]));
  first.unmount();
  const second = setup(`/jobs/${done.id}`, { 'bulkPlans.undo': () => ({ ...done, state: 'undoing' }) });
  fireEvent.click(await screen.findByRole('button', { name: 'Undo what was changed' }));
  await waitFor(() => expect(second.calls('bulkPlans.undo')).toEqual([{ id: done.id }]));
  second.unmount();
  setup(`/jobs/${running.id}`, { 'bulkPlans.get': () => ({ ...running, state: 'done' }) });
  expect((await screen.findByRole('button', { name: 'Undo what was changed' })).getAttribute('aria-disabled')).toBe('true');
});

test('the rows begin with what there is: after an undo with the undone, without a column of reasons where none is given', async () => {
  const done = { ...bulkPlans[1]!, changed: 6, skipped: 0, undone: 0, kept: 0, count: 6, goneThrough: 6 };
  const row = { taskId: done.id, title: 'Count the pallets', outcome: 'changed', note: null };
  const pages = { 'bulkPlans.rows': () => ({ items: [row], nextCursor: null }) };
  const selected = async () => (await screen.findByRole('tab', { selected: true })).textContent;
  const first = setup(`/jobs/${done.id}`, { ...pages, 'bulkPlans.get': () => done });
  expect(await selected()).toMatch(/Changed\s*6/);
  // Of the others there are none.
  expect(screen.getAllByRole('tab')).toHaveLength(1);
  await screen.findByText('Count the pallets');
  expect(screen.queryByRole('columnheader', { name: 'Why' })).toBeNull();
  first.unmount();
  setup(`/jobs/${done.id}`, { ...pages, 'bulkPlans.get': () => ({ ...done, state: 'undone', undone: 6 }) });
  expect(await selected()).toMatch(/Undone\s*6/);
});

test('what was only looked at stands apart, and is shown when it is asked for', async () => {
  const { calls, route } = setup('/jobs');
  const grid = await screen.findByRole('grid', { name: 'Bulk jobs' });
  await within(grid).findByText('Running');
  expect(within(grid).queryByText('Planned')).toBeNull();
  fireEvent.click(screen.getByRole('radio', { name: 'With only planned' }));
  await within(grid).findByText('Planned');
  expect(route().search).toEqual({ all: '1' });
  expect(calls('bulkPlans.list').map((input) => (input as { confirmed?: boolean }).confirmed)).toEqual([true, undefined]);
});

test('a viewer is told why not', async () => {
  const { calls } = setup('/tasks', {}, 'viewer');
  const button = await screen.findByRole('button', { name: 'All matching' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(button);
  expect(screen.queryByRole('menuitem')).toBeNull();
  expect(calls('bulkPlans.create')).toEqual([]);
});

test('words', () => {
  expect(titleOf({ action: 'pause', count: 1, input: {} })).toBe('Hold 1 task');
  expect(progressWords({ ...plannedBulk, changed: 88, skipped: 2, undone: 80, kept: 8 })).toBe('2 passed over · 80 undone · 8 kept as they are');
  expect(progressWords(plannedBulk)).toBe('Nothing changed yet');
});

test('a job says over what, to whom and why it was decided, and leads back to its filter', async () => {
  const [writer] = agents;
  const plan: BulkPlan = { ...(bulkPlans[1] as BulkPlan), action: 'reassign', filter: { state: 'queued', agentId: agents[1]?.id }, input: { agentId: writer?.id } };
  const { route } = setup(`/jobs/${plan.id}`, { 'bulkPlans.get': () => plan });
  const panel = await screen.findByRole('complementary');
  expect((await within(panel).findByText(writer?.name ?? '')).closest('a')).toBeTruthy();
  fireEvent.click(await within(panel).findByText(`Queued tasks, of ${agents[1]?.name}`));
  expect(route()).toMatchObject({ place: 'tasks', search: { state: 'queued', agentId: agents[1]?.id } });
});

test('a filter is said in words, and is the same one in the list', () => {
  const names = { agent: () => 'docs-writer', plan: () => 'Release 4.2' };
  expect(filterWords({}, names)).toBe('All tasks');
  expect(filterWords({ state: 'failed,cancelled', errorGroup: 'f'.repeat(32), planId: 'p', q: 'torque' }, names)).toBe(
    'Failed or cancelled tasks, of Release 4.2, of one error group, “torque”',
  );
  expect(filterWords({ attention: true, queue: 'nightly', outcome: 'failed,lease_expired' }, names)).toBe(
    'Tasks that need attention, in the queue nightly, attempt failed or lease expired',
  );
  expect(filterWords({ ids: ['a'] }, names)).toBe('1 task chosen one by one');
  expect(filterWords({ queue: 'nightly' }, names)).toBe('Tasks in the queue nightly');
  expect(searchOf({ attention: true, queue: 'nightly' })).toEqual({ view: 'attention', queue: 'nightly' });
});

test('the time that a job still takes is said by its pace, once there is one', () => {
  const startedAt = '2026-03-01T12:00:00.000Z';
  const at = (seconds: number): number => Date.parse(startedAt) + seconds * 1_000;
  expect(secondsLeft({ count: 1_000, goneThrough: 250, startedAt }, at(10))).toBe(30);
  expect(secondsLeft({ count: 1_000, goneThrough: 250, startedAt }, at(2))).toBeNull();
  expect(secondsLeft({ count: 1_000, goneThrough: 0, startedAt }, at(10))).toBeNull();
  expect(secondsLeft({ count: 1_000, goneThrough: 1_000, startedAt }, at(10))).toBeNull();
});
