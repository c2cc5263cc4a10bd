// @vitest-environment jsdom
// The window's frame at work: keys and menus do the same, the omnibox acts, undo, links, back and forward.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { actionGroups, actionIds, actions } from '../../shared/actions.ts';
import { railPlaces } from '../../shared/places.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { createFakeBridge, type FakeBridgeOptions } from '../stories/bridge.ts';
import { agents, me, meAs, overview, tasks, workspace } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { omnibox } from './palette.ts';
import { createRouteStore } from './routes.ts';
import { CurrentScreen } from './screens.tsx';
import { Shell } from './Shell.tsx';
import type { Role } from '../../shared/permissions.ts';

function setup(path: string, options: FakeBridgeOptions & { role?: Role } = {}) {
  const bridge = createFakeBridge(options);
  const routes = createRouteStore(path);
  render(
    <StoryFrame bridge={bridge} routes={routes} story={{ me: options.role ? meAs(options.role) : me }}>
      <Shell><CurrentScreen place={routes.getState().route.place} /></Shell>
    </StoryFrame>,
  );
  const calls = (operation: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === operation ? [request.input] : [];
    });
  const asked = (channel: string): unknown[] => bridge.requests.filter(([name]) => name === channel).map(([, argument]) => argument);
  const press = (key: string, over: Partial<KeyboardEventInit> = {}): void => void fireEvent.keyDown(document.body, { key, ...over });
  return { bridge, routes, calls, asked, press, path: () => routes.getState().entries[routes.getState().index] };
}
const ctrl = { ctrlKey: true };
const rail = () => screen.findByRole('navigation', { name: 'Places' });
// Its state is one for the page, and a page has many tests.
afterEach(() => {
  omnibox.close();
  cleanup();
});

test('places are reached by their keys in the order of the rail, and by the menu', async () => {
  const { bridge, press, path } = setup('/settings');
  await rail();
  press('4', { ...ctrl, code: 'Digit4' });
  expect(path()).toBe('/tasks');
  press('9', { ...ctrl, code: 'Digit9' });
  expect(path()).toBe(`/${railPlaces[8]}`);
  bridge.notify('menu:action', 'go.plans');
  expect(path()).toBe('/plans');
  press(',', ctrl);
  expect(path()).toBe('/settings');
});

test('back and forward, by key, button and the mouse, and disabled where nothing lies', async () => {
  const { press, path, routes } = setup('/settings');
  await rail();
  const back = screen.getByRole('button', { name: 'Back' });
  expect(back.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(back);
  expect(path()).toBe('/settings');
  routes.getState().go('/settings/about');
  await waitFor(() => expect(back.getAttribute('aria-disabled')).toBeNull());
  press('ArrowLeft', { altKey: true });
  expect(path()).toBe('/settings');
  fireEvent.click(screen.getByRole('button', { name: 'Forward' }));
  expect(path()).toBe('/settings/about');
  fireEvent.mouseUp(document.body, { button: 3 });
  expect(path()).toBe('/settings');
  fireEvent.mouseUp(document.body, { button: 4 });
  expect(path()).toBe('/settings/about');
});

test('what main does is asked of main, by the same keys', async () => {
  const { press, asked } = setup('/settings');
  await rail();
  press('n', ctrl);
  press('=', ctrl);
  press('p', ctrl);
  expect(asked('app:act')).toEqual([{ action: 'window.new' }, { action: 'zoom.in' }, { action: 'page.print' }]);
});

test('the omnibox finds actions by their words, with their keys, and does them', async () => {
  const { press, path, asked } = setup('/settings');
  await rail();
  press('k', ctrl);
  const box = await screen.findByRole('dialog', { name: 'Omnibox' });
  const field = within(box).getByLabelText('Search, go to, or act');
  fireEvent.change(field, { target: { value: 'import' } });
  const item = await within(box).findByText('a plan…', { exact: false, ignore: '[role=status]' });
  expect(item.closest('button')?.textContent).toContain('Ctrl O');
  fireEvent.click(item);
  expect(path()).toBe('/plans?import=1');
  // What was chosen is first the next time.
  expect(asked('preferences:set')).toContainEqual({ recent: ['plan.import'] });
});

test('Enter in the omnibox does what stands first, also where the answer came late; an arrow goes on from there', async () => {
  const answers: (() => void)[] = [];
  const { press, path } = setup('/settings', {
    handlers: {
      'tasks.list': async ({ q }) => {
        if (q === undefined) return { items: tasks, nextCursor: null };
        await new Promise<void>((resolve) => answers.push(resolve));
        return { items: tasks.slice(0, 2), nextCursor: null };
      },
    },
  });
  await rail();
  press('k', ctrl);
  const box = await screen.findByRole('dialog', { name: 'Omnibox' });
  const field = within(box).getByLabelText('Search, go to, or act');
  const chosen = () => [...box.querySelectorAll('[data-selected]')].map((row) => row.textContent);
  fireEvent.change(field, { target: { value: 'zq' } });
  await within(box).findByText('Searching…');
  await waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.();
  await waitFor(() => expect(chosen()).toEqual([expect.stringContaining(tasks[0]!.title)]));
  fireEvent.keyDown(field, { code: 'ArrowDown' });
  expect(chosen()).toEqual([expect.stringContaining(tasks[1]!.title)]);
  await waitFor(() => expect(within(box).getByRole('status').textContent).toBe(`${tasks[1]!.title}, Tasks, 2 of 2`));
  fireEvent.keyDown(field, { code: 'ArrowUp' });
  fireEvent.keyDown(field, { code: 'Enter' });
  expect(path()).toBe(`/tasks/${tasks[0]!.id}`);
});

test('the omnibox offers to nobody what their role may not do', async () => {
  const { press } = setup('/settings', { role: 'viewer' });
  await rail();
  press('k', ctrl);
  const box = await screen.findByRole('dialog', { name: 'Omnibox' });
  await within(box).findByText('New window');
  expect(within(box).queryByText('New task')).toBeNull();
  expect(within(box).queryByText('Pause everything')).toBeNull();
  expect(within(box).queryByText('Audit')).toBeNull();
  // What can be done stands before the many sections of the settings.
  const words = box.textContent ?? '';
  expect(words.indexOf('New window')).toBeLessThan(words.indexOf('Settings: '));
  // The places stand in the order of the rail.
  expect(words.indexOf('Overview')).toBeLessThan(words.indexOf('SettingsCtrl'));
});

test('the sheet shows every key of the table, and finds by what it does', async () => {
  const { press } = setup('/settings');
  await rail();
  press('?', { shiftKey: true });
  const sheet = await screen.findByRole('dialog', { name: 'Keyboard' });
  const withKeys = actionIds.filter((id) => actions[id].keys !== undefined);
  expect(sheet.querySelectorAll('dt')).toHaveLength(withKeys.length);
  const groups = [...sheet.querySelectorAll('h3')].map((heading) => heading.textContent);
  expect(groups).toEqual(actionGroups.filter((group) => withKeys.some((id) => actions[id].group === group)));
  fireEvent.change(within(sheet).getByLabelText('Search the keys'), { target: { value: 'retry' } });
  expect([...sheet.querySelectorAll('dt')].map((term) => term.textContent)).toEqual(['Retry the task']);
});

test('pausing from anywhere is done at once, said, and taken back by Ctrl+Z', async () => {
  const { bridge, press, calls } = setup('/settings', {
    handlers: { 'workspace.setPaused': ({ paused }) => ({ ...workspace, paused: Boolean(paused) }) },
  });
  await rail();
  bridge.notify('menu:action', 'workspace.pause');
  await screen.findByText(/^Everything is paused: nothing new is claimed/);
  press('z', ctrl);
  await screen.findByText(/^Undone\. Everything goes on/);
  expect(calls('workspace.setPaused')).toEqual([{ paused: true }, { paused: false }]);
});

test('Ctrl+Z in a field is the field’s own', async () => {
  const { asked, calls } = setup('/agents');
  const field = await screen.findByLabelText('Filter agents', { selector: 'input' });
  field.focus();
  const undone = fireEvent.keyDown(field, { key: 'z', ctrlKey: true });
  // Not prevented: the browser undoes the typing.
  expect(undone).toBe(true);
  expect([asked('app:act'), calls('workspace.setPaused')]).toEqual([[], []]);
});

test('a link to what is open is copied with L, for the workspace that it is of', async () => {
  const [agent] = agents;
  const { press, asked } = setup(`/agents/${agent?.id}?q=x`);
  await rail();
  press('l');
  await screen.findByText('The link to this is copied.');
  expect(asked('clipboard:write')).toEqual([{ text: `signalbox://${me.organization.id}/agents/${agent?.id}?q=x` }]);
});

test('the filter of a place is remembered for the workspace, and comes back from the rail', async () => {
  const { routes, asked, path } = setup('/tasks');
  await rail();
  routes.getState().go('/tasks?state=failed', { replace: true });
  await waitFor(() => expect(asked('preferences:set')).toContainEqual({ filters: { [`${me.organization.id} tasks`]: 'state=failed' } }));
  const tasksLink = within(await rail()).getByRole('link', { name: /^Tasks/ });
  fireEvent.click(within(await rail()).getByRole('link', { name: /^Agents/ }));
  fireEvent.click(tasksLink);
  expect(path()).toBe('/tasks?state=failed');
  // There already: all of them again.
  fireEvent.click(tasksLink);
  expect(path()).toBe('/tasks');
});

test('a filter is saved under a name, opened by it, and removed with a way back', async () => {
  const { asked, path } = setup('/tasks?state=failed', { preferences: { views: [{ owner: me.organization.id, place: 'tasks', name: 'Mine', search: 'q=lamp' }] } });
  const list = await screen.findByRole('list', { name: 'Saved views' });
  fireEvent.click(screen.getByRole('button', { name: 'Save view' }));
  const dialog = await screen.findByRole('dialog', { name: 'Save this view' });
  fireEvent.change(within(dialog).getByLabelText('Name'), { target: { value: 'Broken' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save view' }));
  await within(list).findByRole('button', { name: 'Broken' });
  fireEvent.click(within(list).getByRole('button', { name: 'Mine' }));
  expect(path()).toBe('/tasks?q=lamp');
  fireEvent.click(within(list).getByRole('button', { name: 'Remove the view Broken' }));
  await screen.findByText('The view “Broken” is removed.');
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await within(list).findByRole('button', { name: 'Broken' });
  expect(asked('preferences:set').length).toBeGreaterThanOrEqual(3);
});

test('a cancelled task is put back by its notice', async () => {
  const queued = tasks.find(({ state }) => state === 'queued');
  if (!queued) throw new Error('The fixtures have no queued task.');
  const { press, calls } = setup(`/tasks/${queued.id}`, {
    handlers: {
      'tasks.cancel': () => ({ ...queued, state: 'cancelled', version: queued.version + 1 }),
      'tasks.retry': () => ({ ...queued, version: queued.version + 2 }),
    },
  });
  await screen.findByRole('complementary', { name: queued.title });
  press('x');
  const asks = await screen.findByRole('dialog', { name: /^Cancel “/ });
  fireEvent.click(within(asks).getByRole('button', { name: 'Cancel this task' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await screen.findByText(/^Undone\. .* is in the queue again/);
  expect(calls('tasks.retry')).toEqual([{ id: queued.id }]);
});

test('every figure on the rail is what is under way or open there, and where nothing is there is none', async () => {
  const quiet = { ...overview, figures: { ...overview.figures, activeAgents: 2, agents: 24, plansRunning: 0, tasks: { running: 2, queued: 3, waiting: 1, succeeded: 40, failed: 5, cancelled: 1 } } };
  setup('/settings', { handlers: { 'overview.get': () => quiet } });
  const places = within(await rail());
  expect((await places.findByRole('link', { name: 'Agents, 2 at work now' })).textContent).toContain('2');
  expect(places.getByRole('link', { name: 'Tasks, 6 not ended' })).toBeTruthy();
  expect(places.getByRole('link', { name: 'Plans' })).toBeTruthy();
});
