// The floor held by the engine: whenever five tasks of a plan could run, five do, but for the moment of dispatch.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatorSettings } from '../../shared/provider.ts';
import { row, sql } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { createLog } from '../platform/log.ts';
import {
  createProviders,
  drawCourse,
  seededRandom,
  type AttemptResult,
  type Provider,
  type Providers,
} from '../providers/index.ts';
import { createEngine, type Engine } from '../tasks/index.ts';
import { makeDriver, type Driver } from './testing/driver.ts';
import {
  measureFloor,
  readTaskEvents,
  weighEvents,
  type FloorRun,
  type TaskEvent,
} from './testing/measure-floor.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const task = (key: string, agent: string, dependsOn: string[] = []) => ({
  key,
  title: `Micro-task ${key}`,
  agent,
  dependsOn,
  successCriteria: ['It is written down'],
});

// Eleven micro-tasks: six may begin at once, the others follow as soon as what they need is there.
const harbour = {
  name: 'Move the harbour office',
  minActive: 5,
  tasks: [
    task('inventory', 'stocktaker'),
    task('tides', 'hydrographer'),
    task('permits', 'clerk'),
    task('cables', 'electrician'),
    task('berths', 'pilot'),
    task('archive', 'archivist'),
    task('crates', 'packer', ['inventory']),
    task('schedule', 'planner', ['tides', 'permits']),
    task('lights', 'lamplighter', ['cables', 'berths']),
    task('move', 'foreman', ['crates', 'schedule']),
    task('opening', 'host', ['move', 'lights', 'archive']),
  ],
  successCriteria: ['The new office is open'],
};

/** A seed with which at least one attempt fails, at least one overruns, and every task gets there. */
function tellingSeed(settings: { failureRate: number; overrunRate: number; typicalSeconds: number }): number {
  const endingOf = (seed: number, planKey: string, { attempt = 1, handoffs = 0 }) =>
    drawCourse(simulatorSettings.parse({ ...settings, seed }), {
      task: { planKey, handoffs, title: '' } as never,
      attempt,
    }).ending;
  for (let seed = 1; seed < 10_000; seed += 1) {
    const firsts = harbour.tasks.map(({ key }) => ({ key, ending: endingOf(seed, key, {}) }));
    const failed = firsts.filter(({ ending }) => ending === 'failed');
    const overrun = firsts.filter(({ ending }) => ending === 'overrun');
    const recovers =
      failed.every(({ key }) => endingOf(seed, key, { attempt: 2 }) === 'completed') &&
      overrun.every(({ key }) => endingOf(seed, key, { handoffs: 1 }) === 'completed');
    if (failed.length === 1 && overrun.length === 1 && recovers) return seed;
  }
  throw new Error('No such seed.');
}

async function isOver(driver: Driver, id: string): Promise<boolean> {
  return driver.run(
    async ({ db }) =>
      (await row(db, sql`select 1 from plans where id = ${id} and finished_at is not null`)) !== undefined,
  );
}

const nextEvent = (driver: Driver) => test.signals.next('events', driver.tenant.id, { milliseconds: 500 });

async function runPlan(
  driver: Driver,
  providers: Providers,
): Promise<{ id: string; run: FloorRun; engine: Engine }> {
  const { tenants, signals, database } = test;
  const engine = createEngine({
    database,
    tenants,
    signals,
    runInTenant: driver.runInTenant,
    providers,
    log: createLog('silent'),
    leaseSeconds: 30,
    alone: true,
  });
  const { id } = await driver.create({
    ...harbour,
    newAgents: { kind: 'hosted', provider: { accountId: driver.accountId, model: 'simulated' } },
  });
  await driver.start(id);
  await engine.start();
  const concurrency = new Map((await driver.agents()).map((agent) => [agent.id, agent.concurrency]));
  return { id, run: { target: harbour.minActive, concurrency }, engine };
}

const { byKind } = createProviders({ masterKey: new Uint8Array(32), policy: 'private' });

/** A provider whose attempts end when the test says so, and never by themselves. */
function createHeldProvider() {
  const held = new Map<string, (result: AttemptResult) => void>();
  const provider: Provider = {
    run: ({ task: { planKey }, signal }) =>
      new Promise((resolve, reject) => {
        held.set(planKey!, resolve);
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
  };
  return {
    providers: { ...byKind, simulator: provider } satisfies Providers,
    keys: () => [...held.keys()].toSorted(),
    end(key: string, result: AttemptResult) {
      const resolve = held.get(key)!;
      held.delete(key);
      resolve(result);
    },
  };
}

const usage = { inputTokens: 1, outputTokens: 1, costUsd: '0' };

describe('the floor of a plan', () => {
  it('is restored after each end of an attempt, before any other attempt ends', async () => {
    const driver = await makeDriver(test);
    const held = createHeldProvider();
    const { id, run, engine } = await runPlan(driver, held.providers);
    const random = seededRandom('harbour');
    // The first attempt of one fails, and one hands off; the rest complete, in an order of their own.
    const once = new Map<string, AttemptResult>([
      ['inventory', { kind: 'failed', error: 'No ladder.', retryable: true, usage }],
      ['permits', { kind: 'handed_off', notes: 'Two of three are stamped.', usage }],
    ]);
    let atFloor = 0;
    while (!(await isOver(driver, id))) {
      // Nothing ends here by itself: a scheduler of waves would stay short for ever, and the test run out of time.
      const { running, short } = await driver.run(async (tx) =>
        weighEvents(await readTaskEvents(tx, id), tx.now, run),
      );
      if (short || running === 0 || held.keys().length < running) {
        await nextEvent(driver);
        continue;
      }
      if (running >= run.target) atFloor += 1;
      const key = held.keys()[Math.floor(random() * running)]!;
      const result = once.get(key) ?? { kind: 'completed', output: `Done: ${key}`, usage };
      once.delete(key);
      const before = (await driver.run((tx) => readTaskEvents(tx, id))).length;
      held.end(key, result);
      while ((await driver.run((tx) => readTaskEvents(tx, id))).length === before) await nextEvent(driver);
    }
    await engine.stop();
    expect((await driver.get(id)).state).toBe('succeeded');
    expect(once.size).toBe(0);
    expect(atFloor, 'five ran at some time, so that the floor meant something').toBeGreaterThan(0);
    const measure = measureFloor(await driver.run((tx) => readTaskEvents(tx, id)), run);
    expect(measure).toMatchObject({ claims: 13, shortAtEnd: false });
    expect(measure.most).toBeGreaterThanOrEqual(run.target);
    expect(measure.shortages.filter(({ endings }) => endings > 0)).toEqual([]);
  });

  it('does not keep a plan from its end through simulated failures, retries and handoffs', async () => {
    const rates = { typicalSeconds: 0.02, failureRate: 0.15, overrunRate: 0.15 };
    const driver = await makeDriver(test, { simulator: { ...rates, seed: tellingSeed(rates) } });
    const { id, run, engine } = await runPlan(driver, byKind);
    while (!(await isOver(driver, id))) await nextEvent(driver);
    await engine.stop();
    const plan = await driver.get(id);
    expect(plan.state).toBe('succeeded');
    expect(plan.counts).toMatchObject({ total: 11, succeeded: 11 });
    expect(plan.successCriteria).toMatchObject([
      { met: true, evidence: expect.stringContaining('Simulated') },
    ]);
    expect(plan.tasks.map(({ key }) => key)).toEqual(harbour.tasks.map(({ key }) => key));
    const events = await driver.run((tx) => readTaskEvents(tx, id));
    const types = events.map(({ type }) => type);
    expect(types).toContain('task.attempt_failed');
    expect(types).toContain('task.handed_off');
    // Eleven tasks, a retry and a successor.
    expect(measureFloor(events, run)).toMatchObject({ claims: 13, shortAtEnd: false });
  });
});

describe('the measure of a floor', () => {
  const at = (ms: number) => new Date(Date.UTC(2031, 0, 1) + ms);
  const event = (
    seq: number,
    ms: number,
    [fact, id, state, agentId]: [string, string, TaskEvent['data']['state'], string],
  ): TaskEvent => ({ seq, at: at(ms), type: `task.${fact}`, data: { id, state, agentId, runAt: null } });
  const queued = [event(1, 0, ['queued', 'a', 'queued', 'x']), event(2, 0, ['queued', 'b', 'queued', 'y'])];
  const concurrency = new Map([
    ['x', 1],
    ['y', 1],
  ]);

  it('shows waves: work was free while another attempt ended', () => {
    const waves = [
      ...queued,
      event(3, 10, ['claimed', 'a', 'running', 'x']),
      event(4, 40, ['succeeded', 'a', 'succeeded', 'x']),
      event(5, 50, ['claimed', 'b', 'running', 'y']),
      event(6, 100, ['succeeded', 'b', 'succeeded', 'y']),
    ];
    expect(measureFloor(waves, { target: 2, concurrency })).toEqual({
      claims: 2,
      most: 1,
      mostPossible: 2,
      shortages: [{ fromSeq: 2, milliseconds: 50, endings: 1 }],
      longestGapMs: 50,
      heldShare: 0.5,
      shortAtEnd: false,
    });
  });

  it('shows the dispatch alone where all that could run did, or an agent had no slot left', () => {
    const taken = [
      ...queued,
      event(3, 10, ['claimed', 'a', 'running', 'x']),
      event(4, 20, ['claimed', 'b', 'running', 'y']),
      event(5, 40, ['succeeded', 'a', 'succeeded', 'x']),
    ];
    expect(measureFloor(taken, { target: 2, concurrency })).toMatchObject({
      most: 2,
      shortages: [{ fromSeq: 2, milliseconds: 20, endings: 0 }],
      heldShare: 0.5,
    });
    const one = new Map([
      ['x', 1],
      ['y', 0],
    ]);
    expect(measureFloor(taken.slice(0, 3), { target: 2, concurrency: one })).toMatchObject({
      shortages: [{ milliseconds: 10 }],
      shortAtEnd: false,
    });
    expect(measureFloor(taken.slice(0, 3), { target: 2, concurrency })).toMatchObject({ shortAtEnd: true });
  });
});
