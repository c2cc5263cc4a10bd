// @vitest-environment jsdom
// Forms that are left by a key, a link or a notification: what was written is offered again, for all of them alike.
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { createDraftStore, DraftProvider, type Draft } from '../components/draft.ts';
import { createFakeBridge, type Handlers } from '../stories/bridge.ts';
import { agents, plan, tasks } from '../stories/fixtures.ts';
import { queues } from '../stories/groupFixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { createRouteStore, formatRoute, useRoute } from './routes.ts';
import { CurrentScreen } from './screens.tsx';
import { Shell } from './Shell.tsx';

function Here() {
  const { place } = useRoute();
  return <Shell><CurrentScreen key={place} place={place} /></Shell>;
}
function setup(path: string, handlers: Handlers = {}, before: readonly Draft[] = []) {
  const routes = createRouteStore(path);
  const drafts = createDraftStore(() => formatRoute(routes.getState().route));
  drafts.offer(before.map((draft) => JSON.stringify(draft)));
  render(
    <StoryFrame bridge={createFakeBridge({ handlers })} routes={routes}>
      <DraftProvider value={drafts}><Here /></DraftProvider>
    </StoryFrame>,
  );
  return { drafts, routes, leave: (to: string) => act(() => routes.getState().go(to)), path: () => formatRoute(routes.getState().route) };
}
const open = () => screen.findByRole('dialog');
const fieldOf = (name: string | RegExp) => screen.findByRole<HTMLInputElement>('textbox', { name });
const banner = (what: string) => screen.findByText(`You were writing ${what}.`);
const [agent] = agents;

afterEach(() => {
  cleanup();
});

test.each([
  ['/tasks?new=1', 'Title', 'a new task'],
  ['/agents?new=1', 'Name', 'a new agent'],
  [`/agents/${agent?.id}?edit=1`, 'Name', `changes to the agent ${agent?.name}`],
  ['/queues?tab=schedules&new=1', 'Name', 'a new schedule'],
  ['/providers?new=1', 'Name', 'a new provider account'],
  ['/providers?view=prices&price=new', /^Model/, 'a new price'],
  ['/budgets?new=1', /^Amount/, 'a new budget'],
  ['/reviews?new=1', 'Title', 'a new review'],
])('%s is offered again when it was left', async (path, name, what) => {
  const { leave, path: now, drafts } = setup(path);
  const dialog = await open();
  fireEvent.change(await fieldOf(name), { target: { value: '41' } });
  await waitFor(() => expect(drafts.getState().kept).toHaveLength(1));
  leave('/audit');
  await banner(what);
  expect(dialog.isConnected && screen.queryByRole('dialog')).toBeFalsy();
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await open();
  expect(now()).toBe(path);
  const field = await fieldOf(name);
  await waitFor(() => expect(field.value).toBe('41'));
  // While it is open, nothing is offered.
  expect(screen.queryByText(`You were writing ${what}.`)).toBeNull();
});

test('also when the way leads to the same place; discarded, it begins anew', async () => {
  const { leave, drafts } = setup('/tasks?new=1');
  await open();
  fireEvent.change(await fieldOf('Title'), { target: { value: 'Half written' } });
  leave('/tasks');
  await banner('a new task');
  expect(await screen.findByText(/“Half written”/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(screen.queryByText(/You were writing/)).toBeNull());
  expect(drafts.getState().kept).toEqual([]);
  leave('/tasks?new=1');
  expect((await fieldOf('Title')).value).toBe('');
});

test('back and forward keep it too', async () => {
  const { routes } = setup('/audit');
  act(() => routes.getState().go('/tasks?new=1'));
  fireEvent.change(await fieldOf('Title'), { target: { value: 'Half written' } });
  act(() => routes.getState().back());
  await banner('a new task');
  act(() => routes.getState().forward());
  const field = await fieldOf('Title');
  await waitFor(() => expect(field.value).toBe('Half written'));
});

test('a reason that was being written when its dialog was left stands there again, and nobody is asked about it', async () => {
  const running = tasks.find(({ state }) => state === 'running');
  const { leave } = setup(`/tasks/${running?.id}`);
  const cancel = async () => {
    await screen.findByRole('heading', { name: running?.title ?? '' });
    fireEvent.click(await screen.findByRole('button', { name: /^Cancel/ }));
    return fieldOf('Reason');
  };
  fireEvent.change(await cancel(), { target: { value: 'The quay is closed' } });
  leave('/audit');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  leave(`/tasks/${running?.id}`);
  const again = await cancel();
  await waitFor(() => expect(again.value).toBe('The quay is closed'));
  expect(screen.queryByText(/You were writing/)).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect((await cancel()).value).toBe('');
});

test('a pasted plan is offered again, as other forms are, also after a restart; discarded, it does not come back', async () => {
  const begun = setup('/plans?import=1');
  fireEvent.change(await fieldOf('Or paste its text'), { target: { value: '# Release 4.3' } });
  await waitFor(() => expect(begun.drafts.getState().kept).toHaveLength(1));
  begun.leave('/audit');
  await banner('a plan to import');
  cleanup();
  const { leave, path } = setup('/audit', {}, begun.drafts.getState().kept);
  await banner('a plan to import');
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(path()).toBe('/plans?import=1');
  const field = await fieldOf('Or paste its text');
  await waitFor(() => expect(field.value).toBe('# Release 4.3'));
  expect(screen.queryByText('You were writing a plan to import.')).toBeNull();
  leave('/audit');
  await banner('a plan to import');
  fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(screen.queryByText(/You were writing/)).toBeNull());
  leave('/plans?import=1');
  const anew = await fieldOf('Or paste its text');
  await waitFor(() => expect(anew.value).toBe(''));
});

test('a plan that was created is offered no more', async () => {
  const task = { key: 'a', title: 'Read', agent: agent?.name, instructions: '', output: null, tools: [], successCriteria: [], dependsOn: [], timeLimitSeconds: 900 };
  const preview = { plan: { name: 'Release 4.3', minActive: 1, timeLimitSeconds: 900, successCriteria: [], tasks: [task] }, warnings: [] };
  const { drafts, leave } = setup('/plans?import=1', { 'plans.import': () => preview, 'plans.create': () => plan });
  fireEvent.change(await fieldOf('Or paste its text'), { target: { value: '# Release 4.3' } });
  fireEvent.click(screen.getByRole('button', { name: 'Preview' }));
  await screen.findByText(/Every agent of this plan is in the workspace/);
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  await waitFor(() => expect(drafts.getState().kept).toEqual([]));
  leave('/audit');
  expect(screen.queryByText(/You were writing/)).toBeNull();
});

test('the limit of a queue and the name of a view stand there again', async () => {
  const { leave } = setup(`/queues/${queues[0]?.name}`);
  const limit = async () => {
    fireEvent.click(await screen.findByRole('button', { name: 'Limit…' }));
    return fieldOf('Tasks at once, at the most');
  };
  fireEvent.change(await limit(), { target: { value: '41' } });
  leave('/tasks?state=failed');
  const naming = async () => {
    fireEvent.click(await screen.findByRole('button', { name: 'Save view' }));
    return fieldOf('Name');
  };
  fireEvent.change(await naming(), { target: { value: 'What fails' } });
  leave(`/queues/${queues[0]?.name}`);
  const again = await limit();
  await waitFor(() => expect(again.value).toBe('41'));
  leave('/tasks?state=failed');
  const name = await naming();
  await waitFor(() => expect(name.value).toBe('What fails'));
  fireEvent.click(screen.getByRole('button', { name: 'Not now' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect((await naming()).value).toBe('');
});
