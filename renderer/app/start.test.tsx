// @vitest-environment jsdom
// A start on what was shown last: rows at once, nothing to be done on them, then live; and nothing of it once signed out.
import '../testing/dom.ts';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppStatus, Shown, StartState } from '../../shared/ipc.ts';
import { createFakeBridge } from '../stories/bridge.ts';
import { me, overview, tasks, workspace } from '../stories/fixtures.ts';
import { App } from './App.tsx';

const AT = new Date(2026, 10, 25, 10, 42).toISOString();
const key = (path: string, input: object, type = 'query') => [path.split('.'), { input, type }];
const [first] = tasks;
if (!first) throw new Error('There are no tasks among the fixtures.');
const kept = { ...first, title: 'As it was called then' };
const entries = JSON.stringify([
  { key: key('overview.get', { windowMinutes: 30 }), data: overview },
  { key: key('workspace.get', {}), data: workspace },
  { key: key('plans.list', { limit: 200 }), data: { items: [], nextCursor: null } },
]);

const lost = (bridge: ReturnType<typeof createFakeBridge>) => bridge.requests.filter(([channel]) => channel === 'rpc');
const starting: Partial<AppStatus> = { backend: { state: 'starting' }, session: { state: 'unknown' } };
const signedIn: AppStatus['session'] = { state: 'signed_in', me, remembered: true };

function start(shown: Partial<Shown> | null = {}) {
  const bridge = createFakeBridge({ status: starting });
  const state: StartState = {
    preferences: { theme: 'dark' },
    shown: shown && JSON.stringify({ me, at: AT, entries, picture: null, ...shown }),
  };
  render(<App bridge={bridge} start={state} />);
  const say = async (status: Partial<AppStatus>): Promise<void> => {
    bridge.notify('app:status', { ...(await bridge.request('app:status')), ...status });
  };
  return { bridge, say };
}
beforeEach(() => {
  window.location.hash = '#/overview';
});
afterEach(cleanup);

test('shows the rows as of their time, asks nothing, and lets nothing be changed', async () => {
  const { bridge } = start();
  const board = within(screen.getByTestId('board'));
  const [lane] = overview.lanes;
  expect(board.getAllByText(lane!.agent.name).length).toBeGreaterThan(0);
  expect(screen.getByTestId('freshness').textContent).toContain('10:42, connecting…');
  const pause = screen.getByRole('button', { name: 'Pause everything' });
  expect(pause.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(pause);
  expect(screen.queryByRole('dialog')).toBeNull();
  await waitFor(() => expect(bridge.requests.length).toBeGreaterThan(0));
  expect(lost(bridge)).toEqual([]);
});

test('is live once all of it has been answered anew, without being drawn from nothing in between', async () => {
  const { bridge, say } = start();
  const board = screen.getByTestId('board');
  await say({ backend: { state: 'ready', url: 'http://127.0.0.1:1' }, session: signedIn });
  await waitFor(() => expect(screen.getByTestId('freshness').textContent).not.toContain('as of'));
  expect(screen.getByTestId('board')).toBe(board);
  expect(lost(bridge).map(([, request]) => (request as { path: string }).path)).toContain('overview.get');
  expect(screen.getByRole('button', { name: 'Pause everything' }).getAttribute('aria-disabled')).toBeNull();
});

test('a session that is over shows the sign-in, and what was shown does not come back with the next one', async () => {
  window.location.hash = '#/tasks';
  const list = JSON.stringify([
    { key: key('tasks.list', {}, 'infinite'), data: { pages: [{ items: [kept], nextCursor: null }], pageParams: [null] } },
  ]);
  const { say } = start({ entries: list });
  const backend = { state: 'ready' as const, url: 'http://127.0.0.1:1' };
  await say({ backend, session: { state: 'signed_out', hint: 'Your session has ended. Sign in again.' } });
  expect(await screen.findByText('Your session has ended. Sign in again.')).toBeTruthy();
  await say({ backend, session: signedIn });
  expect(await screen.findByRole('navigation', { name: 'Places' })).toBeTruthy();
  expect(screen.queryByText(kept.title)).toBeNull();
  expect(screen.getByTestId('freshness').textContent).not.toContain('as of');
});

test('without anything kept the window says that it starts', () => {
  start(null);
  expect(screen.getByText(/Opening the workspace/)).toBeTruthy();
});
