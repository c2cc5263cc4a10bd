// The tasks' logic without a screen: filters, attempts as bars, what may be done, the new task's form.
import { describe, expect, test } from 'vitest';
import { needsAttention, taskInput, taskStates, type Attempt } from '../../shared/task.ts';
import { makeTask, NOW, secondsAgo, secondsAhead } from '../stories/fixtures.ts';
import { cancelConsequences, refusalsOf } from './actions.ts';
import { outcomeState } from '../components/outcome.ts';
import { barsOf, barWord } from './attempts.ts';
import { taskColumns } from './columns.tsx';
import { formatFilter, parseFilter } from '../components/filter.ts';
import { filterFields, fromFilter, isFiltered, listInput, matching, toFilter, viewOf, withView, wouldShow } from './filters.ts';
import { emptyTask, minutesError, toTaskInput } from './newTask.ts';

describe('the filter', () => {
  test('tokens and search say the same, both ways', () => {
    const search = { state: 'running,failed', agentId: 'a', planId: 'p', q: 'torque' };
    expect(fromFilter({}, toFilter(search))).toEqual(search);
    expect(listInput(search)).toEqual({ ...search, limit: 100 });
  });

  test('times and outcomes of attempts go through the tokens as they are', () => {
    const ended = '2026-11-20T14:00:00.000Z/2026-11-20T15:00:00.000Z';
    const search = { agentId: 'a', ended, outcome: 'failed,lease_expired', accountId: 'none' };
    expect(fromFilter({}, toFilter(search))).toEqual(search);
    expect(listInput(search)).toEqual({ ...search, limit: 100 });
    expect([isFiltered({ ended }), isFiltered({ accountId: 'none' })]).toEqual([true, true]);
    const fields = filterFields({ agents: [], plans: [], queues: [], schedules: [], accounts: [{ id: 'p', name: 'OpenAI' }], errorGroups: [] }, NOW);
    expect(parseFilter('provider:openai', fields)).toEqual({ provider: 'p' });
    expect(parseFilter(formatFilter({ ended }, fields), fields)).toEqual({ ended });
    expect(parseFilter('ended:yesterday', fields).ended).toMatch(/^2026-11-.*Z\/2026-11-.*Z$/);
    expect(parseFilter('ended:whenever', fields)).toEqual({ q: 'ended:whenever' });
    expect(listInput({ started: 'whenever', outcome: 'exploded' })).toEqual({ limit: 100 });
  });

  test('a queue and an error group go through the tokens, and a group decides which rows belong', () => {
    const errorGroup = '5e543256c480ac577d30f76f9120eb74';
    const search = { state: 'failed', queue: 'nightly', errorGroup };
    expect(fromFilter({}, toFilter(search))).toEqual(search);
    expect(listInput(search)).toEqual({ ...search, limit: 100 });
    expect(listInput({ errorGroup: 'made up' })).toEqual({ limit: 100 });
    // Another view starts from all groups.
    expect(withView(search, 'errors')).toEqual({ queue: 'nightly', view: 'errors' });
    expect(viewOf({ view: 'errors' })).toBe('errors');
  });

  test('quick views change the state alone', () => {
    const search = { agentId: 'a', q: 'wrist', state: 'failed' };
    expect(withView(search, 'running')).toEqual({ agentId: 'a', q: 'wrist', state: 'running' });
    expect(withView(search, 'all')).toEqual({ agentId: 'a', q: 'wrist' });
    const attention = withView(search, 'attention');
    expect(viewOf(attention)).toBe('attention');
    expect(listInput(attention)).toEqual({ agentId: 'a', q: 'wrist', attention: true, limit: 100 });
    expect(viewOf(search)).toBeNull();
  });

  test('choosing a state ends the attention view; words do not', () => {
    expect(viewOf(fromFilter({ view: 'attention' }, { state: 'queued' }))).toBeNull();
    expect(viewOf(fromFilter({ view: 'attention' }, { q: 'wrist' }))).toBe('attention');
  });

  test('states that do not exist are not asked for', () => {
    expect(listInput({ state: 'running,exploded' }).state).toBe('running');
    expect(listInput({ state: 'exploded' }).state).toBeUndefined();
  });

  test('attention: failed, retrying and gates, and nothing else', () => {
    const rows = [
      makeTask(1, { state: 'failed' }),
      makeTask(2, { state: 'queued', attempt: 1, runAt: secondsAhead(9) }),
      makeTask(3, { state: 'waiting', kind: 'approval', waitReason: 'approval' }),
      makeTask(4, { state: 'queued', attempt: 0, runAt: null }),
      makeTask(5, { state: 'waiting', waitReason: 'dependency' }),
      makeTask(6, { state: 'running' }),
    ];
    expect(rows.map(needsAttention)).toEqual([true, true, true, false, false, false]);
  });

  test('counts what matches by state', () => {
    const counts = { running: 5, queued: 37, failed: 14 };
    expect(matching({}, counts)).toBe(56);
    expect(matching({ state: 'running,failed' }, counts)).toBe(19);
  });

  test('knows whether a new task would be in the list', () => {
    const task = makeTask(1, { state: 'queued', agentId: 'a', attempt: 0, runAt: null });
    expect([{}, { state: 'queued' }, { agentId: 'a' }].every((search) => wouldShow(search, task))).toBe(true);
    expect([{ state: 'failed' }, { agentId: 'b' }, { q: 'x' }, { view: 'attention' }, { outcome: 'failed' }].some((search) => wouldShow(search, task))).toBe(false);
  });
});

const attempt = (number: number, [from, to]: [number, number | null], over: Partial<Attempt> = {}): Attempt => ({
  number, agentId: 'a', agentName: 'a', outcome: to === null ? 'running' : 'failed', error: null, startedAt: secondsAgo(from),
  finishedAt: to === null ? null : secondsAgo(to), inputTokens: 0, outputTokens: 0, costUsd: '0', model: null, providerAccountId: null,
  usageEstimated: false, unpriced: false, ...over,
});

describe('attempts as bars', () => {
  test('share the time from the first start to the last end', () => {
    const { bars, seconds } = barsOf([attempt(1, [100, 60]), attempt(2, [50, 0])], NOW);
    expect(seconds).toBe(100);
    expect(bars).toEqual([{ number: 1, left: 0, width: 40 }, { number: 2, left: 50, width: 50 }]);
  });

  test('one that runs reaches to now; the next try widens the picture', () => {
    expect(barsOf([attempt(1, [100, null])], NOW).bars[0]).toMatchObject({ left: 0, width: 100 });
    expect(barsOf([attempt(1, [100, 0])], NOW, NOW + 100_000).bars[0]?.width).toBe(50);
  });

  test('a short one is seen and none leaves the picture', () => {
    const { bars } = barsOf([attempt(1, [86_400, 86_399]), attempt(2, [1, 0])], NOW);
    for (const { left, width } of bars) {
      expect(width).toBeGreaterThanOrEqual(1.5);
      expect(left + width).toBeLessThanOrEqual(100.000_1);
    }
  });

  test('say in a word how they ended', () => {
    expect(barWord(attempt(1, [9, 1], { error: { code: 'provider_error', message: 'provider error 429\nretry-after: 60' } }))).toBe('429');
    expect(barWord(attempt(1, [9, 1], { error: { code: 'lease_expired', message: 'No heartbeat for 30 s.' } }))).toBe('lease expired');
    expect(barWord(attempt(1, [9, 1], { outcome: 'succeeded' }))).toBe('');
    expect([outcomeState('lease_expired'), outcomeState('released')]).toEqual(['failed', 'queued']);
  });
});

describe('what may be done', () => {
  test.each(taskStates.map((state) => [state]))('%s', (state) => {
    const refusals = refusalsOf(makeTask(1, { state, kind: 'work', runAt: null }));
    expect(refusals.retry === null).toBe(state === 'failed' || state === 'cancelled');
    expect(refusals.cancel === null).toBe(['waiting', 'queued', 'running'].includes(state));
    expect(refusals.approve).not.toBeNull();
  });

  test('what waits for a time may be taken now, and what waits for its turn may not', () => {
    const runAt = '2030-01-01T00:00:00.000Z';
    expect(refusalsOf(makeTask(1, { state: 'queued', kind: 'work', attempt: 1, runAt })).retry).toBeNull();
    expect(refusalsOf(makeTask(1, { state: 'queued', kind: 'work', attempt: 0, runAt })).retry).toBeNull();
    expect(refusalsOf(makeTask(1, { state: 'queued', kind: 'work', attempt: 1, runAt: null })).retry).toMatch(/queued already/);
  });

  test('a gate is approved when nothing is before it any more', () => {
    const gate = makeTask(1, { kind: 'approval', state: 'waiting', waitReason: 'dependency' });
    expect(refusalsOf(gate).approve).toMatch(/before it/);
    expect(refusalsOf({ ...gate, waitReason: 'approval' }).approve).toBeNull();
    expect(refusalsOf({ ...gate, state: 'succeeded', waitReason: null }).approve).toMatch(/ended/);
  });

  test('cancelling says what stops, what waits and what stays', () => {
    const running = makeTask(1, { state: 'running', agentName: 'test-engineer' });
    expect(cancelConsequences(running, 2).join(' ')).toMatch(/test-engineer is told to stop.*2 tasks.*stay/);
    expect(cancelConsequences(makeTask(1, { state: 'queued' }), 1).join(' ')).toMatch(/not be started.*One task/);
    expect(cancelConsequences(running, null)).toHaveLength(2);
  });
});

test('the columns: figures to the right', () => {
  expect(taskColumns.filter(({ align }) => align === 'right').map(({ id }) => id)).toEqual(['priority', 'attempt', 'ran', 'ended', 'age', 'cost']);
});

describe('the new task’s form', () => {
  const filled = { ...emptyTask, title: 'Check the wrist', agentId: '01a1fc15-d37b-73d7-8228-95d758484ef3' };

  test('sends what the backend takes, empty figures left to it', () => {
    const sent = toTaskInput({ ...filled, timeLimitMinutes: 2.5, maxAttempts: '', runAt: '2026-11-21T09:30' });
    expect(sent).toMatchObject({ timeLimitSeconds: 150, maxAttempts: undefined, runAt: new Date('2026-11-21T09:30').toISOString() });
    expect(taskInput.parse(sent)).toMatchObject({ maxAttempts: 3, priority: 5, agentId: filled.agentId });
  });

  test('sends either the agent or the capabilities', () => {
    const capabilities = ['review'];
    expect(toTaskInput({ ...filled, taker: 'able', capabilities })).toMatchObject({ capabilities });
    expect(toTaskInput({ ...filled, taker: 'able', capabilities })).not.toHaveProperty('agentId');
    expect(toTaskInput({ ...filled, taker: 'any', capabilities })).not.toHaveProperty('capabilities');
  });

  test('takes minutes up to a day', () => {
    expect(['', 1, 1_440].map(minutesError)).toEqual([null, null, null]);
    expect(minutesError(1_441)).toMatch(/at most/);
    expect(minutesError(0)).not.toBeNull();
  });
});
