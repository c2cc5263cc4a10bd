// The series: how a window is cut, rates and percentiles of its points, gaps where nothing was measured.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RELATIVE_ERROR } from '../../shared/histogram.ts';
import { cutOf, errorRateOf, metricOperations, type MetricPoint, type MetricSeries } from '../../shared/metric.ts';
import { row, sql } from '../platform/database.ts';
import { systemClock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { createLog, type Log } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { createMetricHandlers, createSampler, readNow, trimMetrics } from './index.ts';
import { addTask, countPast, samplePast } from './testing.ts';

let test: TestDatabase;
let workspace: HandlerWorkspace;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());
beforeEach(async () => {
  workspace = await makeHandlerWorkspace(test);
});

const metrics = createMetrics(systemClock);
const handlers = createMetricHandlers({ history: metrics.node, version: '1.2.3', database: { dialect: 'pglite' } });
const read = (windowMinutes: number) =>
  workspace.call(metricOperations.series, handlers.series, { windowMinutes }) as Promise<MetricSeries>;
const near = (found: number | null, wanted: number) =>
  expect(Math.abs(found! - wanted)).toBeLessThanOrEqual(wanted * RELATIVE_ERROR * 1.01);
const sum = (points: MetricPoint[], name: 'succeeded' | 'started') => points.reduce((total, point) => total + (point[name] ?? 0), 0);

it('cuts every window into at most 360 steps that cover it', () => {
  for (const minutes of [5, 15, 16, 30, 60, 360, 361, 1_440, 10_080]) {
    const { stepSeconds, spanSeconds } = cutOf(minutes);
    const steps = Math.round((minutes * 60) / stepSeconds);
    expect(steps).toBeLessThanOrEqual(360);
    expect(steps).toBeGreaterThanOrEqual(16);
    expect(spanSeconds).toBeGreaterThanOrEqual(60);
    expect(Math.abs(steps * stepSeconds - minutes * 60)).toBeLessThan(stepSeconds);
  }
});

describe('a window', () => {
  it.each([5, 15, 60, 360, 1_440, 10_080])('of %i minutes has its points in order, and the present last', async (minutes) => {
    const { points, stepSeconds, node } = await read(minutes);
    const times = points.map(({ at }) => Date.parse(at));
    expect(points.length).toBe(Math.round((minutes * 60) / stepSeconds) + 1);
    expect(times.slice(1, -1).every((time, index) => time - (times[index] ?? 0) === stepSeconds * 1000)).toBe(true);
    expect(times.at(-1)! - times.at(-2)!).toBeLessThan(stepSeconds * 1000);
    expect(node).toMatchObject({ version: '1.2.3', database: 'pglite' });
  });

  it('counts each minute for itself, with its percentiles', async () => {
    await countPast(workspace, [
      ...Array.from({ length: 10 }, (_, index) => ({ endedAgo: 600, waitSeconds: index + 1, runSeconds: 5 })),
      { endedAgo: 600, fact: 'failed' as const, runSeconds: 300 },
      { endedAgo: 600, fact: 'retried' as const, runSeconds: 5 },
      { endedAgo: 600, fact: 'cancelled' as const, runSeconds: 9_000 },
    ]);
    const { points } = await read(60);
    const busy = points.filter((point) => point.succeeded !== null && point.succeeded > 0);
    expect(busy).toHaveLength(1);
    expect(busy[0]).toMatchObject({ succeeded: 10, failed: 1, retried: 1, handedOff: 0 });
    expect(errorRateOf(busy[0]!)).toBeCloseTo(2 / 12);
    near(busy[0]!.runP50, 5);
    // What a person cancelled says nothing of run times.
    near(busy[0]!.runP99, 300);
    const begun = points.find((point) => point.waitP50 !== null && point.started! >= 10)!;
    near(begun.waitP95, 10);
  });

  it('of five minutes moves by 5 s, each point a whole minute back', async () => {
    await countPast(workspace, [{ endedAgo: 120 }, { endedAgo: 120 }, { endedAgo: 118 }]);
    await samplePast(workspace, 400, { queued: 4, running: 2 });
    const { points } = await read(5);
    // Each attempt is in the points of the minute after its end.
    expect(sum(points.slice(0, -1), 'succeeded')).toBe(3 * 12);
    expect(Math.max(...points.map(({ succeeded }) => succeeded ?? 0))).toBe(3);
    expect(points.slice(1, -1).every(({ queued, running, busy }) => queued === 4 && running === 2 && busy === 2)).toBe(true);
    expect(points.at(-1)).toMatchObject({ succeeded: 0, queued: 0, running: 0 });
  });

  it('adds up over slots: the same attempts in every window', async () => {
    const attempts = Array.from({ length: 40 }, (_, index) => ({ endedAgo: 70 + index * 20, runSeconds: 1 + (index % 7) }));
    await countPast(workspace, attempts);
    for (const minutes of [60, 360, 1_440, 10_080]) {
      const { points, spanSeconds } = await read(minutes);
      const total = points.slice(0, -1).reduce((all, { succeeded }) => all + ((succeeded ?? 0) * spanSeconds) / 60, 0);
      // The bin that is not over yet is not among them.
      const { open } = (await workspace.run(({ db }) =>
        row(db, sql<{ open: number }>`select coalesce(sum(count), 0)::int as open from metric_counts where seconds = 60 and fact = 'succeeded'
          and at >= date_bin(make_interval(secs => ${spanSeconds}), now(), '2000-01-01T00:00:00Z'::timestamptz)`)))!;
      expect(Math.abs(total - (40 - open))).toBeLessThan(0.5);
    }
  });

  it('is a gap where nobody measured, zero where somebody did, and never made up', async () => {
    const empty = await read(60);
    expect(empty.points.slice(0, -1).every(({ succeeded, queued, waitP95 }) => succeeded === null && queued === null && waitP95 === null)).toBe(true);
    await samplePast(workspace, 1_200, { queued: 1, running: 0 });
    const { points } = await read(60);
    const measured = points.slice(0, -1).filter(({ queued }) => queued !== null);
    expect(measured.length).toBeGreaterThanOrEqual(19);
    expect(measured.length).toBeLessThanOrEqual(21);
    expect(measured.every(({ succeeded, waitP95 }) => succeeded === 0 && waitP95 === null)).toBe(true);
    expect(errorRateOf(measured[0]!)).toBeNull();
    expect(points[0]).toMatchObject({ queued: null, succeeded: null });
  });
});

it('reads the present: what stands there and the last minute, from the seconds alone', async () => {
  await addTask(workspace, 'queued');
  await addTask(workspace, 'queued', true);
  await addTask(workspace, 'waiting');
  await countPast(workspace, [{ endedAgo: 20, runSeconds: 4 }, { endedAgo: 50, fact: 'failed', runSeconds: 8 }, { endedAgo: 75 }]);
  const now = await workspace.run(readNow);
  expect(now).toMatchObject({ waiting: 1, queued: 2, retrying: 1, running: 0, succeeded: 1, failed: 1, idle: 0, busy: 0, offline: 1 });
  near(now.runP99, 8);
});

describe('the sampler', () => {
  const sampler = (alone: boolean) =>
    createSampler({ ...test, runInTenant: workspace.runInTenant, tenants: { ...test.tenants, all: async () => [workspace.tenant] }, metrics: createMetrics(systemClock), log: createLog('fatal'), alone });
  const kept = () =>
    workspace.run(async ({ db }) => (await row(db, sql<{ count: number; queued: number }>`select count(*)::int as count, max(queued) as queued from metric_samples
      where extract(epoch from at) % 15 = 0`))!);

  it('keeps one sample a slot, however many nodes sample', async () => {
    await addTask(workspace, 'queued');
    const nodes = [sampler(true), sampler(true)];
    for (const node of nodes) await node.start();
    for (const node of nodes) await node.stop();
    const found = await kept();
    expect(found.queued).toBe(1);
    // Two where the round fell on the border of two slots.
    expect(found.count).toBeLessThanOrEqual(2);
  });

  it('of the only node keeps one more when it stops: until then somebody was there', async () => {
    const sinceLast = () =>
      workspace.run(async ({ db }) => (await row(db, sql<{ seconds: number }>`select extract(epoch from now() - max(at))::float8 as seconds from metric_samples`))!.seconds);
    const node = sampler(true);
    await node.start();
    await samplePast(workspace, 60, { queued: 1, running: 0 });
    await node.stop();
    expect(await sinceLast()).toBeLessThan(5);
    await workspace.run(({ db }) => sql`delete from metric_samples`.execute(db));
    const several = sampler(false);
    await several.start();
    await several.stop();
    expect(await sinceLast()).toBeNull();
  });

  it('forgets a tenant that was deleted, without a word, whichever node deleted it', async () => {
    const tenant = await test.tenants.provision(newId(), async () => undefined);
    const counted = createMetrics(systemClock);
    counted.touch(tenant);
    counted.touch(workspace.tenant);
    const said: string[] = [];
    const log = { warn: (_details: object, message: string) => said.push(message) } as unknown as Log;
    const node = createSampler({ ...test, runInTenant: test.runInTenant, metrics: counted, log, alone: true });
    await node.round();
    expect(said).toEqual([]);
    await test.tenants.remove(tenant, async () => undefined);
    await node.round();
    await node.round();
    expect(said).toEqual([]);
    expect(counted.active()).toEqual([workspace.tenant]);
  });

  it('leaves quiet tenants alone', async () => {
    const node = sampler(false);
    await node.round();
    expect((await kept()).count).toBe(0);
  });
});

it('lets go of seconds after 20 minutes and of minutes after 7 days', async () => {
  await countPast(workspace, [{ endedAgo: 60, runSeconds: 1 }, { endedAgo: 3_600, runSeconds: 1 }, { endedAgo: 8 * 86_400, runSeconds: 1 }]);
  await samplePast(workspace, 30, { queued: 1, running: 0 });
  await workspace.run(({ db }) => sql`update metric_samples set at = at - interval '8 days' where at = (select min(at) from metric_samples)`.execute(db));
  await workspace.run(trimMetrics);
  const left = await workspace.run(({ db }) => row(db, sql<{ seconds: number; minutes: number; samples: number }>`
    select count(*) filter (where seconds = 1)::int as seconds, count(*) filter (where seconds = 60)::int as minutes,
      (select count(*)::int from metric_samples) as samples from metric_counts`));
  // Of each attempt the begin and the end.
  expect(left).toEqual({ seconds: 2, minutes: 4, samples: 2 });
});
