// The floor held by the engine: a whole plan runs on the simulator with failures and overruns, and its events show
// that whenever five of its tasks could run, five did.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatorSettings } from '../../shared/provider.ts';
import { row, sql } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { createLog } from '../platform/log.ts';
import { createProviders, drawCourse } from '../providers/index.ts';
import { createEngine } from '../tasks/index.ts';
import { makeDriver, type Driver } from './testing/driver.ts';
import { measureFloor, readTaskEvents, type TaskEvent } from './testing/measure-floor.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const task = (key: string, agent: string, dependsOn: string[] = []) => ({ key, title: `Micro-task ${key}`, agent, dependsOn, successCriteria: ['It is written down'] });

// Eleven micro-tasks: six may begin at once, the others follow as soon as what they need is there.
const harbour = {
  name: 'Move the harbour office',
  minActive: 5,
  tasks: [
    task('inventory', 'stocktaker'), task('tides', 'hydrographer'), task('permits', 'clerk'), task('cables', 'electrician'),
    task('berths', 'pilot'), task('archive', 'archivist'),
    task('crates', 'packer', ['inventory']), task('schedule', 'planner', ['tides', 'permits']), task('lights', 'lamplighter', ['cables', 'berths']),
    task('move', 'foreman', ['crates', 'schedule']), task('opening', 'host', ['move', 'lights', 'archive']),
  ],
  successCriteria: ['The new office is open'],
};

/** A seed with which at least one attempt fails, at least one overruns, and every task gets there. */
function tellingSeed(settings: { failureRate: number; overrunRate: number; typicalSeconds: number }): number {
  const endingOf = (seed: number, planKey: string, attempt: number, handoffs: number) =>
    drawCourse(simulatorSettings.parse({ ...settings, seed }), { task: { planKey, handoffs, title: '' } as never, attempt }).ending;
  for (let seed = 1; seed < 10_000; seed += 1) {
    const firsts = harbour.tasks.map(({ key }) => ({ key, ending: endingOf(seed, key, 1, 0) }));
    const failed = firsts.filter(({ ending }) => ending === 'failed');
    const overrun = firsts.filter(({ ending }) => ending === 'overrun');
    const recovers = failed.every(({ key }) => endingOf(seed, key, 2, 0) === 'completed') && overrun.every(({ key }) => endingOf(seed, key, 1, 1) === 'completed');
    if (failed.length === 1 && overrun.length === 1 && recovers) return seed;
  }
  throw new Error('No such seed.');
}

async function untilOver(driver: Driver, id: string): Promise<void> {
  const over = () => driver.run(async ({ db }) => (await row(db, sql`select 1 from plans where id = ${id} and finished_at is not null`)) !== undefined);
  while (!(await over())) await test.signals.next('events', driver.tenant.id, { milliseconds: 1_000 });
}

describe('the floor of a plan', () => {
  it('is held through failures, retries and handoffs until the plan has succeeded', async () => {
    const rates = { typicalSeconds: 0.02, failureRate: 0.15, overrunRate: 0.15 };
    const driver = await makeDriver(test, { simulator: { ...rates, seed: tellingSeed(rates) } });
    const { tenants, signals, database } = test;
    const engine = createEngine({ database, tenants, signals, runInTenant: driver.runInTenant, providers: createProviders(), log: createLog('silent'), leaseSeconds: 30, alone: true });
    const { id } = await driver.create({ ...harbour, newAgents: { kind: 'hosted', provider: { accountId: driver.accountId, model: 'simulated' } } });
    await driver.start(id);
    await engine.start();
    await untilOver(driver, id);
    await engine.stop();

    const plan = await driver.get(id);
    expect(plan.state).toBe('succeeded');
    expect(plan.counts).toMatchObject({ total: 11, succeeded: 11 });
    expect(plan.successCriteria).toMatchObject([{ met: true, evidence: expect.stringContaining('Simulated') }]);
    expect(plan.tasks.map(({ key }) => key)).toEqual(harbour.tasks.map(({ key }) => key));
    const events = await driver.run((tx) => readTaskEvents(tx, id));
    const types = events.map(({ type }) => type);
    expect(types).toContain('task.attempt_failed');
    expect(types).toContain('task.handed_off');
    const concurrency = new Map((await driver.agents()).map((agent) => [agent.id, agent.concurrency]));
    const measure = measureFloor(events, { target: harbour.minActive, concurrency });
    if (process.env.DUMP) console.log(JSON.stringify(measure), events.map((e) => `${e.seq} ${e.at.toISOString().slice(14)} ${e.type} ${(e.data as any).planKey} ${e.data.state} ${e.data.runAt ?? ''}`).join('\n'));
    expect(measure.violations).toEqual([]);
    expect(measure.full, 'five could run at some time, so that the floor meant something').toBeGreaterThan(0);
    expect(measure.most).toBeGreaterThanOrEqual(harbour.minActive);
  });
});

describe('the measure of a floor', () => {
  const at = (ms: number) => new Date(Date.UTC(2031, 0, 1) + ms);
  const event = (seq: number, ms: number, fact: string, data: [string, TaskEvent['data']['state'], string]): TaskEvent =>
    ({ seq, at: at(ms), type: `task.${fact}`, data: { id: data[0], state: data[1], agentId: data[2], runAt: null } });
  const queued = [event(1, 0, 'queued', ['a', 'queued', 'x']), event(2, 0, 'queued', ['b', 'queued', 'y'])];
  const concurrency = new Map([['x', 1], ['y', 1]]);

  it('finds a floor that was not held, and the time that it was short', () => {
    const waves = [...queued, event(3, 10, 'claimed', ['a', 'running', 'x']), event(4, 40, 'succeeded', ['a', 'succeeded', 'x']), event(5, 50, 'claimed', ['b', 'running', 'y'])];
    expect(measureFloor(waves, { target: 2, concurrency })).toEqual({ batches: 2, full: 1, most: 1, violations: [{ seq: 3, running: 1, could: 2 }], longestGapMs: 50 });
  });

  it('finds nothing where all that could run did, or an agent had no slot left', () => {
    const held = [...queued, event(3, 10, 'claimed', ['a', 'running', 'x']), event(4, 10, 'claimed', ['b', 'running', 'y'])];
    expect(measureFloor(held, { target: 2, concurrency })).toMatchObject({ batches: 1, full: 1, violations: [], longestGapMs: 10 });
    const one = new Map([['x', 1], ['y', 0]]);
    expect(measureFloor(held.slice(0, 3), { target: 2, concurrency: one })).toMatchObject({ batches: 1, full: 0, violations: [] });
  });
});
