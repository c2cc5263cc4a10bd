// @vitest-environment jsdom
// The audit's screen: who did what in words, what changed, filter, verification, export, and roles that may not.
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import { createRouteStore, useRoute } from '../app/routes.ts';
import { createFakeBridge, type Handlers } from '../stories/bridge.ts';
import { auditEntries } from '../stories/auditFixtures.ts';
import { meAs } from '../stories/fixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { AuditScreen } from './AuditScreen.tsx';
import { changesOf } from './changes.ts';
import { auditFields, auditInput, fromFilter, toFilter } from './filters.ts';
import { actionLabel, originWords, placeOf, wordsOf } from './words.ts';

const asked = (bridge: ReturnType<typeof createFakeBridge>, name: string): unknown[] =>
  bridge.requests.flatMap(([channel, argument]) => {
    const request = argument as RpcRequest;
    return channel === 'rpc' && request.path === name ? [request.input] : [];
  });

function setup(path: string, handlers: Handlers = {}, role: Parameters<typeof meAs>[0] = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><AuditScreen /></StoryFrame>);
  const calls = (name: string): unknown[] => asked(bridge, name);
  return { bridge, calls, route: () => routes.getState().route };
}
afterEach(cleanup);
const updated = auditEntries.find(({ action }) => action === 'agents.update')!;

test('an entry opens by Enter with the changed fields alone, and leads to its agent', async () => {
  const { route } = setup('/audit');
  const grid = await screen.findByRole('grid', { name: 'Audit' });
  await screen.findAllByText('Changed an agent');
  grid.focus();
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  fireEvent.keyDown(grid, { key: 'Enter' });
  expect(route().id).toBe(String(updated.seq));
  const panel = await screen.findByRole('complementary', { name: `Entry ${updated.seq}` });
  const rows = within(panel).getAllByRole('row').map((row) => row.textContent);
  expect(rows).toEqual(['ChangedBeforeAfter', 'Tasks at once14', 'Statusactivepaused', 'Capabilitiestypescripttypescript, sql', expect.stringContaining('smalllarge')]);
  fireEvent.click(within(panel).getByRole('link', { name: 'Open the agent' }));
  expect(route()).toMatchObject({ place: 'agents', id: updated.entityId });
});

test('all about a thing, and all by somebody, are filters of the same list', async () => {
  const { route, calls } = setup(`/audit/${updated.seq}`);
  fireEvent.click(await screen.findByRole('button', { name: 'All about it' }));
  expect(route().search).toEqual({ entityId: updated.entityId });
  await waitFor(() => expect(calls('audit.search').at(-1)).toMatchObject({ entityId: updated.entityId }));
  fireEvent.click(await screen.findByRole('button', { name: 'All by them' }));
  expect(route().search).toEqual({ actor: 'Mara Keller' });
});

test('an entry that is not among the rows is fetched; a number that is none says so', async () => {
  const { calls } = setup('/audit/3', { 'audit.search': () => ({ items: [], nextCursor: null, searchedTo: 1, head: 80 }) });
  expect(await screen.findByRole('complementary', { name: 'Entry 3' })).toBeTruthy();
  expect(calls('audit.get')).toEqual([{ seq: 3 }]);
  cleanup();
  setup('/audit/nonsense');
  expect(await screen.findByText('There is no such entry')).toBeTruthy();
});

test('the log is verified in steps, and an altered entry is named and can be opened', async () => {
  const { calls, route } = setup('/audit', {
    'audit.verify': ({ after }) =>
      after === 0 ? { verifiedTo: 5_000, head: 9_000, done: false, broken: null } : { verifiedTo: 6_110, head: 9_000, done: true, broken: { seq: 6_111, reason: 'the entry or one before it was changed' } },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Verify the log' }));
  expect(await screen.findByText('The log was altered.')).toBeTruthy();
  expect(calls('audit.verify')).toEqual([{ after: 0 }, { after: 5_000 }]);
  fireEvent.click(screen.getByRole('button', { name: 'Show entry 6,111' }));
  expect(route().id).toBe('6111');
});

test('a whole log says so', async () => {
  setup('/audit');
  fireEvent.click(await screen.findByRole('button', { name: 'Verify the log' }));
  const notice = await screen.findByText('The log is whole.');
  expect(notice.parentElement?.textContent).toContain('All 80 entries fit');
});

test('what the filter leaves is exported, in the format that is chosen', async () => {
  const { bridge } = setup('/audit?actor=Mara%20Keller&at=nonsense');
  fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
  fireEvent.click(await screen.findByText(/^NDJSON/));
  await waitFor(() => expect(bridge.requests.find(([channel]) => channel === 'audit:export')?.[1]).toEqual({ format: 'ndjson', filter: { actor: 'Mara Keller' } }));
  expect(await screen.findByText('80 entries are exported.')).toBeTruthy();
});

test('a search that finds nothing goes on by itself for a while, then asks', async () => {
  const { calls } = setup('/audit?q=zebra', {
    'audit.search': (input) => ({ items: [], nextCursor: String(Number(input.cursor ?? 0) + 1), searchedTo: 1_000_000 - Number(input.cursor ?? 0) * 20_000, head: 1_000_000 }),
  });
  const further = await screen.findByRole('button', { name: 'Search further back' });
  expect(calls('audit.search')).toHaveLength(25);
  fireEvent.click(further);
  await waitFor(() => expect(calls('audit.search')).toHaveLength(26));
});

test('newer entries are announced and come in when asked', async () => {
  const { calls } = setup('/audit', { 'audit.head': () => ({ seq: 92, hash: '' }) });
  fireEvent.click(await screen.findByRole('button', { name: '12 newer · show' }));
  await waitFor(() => expect(calls('audit.search')).toHaveLength(2));
});

test('whoever comes back to the log finds its newest entries, and what may be filtered by', async () => {
  const Here = () => (useRoute().place === 'audit' ? <AuditScreen /> : null);
  let head = 80;
  const bridge = createFakeBridge({
    handlers: {
      'audit.search': () => ({ items: [{ ...updated, seq: head }], nextCursor: null, searchedTo: 1, head }),
      'audit.head': () => ({ seq: head, hash: '' }),
    },
  });
  const routes = createRouteStore('/audit');
  render(<StoryFrame bridge={bridge} routes={routes}><Here /></StoryFrame>);
  expect(await screen.findByText('1 entry')).toBeTruthy();
  act(() => routes.getState().go({ place: 'overview' }));
  await waitFor(() => expect(screen.queryByText('1 entry')).toBeNull());
  head = 92;
  act(() => routes.getState().go({ place: 'audit' }));
  await waitFor(() => expect(asked(bridge, 'audit.search')).toHaveLength(2));
  expect(asked(bridge, 'audit.facets')).toHaveLength(2);
  await screen.findByText('1 entry');
  expect(screen.queryByRole('button', { name: /newer/ })).toBeNull();
});

test('a role that may not read it is told who may, and asks nothing', async () => {
  const { calls } = setup('/audit/12', {}, 'member');
  expect(await screen.findByText('The audit is not open to your role')).toBeTruthy();
  expect(screen.getByText(/This needs owner, admin, sre or reviewer/)).toBeTruthy();
  expect([calls('audit.search'), calls('audit.get')]).toEqual([[], []]);
});

describe('words', () => {
  test('what was done is said plainly, what is not known yet by its name', () => {
    expect(wordsOf({ action: 'workspace.setPaused', after: { paused: true } })).toBe('Paused all work');
    expect(wordsOf({ action: 'tasks.lease_expired', after: null })).toBe('The agent was not heard in time');
    expect(actionLabel('reviews.itemDecided_again')).toBe('Reviews item decided again');
    expect([originWords('system'), originWords('::ffff:127.0.0.1'), originWords('203.0.113.7')]).toEqual(['the engine', 'this computer', '203.0.113.7']);
    expect(placeOf({ entity: 'task', entityId: 'x' })).toEqual({ place: 'tasks', id: 'x' });
    expect(placeOf({ entity: 'session', entityId: 'x' })).toBeNull();
  });

  test('changes name the fields that differ, nested ones too; what was made and what went is whole', () => {
    expect(changesOf({ before: { a: 1, b: { c: [1], d: null } }, after: { a: 1, b: { c: [1, 2], d: null } } })).toMatchObject([{ field: 'b.c', before: '1', after: '1, 2' }]);
    // Of what only the one side holds nobody says that it changed.
    expect(changesOf({ before: { state: 'running' }, after: { state: 'failed', error: { message: 'No.' } } }).map(({ field, noted }) => [field, noted])).toEqual([['state', false], ['error.message', true]]);
    expect(changesOf({ before: { name: 'x', on: true }, after: null })).toMatchObject([{ before: 'x', after: null }, { before: 'yes' }]);
    expect(changesOf({ before: null, after: null })).toEqual([]);
  });

  test('the filter goes between the route, the bar and the backend without loss', () => {
    const search = { actor: 'Ada', action: 'agents.update', entity: 'agent', entityId: 'x', at: '2026-11-20T00:00:00Z/..', q: 'words' };
    expect(fromFilter(toFilter(search))).toEqual(search);
    expect(auditInput(search)).toEqual(search);
    expect(auditInput({ at: 'yesterday', q: '' })).toEqual({});
    const fields = auditFields({ actions: [{ entity: 'agent', action: 'agents.update' }], actors: ['Ada'] }, Date.UTC(2026, 10, 20));
    expect(fields.find(({ key }) => key === 'did')?.values).toEqual([{ value: 'agents.update', label: 'Changed an agent' }]);
  });
});
