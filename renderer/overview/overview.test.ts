// The keys of the board, what needs lead to, and the figures of the charts.
import { describe, expect, test, vi } from 'vitest';
import type { Need } from '../../shared/overview.ts';
import { overview } from '../stories/fixtures.ts';
import { moveOnBoard, type KeyLane } from './boardKeys.ts';
import { viewNeed } from './needs.ts';
import { countOf } from './TaskStates.tsx';
import { formatPart, formatRate, labelOffsets, totalsOf } from './throughput.ts';
import { retryEach } from './useNeedActions.ts';
import { fitWindow, timeWindows, windowOf } from './windows.ts';

describe('the keys of the board', () => {
  const lanes: KeyLane[] = [
    {
      id: 'a',
      blocks: [
        { key: 'a1', start: 10 },
        { key: 'a2', start: 50 },
        { key: 'a3', start: 90 },
      ],
    },
    { id: 'b', blocks: [{ key: 'b1', start: 45 }] },
    { id: 'c', blocks: [] },
  ];
  test('begin at what runs now in the first lane', () => {
    expect(moveOnBoard('ArrowDown', lanes, null)).toEqual({ lane: 'a', key: 'a3' });
    expect(moveOnBoard('ArrowDown', [], null)).toBeNull();
  });
  test('lead along a lane to its agent and back', () => {
    expect(moveOnBoard('ArrowLeft', lanes, { lane: 'a', key: 'a1' })).toEqual({ lane: 'a', key: null });
    expect(moveOnBoard('ArrowRight', lanes, { lane: 'a', key: null })).toEqual({ lane: 'a', key: 'a1' });
    expect(moveOnBoard('ArrowRight', lanes, { lane: 'a', key: 'a3' })).toEqual({ lane: 'a', key: 'a3' });
    expect(moveOnBoard('End', lanes, { lane: 'a', key: null })).toEqual({ lane: 'a', key: 'a3' });
  });
  test('lead across to what was at the same time', () => {
    expect(moveOnBoard('ArrowUp', lanes, { lane: 'b', key: 'b1' })).toEqual({ lane: 'a', key: 'a2' });
    expect(moveOnBoard('ArrowDown', lanes, { lane: 'b', key: 'b1' })).toEqual({ lane: 'c', key: null });
    expect(moveOnBoard('ArrowDown', lanes, { lane: 'c', key: null })).toEqual({ lane: 'c', key: null });
  });
  test('go on from a block that has left the window', () => {
    expect(moveOnBoard('ArrowRight', lanes, { lane: 'a', key: 'gone' })).toEqual({ lane: 'a', key: 'a1' });
    expect(moveOnBoard('ArrowUp', lanes, { lane: 'gone', key: 'x' })).toEqual({ lane: 'a', key: 'a3' });
  });
  test('leave other keys alone', () => {
    expect(moveOnBoard('x', lanes, { lane: 'a', key: 'a1' })).toBeNull();
  });
});

describe('a need', () => {
  const at = '2026-11-20T12:00:00Z';
  const group = (count: number, taskIds: string[]): Need => ({
    kind: 'error_group',
    at,
    title: '429',
    fingerprint: '5e543256c480ac577d30f76f9120eb74',
    count,
    taskIds,
  });
  test('is named by what it is, and a new one has another key', () => {
    const views = overview.needs.map(viewNeed);
    expect(new Set(views.map(({ key }) => key)).size).toBe(views.length);
    expect(viewNeed({ ...group(3, ['x']), at: '2026-11-20T13:00:00Z' }).key).not.toBe(
      viewNeed(group(3, ['x'])).key,
    );
  });
  test('offers first what ends it', () => {
    const first = Object.fromEntries(
      overview.needs.map((need) => [need.kind, viewNeed(need).actions[0]?.kind]),
    );
    expect(first).toEqual({
      finding: 'acknowledge',
      time_limit: 'open',
      approval: 'approve',
      error_group: 'retry',
      agent_offline: 'open',
    });
  });
  test('of a provider account says what it said and what waits, and leads to it', () => {
    const need = { kind: 'provider_refused', at, accountId: 'p', name: 'Main', message: 'It refuses the key (401).', queued: 1 } as const;
    expect(viewNeed(need)).toMatchObject({ title: 'Main refuses us', about: ['It refuses the key (401).', '1 task waits for it'], to: { place: 'providers', id: 'p' } });
    expect(viewNeed({ ...need, queued: 0 }).about).toEqual(['It refuses the key (401).']);
  });
  test('of failed tasks says how many of them are retried, and leads to them', () => {
    expect(viewNeed(group(3, ['x', 'y', 'z'])).actions[0]).toMatchObject({ label: 'Retry all 3' });
    expect(viewNeed(group(120, ['x', 'y'])).actions[0]).toEqual({ kind: 'retry_group', label: 'Retry all 120…', fingerprint: '5e543256c480ac577d30f76f9120eb74' });
    expect(viewNeed(group(120, ['x', 'y'])).to).toEqual({
      place: 'tasks',
      search: { state: 'failed', errorGroup: '5e543256c480ac577d30f76f9120eb74' },
    });
    expect(viewNeed(group(1, ['x'])).to).toEqual({ place: 'tasks', id: 'x' });
  });
});

test('tasks are retried one by one; a refusal stops no other', async () => {
  const retry = vi.fn(async (id: string) => {
    if (id === 'b') throw new Error('no');
  });
  const done: number[] = [];
  const outcome = await retryEach(['a', 'b', 'c'], { retry, onDone: (count) => done.push(count) });
  expect(retry.mock.calls.map(([id]) => id)).toEqual(['a', 'b', 'c']);
  expect(done).toEqual([1, 2, 3]);
  expect(outcome).toMatchObject({ queued: 2, refused: [{ message: 'no' }] });
});

test('retrying is counted apart from queued', () => {
  const figures = { tasks: { ...overview.figures.tasks, queued: 37 }, retrying: 3 };
  expect(countOf(figures, 'queued')).toBe(34);
  expect(countOf(figures, 'retrying')).toBe(3);
});

test('the rate is by the minute, and by the hour where that would be nothing', () => {
  const parts = [{ at: '2026-11-20T12:00:00Z', succeeded: 10, failed: 5 }];
  expect(totalsOf(parts, 30)).toEqual({ succeeded: 10, failed: 5, perMinute: 0.5 });
  expect([formatRate(412.4), formatRate(1.26), formatRate(0.5), formatRate(0)]).toEqual([
    '412 / min',
    '1.3 / min',
    '30 / h',
    '0 / min',
  ]);
});

test('labels at the lines’ ends keep apart and stay in their order', () => {
  expect(labelOffsets(10, 60)).toEqual([0, 0]);
  const [upper, lower] = labelOffsets(20, 24);
  expect(24 + lower - (20 + upper)).toBe(14);
});

test('a window that is not offered is the first one; days have weekdays on their axis', () => {
  expect(windowOf('360').label).toBe('6 h');
  expect(windowOf('7').label).toBe('30 min');
  expect(formatPart('2026-11-20T12:00:00Z', 10_080)).toMatch(/Fri|20/);
});

describe('the window of the board', () => {
  const [first, second] = timeWindows as unknown as [(typeof timeWindows)[0], (typeof timeWindows)[0]];
  const minutes = (count: number): number => count * 60_000;
  test('is narrowed while all of the work is younger than it', () => {
    expect(fitWindow(first, minutes(2)).minutes).toBe(5);
    expect(fitWindow(first, minutes(5.5)).minutes).toBe(10);
    expect(fitWindow(first, minutes(16)).minutes).toBe(first.minutes);
    expect(fitWindow(first, minutes(90)).minutes).toBe(first.minutes);
  });
  test('is the one that was asked for without work, and when another was chosen', () => {
    expect(fitWindow(first, null)).toBe(first);
    expect(fitWindow(second, minutes(2))).toBe(second);
  });
});
