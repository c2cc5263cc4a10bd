// @vitest-environment jsdom
// The usage screen by mouse and keyboard: what it asks, where it leads, and what it says.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, emptyWorkspace, failing, type Handlers } from '../stories/bridge.ts';
import { agents, usage } from '../stories/fixtures.ts';
import { accounts } from '../stories/providerFixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { usageForecast, usageSeries } from '../stories/usage.ts';
import { UsageScreen } from './UsageScreen.tsx';

type Input = Record<string, string>;
function setup(path = '/usage', handlers: Handlers = {}) {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes}><UsageScreen /></StoryFrame>);
  const calls = (path: string): Input[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === path ? [request.input as Input] : [];
    });
  return { bridge, calls, routes: () => routes.getState(), route: () => routes.getState().route };
}
const chart = (): Promise<HTMLElement> => screen.findByRole('slider');
afterEach(cleanup);

test('asks for seven days by agent, and says how the month stands', async () => {
  const { calls } = setup();
  const quota = await screen.findByRole('region', { name: 'Quota' });
  await waitFor(() => expect(quota.textContent).toContain('18,204of 25,000'));
  await waitFor(() => expect(quota.textContent).toContain('About 24,100 (22,900 – 25,900) executions'));
  expect(quota.textContent).toContain('6,796 left until');
  expect(calls('usage.series')[0]).toMatchObject({ bucket: 'day', groupBy: 'agent', metric: 'executions' });
  expect(calls('usage.breakdown').map(({ by, metric }) => `${by} ${metric}`).toSorted()).toEqual(['account executions', 'agent executions', 'plan executions', 'state attempts']);
});

test('Enter on a bar leads to exactly its tasks, and Back comes back', async () => {
  const { route, routes } = setup();
  const slider = await chart();
  fireEvent.keyDown(slider, { key: 'End' });
  expect(slider.getAttribute('aria-valuetext')).toMatch(/^Fri 20 Nov: coordinator \d+ executions/);
  fireEvent.keyDown(slider, { key: 'ArrowUp' });
  fireEvent.keyDown(slider, { key: 'Enter' });
  const { place, search } = route();
  expect(place).toBe('tasks');
  expect(search).toEqual({ counted: expect.stringMatching(/^2026-11-20T.*Z\/2026-11-21T.*Z$/), agentId: agents[0]?.id });
  routes().back();
  expect(route().place).toBe('usage');
});

test('a range by Shift and arrows is a step of its own, and hours are shown of a short one', async () => {
  const { route, routes, calls } = setup('/usage?metric=cost');
  const slider = await chart();
  fireEvent.keyDown(slider, { key: 'End' });
  fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(slider, { key: 'Enter' });
  expect(route().search).toMatchObject({ metric: 'cost', from: expect.any(String), to: expect.any(String) });
  await waitFor(() => expect(calls('usage.series').at(-1)).toMatchObject({ bucket: 'hour', metric: 'cost', from: route().search.from }));
  expect((await screen.findByRole('slider', { name: /by the hour/ })).getAttribute('aria-valuemax')).toBe('47');
  routes().back();
  expect(route().search).toEqual({ metric: 'cost' });
  routes().forward();
  fireEvent.click(await screen.findByRole('button', { name: 'Back to 7 days' }));
  expect(route().search).toEqual({ metric: 'cost' });
});

test('tiles, groups and spans change what is asked for', async () => {
  const { calls, route } = setup();
  await chart();
  fireEvent.click(screen.getByRole('radio', { name: /Tokens/ }));
  fireEvent.click(screen.getByRole('radio', { name: 'By outcome' }));
  fireEvent.click(screen.getByRole('radio', { name: 'Today' }));
  expect(route().search).toEqual({ metric: 'tokens', by: 'state', range: 'today' });
  await waitFor(() => expect(calls('usage.series').at(-1)).toMatchObject({ bucket: 'hour', metric: 'tokens', groupBy: 'state' }));
  fireEvent.click(screen.getByRole('radio', { name: /^Executions/ }));
  await waitFor(() => expect(calls('usage.series').at(-1)).toMatchObject({ metric: 'attempts', groupBy: 'state' }));
  expect(await screen.findByText(/An execution has no outcome of its own/)).toBeTruthy();
});

test('the table has the same figures, and is kept in the route', async () => {
  const { route } = setup();
  await chart();
  fireEvent.click(screen.getByRole('button', { name: 'Show as table' }));
  expect(route().search).toEqual({ view: 'table' });
  const table = await screen.findByRole('region', { name: 'Executions by agent, by the day' });
  expect(within(table).getAllByRole('row')).toHaveLength(8);
  expect(within(table).getAllByRole('columnheader').map((cell) => cell.textContent).slice(0, 3)).toEqual(['Time', 'All', 'coordinator']);
});

test('a row of a breakdown leads to its tasks; what is simulated says so', async () => {
  const { route } = setup();
  const plans = await screen.findByRole('region', { name: 'Plans' });
  fireEvent.click(await within(plans).findByRole('link', { name: 'No plan' }));
  expect(route()).toMatchObject({ place: 'tasks', search: { planId: 'none', counted: expect.any(String) } });
  expect(within(await screen.findByRole('region', { name: 'Agents' })).getAllByRole('img', { name: 'simulated' }).length).toBeGreaterThan(0);
});

test('what each provider account was used for leads to its tasks', async () => {
  const { calls, route } = setup('/usage?metric=cost');
  const panel = await screen.findByRole('region', { name: 'Provider accounts' });
  const account = await within(panel).findByRole('link', { name: 'OpenAI' });
  expect(within(panel).getAllByRole('img', { name: 'simulated' })).toHaveLength(1);
  fireEvent.click(screen.getByRole('radio', { name: 'By provider' }));
  await waitFor(() => expect(calls('usage.series').at(-1)).toMatchObject({ groupBy: 'account', metric: 'cost' }));
  fireEvent.click(account);
  expect(route()).toMatchObject({ place: 'tasks', search: { accountId: accounts.find(({ name }) => name === 'OpenAI')?.id, ended: expect.any(String) } });
});

test('what a simulator used is marked at the figures too, also when it cost nothing', async () => {
  // It is none of those agents that are listed first.
  const share = { executions: 3, attempts: 3, executionSeconds: 9, inputTokens: 10, outputTokens: 4, costUsd: '0', share: 1, simulated: false };
  const of = (simulated: boolean) => ({
    'usage.breakdown': ({ by }: Record<string, unknown>) => ({ items: by === 'agent' ? [{ ...share, key: agents[0]?.id, name: 'One' }] : [], nextCursor: '8' }),
    'usage.series': (input: Record<string, unknown>) => ({ ...usageSeries({ ...input, groupBy: 'none' }), simulated }),
    'usage.forecast': () => ({ ...usageForecast, simulated }),
  });
  setup('/usage', of(true));
  const figures = await screen.findByRole('radiogroup', { name: 'What is drawn' });
  const marked = (name: RegExp) => within(within(figures).getByRole('radio', { name }).closest('label')!).queryByText('simulated') !== null;
  await waitFor(() => expect(marked(/^Cost/)).toBe(true));
  expect([marked(/^Tokens/), marked(/^Executions/)]).toEqual([true, false]);
  const quota = screen.getByRole('region', { name: 'Quota' });
  expect(await within(quota).findByRole('img', { name: 'simulated' })).toBeTruthy();
  cleanup();
  setup('/usage', of(false));
  await screen.findByRole('link', { name: 'One' });
  expect(screen.queryByText('simulated')).toBeNull();
});

test('more agents come by the page', async () => {
  const { calls } = setup();
  const panel = await screen.findByRole('region', { name: 'Agents' });
  fireEvent.click(await within(panel).findByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(within(panel).getAllByRole('link')).toHaveLength(agents.length));
  expect(calls('usage.breakdown').at(-1)).toMatchObject({ by: 'agent', cursor: '8' });
});

test('the figures are saved as they are shown', async () => {
  const { bridge } = setup('/usage?range=30d');
  await chart();
  fireEvent.click(screen.getByRole('button', { name: 'Export CSV' }));
  await screen.findByText('The figures are saved.');
  const [, saved] = bridge.requests.find(([channel]) => channel === 'table:save') as [string, { name: string; text: string }];
  expect(saved.name).toBe('Usage 30 days.csv');
  expect(saved.text.split('\r\n')).toHaveLength(32);
});

test('warns before the quota is used up, and says what stops when it is', async () => {
  setup('/usage', { 'usage.forecast': () => ({ ...usageForecast, executions: { expected: 31_402, low: 29_812, high: 33_120 }, runsOutAt: '2026-11-27T13:00:00.000Z', runsOutEarliestAt: '2026-11-25T22:00:00.000Z' }) });
  expect(await screen.findByText(/At this rate it is used up on Fri 27 Nov, at the earliest on/)).toBeTruthy();
  expect(await screen.findByText('By the end of November, were there no limit')).toBeTruthy();
  cleanup();
  setup('/usage', { 'usage.month': () => ({ ...usage, quota: { ...usage.quota, used: 25_000, remaining: 0 } }) });
  expect((await screen.findByText('Used up.')).parentElement?.textContent).toContain('What was never started waits until');
});

test('nothing used says when something will be', async () => {
  setup('/usage', emptyWorkspace);
  expect(await screen.findByText(/from the moment they claim their first task/)).toBeTruthy();
  expect(await screen.findByText('A forecast comes after 3 full days with work.')).toBeTruthy();
});

test('what fails is said once and tried again whole', async () => {
  const fail = failing('unavailable', 'The backend does not answer.');
  const { calls } = setup('/usage', { 'usage.series': fail, 'usage.month': fail, 'usage.breakdown': fail, 'usage.forecast': fail });
  await waitFor(() => expect(screen.queryByRole('radiogroup', { name: 'What is drawn' })).toBeNull());
  const [button, ...others] = screen.getAllByRole('button', { name: 'Try again' });
  expect(others).toEqual([]);
  const before = calls('usage.month').length;
  fireEvent.click(button as HTMLElement);
  await waitFor(() => expect(calls('usage.series').length).toBeGreaterThan(1));
  await waitFor(() => expect(calls('usage.month').length).toBeGreaterThan(before));
});
