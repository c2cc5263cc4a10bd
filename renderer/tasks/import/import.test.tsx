// @vitest-environment jsdom
// Importing tasks on the screen: nothing is created before it was looked at, and what was created is said exactly.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../../testing/dom.ts';
import { AppError } from '../../../shared/errors.ts';
import type { RpcRequest } from '../../../shared/ipc.ts';
import type { BulkLine } from '../../../shared/task.ts';
import { createRouteStore } from '../../app/routes.ts';
import { createFakeBridge, type Handlers } from '../../stories/bridge.ts';
import { agents, meAs } from '../../stories/fixtures.ts';
import { StoryFrame } from '../../stories/StoryFrame.tsx';
import { TasksScreen } from '../TasksScreen.tsx';
import { TaskImportProvider } from './ImportProvider.tsx';

interface Asked {
  ndjson: string;
  key: string;
}
function setup(handlers: Handlers = {}, role: 'owner' | 'viewer' = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore('/tasks?import=1');
  render(
    <StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}>
      <TaskImportProvider><TasksScreen /></TaskImportProvider>
    </StoryFrame>,
  );
  const asked = (): Asked[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const { path, input } = (argument ?? {}) as RpcRequest;
      return channel === 'rpc' && path === 'tasks.createMany' ? [input as Asked] : [];
    });
  return { asked, bridge, route: () => routes.getState().route };
}
const choose = (text: string, name = 'quay.csv'): void => {
  fireEvent.change(screen.getByLabelText('File of tasks'), { target: { files: [new File([text], name)] } });
};
/** As the backend answers: a task for each line. */
const createAll = (input: Record<string, unknown>): { items: BulkLine[] } => ({
  items: String(input.ndjson).split('\n').map((_, index) => ({ line: index + 1, id: `id-${String(input.key)}-${index}` })),
});
const rows = (count: number): string => `title,agent\n${Array.from({ length: count }, (_, index) => `Weigh crate ${index},${agents[0]?.name}`).join('\n')}`;

afterEach(() => {
  cleanup();
  localStorage.clear();
});

test('a file is looked at first; what is wrong is named and left out, and saved with its rows', async () => {
  const { asked, bridge } = setup({ 'tasks.createMany': createAll });
  choose(`Task,Assigned to,Colour\nWeigh,${agents[0]?.name},red\nCount,nobody,blue\n`);
  await screen.findByText('1 task would be created');
  const columns = screen.getByRole('region', { name: 'Columns' });
  expect(within(columns).getByRole<HTMLInputElement>('combobox', { name: 'What Task is' }).value).toBe('Title');
  expect(within(columns).getByRole<HTMLInputElement>('combobox', { name: 'What Colour is' }).value).toBe('Left out');
  const refused = await screen.findByRole('region', { name: 'Refused rows' });
  expect(refused.textContent).toContain('line 3agentId There is no agent “nobody”.');
  expect(asked()).toEqual([]);
  fireEvent.click(within(refused).getByRole('button', { name: 'Save the refused rows…' }));
  await waitFor(() => expect(bridge.requests.some(([channel]) => channel === 'table:save')).toBe(true));
  const saved = bridge.requests.find(([channel]) => channel === 'table:save')?.[1] as { text: string };
  expect(saved.text).toContain('"Count,nobody,blue"');
  fireEvent.click(screen.getByRole('button', { name: 'Create 1 task' }));
  await screen.findByText('Done');
  // Of the rows of the file: with those that were refused they add up.
  expect(screen.getByRole('status').textContent).toMatch(/^1 of 2 rows created as tasks1 row refused/);
  expect(asked().map(({ ndjson }) => JSON.parse(ndjson) as unknown)).toEqual([{ title: 'Weigh', agentId: agents[0]?.id }]);
});

test('it goes in parts, each under a key of its own, and leads to what was created', async () => {
  const { asked, route } = setup({ 'tasks.createMany': createAll });
  choose(rows(2_500));
  fireEvent.click(await screen.findByRole('button', { name: 'Create 2,500 tasks' }));
  await screen.findByText('Done');
  expect(screen.getByText(/of 2,500 rows created/).textContent).toBe('2,500 of 2,500 rows created as tasks');
  expect(asked().map(({ ndjson }) => ndjson.split('\n').length)).toEqual([1_000, 1_000, 500]);
  const [key] = asked()[0]?.key.split(':') ?? [];
  expect(asked().map(({ key: of }) => of)).toEqual([`${key}:0`, `${key}:1`, `${key}:2`]);
  fireEvent.click(screen.getByRole('button', { name: 'Show the created tasks' }));
  expect(route().search.created).toMatch(/^2026-11-20T17:42:08\.000Z\/2026-11-20T17:42:12\.000Z$/);
});

test('stopped half-way it says exactly what was created, and goes on with the rest under the same key', async () => {
  let sent = 0;
  const { asked } = setup({
    'tasks.createMany': async (input) => {
      sent += 1;
      // The person presses while the second part is on its way.
      if (sent === 2) fireEvent.click(screen.getByRole('button', { name: 'Stop here' }));
      return createAll(input);
    },
  });
  choose(rows(3_500));
  fireEvent.click(await screen.findByRole('button', { name: 'Create 3,500 tasks' }));
  await screen.findByText(/Exactly 2,000 tasks were created; 1,500 rows were not sent/);
  expect(asked()).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: 'Go on with the other 1,500' }));
  await screen.findByText('Done');
  const [key] = asked()[0]?.key.split(':') ?? [];
  expect(asked().map(({ key: of }) => of)).toEqual([0, 1, 2, 3].map((part) => `${key}:${part}`));
});

test('after a failure, and after the window was closed, the same file is gone on with', async () => {
  let fails = true;
  const handlers: Handlers = {
    'tasks.createMany': (input) => {
      if (fails && String(input.key).endsWith(':1')) throw new AppError('unavailable', 'The connection was cut.');
      return createAll(input);
    },
  };
  const first = setup(handlers);
  choose(rows(2_500));
  fireEvent.click(await screen.findByRole('button', { name: 'Create 2,500 tasks' }));
  await screen.findByText(/1,000 tasks are created for certain; of the next 1,000 it is not known/);
  const [key] = first.asked()[0]?.key.split(':') ?? [];
  cleanup();

  fails = false;
  const second = setup(handlers);
  choose(rows(2_500));
  await screen.findByText(/1,000 tasks of it were created/);
  fireEvent.click(screen.getByRole('button', { name: 'Go on with it' }));
  await screen.findByText('Done');
  expect(second.asked().map(({ key: of }) => of)).toEqual([`${key}:1`, `${key}:2`]);
  expect(screen.getByText(/of 2,500 rows created/).textContent).toBe('2,500 of 2,500 rows created as tasks');
  cleanup();

  // What has ended is begun anew.
  setup(handlers);
  choose(rows(2_500));
  expect(await screen.findByRole('button', { name: 'Create 2,500 tasks' })).toBeTruthy();
});

test('a text is pasted; a viewer is told why not', async () => {
  const first = setup({ 'tasks.createMany': createAll });
  fireEvent.change(screen.getByLabelText('Or paste its text'), { target: { value: '{"title":"Weigh"}\n{"title":""}' } });
  fireEvent.click(screen.getByRole('button', { name: 'Preview' }));
  await screen.findByText('1 task would be created');
  expect(first.asked()).toEqual([]);
  cleanup();
  setup({}, 'viewer');
  expect(screen.getByRole('button', { name: 'Choose a file' }).getAttribute('aria-disabled')).toBe('true');
});
