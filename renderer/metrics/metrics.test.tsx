// @vitest-environment jsdom
// Live operation: points of the stream behind the answer, gaps, words of health, the shared cursor, and the way to tasks.
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import '../testing/dom.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import type { MetricPoint, MetricSample } from '../../shared/metric.ts';
import { createRouteStore } from '../app/routes.ts';
import { createLiveCache } from '../live/cache.ts';
import { receive } from '../live/connect.ts';
import { createLiveStore, KEPT_SAMPLES } from '../live/freshness.ts';
import { createQueryClient } from '../app/api.ts';
import { createFakeBridge, failing, type Handlers } from '../stories/bridge.ts';
import { NOW } from '../stories/fixtures.ts';
import { makeMetricSeries, metricSamples, unmeasured } from '../stories/metricFixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { healthOf, type Health } from './health.ts';
import { tasksUnder } from './links.ts';
import { MetricsScreen } from './MetricsScreen.tsx';
import { panels } from './panels.ts';
import { refreshMs } from './WaitAndRun.tsx';
import { answeredWindow, chartPoints, figureOf, liveWindow, ticksOf } from './points.ts';

function setup(path: string, handlers: Handlers = {}, samples: readonly MetricSample[] = []) {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ samples }}><MetricsScreen /></StoryFrame>);
  const calls = (): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => (channel === 'rpc' && (argument as RpcRequest).path === 'metrics.series' ? [(argument as RpcRequest).input] : []));
  return { calls, route: () => routes.getState().route };
}
afterEach(cleanup);

const sampleAt = (at: number, queued = 7): MetricSample => ({ ...metricSamples[0]!, at: new Date(at).toISOString(), queued });

describe('the window that moves every second', () => {
  test('has 300 seconds: samples where there are any, the answer before them', () => {
    const series = makeMetricSeries(5);
    const { points } = liveWindow(series, Array.from({ length: 20 }, (_, index) => sampleAt(NOW - (19 - index) * 1_000 + 40, 1_000 + index)));
    expect(points).toHaveLength(300);
    expect(points.every(({ at }, index) => index === 0 || at - points[index - 1]!.at === 1_000)).toBe(true);
    expect(points.slice(-20).map(({ point }) => point?.queued)).toEqual(Array.from({ length: 20 }, (_, index) => 1_000 + index));
    expect(points[100]?.point).toEqual(series.points.find(({ at }) => Date.parse(at) >= points[100]!.at));
  });

  test('a point covers what its sample has counted: nothing of it ended after the point', () => {
    const { points } = liveWindow(makeMetricSeries(5), [sampleAt(NOW + 10_700)]);
    expect(points.at(-1)).toMatchObject({ at: NOW + 11_000, point: { queued: 7 } });
  });

  test('moves on with the samples alone, and shows a hole in them as a gap', () => {
    const series = makeMetricSeries(5);
    const later = [NOW + 60_000, NOW + 61_000, NOW + 80_000].map((at) => sampleAt(at));
    const { points } = liveWindow(series, later);
    const at = (time: number): MetricPoint | null | undefined => points.find((one) => one.at === Math.floor(time / 1_000) * 1_000)?.point;
    expect(points.at(-1)?.at).toBe(NOW + 80_000);
    expect(at(NOW + 62_000)?.queued).toBe(7);
    // Three seconds without a sample are a late one, more are a gap.
    expect(at(NOW + 64_000)).toBeNull();
    expect(at(NOW + 30_000)).toBeNull();
    expect(at(NOW - 60_000)).not.toBeNull();
  });

  test('the store keeps five minutes of samples and no more', () => {
    const store = createLiveStore();
    const cache = createLiveCache(createQueryClient());
    for (let second = 0; second < KEPT_SAMPLES + 50; second += 1) receive({ kind: 'metrics', sample: sampleAt(NOW + second * 1_000, second) }, store, cache);
    const { samples, metrics } = store.getState();
    expect([samples.length, samples[0]?.queued, samples.at(-1), metrics?.queued]).toEqual([KEPT_SAMPLES, 50, metrics, KEPT_SAMPLES + 49]);
  });
});

test('longer windows end with the latest sample, at equal distances', () => {
  const series = makeMetricSeries(60);
  const { points, stepMs } = answeredWindow(series, sampleAt(NOW + 5_000, 4_242));
  expect(points).toHaveLength(60);
  expect(points.every(({ at }, index) => index === 0 || at - points[index - 1]!.at === stepMs)).toBe(true);
  expect(points.at(-1)?.point?.queued).toBe(4_242);
  // An older sample, as after a lost connection, does not stand for the present.
  expect(answeredWindow(series, sampleAt(NOW - 60_000, 1)).points.at(-1)?.point).toEqual(series.points.at(-1));
});

test('what was not measured is a gap and never nought; what follows from it neither', () => {
  const gap = unmeasured(NOW);
  expect((['queued', 'fresh', 'errorRate', 'waitP95'] as const).map((figure) => figureOf(gap, figure))).toEqual([null, null, null, null]);
  expect(figureOf({ ...gap, queued: 9, retrying: 2 }, 'fresh')).toBe(7);
  expect(figureOf({ ...gap, succeeded: 3, failed: 1, retried: 0 }, 'errorRate')).toBe(0.25);
  expect(figureOf({ ...gap, succeeded: 0, failed: 0, retried: 0 }, 'errorRate')).toBeNull();
  const series = makeMetricSeries(60, { gapUntil: 30 });
  const drawn = chartPoints(answeredWindow(series, null), ['queued']);
  expect(drawn.slice(0, 28).every(({ values }) => values[0] === null)).toBe(true);
});

test('the axis names whole steps of the clock, few enough to read', () => {
  for (const minutes of [5, 15, 60, 360, 1_440]) {
    const series = makeMetricSeries(minutes);
    const window = minutes === 5 ? liveWindow(series, []) : answeredWindow(series, null);
    const ticks = ticksOf(window, minutes);
    expect(ticks.length, String(minutes)).toBeGreaterThanOrEqual(3);
    expect(ticks.length, String(minutes)).toBeLessThanOrEqual(6);
    const known = new Set(chartPoints(window, []).map(({ at }) => at));
    expect(ticks.every((at) => known.has(at))).toBe(true);
  }
});

test('wait and run time are read again soon while there are none', () => {
  const series = makeMetricSeries(60);
  expect(refreshMs(series)).toBe(60_000);
  expect(refreshMs({ ...series, points: series.points.map((point) => ({ ...point, waitP95: null, runP95: null })) })).toBe(5_000);
  expect(refreshMs(undefined)).toBe(5_000);
});

describe('health', () => {
  const { node } = makeMetricSeries(60);
  const quiet: MetricPoint = { ...unmeasured(NOW), waiting: 0, queued: 0, retrying: 0, running: 0, idle: 2, busy: 0, offline: 0, started: 0, succeeded: 0, failed: 0, retried: 0, handedOff: 0, queryP95: 3, connectionsWaiting: 0 };
  const live = { state: 'live', seq: 1, roundTripMs: 4 } as const;
  const of = (change: Partial<MetricPoint>, more: { paused?: boolean; stale?: boolean } = {}): Record<Health['id'], string> => {
    const freshness = more.stale ? ({ state: 'stale', since: new Date(NOW).toISOString(), reason: '' } as const) : live;
    const health = healthOf({ point: { ...quiet, ...change }, node, freshness, paused: more.paused ?? false, now: NOW });
    return Object.fromEntries(health.map(({ id, tone, words }) => [id, `${tone}: ${words}`])) as Record<Health['id'], string>;
  };

  test('leads to what it speaks of', () => {
    const to = (change: Partial<MetricPoint>, id: Health['id']) =>
      healthOf({ point: { ...quiet, ...change }, node, freshness: live, paused: false, now: NOW }).find((health) => health.id === id)?.to;
    expect(to({ queued: 12 }, 'work')).toEqual({ place: 'tasks', search: { state: 'queued' } });
    expect(to({ running: 3, started: 1 }, 'work')).toEqual({ place: 'tasks', search: { state: 'running' } });
    expect(to({ succeeded: 2, failed: 4 }, 'work')?.search).toMatchObject({ outcome: 'failed,lease_expired', ended: expect.stringMatching(/\/\.\.$/) });
    expect(to({ offline: 2 }, 'agents')).toEqual({ place: 'agents', search: { presence: 'offline' } });
    expect(to({}, 'agents')).toEqual({ place: 'agents', search: {} });
  });

  test.each([
    [{}, 'work', 'good: nothing to do'],
    [{ running: 3 }, 'work', 'good: healthy, 3 running'],
    [{ queued: 12, retrying: 2 }, 'work', 'bad: stuck: 10 queued, nothing begins'],
    // What waits for its next try is not stuck.
    [{ queued: 2, retrying: 2 }, 'work', 'good: nothing to do'],
    [{ queued: 12, started: 4, running: 1 }, 'work', 'good: healthy, 1 running'],
    [{ succeeded: 2, failed: 2, retried: 2 }, 'work', 'bad: failing: 67% of the last minute’s attempts'],
    [{ succeeded: 8, failed: 2 }, 'work', 'warning: failing: 20% of the last minute’s attempts'],
    // One of two says nothing yet.
    [{ succeeded: 1, failed: 1 }, 'work', 'good: healthy, 0 running'],
    [{ idle: 0, offline: 4 }, 'agents', 'warning: all 4 offline'],
    [{ idle: 0, offline: 1 }, 'agents', 'warning: the only one is offline'],
    [{ idle: 1 }, 'agents', 'good: the only one is reachable'],
    [{ idle: 3, offline: 1 }, 'agents', 'good: 3 of 4 reachable'],
    [{ idle: null }, 'agents', 'unknown: no figures yet'],
    [{}, 'database', 'good: healthy, statements p95 3 ms'],
    [{ queryP95: 420 }, 'database', 'warning: slow: statements p95 420 ms'],
    [{ connectionsWaiting: 3 }, 'database', 'bad: overloaded: 3 requests wait for one of 10 connections'],
    [{ queryP95: null }, 'database', 'unknown: no figures yet'],
    [{ eventLagMs: 1_800 }, 'live', 'warning: late: changes reach windows after 1.8 s'],
    [{ eventLagMs: 12 }, 'live', 'good: healthy, changes arrive within 12 ms'],
    [{}, 'backend', 'good: 0.1.0, up 3 h 12 min'],
  ] as const)('%j: %s says “%s”', (change, id, words) => {
    expect(of(change)[id]).toBe(words);
  });

  test('what a person paused is no failure, and a lost connection says that the figures stand still', () => {
    expect(of({ queued: 12 }, { paused: true }).work).toBe('warning: paused by a person');
    expect(of({}, { stale: true }).live).toBe('bad: no connection; the figures stand still');
  });
});

test('a point leads to the tasks whose attempts are under it', () => {
  const line = (panel: string, figure: string) => panels.find(({ id }) => id === panel)!.lines.find((one) => one.figure === figure)!;
  const until = Date.UTC(2026, 10, 20, 14, 3);
  const span = '2026-11-20T14:02:00.000Z/2026-11-20T14:03:00.000Z';
  expect(tasksUnder(line('throughput', 'failed'), until, 60_000)).toEqual({ place: 'tasks', search: { ended: span, outcome: 'failed,lease_expired' } });
  expect(tasksUnder(line('wait', 'waitP95'), until, 60_000)).toEqual({ place: 'tasks', search: { started: span } });
  expect(tasksUnder(line('queue', 'running'), until, 60_000)).toEqual({ place: 'tasks', search: { state: 'running' } });
  expect(tasksUnder(line('memory', 'memoryMb'), until, 60_000)).toBeNull();
});

describe('the screen', () => {
  test('arrow keys move one cursor through all charts; Enter opens the tasks of that minute', async () => {
    const { route } = setup('/metrics?window=60');
    const throughput = await screen.findByRole('slider', { name: 'Throughput over time' });
    const wait = screen.getByRole('slider', { name: 'Wait over time' });
    throughput.focus();
    fireEvent.keyDown(throughput, { key: 'End' });
    for (let step = 0; step < 4; step += 1) fireEvent.keyDown(throughput, { key: 'ArrowLeft' });
    expect(throughput.getAttribute('aria-valuetext')).toMatch(/succeeded \d+ \/ min, failed \d+/);
    expect(wait.getAttribute('aria-valuetext')).toMatch(/p50 .*p95 .*p99/);
    fireEvent.keyDown(throughput, { key: 'ArrowUp' });
    fireEvent.keyDown(throughput, { key: 'Enter' });
    expect(route().place).toBe('tasks');
    expect(route().search['outcome']).toBe('succeeded');
    const [from, to] = route().search['ended']!.split('/').map((time) => Date.parse(time)) as [number, number];
    expect(to - from).toBe(60_000);
  });

  test('held still it does not move, and goes on where the stream is', async () => {
    setup('/metrics', {}, metricSamples);
    await screen.findByRole('slider', { name: 'Queue over time' });
    const queue = screen.getByRole('region', { name: 'Queue' });
    const before = queue.textContent;
    fireEvent.keyDown(document.body, { key: 'p' });
    expect((await screen.findByRole('status')).textContent).toMatch(/^held still at \d\d:\d\d/);
    expect(queue.textContent).toBe(before);
    fireEvent.click(screen.getByRole('button', { name: 'Go on' }));
    expect(screen.queryByRole('status')).toBeNull();
  });

  test('another window is another answer; figures are a table', async () => {
    const { calls, route } = setup('/metrics');
    await screen.findByRole('slider', { name: 'Queue over time' });
    fireEvent.click(screen.getByRole('radio', { name: '24 h' }));
    expect(route().search).toEqual({ window: '1440' });
    await waitFor(() => expect(calls()).toEqual([{ windowMinutes: 5 }, { windowMinutes: 1_440 }]));
    fireEvent.click(screen.getByRole('radio', { name: 'Figures' }));
    const table = within(await screen.findByRole('region', { name: 'Run time, figures' })).getByRole('table');
    expect(within(table).getAllByRole('columnheader').map((cell) => cell.textContent)).toEqual(['Time', 'p50', 'p95', 'p99']);
    expect(within(table).getAllByRole('row').length).toBe(361);
  });

  test('the embedded database has no pool to watch; what nobody measured says so', async () => {
    setup('/metrics?window=360', { 'metrics.series': (input) => makeMetricSeries(Number(input.windowMinutes), { database: 'pglite', change: (point) => ({ ...point, eventLagMs: null }) }) });
    expect(await screen.findByText('No change was sent in this time.')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Database connections' })).toBeNull();
  });

  test('a backend that does not answer is said, and asked again', async () => {
    const { calls } = setup('/metrics', { 'metrics.series': failing('unavailable', 'The backend does not answer.') });
    const again = await screen.findByRole('button', { name: 'Try again' });
    await act(async () => fireEvent.click(again));
    await waitFor(() => expect(calls().length).toBeGreaterThan(1));
  });
});
