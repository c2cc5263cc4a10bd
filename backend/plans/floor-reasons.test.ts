// The floor's reason: each thing that can hold work back is said in words, by itself and beside others.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOperations } from '../../shared/agent.ts';
import { agentHandlers } from '../agents/index.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { explainFloor, type AgentLoad, type FloorFacts } from './floor.ts';
import { makeDriver } from './testing/driver.ts';

const load = (over: Partial<AgentLoad>): AgentLoad => ({
  name: 'mapper',
  kind: 'hosted',
  paused: false,
  reachable: true,
  held: null,
  free: 1,
  concurrency: 1,
  running: 0,
  due: 0,
  uncounted: over.due ?? 0,
  later: 0,
  laterAt: null,
  dependency: 0,
  broken: 0,
  approval: 0,
  ...over,
});
const resetsAt = '2031-02-01T00:00:00.000Z';
const facts = (over: Partial<FloorFacts>): FloorFacts => ({
  target: 5,
  active: true,
  total: 11,
  workspacePaused: false,
  quota: { limit: null, remaining: null, resetsAt },
  loads: [],
  ...over,
});
const reasonOf = (over: Partial<FloorFacts>) => explainFloor(facts(over)).reason;
const busy = (running: number) => load({ name: 'busy', running, free: 0, concurrency: running });

describe('the reason of a floor that is not held', () => {
  const cases: [string, Partial<FloorFacts>, string | null][] = [
    ['enough run', { loads: [busy(5), load({ dependency: 6 })] }, null],
    ['the plan does not run', { active: false, loads: [load({ due: 3 })] }, null],
    ['no floor is wanted', { target: 0, loads: [load({ due: 11 })] }, null],
    [
      'all others wait for dependencies',
      { loads: [busy(2), load({ dependency: 9 })] },
      '2 run: the other 9 wait for dependencies.',
    ],
    ['all others are done', { loads: [busy(2)] }, '2 run: the other 9 are done.'],
    [
      'one other waits',
      { total: 2, loads: [busy(1), load({ dependency: 1 })] },
      '1 runs: the other waits for dependencies.',
    ],
    ['there are no others', { total: 2, loads: [busy(2)] }, '2 run: the plan has no others.'],
    [
      'the agent is paused',
      { loads: [busy(2), load({ paused: true, due: 3 }), load({ dependency: 6 })] },
      '2 run: agent mapper is paused (3 queued); 6 wait for dependencies.',
    ],
    [
      'the workspace is paused',
      { total: 4, workspacePaused: true, loads: [load({ due: 3, paused: true }), load({ due: 1 })] },
      'None runs: the workspace is paused (4 queued).',
    ],
    [
      'the agent has no provider',
      { total: 2, loads: [load({ reachable: false, due: 2 })] },
      'None runs: agent mapper has no provider (2 queued).',
    ],
    [
      'the agent’s provider account takes nothing',
      { total: 2, loads: [load({ held: 'Main', due: 2 })] },
      'None runs: agent mapper waits for its provider account Main (2 queued).',
    ],
    [
      'the agent is external and offline',
      { total: 1, loads: [load({ name: 'security-auditor', kind: 'external', reachable: false, due: 1 })] },
      'None runs: agent security-auditor is external and offline (1 queued).',
    ],
    [
      'the agent is at its concurrency',
      { total: 4, loads: [load({ running: 1, free: 0, due: 3 })] },
      '1 runs: agent mapper is at its concurrency of 1 (3 queued).',
    ],
    [
      'an external agent has not claimed',
      { total: 1, loads: [load({ kind: 'external', due: 1 })] },
      'None runs: agent mapper is free and has not claimed yet (1 queued).',
    ],
    [
      'hosted work is being started',
      { total: 3, loads: [load({ free: 3, concurrency: 3, due: 3 })] },
      'None runs: 3 are being started.',
    ],
    [
      'the quota is used up',
      { total: 2, quota: { limit: 1_000, remaining: 0, resetsAt }, loads: [load({ free: 2, due: 2 })] },
      'None runs: the quota of 1,000 executions is used up until 2031-02-01 00:00 UTC (2 queued).',
    ],
    [
      'the quota has one left',
      { total: 2, quota: { limit: 1_000, remaining: 1, resetsAt }, loads: [load({ free: 2, due: 2 })] },
      'None runs: the quota of 1,000 executions is used up until 2031-02-01 00:00 UTC (1 queued); 1 is being started.',
    ],
    [
      'a retry needs no quota',
      { total: 1, quota: { limit: 1_000, remaining: 0, resetsAt }, loads: [load({ due: 1, uncounted: 0 })] },
      'None runs: 1 is being started.',
    ],
    [
      'a retry waits for its time',
      { total: 2, loads: [load({ later: 2, laterAt: new Date('2031-01-05T09:08:07Z') })] },
      'None runs: 2 wait to be tried, the first at 09:08:07 UTC.',
    ],
    [
      'a task failed before it',
      { total: 3, loads: [load({ broken: 1, dependency: 1 })] },
      'None runs: 1 waits for a task that failed or was cancelled; 1 waits for dependencies; 1 is done.',
    ],
    ['a person is asked', { total: 1, loads: [load({ approval: 1 })] }, 'None runs: 1 waits for approval.'],
    [
      'nobody takes what is open to all',
      { total: 1, loads: [load({ name: null, due: 1 })] },
      'None runs: no agent has taken what any capable agent may take (1 queued).',
    ],
    [
      'many agents are paused',
      {
        loads: Array.from({ length: 6 }, (_, index) => load({ name: `a${index}`, paused: true, due: 1 })),
        total: 6,
      },
      'None runs: agent a0 is paused (1 queued); agent a1 is paused (1 queued); agent a2 is paused (1 queued); agent a3 is paused (1 queued); so it is with 2 more agents.',
    ],
  ];
  for (const [name, given, expected] of cases)
    it(`${name}: ${expected ?? 'none'}`, () => expect(reasonOf(given)).toBe(expected));

  it('counts as runnable what runs and what every limit lets start', () => {
    const loads = [
      busy(2),
      load({ due: 4, free: 3, concurrency: 3 }),
      load({ name: 'off', reachable: false, due: 5 }),
    ];
    expect(explainFloor(facts({ loads }))).toMatchObject({ target: 5, running: 2, runnable: 5 });
    expect(explainFloor(facts({ loads, quota: { limit: 10, remaining: 1, resetsAt } }))).toMatchObject({
      running: 2,
      runnable: 3,
    });
    expect(explainFloor(facts({ loads, workspacePaused: true }))).toMatchObject({ running: 2, runnable: 2 });
  });
});

describe('the floor of a plan', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase('pglite');
  });
  afterAll(() => test.close());

  it('is read from the rows of its agents and tasks', async () => {
    const driver = await makeDriver(test);
    const task = (key: string, agent: string | null, dependsOn: string[] = []) => ({
      key,
      title: key,
      agent,
      dependsOn,
    });
    const { id } = await driver.create({
      name: 'Floor',
      minActive: 4,
      tasks: [
        task('a', 'mapper'),
        task('b', 'mapper'),
        task('c', 'writer'),
        task('d', null),
        task('e', 'writer', ['a', 'b']),
      ],
    });
    const floor = async () => (await driver.get(id)).floor;
    expect(await floor()).toEqual({ target: 4, running: 0, runnable: 0, reason: null });
    await driver.start(id);
    expect((await floor()).reason).toBe(
      'None runs: agent coordinator has no provider (1 queued); agent mapper is external and offline (2 queued); ' +
        'agent writer is external and offline (1 queued); 1 waits for dependencies.',
    );
    const claim = await driver.claim('mapper');
    expect(await floor()).toMatchObject({
      running: 1,
      runnable: 1,
      reason:
        '1 runs: agent coordinator has no provider (1 queued); agent mapper is at its concurrency of 1 (1 queued); ' +
        'agent writer is external and offline (1 queued); 1 waits for dependencies.',
    });
    await driver.complete(claim);
    const { id: mapper } = await driver.agentNamed('mapper');
    const { id: writer } = await driver.agentNamed('writer');
    await driver.call(agentOperations.update, agentHandlers.update, { id: mapper, status: 'paused' });
    await driver.run(({ db }) =>
      sql`update agents set online = true, last_seen_at = now() where id = ${writer}`.execute(db),
    );
    expect(await floor()).toMatchObject({
      running: 0,
      runnable: 1,
      reason:
        'None runs: agent coordinator has no provider (1 queued); agent mapper is paused (1 queued); ' +
        'agent writer is free and has not claimed yet (1 queued); 1 waits for dependencies; 1 is done.',
    });
    await driver.run(({ db }) => sql`update workspace set paused_at = now()`.execute(db));
    expect(await floor()).toMatchObject({
      runnable: 0,
      reason: 'None runs: the workspace is paused (3 queued); 1 waits for dependencies; 1 is done.',
    });
  });
});
