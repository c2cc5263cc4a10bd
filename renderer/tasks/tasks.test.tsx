// @vitest-environment jsdom
// The tasks' screen by keyboard and by its buttons: what opens, what is asked of the backend, where refusals go.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { AppError } from '../../shared/errors.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, emptyWorkspace, failing, paged, type Handlers } from '../stories/bridge.ts';
import { agents, makeDetails, makeFullTask, makeWhy, makeTask, manyTasks, meAs, secondsAhead, tasks } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { TasksScreen } from './TasksScreen.tsx';

const failed = tasks.find(({ state }) => state === 'failed') as TaskSummary;
const running = tasks.find(({ state }) => state === 'running') as TaskSummary;

function setup(path: string, handlers: Handlers = {}, role: Parameters<typeof meAs>[0] = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><TasksScreen /></StoryFrame>);
  const calls = (path: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === path ? [request.input] : [];
    });
  return { calls, route: () => routes.getState().route };
}
const grid = (): HTMLElement => screen.getByRole('grid', { name: 'Tasks' });
const details = (name: string): Promise<HTMLElement> => screen.findByRole('complementary', { name });
afterEach(cleanup);

test('Enter opens the row’s details beside the list, j goes on, Esc closes', async () => {
  const { route } = setup('/tasks');
  await screen.findAllByText(tasks[0]?.title ?? '');
  fireEvent.keyDown(grid(), { key: 'j' });
  fireEvent.keyDown(grid(), { key: 'Enter' });
  expect(route().id).toBe(tasks[0]?.id);
  expect(await details(tasks[0]?.title ?? '')).toBeTruthy();
  fireEvent.keyDown(grid(), { key: 'j' });
  expect(route().id).toBe(tasks[1]?.id);
  fireEvent.keyDown(window, { key: 'Escape' });
  expect(route().id).toBeNull();
  await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
});

test('R retries the open task, and so does its button', async () => {
  const { calls } = setup(`/tasks/${failed.id}`, { 'tasks.retry': () => makeFullTask({ ...failed, state: 'queued', version: 9 }) });
  const panel = await details(failed.title);
  fireEvent.keyDown(document.body, { key: 'r' });
  await waitFor(() => expect(calls('tasks.retry')).toEqual([{ id: failed.id }]));
  // The answer is shown at once, and retrying again is refused with its reason.
  await waitFor(() => expect(within(panel).getByRole('button', { name: /Retry now/ }).getAttribute('aria-disabled')).toBe('true'));
  fireEvent.keyDown(document.body, { key: 'r' });
  expect(calls('tasks.retry')).toHaveLength(1);
});

test('X asks first, says what happens, and cancels with the reason', async () => {
  const { calls } = setup(`/tasks/${running.id}`, { 'tasks.cancel': () => makeFullTask({ ...running, state: 'cancelled', version: 9 }) });
  await details(running.title);
  await screen.findByRole('tablist');
  fireEvent.keyDown(document.body, { key: 'x' });
  const dialog = await screen.findByRole('dialog', { name: /Cancel/ });
  expect(dialog.textContent).toContain('is told to stop at its next heartbeat');
  expect(calls('tasks.cancel')).toEqual([]);
  fireEvent.change(within(dialog).getByLabelText('Reason'), { target: { value: ' not needed ' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Cancel this task' }));
  await waitFor(() => expect(calls('tasks.cancel')).toEqual([{ id: running.id, reason: 'not needed' }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a refused cancellation stays in its dialog', async () => {
  setup(`/tasks/${running.id}`, { 'tasks.cancel': failing('transition_not_allowed', 'This task is succeeded and cannot be cancelled.') });
  await details(running.title);
  fireEvent.keyDown(document.body, { key: 'x' });
  const dialog = await screen.findByRole('dialog', { name: /^Cancel “/ });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Cancel this task' }));
  expect((await within(dialog).findByRole('alert')).textContent).toContain('cannot be cancelled');
});

test('a viewer sees why not, and no key acts', async () => {
  const { calls } = setup(`/tasks/${failed.id}`, {}, 'viewer');
  const panel = await details(failed.title);
  const retry = within(panel).getByRole('button', { name: /Retry now/ });
  expect(retry.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(retry);
  fireEvent.keyDown(document.body, { key: 'r' });
  fireEvent.keyDown(document.body, { key: 'x' });
  expect(calls('tasks.retry')).toEqual([]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('what holds it back is named, and mended in place', async () => {
  const broken = makeTask(70, { state: 'failed', title: 'Trace the emergency stop' });
  const row = { ...makeTask(71), state: 'waiting' as const, waitReason: 'dependency_failed' as const, attempt: 0, planId: null };
  const { calls } = setup(`/tasks/${row.id}`, {
    'tasks.details': () => makeDetails(row, { attempts: [], dependencies: [broken] }),
    'tasks.why': () =>
      makeWhy(row.id, [
        {
          code: 'dependency_failed',
          message: `It depends on “${broken.title}”, which failed.`,
          about: { kind: 'task', id: broken.id, name: broken.title },
          fix: { operation: 'tasks.retry', input: { id: broken.id }, label: 'Retry that one' },
        },
      ]),
    'tasks.retry': () => makeFullTask({ ...broken, state: 'queued' }),
  });
  const why = await screen.findByRole('region', { name: 'Why is this not running?' });
  await within(why).findByText('Trace the emergency stop');
  fireEvent.click(within(why).getByRole('button', { name: /Retry that one/ }));
  await waitFor(() => expect(calls('tasks.retry')).toEqual([{ id: broken.id }]));
});

test('what stands in the way is said with those before it, mended in place, and taken back by Undo', async () => {
  const row = { ...makeTask(74), state: 'queued' as const, attempt: 0, planId: null };
  const about = { kind: 'agent' as const, id: row.agentId ?? '', name: 'docs-writer' };
  const fix = { operation: 'agents.update' as const, input: { id: about.id, concurrency: 3, version: 4 }, label: 'Raise concurrency to 3' };
  const { calls } = setup(`/tasks/${row.id}`, {
    'tasks.details': () => makeDetails(row, { attempts: [], dependencies: [] }),
    'tasks.why': () => makeWhy(row.id, [{ code: 'agent_busy', message: 'docs-writer runs 2 of at most 2; one of them must end first.', about, fix }], 12),
    'agents.update': () => agents[0],
  });
  const why = await screen.findByRole('region', { name: 'Why is this not running?' });
  await within(why).findByText('12 tasks before it go first.');
  fireEvent.click(within(why).getByRole('button', { name: 'Raise concurrency to 3' }));
  const notice = (await screen.findByText('docs-writer runs at most 3 at once.')).parentElement as HTMLElement;
  expect(calls('agents.update')).toEqual([{ id: about.id, concurrency: 3, version: 4 }]);
  fireEvent.click(within(notice).getByRole('button', { name: 'Undo' }));
  await screen.findByText('Undone. docs-writer runs at most 2 at once.');
  expect(calls('agents.update').at(-1)).toEqual({ id: about.id, concurrency: 2 });
});

test('a reason that no operation takes away leads to where a person does', async () => {
  const row = { ...makeTask(75), state: 'queued' as const, attempt: 0, planId: null };
  const about = { kind: 'agent' as const, id: row.agentId ?? '', name: 'docs-writer' };
  const { route } = setup(`/tasks/${row.id}`, {
    'tasks.details': () => makeDetails(row, { attempts: [], dependencies: [] }),
    'tasks.why': () => makeWhy(row.id, [{ code: 'agent_offline', message: 'docs-writer is offline: its program is not heard any more.', about }]),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'How to connect it' }));
  expect(route()).toMatchObject({ place: 'agents', id: about.id, search: { connect: '1' } });
  cleanup();
  const { calls } = setup(`/tasks/${row.id}`, {
    'tasks.details': () => makeDetails(row, { attempts: [], dependencies: [] }),
    'tasks.why': () => makeWhy(row.id, [{ code: 'no_able_agent', message: 'No agent in service is entered with welding.' }]),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Give it to an agent…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Give away 1 task' });
  fireEvent.click(await within(dialog).findByPlaceholderText('Choose who gets them'));
  fireEvent.click(await within(document.body).findByText('docs-writer', { selector: '[role="option"] *' }));
  fireEvent.click(within(dialog).getByRole('button', { name: 'See what it would touch' }));
  await waitFor(() => expect(calls('bulkPlans.create')).toMatchObject([{ action: 'reassign', filter: { ids: [row.id] } }]));
});

test('a retry counts down, and a gate is approved', async () => {
  const retrying = { ...makeTask(72), state: 'queued' as const, attempt: 1, runAt: secondsAhead(42), planId: null };
  setup(`/tasks/${retrying.id}`, {
    'tasks.details': () => makeDetails(retrying, { dependencies: [] }),
    'tasks.why': () => makeWhy(retrying.id, [{ code: 'retry_at', message: 'An attempt failed.', until: retrying.runAt }]),
  });
  expect((await screen.findByText('0:42')).tagName).toBe('B');
  cleanup();
  const gate = { ...makeTask(73), state: 'waiting' as const, kind: 'approval' as const, waitReason: 'approval' as const, attempt: 0 };
  const { calls } = setup(`/tasks/${gate.id}`, {
    'tasks.details': () => makeDetails(gate, { attempts: [] }),
    'tasks.why': () =>
      makeWhy(gate.id, [
        { code: 'approval', message: 'It is a gate.', fix: { operation: 'tasks.approve', input: { id: gate.id }, label: 'Approve' } },
      ]),
    'tasks.approve': () => makeFullTask({ ...gate, state: 'succeeded', version: 9 }),
  });
  fireEvent.click((await screen.findAllByRole('button', { name: 'Approve' }))[0] as HTMLElement);
  const dialog = await screen.findByRole('dialog', { name: `Approve “${gate.title}”?` });
  await within(dialog).findByText(/It releases|Nothing waits for it/);
  expect(calls('tasks.approve')).toEqual([]);
  fireEvent.change(within(dialog).getByLabelText('Note'), { target: { value: ' seen ' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Approve' }));
  await waitFor(() => expect(calls('tasks.approve')).toEqual([{ id: gate.id, note: 'seen' }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a chain of handoffs is one piece of work, with what it took in all and the notes that were handed on', async () => {
  const second = { ...running, handoffs: 1, succeededBy: '019d2f6a-0400-7a31-8f0c-100000000999' };
  const details = makeDetails(second);
  setup(`/tasks/${second.id}`, { 'tasks.details': () => ({ ...details, task: { ...details.task, handoffFrom: '019d2f6a-0400-7a31-8f0c-100000000111' } }) });
  const chain = await screen.findByRole('region', { name: 'One piece of work' });
  expect(chain.textContent).toContain('3 tasks · 3 attempts · 34 min of work in 2 h 30 min so far · $0.910');
  const items = within(chain).getAllByRole('listitem').filter((item) => item.querySelector(':scope > details, :scope > div'));
  expect(items[1]?.getAttribute('aria-current')).toBe('true');
  expect(within(chain).getAllByText('Notes that it was given')).toHaveLength(2);
});

test('tabs by arrow keys; the output rendered and raw', async () => {
  const done = tasks.find(({ state }) => state === 'succeeded') as TaskSummary;
  setup(`/tasks/${done.id}`);
  const output = await screen.findByRole('tab', { name: 'Output' });
  expect(output.getAttribute('aria-selected')).toBe('true');
  expect(screen.getByRole('table')).toBeTruthy();
  fireEvent.click(screen.getByRole('radio', { name: 'Raw' }));
  expect(screen.getByText(/\| joint \| firmware/)).toBeTruthy();
  fireEvent.keyDown(output, { key: 'ArrowRight' });
  expect(screen.getByRole('tab', { name: /Findings/ }).getAttribute('aria-selected')).toBe('true');
});

test('field errors of a new task go to their fields, and the text stays', async () => {
  const fields = [{ path: 'title', message: 'Write another title.' }, { path: 'timeLimitSeconds', message: 'At most a day.' }];
  const { calls, route } = setup('/tasks?new=1', {
    'tasks.create': () => {
      throw new AppError('validation_failed', 'Two fields.', { details: { fields } });
    },
  });
  const dialog = await screen.findByRole('dialog', { name: 'New task' });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create task' }));
  expect(await within(dialog).findByText(/Choose an agent, or let/)).toBeTruthy();
  expect(calls('tasks.create')).toEqual([]);
  fireEvent.change(within(dialog).getByLabelText('Title'), { target: { value: 'Check the wrist' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create task' }));
  const agent = within(dialog).getByRole('combobox', { name: 'Agent' });
  await waitFor(() => expect(document.activeElement).toBe(agent));
  // Its list, were it open, would lie over what is wrong.
  expect(agent.getAttribute('aria-expanded')).toBe('false');
  fireEvent.click(within(dialog).getByRole('radio', { name: 'Any agent' }));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create task' }));
  expect(await within(dialog).findByText('Write another title.')).toBeTruthy();
  expect(within(dialog).getByText('At most a day.')).toBeTruthy();
  expect(within(dialog).getByLabelText<HTMLInputElement>('Title').value).toBe('Check the wrist');
  expect(within(dialog).queryByRole('alert')).toBeNull();
  expect(route().search.new).toBe('1');
});

test('a created task is selected, out of a filter that would hide it', async () => {
  const made = makeFullTask(makeTask(99, { state: 'queued', title: 'Check the wrist' }));
  const { calls, route } = setup('/tasks?new=1&state=failed', { 'tasks.create': () => made, 'tasks.details': () => makeDetails(made, { attempts: [] }) });
  const dialog = await screen.findByRole('dialog', { name: 'New task' });
  fireEvent.change(within(dialog).getByLabelText('Title'), { target: { value: 'Check the wrist' } });
  fireEvent.click(within(dialog).getByRole('radio', { name: 'Any agent' }));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Create task' }));
  await waitFor(() => expect(route()).toEqual({ place: 'tasks', id: made.id, search: {} }));
  expect(calls('tasks.create')).toEqual([expect.objectContaining({ title: 'Check the wrist', priority: 5, maxAttempts: 3 })]);
});

test('pages by cursor until the view is full, and says how many match', async () => {
  const rows = manyTasks(350);
  const { calls } = setup('/tasks', {
    'tasks.list': (input) => paged(rows, { ...input, limit: 10 }),
    'tasks.count': () => ({ queued: 300, failed: 50 }),
  });
  await waitFor(() => expect(grid().textContent).toContain('Loading more'));
  await waitFor(() => expect(calls('tasks.list').length).toBeGreaterThan(3));
  const cursors = calls('tasks.list').map((input) => (input as { cursor?: string }).cursor);
  expect(cursors.slice(0, 3)).toEqual([undefined, '10', '20']);
  expect(screen.getByRole('search').textContent).toContain('350 tasks');
});

test('the attention view asks for what may need a person', async () => {
  const { calls } = setup('/tasks?view=attention');
  await screen.findAllByText('Failed');
  expect(calls('tasks.list')).toEqual([expect.objectContaining({ attention: true })]);
  expect(within(grid()).queryByText('Waiting')).toBeNull();
  expect(within(grid()).queryByText('Queued')).toBeNull();
});

test('empty teaches the first action; failing says why and tries again', async () => {
  const { route } = setup('/tasks', emptyWorkspace);
  await screen.findByText('No tasks yet');
  fireEvent.click(screen.getAllByRole('button', { name: 'New task' })[1] as HTMLElement);
  expect(route().search.new).toBe('1');
  cleanup();
  const { calls } = setup('/tasks', { 'tasks.list': failing('unavailable', 'The backend does not answer.') });
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(calls('tasks.list')).toHaveLength(2));
});

test('the views count what a press on them shows, which lets go of an error group and keeps the rest', async () => {
  const group = 'a'.repeat(32);
  const count = (input: Record<string, unknown>) =>
    input.errorGroup ? { failed: 3, running: 0 } : { failed: 9, running: 8, ...(input.attention ? { running: 0 } : {}) };
  const { route } = setup(`/tasks?state=failed&errorGroup=${group}&queue=night`, { 'tasks.count': count });
  const view = (name: RegExp) => screen.findByRole('radio', { name });
  expect(await view(/Running\s*8/)).toBeTruthy();
  expect(await view(/Errors\s*9/)).toBeTruthy();
  fireEvent.click(await view(/Running/));
  expect(route().search).toEqual({ queue: 'night', state: 'running' });
});

test('the details go on to the output when the task succeeds, unless a person has chosen a tab', async () => {
  const selected = () => screen.getByRole('tab', { selected: true }).textContent;
  // It had succeeded when it was to be cancelled: the answer is the task as it is.
  const end = async (): Promise<void> => {
    fireEvent.keyDown(document.body, { key: 'x' });
    fireEvent.click(within(await screen.findByRole('dialog', { name: /^Cancel “/ })).getByRole('button', { name: 'Cancel this task' }));
  };
  const handlers = { 'tasks.cancel': () => makeFullTask({ ...running, state: 'succeeded', version: 99 }) };
  setup(`/tasks/${running.id}`, handlers);
  await screen.findByRole('tablist');
  expect(selected()).toMatch(/Attempts/);
  await end();
  await waitFor(() => expect(selected()).toMatch(/Output/));
  cleanup();
  setup(`/tasks/${running.id}`, handlers);
  fireEvent.click(await screen.findByRole('tab', { name: /Timeline/ }));
  await end();
  await screen.findAllByText('Succeeded');
  expect(selected()).toMatch(/Timeline/);
});

test('rows are chosen by keys and by the mouse, and what is done is done to them alone', async () => {
  const { calls, route } = setup('/tasks');
  await screen.findAllByText(tasks[0]?.title ?? '');
  const boxes = () => within(grid()).getAllByRole<HTMLInputElement>('checkbox').map((box) => box.checked);
  fireEvent.keyDown(grid(), { key: 'j' });
  fireEvent.keyDown(grid(), { key: ' ' });
  fireEvent.keyDown(grid(), { key: 'ArrowDown', shiftKey: true });
  expect(boxes().slice(0, 3)).toEqual([true, true, false]);
  // A click with Ctrl chooses too, and opens nothing; with Shift all between.
  fireEvent.click(within(grid()).getAllByRole('row')[6] as HTMLElement, { ctrlKey: true });
  fireEvent.click(within(grid()).getAllByRole('row')[8] as HTMLElement, { shiftKey: true });
  expect(boxes().map((on, index) => (on ? index : -1)).filter((index) => index >= 0)).toEqual([0, 1, 5, 6, 7]);
  expect(route().id).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '5 chosen' }));
  fireEvent.click(await screen.findByText('Hold…'));
  await waitFor(() => expect(calls('bulkPlans.create')).toMatchObject([{ action: 'pause', filter: { ids: [0, 1, 5, 6, 7].map((index) => tasks[index]?.id) } }]));
  cleanup();

  setup('/tasks');
  await screen.findAllByText(tasks[0]?.title ?? '');
  fireEvent.click(within(grid()).getAllByRole('checkbox')[2]?.parentElement as HTMLElement);
  expect(screen.getByRole('button', { name: '1 chosen' })).toBeTruthy();
  fireEvent.keyDown(grid(), { key: 'Escape' });
  expect(screen.getByRole('button', { name: 'All matching' })).toBeTruthy();
  expect(boxes().some(Boolean)).toBe(false);
});

test('one task is held, given away, moved up or deleted from its details, as far as its state allows', async () => {
  const row = { ...makeTask(76), state: 'queued' as const, attempt: 0, runAt: null, planId: null, heldBy: null, deletedAt: null };
  const { calls } = setup(`/tasks/${row.id}`, { 'tasks.details': () => makeDetails(row, { attempts: [], dependencies: [] }) });
  const panel = await details(row.title);
  fireEvent.click(await within(panel).findByRole('button', { name: 'More' }));
  const items = await screen.findAllByRole('menuitem');
  expect(items.map(({ textContent }) => textContent)).toEqual(['Give to another agent…', 'Change the priority…', 'Hold…']);
  fireEvent.click(items[2] as HTMLElement);
  await waitFor(() => expect(calls('bulkPlans.create')).toMatchObject([{ action: 'pause', filter: { ids: [row.id] } }]));
});

test('a row that failed says why', async () => {
  const row = makeTask(77, { state: 'failed', error: { code: 'x', message: 'No such\nledger: 4711' } });
  setup('/tasks', { 'tasks.list': (input) => paged([row], input) });
  expect((await screen.findByText('No such ledger: 4711')).title).toBe('No such ledger: 4711');
});

test('the button of the first reason stands before what follows from it', async () => {
  const row = { ...makeTask(78), state: 'waiting' as const, attempt: 0, waitReason: 'plan_not_started' as const };
  setup(`/tasks/${row.id}`, {
    'tasks.details': () => makeDetails(row, { attempts: [], dependencies: [] }),
    'tasks.why': () =>
      makeWhy(row.id, [
        { code: 'plan_not_started', message: 'The plan “Release” is not started.', fix: { operation: 'plans.start', input: { id: 'p' }, label: 'Start plan' } },
        { code: 'dependency', message: 'It waits for “Read it”, which is queued.' },
      ]),
  });
  const start = await screen.findByRole('button', { name: 'Start plan' });
  const then = await screen.findByText(/Then:/);
  expect(start.compareDocumentPosition(then) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

test('the groups of errors close the details of a task that is in none of them', async () => {
  const { route } = setup(`/tasks/${running.id}`);
  await details(running.title);
  fireEvent.click(screen.getByRole('radio', { name: /Errors/ }));
  expect(route()).toMatchObject({ id: null, search: { view: 'errors' } });
});

test('what failed can be copied, and leads to all that failed like it', async () => {
  const row = makeTask(79, { state: 'failed', error: { code: 'agent_error', message: 'No such ledger' }, errorGroup: 'a'.repeat(32) });
  const { route } = setup(`/tasks/${row.id}`, { 'tasks.details': () => makeDetails(row) });
  const stand = await screen.findByRole('region', { name: 'Why did it fail?' });
  expect(within(stand).getByRole('button', { name: 'Copy: error' })).toBeTruthy();
  fireEvent.click(within(stand).getByText('All that failed like this'));
  expect(route()).toMatchObject({ id: null, search: { state: 'failed', errorGroup: 'a'.repeat(32) } });
});
