// @vitest-environment jsdom
// Plans in the hands of a person: a document dropped, a preview changed and created, a plan started and read.
import { notifications } from '@mantine/notifications';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { AppError, toProblem } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, emptyWorkspace, failing, type Handlers } from '../stories/bridge.ts';
import { meAs, plan } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { PlanImportProvider, PlansScreen } from './index.ts';

const preview = {
  plan: {
    name: 'Release readiness',
    minActive: 4,
    timeLimitSeconds: 900,
    successCriteria: ['Decided'],
    tasks: [
      {
        key: 'a',
        title: 'Read the changes',
        agent: 'change-reader',
        instructions: '',
        output: null,
        tools: [],
        successCriteria: [],
        dependsOn: [],
        timeLimitSeconds: 900,
      },
    ],
  },
  warnings: [{ line: 2, message: 'No time limit is named here.' }],
};
const open = `/plans/${plan.id}`;

function setup(path: string, handlers: Handlers = {}, role: 'owner' | 'viewer' = 'owner') {
  const bridge = createFakeBridge({ handlers: { 'plans.import': () => preview, ...handlers } });
  const routes = createRouteStore(path);
  render(
    <StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}>
      <PlanImportProvider>
        <PlansScreen />
      </PlanImportProvider>
    </StoryFrame>,
  );
  const sent = (operation: string): unknown[] =>
    bridge.requests.flatMap(([channel, request]) => {
      const asked = (request ?? {}) as { path?: string; input?: unknown };
      return channel === 'rpc' && asked.path === operation ? [asked.input] : [];
    });
  return { bridge, sent, place: () => routes.getState().route };
}

function drop(file: File): void {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], files: [file] } });
  act(() => void window.dispatchEvent(event));
}
afterEach(() => {
  act(() => notifications.clean());
  cleanup();
  vi.restoreAllMocks();
});

test('a document dropped anywhere is previewed; its warning leads to its line', async () => {
  const { sent, place } = setup('/plans');
  drop(new File(['# Plan\nsecond line'], 'plan.md'));
  expect(await screen.findByRole('heading', { name: 'Release readiness' })).toBeTruthy();
  expect(place()).toMatchObject({ place: 'plans', search: { import: '1' } });
  expect(sent('plans.import')).toEqual([{ text: '# Plan\nsecond line' }]);
  fireEvent.click(screen.getByRole('button', { name: /No time limit is named here/ }));
  const line = screen.getByText('second line').closest('[data-chosen]');
  expect(line?.textContent).toContain('2');
});

test('a file of 6 MB is refused with the limit, and not read', async () => {
  const { sent } = setup('/plans');
  const file = new File(['x'], 'big.md');
  Object.defineProperty(file, 'size', { value: 6_000_000 });
  drop(file);
  expect((await screen.findByRole('alert')).textContent).toContain(
    'big.md has 6.0 MB; a plan is at most 5.0 MB.',
  );
  expect(sent('plans.import')).toEqual([]);
});

test('who may not create plans drops in vain', async () => {
  const { sent, place } = setup('/plans', {}, 'viewer');
  await screen.findByText('Release 4.2');
  drop(new File(['# Plan'], 'plan.md'));
  expect(place().search).toEqual({});
  expect(sent('plans.import')).toEqual([]);
});

async function previewed(handlers: Handlers = {}) {
  const context = setup('/plans?import=1', handlers);
  fireEvent.change(screen.getByLabelText('Or paste its text'), { target: { value: '# Plan\nsecond line' } });
  fireEvent.click(screen.getByRole('button', { name: 'Preview' }));
  await screen.findByRole('radio', { name: /External agents/ });
  return context;
}

test('a plan with new agents is created only when it was said what runs them', async () => {
  const created: Plan = { ...plan, state: 'draft' };
  const { sent, place } = await previewed({ 'plans.create': () => created });
  for (const radio of screen.getAllByRole('radio')) expect((radio as HTMLInputElement).checked).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  expect(await screen.findByText('Choose what runs the new agents.')).toBeTruthy();
  expect(sent('plans.create')).toEqual([]);
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Mine' } });
  fireEvent.click(screen.getByRole('radio', { name: /External agents/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  await waitFor(() => expect(place()).toMatchObject({ place: 'plans', id: plan.id, search: {} }));
  expect(sent('plans.create')).toMatchObject([{ name: 'Mine', newAgents: { kind: 'external' } }]);
});

test('the simulator says what it is; without an account one is added in place', async () => {
  const account = {
    id: '019d2f6a-0400-7a31-8f0c-e00000000009',
    version: 1,
    name: 'Simulator',
    kind: 'simulator',
    simulated: true,
    models: ['simulated-1'],
    settings: {},
    createdAt: plan.createdAt,
  };
  const { sent } = await previewed({
    'providers.list': () => ({ items: [], nextCursor: null }),
    'providers.create': () => account,
    'plans.create': () => plan,
  });
  fireEvent.click(screen.getByRole('radio', { name: /Provider account/ }));
  expect(await screen.findByText('Simulated: no model runs, the output is made up.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  expect(await screen.findByText('Choose a provider account and a model, or add one.')).toBeTruthy();
  fireEvent.click(await screen.findByRole('button', { name: 'Add a simulator account' }));
  await screen.findByLabelText('Account', { selector: 'input' });
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  await waitFor(() =>
    expect(sent('plans.create')).toMatchObject([
      { newAgents: { kind: 'hosted', provider: { accountId: account.id, model: 'simulated-1' } } },
    ]),
  );
});

test('a refusal keeps what was changed, and names the field', async () => {
  const fields = [{ path: 'tasks.0.dependsOn', message: 'No task has this key.' }];
  await previewed({
    'plans.create': () => {
      throw new AppError('validation_failed', 'One field cannot be taken.', { details: { fields } });
    },
  });
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Mine' } });
  fireEvent.click(screen.getByRole('radio', { name: /External agents/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Create plan' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('tasks.0.dependsOn');
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Mine');
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /External agents/ }).checked).toBe(true);
});

test('a document that cannot be read says why, and stays', async () => {
  setup('/plans?import=1', {
    'plans.import': failing('validation_failed', 'The document cannot be read as a plan.'),
  });
  const text = screen.getByLabelText('Or paste its text');
  fireEvent.change(text, { target: { value: 'tasks: [' } });
  fireEvent.click(screen.getByRole('button', { name: 'Preview' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The document cannot be read as a plan.');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Or paste its text').value).toBe('tasks: [');
});

test('a file is chosen through the system’s dialog; its refusal is said', async () => {
  const { bridge } = setup('/plans?import=1');
  const request = bridge.request.bind(bridge);
  vi.spyOn(bridge, 'request').mockImplementation((channel: string, argument: unknown) =>
    channel === 'plan:pick'
      ? Promise.resolve({
          ok: false,
          problem: toProblem(
            new AppError('payload_too_large', 'big.md has 9.0 MB; a plan is at most 5.0 MB.'),
          ),
        })
      : request(channel as 'rpc', argument as never),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Choose a file' }));
  expect((await screen.findByRole('alert')).textContent).toContain('a plan is at most 5.0 MB');
});

test('an empty list teaches: an example is one press away', async () => {
  const { sent } = setup('/plans', emptyWorkspace);
  const [first] = await screen.findAllByRole('button', { name: 'Try it' });
  fireEvent.click(first as HTMLElement);
  await screen.findByRole('heading', { name: 'Release readiness' });
  expect(sent('plans.import')).toMatchObject([{ text: expect.stringContaining('#') }]);
});

test('a draft is started', async () => {
  const draft: Plan = { ...plan, state: 'draft', startedAt: null };
  const { sent } = setup(open, {
    'plans.get': () => draft,
    'plans.start': () => ({ ...plan, version: plan.version + 1 }),
  });
  expect(await screen.findByText('Nothing runs until you start it.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Start' }));
  expect(await screen.findByRole('button', { name: 'Pause' })).toBeTruthy();
  expect(sent('plans.start')).toEqual([{ id: plan.id }]);
});

test('a plan is cancelled only after it was asked', async () => {
  const { sent } = setup(open, {
    'plans.cancel': () => ({ ...plan, version: plan.version + 1, state: 'cancelled' }),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('told to stop at the next heartbeat');
  expect(sent('plans.cancel')).toEqual([]);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Cancel the plan' }));
  await waitFor(() => expect(sent('plans.cancel')).toEqual([{ id: plan.id }]));
});

test('a node is opened by Enter beside the graph, and the arrows lead on', async () => {
  const { place } = setup(open);
  const node = await waitFor(() => {
    const found = document.querySelector<HTMLElement>('[data-card="gate"]');
    if (!found) throw new Error('No node yet.');
    return found;
  });
  fireEvent.keyDown(node, { key: 'Enter' });
  expect(place().search).toEqual({ step: 'gate' });
  expect(await screen.findByRole('complementary', { name: 'Approve the release' })).toBeTruthy();
  fireEvent.keyDown(node, { key: 'ArrowRight' });
  expect((document.activeElement as HTMLElement).dataset.card).toBe('sign');
});

test('the list shows the same tasks, and opens them', async () => {
  const { place } = setup(`${open}?view=list`);
  fireEvent.click(await screen.findByText('Trace the emergency stop'));
  expect(place().search).toEqual({ view: 'list', step: 'stop' });
});

test('the report is read and saved', async () => {
  const { bridge } = setup(`${open}?report=1`);
  expect(await screen.findByText('4 of 11 tasks have succeeded.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(bridge.requests.find(([channel]) => channel === 'plan:save-report')?.[1]).toEqual({
      name: 'Release 4.2.md',
      text: '# Release 4.2\n\n4 of 11 tasks have succeeded.',
    }),
  );
  expect(await screen.findByText('The report is saved.')).toBeTruthy();
});

test('a plan that is not there leads back', async () => {
  const { place } = setup(open, { 'plans.get': failing('not_found', 'No such plan.') });
  expect((await screen.findByRole('alert')).textContent).toContain('No such plan.');
  fireEvent.click(screen.getByRole('button', { name: 'Plans' }));
  expect(place()).toMatchObject({ place: 'plans', id: null });
});
