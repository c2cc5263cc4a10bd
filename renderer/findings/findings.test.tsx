// @vitest-environment jsdom
// The findings' screen: order, filter, details, and the acknowledgement that shows at once.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { Finding } from '../../shared/finding.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { createRouteStore } from '../app/routes.ts';
import { createFakeBridge, failing, paged, type Handlers } from '../stories/bridge.ts';
import { findings, meAs, secondsAgo, uuid } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { needsPerson, seenWords } from './columns.tsx';
import { FindingsScreen } from './FindingsScreen.tsx';
import { findingsInput, whereIs } from './useFindings.ts';

const [urgent, warning] = findings as [Finding, Finding];

function setup(path: string, handlers: Handlers = {}, role: Parameters<typeof meAs>[0] = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><FindingsScreen /></StoryFrame>);
  const calls = (path: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === path ? [request.input] : [];
    });
  return { calls, route: () => routes.getState().route };
}
const panel = (finding: Finding): Promise<HTMLElement> => screen.findByRole('complementary', { name: finding.title });
afterEach(cleanup);

test('Enter opens a finding with its text, and the task is a link', async () => {
  const { route } = setup('/findings');
  await screen.findByText(urgent.title);
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'j' });
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'Enter' });
  expect(route().id).toBe(urgent.id);
  const open = await panel(urgent);
  // Markdown is code of its own, which comes a moment later.
  await waitFor(() => expect(open.querySelector('code')?.textContent).toBe('control/stop.c'));
  fireEvent.click(within(open).getByRole('link', { name: urgent.taskTitle }));
  expect(route()).toMatchObject({ place: 'tasks', id: urgent.taskId });
});

test('a link in a row leads away and does not open the row', async () => {
  const { route } = setup('/findings');
  await screen.findByText(warning.title);
  fireEvent.click(screen.getAllByRole('link', { name: warning.taskTitle })[0] as HTMLElement);
  expect(route()).toMatchObject({ place: 'tasks', id: warning.taskId });
});

test('A acknowledges an urgent finding, shown before the answer', async () => {
  const { calls } = setup(`/findings/${urgent.id}`, { 'findings.acknowledge': () => new Promise(() => undefined) });
  const open = await panel(urgent);
  expect(open.textContent).toContain('not yet: it needs a person');
  fireEvent.keyDown(document.body, { key: 'a' });
  await waitFor(() => expect(open.textContent).not.toContain('not yet'));
  await waitFor(() => expect(calls('findings.acknowledge')).toEqual([{ id: urgent.id }]));
  expect(within(open).getByRole('button', { name: /Acknowledge/ }).getAttribute('aria-disabled')).toBe('true');
});

test('a refused acknowledgement is taken back, and said', async () => {
  setup(`/findings/${urgent.id}`, { 'findings.acknowledge': failing('unavailable', 'The backend does not answer.') });
  const open = await panel(urgent);
  fireEvent.click(within(open).getByRole('button', { name: /Acknowledge/ }));
  expect(await screen.findByText('The backend does not answer.')).toBeTruthy();
  expect(open.textContent).toContain('not yet: it needs a person');
});

test('only urgent ones ask for a person, and only of those who may', async () => {
  setup(`/findings/${warning.id}`);
  expect(within(await panel(warning)).queryByRole('button', { name: /Acknowledge/ })).toBeNull();
  cleanup();
  const { calls } = setup(`/findings/${urgent.id}`, {}, 'viewer');
  const button = within(await panel(urgent)).getByRole('button', { name: /Acknowledge/ });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  fireEvent.keyDown(document.body, { key: 'a' });
  expect(calls('findings.acknowledge')).toEqual([]);
});

test('the severity filters at the backend', async () => {
  const { calls, route } = setup('/findings');
  await screen.findByText(urgent.title);
  fireEvent.click(screen.getByRole('radio', { name: 'Warning' }));
  expect(route().search).toEqual({ severity: 'warning' });
  await waitFor(() => expect(calls('findings.list').at(-1)).toMatchObject({ severity: 'warning' }));
  await waitFor(() => expect(screen.queryByText(urgent.title)).toBeNull());
});

test('an open finding is looked for on further pages; one that is in none is said to be', async () => {
  const rows = Array.from({ length: 400 }, (_, index) => ({ ...warning, id: uuid('f', index, 100 + index), title: `Finding ${index}`, createdAt: secondsAgo(100 + index) }));
  const sought = rows[250] as Finding;
  const handlers: Handlers = { 'findings.list': (input) => paged(rows, input) };
  const { calls } = setup(`/findings/${sought.id}`, handlers);
  await panel(sought);
  expect(calls('findings.list').length).toBeGreaterThanOrEqual(3);
  cleanup();
  const other = setup(`/findings/${urgent.id}?severity=info`, handlers);
  fireEvent.click(await screen.findByRole('button', { name: 'Look among all findings' }));
  expect(other.route().search).toEqual({});
});

test('where a finding is, by the order of ids', () => {
  const rows = [urgent, warning];
  expect(whereIs(warning.id, rows, true)).toBe('here');
  expect(whereIs(uuid('f', 9, 99_999), rows, true)).toBe('further');
  expect(whereIs(uuid('f', 9, 99_999), rows, false)).toBe('nowhere');
  expect(whereIs(uuid('f', 9, 10), rows, true)).toBe('nowhere');
});

test('what is asked, and what a row says', () => {
  expect(findingsInput({ severity: 'urgent', planId: 'p' })).toEqual({ limit: 100, severity: 'urgent', planId: 'p' });
  expect(findingsInput({ severity: 'dreadful' })).toEqual({ limit: 100 });
  expect([urgent, warning, { ...urgent, acknowledgedAt: secondsAgo(1) }].map(seenWords)).toEqual(['Not yet', '–', 'Seen']);
  expect(needsPerson({ ...urgent, acknowledgedAt: secondsAgo(1) })).toBe(false);
});
