// The life of a plan over its tasks: what starts when, how it ends, and its way back when a task is retried.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOperations, planStates, planSummary, planTransitions, type Plan } from '../../shared/plan.ts';
import { taskOperations } from '../../shared/task.ts';
import { rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { taskHandlers } from '../tasks/index.ts';
import { planHandlers } from './index.ts';
import { nextState } from './settle.ts';
import { makeDriver, type Driver } from './testing/driver.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const task = (key: string, agent: string, dependsOn: string[] = []) => ({
  key,
  title: `Task ${key}`,
  agent,
  dependsOn,
});
const chain = { name: 'Chain', tasks: [task('a', 'one'), task('b', 'two', ['a']), task('c', 'one', ['b'])] };
const states = (plan: Plan) =>
  plan.tasks.map(({ key, state, waitReason }) => `${key} ${waitReason ?? state}`);
const retry = (driver: Driver, id: string) => driver.call(taskOperations.retry, taskHandlers.retry, { id });
const pause = (driver: Driver, id: string) => driver.call(planOperations.pause, planHandlers.pause, { id });
const cancel = (driver: Driver, id: string) =>
  driver.call(planOperations.cancel, planHandlers.cancel, { id });

interface EventRow {
  seq: number;
  type: string;
  version: number;
  data: unknown;
}
const planEvents = (driver: Driver, id: string) =>
  driver.run(({ db }) =>
    rows(
      db,
      sql<EventRow>`select seq, type, version, data from events where entity = 'plan' and entity_id = ${id} order by seq`,
    ),
  );

describe('a plan', () => {
  it('queues the next task in the transaction that completes the one before, and succeeds with the last', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create({ ...chain, successCriteria: ['All of it works'] });
    expect(await driver.claim('one')).toBeNull();
    expect(states(await driver.start(id))).toEqual(['a queued', 'b dependency', 'c dependency']);
    await driver.complete(await driver.claim('one'), 'first');
    expect(states(await driver.get(id))).toEqual(['a succeeded', 'b queued', 'c dependency']);
    await driver.complete(await driver.claim('two'), 'second');
    await driver.complete(await driver.claim('one'), 'third');
    const plan = await driver.get(id);
    expect(plan.state).toBe('succeeded');
    expect(plan.finishedAt).not.toBeNull();
    expect(plan.tasks.map(({ output }) => output)).toEqual(['first', 'second', 'third']);
    expect(plan.successCriteria).toEqual([
      { text: 'All of it works', met: true, evidence: 'All 3 tasks succeeded: a, b, c.' },
    ]);
  });

  it('tells each change of its counts once, with a rising version, and nothing of mere progress', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create(chain);
    await driver.start(id);
    for (const agent of ['one', 'two', 'one']) {
      const claim = (await driver.claim(agent))!;
      await driver.complete(claim);
    }
    const events = await planEvents(driver, id);
    expect(events.map(({ type }) => type)).toEqual([
      'plan.created',
      'plan.started',
      'plan.progressed',
      'plan.progressed',
      'plan.progressed',
      'plan.progressed',
      'plan.progressed',
      'plan.succeeded',
    ]);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
    const last = planSummary.parse(events.at(-1)!.data);
    expect(last.counts).toEqual({
      total: 3,
      waiting: 0,
      queued: 0,
      running: 0,
      succeeded: 3,
      failed: 0,
      cancelled: 0,
    });
    expect(events.every(({ data }) => planSummary.safeParse(data).success)).toBe(true);
  });

  it('fails when nothing can go on, runs again when the task is retried, and succeeds after all', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create(chain);
    await driver.start(id);
    const failed = await driver.fail(await driver.claim('one'));
    const stuck = await driver.get(id);
    expect(stuck.state).toBe('failed');
    expect(stuck.finishedAt).not.toBeNull();
    expect(states(stuck)).toEqual(['a failed', 'b dependency_failed', 'c dependency']);
    await expect(driver.start(id)).rejects.toMatchObject({
      code: 'transition_not_allowed',
      message: expect.stringContaining('Retry'),
    });
    await retry(driver, failed.id);
    const again = await driver.get(id);
    expect(again.state).toBe('running');
    expect(again.finishedAt).toBeNull();
    for (const agent of ['one', 'two', 'one']) await driver.complete(await driver.claim(agent));
    expect((await driver.get(id)).state).toBe('succeeded');
    expect((await planEvents(driver, id)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['plan.failed', 'plan.resumed', 'plan.succeeded']),
    );
  });

  it('does not fail while another branch of it still runs', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create({ name: 'Branches', tasks: [task('a', 'one'), task('b', 'two')] });
    await driver.start(id);
    const other = await driver.claim('two');
    await driver.fail(await driver.claim('one'));
    expect((await driver.get(id)).state).toBe('running');
    await driver.complete(other);
    expect((await driver.get(id)).state).toBe('failed');
  });

  it('keeps one node and its edges through a chain of handoffs, in its place', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create(chain);
    await driver.start(id);
    await driver.complete(await driver.claim('one'));
    await driver.handOff(await driver.claim('two'), 'Half is done.');
    await driver.handOff(await driver.claim('two'), 'Three quarters are done.');
    const plan = await driver.get(id);
    expect(plan.counts).toMatchObject({ total: 3, succeeded: 1, queued: 1, waiting: 1 });
    expect(plan.tasks.map(({ key, dependsOn, handoffs }) => [key, dependsOn, handoffs])).toEqual([
      ['a', [], 0],
      ['b', ['a'], 2],
      ['c', ['b'], 0],
    ]);
    const claim = (await driver.claim('two'))!;
    expect(claim.task.handoff?.notes).toBe('Three quarters are done.');
    await driver.complete(claim, 'whole');
    await driver.complete(await driver.claim('one'));
    expect((await driver.get(id)).state).toBe('succeeded');
  });

  it('gives no work while it is paused; what runs, runs on, and it resumes', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create({ name: 'Pausing', tasks: [task('a', 'one'), task('b', 'two')] });
    await driver.start(id);
    const running = await driver.claim('one');
    expect((await pause(driver, id)).state).toBe('paused');
    expect(await driver.claim('two')).toBeNull();
    await driver.complete(running);
    expect((await driver.get(id)).state).toBe('paused');
    await expect(pause(driver, id)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    expect((await driver.start(id)).state).toBe('running');
    await driver.complete(await driver.claim('two'));
    expect((await driver.get(id)).state).toBe('succeeded');
  });

  it('is cancelled with all of its open tasks, and goes on with those that are retried', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create(chain);
    await driver.start(id);
    const claim = (await driver.claim('one'))!;
    const plan = await cancel(driver, id);
    expect(plan.state).toBe('cancelled');
    expect(plan.counts).toMatchObject({ cancelled: 3, running: 0 });
    await expect(driver.complete(claim)).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(cancel(driver, id)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await retry(driver, plan.tasks[0]!.id);
    expect((await driver.get(id)).state).toBe('running');
  });

  it('that was cancelled before its start can be started once a task of it is retried', async () => {
    const driver = await makeDriver(test);
    const { id, tasks } = await driver.create({ name: 'Early', tasks: [task('a', 'one')] });
    await cancel(driver, id);
    await expect(driver.start(id)).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await retry(driver, tasks[0]!.id);
    expect(await driver.claim('one')).toBeNull();
    expect((await driver.start(id)).state).toBe('running');
    await driver.complete(await driver.claim('one'));
    expect((await driver.get(id)).state).toBe('succeeded');
  });

  it('of another workspace is not there', async () => {
    const driver = await makeDriver(test);
    const foreign = await (await makeDriver(test)).create(chain);
    for (const ask of [
      driver.get,
      driver.start,
      (id: string) => pause(driver, id),
      (id: string) => cancel(driver, id),
    ]) {
      await expect(ask(foreign.id)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('settles only along the table of transitions, whatever its tasks are', () => {
    const zeroToTwo = [0, 1, 2];
    const none = { total: 0, waiting: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
    for (const state of planStates) {
      for (const queued of zeroToTwo)
        for (const succeeded of zeroToTwo)
          for (const failed of zeroToTwo)
            for (const waiting of zeroToTwo) {
              const counts = {
                ...none,
                queued,
                succeeded,
                failed,
                waiting,
                total: queued + succeeded + failed + waiting,
              };
              const next = nextState(state, { counts, approvals: 0 });
              expect(next === state || (planTransitions[state] as readonly string[]).includes(next)).toBe(
                true,
              );
              expect(nextState(next, { counts, approvals: 0 }), 'settling twice changes nothing more').toBe(
                next,
              );
              if (queued > 0)
                expect(
                  ['succeeded', 'draft'].includes(state) || next === 'running' || next === 'paused',
                ).toBe(true);
            }
    }
  });
});
