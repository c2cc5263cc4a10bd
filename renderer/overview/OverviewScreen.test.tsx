// @vitest-environment jsdom
// The overview in the hands of a person: the board by keyboard, the needs in place, and the one switch.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, emptyWorkspace, failing, type Handlers } from '../stories/bridge.ts';
import { meAs, overview, workspace } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { OverviewScreen } from './OverviewScreen.tsx';

function setup(handlers: Handlers = {}, role: 'owner' | 'viewer' = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore('/overview');
  render(
    <StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}>
      <OverviewScreen />
    </StoryFrame>,
  );
  const sent = (path: string): unknown[] =>
    bridge.requests.flatMap(([channel, request]) => {
      const { path: asked, input } = (request ?? {}) as { path?: string; input?: unknown };
      return channel === 'rpc' && asked === path ? [input] : [];
    });
  return { sent, place: () => routes.getState().route };
}
afterEach(cleanup);

test('a block is reached by the keys and opened by Enter', async () => {
  const { place } = setup();
  const board = await screen.findByRole('grid', { name: 'Who works on what' });
  await within(board).findByText('coordinator');
  fireEvent.focus(board);
  fireEvent.keyDown(board, { key: 'End' });
  fireEvent.keyDown(board, { key: 'Enter' });
  expect(place()).toMatchObject({ place: 'tasks', id: overview.lanes[0]?.blocks[0]?.taskId });
});

test('a click on a block opens its task, one on the agent its agent', async () => {
  const { place } = setup();
  fireEvent.click(await screen.findByText('safety-auditor'));
  expect(place()).toMatchObject({
    place: 'agents',
    id: overview.lanes.find(({ agent }) => agent.name === 'safety-auditor')?.agent.id,
  });
  fireEvent.click(document.querySelector('[data-block][data-running]') as HTMLElement);
  expect(place().place).toBe('tasks');
});

test('what runs says its time of its limit', async () => {
  setup();
  expect(await screen.findByText('9:18 / 15')).toBeTruthy();
});

test('a finding is acknowledged in place and goes', async () => {
  const { sent } = setup({ 'findings.acknowledge': () => ({}) });
  fireEvent.click(await screen.findByRole('button', { name: 'Acknowledge' }));
  await waitFor(() => expect(screen.queryByText('Emergency stop is debounced for 400 ms')).toBeNull());
  expect(sent('findings.acknowledge')).toHaveLength(1);
});

test('a gate is approved only after it was asked, with the note', async () => {
  const { sent } = setup({ 'tasks.approve': () => ({}) });
  fireEvent.click(await screen.findByRole('button', { name: 'Approve' }));
  expect(sent('tasks.approve')).toEqual([]);
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByLabelText('Note'), { target: { value: 'Seen on the stand.' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Approve' }));
  await waitFor(() => expect(sent('tasks.approve')).toMatchObject([{ note: 'Seen on the stand.' }]));
});

test('an error group is retried task by task', async () => {
  const { sent } = setup({ 'tasks.retry': () => ({}) });
  fireEvent.click(await screen.findByRole('button', { name: 'Retry all 3' }));
  await waitFor(() => expect(sent('tasks.retry')).toHaveLength(3));
  expect(await screen.findByText('3 tasks are queued again.')).toBeTruthy();
});

test('of an error group that is larger than what is known of it, a frozen plan of all is looked at first', async () => {
  const needs = overview.needs.map((need) => (need.kind === 'error_group' ? { ...need, count: 11_686 } : need));
  const { sent } = setup({ 'overview.get': () => ({ ...overview, needs }) });
  fireEvent.click(await screen.findByRole('button', { name: 'Retry all 11,686…' }));
  await within(await screen.findByRole('dialog')).findByRole('button', { name: 'Do nothing' });
  expect(sent('bulkPlans.create')).toMatchObject([{ action: 'retry', filter: { state: 'failed', errorGroup: '5e543256c480ac577d30f76f9120eb74' } }]);
  expect(sent('tasks.retry')).toEqual([]);
});

test('everything is paused only after it was said what that means', async () => {
  const { sent } = setup({
    'workspace.setPaused': () => ({ ...workspace, version: 7, paused: true, pausedBy: 'Mara Keller' }),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Pause everything' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('nothing new is claimed');
  expect(sent('workspace.setPaused')).toEqual([]);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Pause everything' }));
  expect(await screen.findByText('Everything is paused')).toBeTruthy();
  expect(sent('workspace.setPaused')).toEqual([{ paused: true }]);
  expect(screen.getByRole('button', { name: 'Resume' })).toBeTruthy();
});

test('a refusal to pause is said in the dialog', async () => {
  setup({ 'workspace.setPaused': failing('unavailable', 'The backend does not answer.') });
  fireEvent.click(await screen.findByRole('button', { name: 'Pause everything' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Pause everything' }));
  expect((await within(dialog).findByRole('alert')).textContent).toContain('The backend does not answer.');
});

test('who may not operate sees the switch and cannot use it', async () => {
  const { sent } = setup({}, 'viewer');
  const button = await screen.findByRole('button', { name: 'Pause everything' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(button);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(sent('workspace.setPaused')).toEqual([]);
});

test('an empty workspace offers a plan and an agent', async () => {
  const { place } = setup(emptyWorkspace);
  fireEvent.click(await screen.findByRole('button', { name: 'Import a plan' }));
  expect(place()).toMatchObject({ place: 'plans', search: { import: '1' } });
});

test('where nothing could be read, nothing is said to be empty', async () => {
  setup({ 'overview.get': failing('unavailable', 'The backend does not answer.') });
  expect(await screen.findByText('The backend does not answer.')).toBeTruthy();
  expect(screen.queryByText('Nobody works here yet')).toBeNull();
  expect(screen.queryByText('Nothing needs you')).toBeNull();
});

test('the window is kept in the place, and asked of the backend', async () => {
  const { sent, place } = setup();
  fireEvent.click(screen.getByRole('radio', { name: '24 h' }));
  expect(place().search).toEqual({ window: '1440' });
  await waitFor(() => expect(sent('overview.get')).toContainEqual({ windowMinutes: 1_440 }));
});
