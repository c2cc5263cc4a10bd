// @vitest-environment jsdom
// The agents' screen: what opens, what is asked of the backend, and how an external agent is connected.
import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import '../testing/dom.ts';
import { agentInput, agentPatch, type Agent } from '../../shared/agent.ts';
import { AppError } from '../../shared/errors.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { SIMULATOR_NOTICE } from '../../shared/provider.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, emptyWorkspace, paged, type Handlers } from '../stories/bridge.ts';
import { agents, meAs, providers } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { emptyAgent, formOf, toAgentInput, toAgentPatch } from './agentForm.ts';
import { AgentsScreen } from './AgentsScreen.tsx';
import { retireRefusal } from './AgentPanel.tsx';
import { runningWords } from './columns.tsx';
import { matchesAgent } from './filters.ts';

const named = (name: string): Agent => agents.find((agent) => agent.name === name) as Agent;
const offline: Agent = { ...named('supply-analyst'), presence: 'offline', lastSeenAt: null };

function setup(path: string, handlers: Handlers = {}, role: Parameters<typeof meAs>[0] = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><AgentsScreen /></StoryFrame>);
  const calls = (path: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === path ? [request.input] : [];
    });
  return { calls, route: () => routes.getState().route };
}
const withAgent = (agent: Agent): Handlers => ({
  'agents.list': (input) => paged(agents.map((row) => (row.id === agent.id ? agent : row)), input),
  'agents.get': () => agent,
});
const press = (name: string | RegExp, within_: HTMLElement = document.body): void => {
  fireEvent.click(within(within_).getByRole('button', { name }));
};
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test('what a role may not follow leaves no label without a value', async () => {
  setup(`/agents/${agents[0]?.id}`, {}, 'viewer');
  const details = await screen.findByRole('complementary');
  await within(details).findByText('Created');
  const empty = [...details.querySelectorAll('dt')].filter((label) => label.nextElementSibling?.textContent === '');
  expect(empty.map((label) => label.textContent)).toEqual([]);
});

test('Enter opens an agent with what it runs; Pause asks for it', async () => {
  const { calls, route } = setup('/agents', { 'agents.update': () => ({ ...agents[0], status: 'paused', version: 99 }) });
  await screen.findByText(agents[0]?.name ?? '');
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'j' });
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'Enter' });
  expect(route().id).toBe(agents[0]?.id);
  const panel = await screen.findByRole('complementary', { name: agents[0]?.name ?? '' });
  expect(within(panel).getByText('Latest tasks')).toBeTruthy();
  press('Pause', panel);
  await waitFor(() => expect(calls('agents.update')).toEqual([{ id: agents[0]?.id, status: 'paused' }]));
});

test('the latest tasks lead to the tasks of the agent', async () => {
  const agent = named('test-engineer');
  const { route } = setup(`/agents/${agent.id}`);
  fireEvent.click(await screen.findByRole('link', { name: 'All of its tasks' }));
  expect(route()).toEqual({ place: 'tasks', id: null, search: { agentId: agent.id } });
});

test('a hosted agent needs a provider account that the person chose', async () => {
  const { calls } = setup('/agents?new=1');
  const dialog = await screen.findByRole('dialog', { name: 'New agent' });
  fireEvent.change(within(dialog).getByLabelText('Name'), { target: { value: 'reader' } });
  press('Create agent', dialog);
  expect(await within(dialog).findByText('Choose a provider account, or add one.')).toBeTruthy();
  expect(calls('agents.create')).toEqual([]);
});

test('a simulator says what it is, is added in place, and then chosen', async () => {
  const account = { ...providers[0], id: '01a1fc15-d37b-73d7-8228-95d758484ef3', name: 'Trial' };
  const { calls, route } = setup('/agents?new=1', {
    'providers.list': (input) => paged([], input),
    'providers.create': () => account,
    'agents.create': () => ({ ...named('docs-writer'), name: 'reader' }),
  });
  const dialog = await screen.findByRole('dialog', { name: 'New agent' });
  press('Add a simulator…', dialog);
  const group = within(dialog).getByRole('group', { name: 'Add a simulator' });
  expect(group.textContent).toContain(SIMULATOR_NOTICE);
  fireEvent.change(within(group).getByLabelText('Name'), { target: { value: 'Trial' } });
  fireEvent.change(within(group).getByLabelText('Attempts failing'), { target: { value: '25' } });
  press('Add simulator', group);
  await waitFor(() => expect(calls('providers.create')).toEqual([
    { name: 'Trial', kind: 'simulator', settings: { seed: 1, typicalSeconds: 20, failureRate: 0.25, overrunRate: 0.04 } },
  ]));
  await within(dialog).findByDisplayValue('Trial (simulated)');
  fireEvent.change(within(dialog).getByLabelText('Name'), { target: { value: 'reader' } });
  press('Create agent', dialog);
  await waitFor(() => expect(calls('agents.create')).toEqual([
    expect.objectContaining({ kind: 'hosted', name: 'reader', provider: { accountId: account.id, model: 'simulated-1' } }),
  ]));
  await waitFor(() => expect(route()).toEqual({ place: 'agents', id: named('docs-writer').id, search: {} }));
});

test('a name that is taken is said at the name', async () => {
  setup('/agents?new=1', {
    'agents.create': () => {
      throw new AppError('conflict', 'There is already an agent "reader".', {
        details: { fields: [{ path: 'name', message: 'Choose a name that no other agent has.' }] },
      });
    },
  });
  const dialog = await screen.findByRole('dialog', { name: 'New agent' });
  fireEvent.click(within(dialog).getByRole('radio', { name: /External/ }));
  fireEvent.change(within(dialog).getByLabelText('Name'), { target: { value: 'reader' } });
  press('Create agent', dialog);
  expect(await within(dialog).findByText('Choose a name that no other agent has.')).toBeTruthy();
  expect(within(dialog).queryByRole('alert')).toBeNull();
});

test('an external agent is connected: a key once, the command with it, and the heartbeat as it comes', async () => {
  const held: QueryClient[] = [];
  const mount = vi.spyOn(QueryClient.prototype, 'mount').mockImplementation(function mounted(this: QueryClient) {
    held.push(this);
  });
  const { calls } = setup(`/agents/${offline.id}?connect=1`, {
    ...withAgent(offline),
    'keys.create': () => ({ id: '01a1fc15-d37b-73d7-8228-95d758484ef3', key: 'sbx_once', prefix: 'sbx' }),
  });
  const dialog = await screen.findByRole('dialog', { name: `Connect ${offline.name}` });
  expect(dialog.textContent).toContain('Waiting for its first heartbeat');
  press('Create key', dialog);
  await waitFor(() => expect(calls('keys.create')).toEqual([{ name: `${offline.name} (agent)`, scopes: ['agent'], agentId: offline.id }]));
  await waitFor(() => expect(dialog.textContent).toContain(`export SIGNALBOX_KEY='sbx_once'`));
  expect(dialog.textContent).toContain('http://127.0.0.1:4180');
  // What the live stream does with the event agent.online.
  act(() => {
    for (const client of held) {
      client.setQueryData([['agents', 'get'], { input: { id: offline.id }, type: 'query' }], { ...offline, presence: 'idle', version: 99 });
    }
  });
  await waitFor(() => expect(within(dialog).getByRole('status').textContent).toContain('is connected'));
  expect(dialog.textContent).toContain('sbx_once');
  mount.mockRestore();
});

test('the dialog asks before it closes on a key that was not copied; the command has the key in it', async () => {
  const { route } = setup(`/agents/${offline.id}?connect=1`, {
    ...withAgent(offline),
    'keys.create': () => ({ id: '01a1fc15-d37b-73d7-8228-95d758484ef3', key: 'sbx_once', prefix: 'sbx' }),
  });
  const dialog = await screen.findByRole('dialog', { name: `Connect ${offline.name}` });
  press('Copy: command', dialog);
  press('Create key', dialog);
  await waitFor(() => expect(dialog.textContent).toContain('sbx_once'));
  fireEvent.keyDown(dialog, { key: 'Escape' });
  const question = await screen.findByRole('dialog', { name: 'Close without the key?' });
  press('Go back', question);
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Close without the key?' })).toBeNull());
  expect(route().search).toEqual({ connect: '1' });
  press(/: command$/, dialog);
  await within(dialog).findByRole('button', { name: 'Copied: command' });
  fireEvent.keyDown(dialog, { key: 'Escape' });
  await waitFor(() => expect(route().search).toEqual({}));
});

test('who may not sees why not', async () => {
  const agent = named('simulation-runner');
  const { calls } = setup(`/agents/${agent.id}`, {}, 'viewer');
  const panel = await screen.findByRole('complementary', { name: agent.name });
  for (const name of ['Pause', 'Edit', 'Connect', 'Retire']) {
    expect(within(panel).getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true');
    press(name, panel);
  }
  expect([calls('agents.update'), calls('agents.retire')]).toEqual([[], []]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('retiring asks first', async () => {
  const agent = { ...named('docs-writer'), running: 0 };
  const { calls } = setup(`/agents/${agent.id}`, { ...withAgent(agent), 'agents.retire': () => ({ ...agent, status: 'retired', version: 99 }) });
  press('Retire', await screen.findByRole('complementary', { name: agent.name }));
  const dialog = await screen.findByRole('dialog', { name: `Retire ${agent.name}?` });
  expect(calls('agents.retire')).toEqual([]);
  press('Retire it', dialog);
  await waitFor(() => expect(calls('agents.retire')).toEqual([{ id: agent.id }]));
});

test('who cannot be retired, and why', () => {
  expect(retireRefusal({ ...named('coordinator'), running: 0 })).toMatch(/coordinator/);
  expect(retireRefusal({ ...named('docs-writer'), running: 2 })).toMatch(/2 tasks/);
  expect(retireRefusal({ ...named('docs-writer'), running: 0 })).toBeNull();
});

test('the first agent is asked for where there is none', async () => {
  const { route } = setup('/agents', emptyWorkspace);
  await screen.findByText('No agents yet');
  fireEvent.click(screen.getAllByRole('button', { name: 'New agent' })[1] as HTMLElement);
  expect(route().search.new).toBe('1');
});

test('the form sends what the backend takes, and an edit the version that it began from', () => {
  const form = { ...emptyAgent, name: 'reader', accountId: providers[0]?.id ?? '', model: 'simulated-1', timeLimitMinutes: 2.5 };
  expect(agentInput.parse(toAgentInput(form))).toMatchObject({ provider: { model: 'simulated-1' }, timeLimitSeconds: 150 });
  expect(toAgentInput({ ...form, kind: 'external' }).provider).toBeUndefined();
  const agent = named('docs-writer');
  const patch = agentPatch.parse(toAgentPatch({ ...formOf(agent), role: 'Writes' }, agent));
  expect(patch).toMatchObject({ id: agent.id, version: agent.version, role: 'Writes' });
  expect(patch).not.toHaveProperty('provider');
});

test('the filter matches words, kind and presence', () => {
  const agent = named('firmware-reviewer');
  expect(matchesAgent(agent, { q: 'FIRM sensor' })).toBe(true);
  expect(matchesAgent(agent, { q: 'firm lighthouse' })).toBe(false);
  expect(matchesAgent(agent, { kind: 'external' })).toBe(false);
  expect(matchesAgent(agent, { presence: 'idle,busy' })).toBe(true);
  expect(runningWords({ running: 1, concurrency: 1_000 })).toBe('1 / 1,000');
});

test('a paused agent says how it drains, in its row and beside it', async () => {
  const paused = { ...(agents[0] as Agent), status: 'paused' as const, running: 2 };
  setup(`/agents/${paused.id}`, { 'agents.list': (input) => paged([paused], input), 'agents.get': () => paused });
  expect(await screen.findByText('Draining: 2 still run.')).toBeTruthy();
  expect(screen.getByText('Draining · 2').title).toBe('Paused. Draining: 2 still run');
});

test('what runs and what is queued lead to those tasks', async () => {
  const busy = agents.find(({ name }) => name === 'test-engineer') as Agent;
  const { route } = setup(`/agents/${busy.id}`);
  const panel = await screen.findByRole('complementary', { name: 'test-engineer' });
  fireEvent.click(await within(panel).findByText('3 tasks'));
  expect(route()).toMatchObject({ place: 'tasks', search: { agentId: busy.id, state: 'queued' } });
});
