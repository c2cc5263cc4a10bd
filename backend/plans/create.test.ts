// Creation of plans: which agents they get, what is refused and where, and that a refusal leaves nothing.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOperations } from '../../shared/plan.ts';
import { rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { planHandlers } from './index.ts';
import { makeDriver } from './testing/driver.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const task = (key: string, agent: string | null, dependsOn: string[] = []) => ({
  key,
  title: `Task ${key}`,
  agent,
  dependsOn,
});

describe('a plan that is created', () => {
  it('reuses agents whatever the case of their names, and makes the others external', async () => {
    const driver = await makeDriver(test);
    await driver.create({ name: 'First', tasks: [task('a', 'Mapper')] });
    const plan = await driver.create({
      name: 'Second',
      minActive: 2,
      tasks: [
        task('a', 'mapper'),
        task('b', 'MAPPER', ['a', 'a']),
        task('c', 'Writer', ['a', 'b']),
        task('d', null),
      ],
      successCriteria: ['Everything is written down'],
    });
    const agents = await driver.agents();
    expect(agents.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'coordinator hosted',
      'Mapper external',
      'Writer external',
    ]);
    expect(plan).toMatchObject({ state: 'draft', minActive: 2, simulated: false, startedAt: null });
    expect(plan.counts).toEqual({
      total: 4,
      waiting: 4,
      queued: 0,
      running: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
    });
    expect(
      plan.tasks.map(({ key, agentName, dependsOn, waitReason }) => [key, agentName, dependsOn, waitReason]),
    ).toEqual([
      ['a', 'Mapper', [], 'plan_not_started'],
      ['b', 'Mapper', ['a'], 'plan_not_started'],
      ['c', 'Writer', ['a', 'b'], 'plan_not_started'],
      ['d', 'coordinator', [], 'plan_not_started'],
    ]);
    expect(plan.successCriteria).toEqual([
      { text: 'Everything is written down', met: false, evidence: null },
    ]);
  });

  it('gives new agents and a coordinator without one the provider that was chosen, and audits both', async () => {
    const driver = await makeDriver(test);
    const provider = { accountId: driver.accountId, model: 'simulated' };
    const plan = await driver.create({
      name: 'Hosted',
      timeLimitSeconds: 120,
      tasks: [task('a', 'Mapper'), task('b', null)],
      newAgents: { kind: 'hosted', provider },
    });
    expect(plan.simulated).toBe(true);
    const agents = await driver.agents();
    expect(
      agents.map(({ name, provider: given, timeLimitSeconds }) => [name, given?.accountId, timeLimitSeconds]),
    ).toEqual([
      ['coordinator', driver.accountId, 900],
      ['Mapper', driver.accountId, 120],
    ]);
    const audit = await driver.run(({ db }) =>
      rows(db, sql<{ action: string }>`select action from audit where entity <> 'task' order by seq`),
    );
    expect(audit.map(({ action }) => action)).toEqual(['agents.create', 'agents.update', 'plans.create']);
  });

  it('lets a member create it, but give agents a provider only if the role writes agents', async () => {
    const driver = await makeDriver(test);
    const input = { name: 'Of a member', tasks: [task('a', 'Mapper')] };
    const hosted = {
      ...input,
      newAgents: { kind: 'hosted' as const, provider: { accountId: driver.accountId, model: 'simulated' } },
    };
    const asMember = driver.as('member');
    await expect(asMember(planOperations.create, planHandlers.create, hosted)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(asMember(planOperations.create, planHandlers.create, input)).resolves.toMatchObject({
      state: 'draft',
    });
  });

  it('is refused whole where its agents pass what the subscription holds', async () => {
    const driver = await makeDriver(test, { plan: 'starter' });
    const tasks = Array.from({ length: 11 }, (_, index) => task(`t${index}`, `Agent ${index}`));
    await expect(driver.create({ name: 'Too many', tasks })).rejects.toMatchObject({
      code: 'plan_limit_reached',
      details: { limit: 10, plan: 'starter' },
    });
    expect((await driver.call(planOperations.list, planHandlers.list, {})).items).toEqual([]);
    expect((await driver.agents()).map(({ name }) => name)).toEqual(['coordinator']);
    await expect(driver.create({ name: 'Ten', tasks: tasks.slice(1) })).resolves.toMatchObject({
      counts: { total: 10 },
    });
  });

  it('names each field that is wrong', async () => {
    const driver = await makeDriver(test);
    const refused = (tasks: ReturnType<typeof task>[]) =>
      driver.create({ name: 'Wrong', tasks }).then(
        () => [],
        (error: { details: { fields: { path: string; message: string }[] } }) => error.details.fields,
      );
    const twice = await refused([task('a', null), task('a', null), task('b', null, ['a', 'nowhere'])]);
    expect(twice.map(({ path }) => path)).toEqual(['tasks.1.key', 'tasks.2.dependsOn.1']);
    const self = await refused([task('a', null), task('b', null, ['a', 'b'])]);
    expect(self.map(({ path }) => path)).toEqual(['tasks.1.dependsOn.1']);
    const circle = await refused([
      task('in', null),
      task('a', null, ['in', 'c']),
      task('b', null, ['a']),
      task('c', null, ['b']),
      task('out', null, ['c']),
    ]);
    expect(circle).toHaveLength(1);
    expect(circle[0]!.path).toBe('tasks.1.dependsOn.1');
    expect(circle[0]!.message).toContain('a → c → b → a');
  });

  it('is listed newest first, page by page, each once', async () => {
    const driver = await makeDriver(test);
    const made: string[] = [];
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five'])
      made.push((await driver.create({ name, tasks: [task('a', null)] })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await driver.call(planOperations.list, planHandlers.list, { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(made.toReversed());
  });
});
