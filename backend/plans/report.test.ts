// The report of a plan: what it says, that it says the same twice, and that its structure survives what agents wrote.
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { toString } from 'mdast-util-to-string';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOperations } from '../../shared/plan.ts';
import { addFinding } from '../findings/index.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { planHandlers } from './index.ts';
import { duration } from './report.ts';
import { makeDriver, type Driver } from './testing/driver.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const report = (driver: Driver, id: string) =>
  driver.call(planOperations.report, planHandlers.report, { id });
const outline = (text: string) =>
  unified()
    .use(remarkParse)
    .use(remarkGfm)
    .parse(text)
    .children.flatMap((node) => (node.type === 'heading' ? [`${node.depth} ${toString(node)}`] : []));
/** Durations and times differ from run to run. */
const steady = (text: string) =>
  text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'T').replaceAll(/\d+(\.\d+)? s\b/g, 'S');

describe('the report of a plan', () => {
  it('says what was done by whom, what was found and what came out, in a structure of its own', async () => {
    const driver = await makeDriver(test);
    const { id } = await driver.create({
      name: 'Check | the *harbour*',
      minActive: 2,
      tasks: [
        {
          key: 'tides',
          title: 'Read the tides | all of them',
          agent: 'hydrographer',
          successCriteria: ['Each tide has a height'],
        },
        {
          key: 'berths',
          title: 'List the berths',
          agent: 'pilot',
          dependsOn: ['tides'],
          successCriteria: ['No berth is missing'],
        },
      ],
      successCriteria: ['Each tide has a height', 'The harbour is checked'],
    });
    await driver.start(id);
    await driver.handOff(await driver.claim('hydrographer'), '# Half\n\nThe spring tides are missing.');
    const claim = (await driver.claim('hydrographer'))!;
    const { id: agentId } = await driver.agentNamed('hydrographer');
    await driver.run(async (tx) => {
      const finding = { taskId: claim.task.id, planId: id, agentId };
      await addFinding(tx, {
        ...finding,
        title: 'The gauge is *broken*',
        body: 'It shows 3 m.\n\n## Since when',
        severity: 'urgent',
      });
      await addFinding(tx, { ...finding, title: 'Tables differ', body: '', severity: 'warning' });
    });
    await driver.complete(claim, '# Tides\n\n```\n# 06:10 4.2 m\n\nnever closed');
    const text = await report(driver, id);
    expect(outline(text)).toEqual([
      '1 Check | the *harbour*',
      '2 Tasks',
      '2 Success criteria',
      '3 tides: Read the tides | all of them',
      '3 berths: List the berths',
      '2 Urgent issues',
      '2 Findings',
      '2 Handoffs',
      '3 tides: handoff 1',
      '2 Outputs',
      '3 tides: Read the tides | all of them',
    ]);
    expect(steady(text)).toMatchInlineSnapshot(`
      "# Check \\| the \\*harbour\\*

      - State: **running**
      - Created: T
      - Started: T
      - Finished: –
      - Tasks: 2 (1 queued, 1 succeeded)
      - Floor of active tasks: 2. None runs: agent pilot is external and offline (1 queued); 1 is done.
      - Success criteria met: 1 of 2
      - Execution time: S; cost: $0.00

      ## Tasks

      | Key | Task | Agent | State | Attempts | Handoffs | Time | Cost |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | tides | Read the tides \\| all of them | hydrographer | succeeded | 1 | 1 | S | $0.00 |
      | berths | List the berths | pilot | queued | 0 | 0 | S | $0.00 |

      ## Success criteria

      - [x] Each tide has a height (Task tides succeeded.)
      - [ ] The harbour is checked (not met)

      ### tides: Read the tides \\| all of them

      - [x] Each tide has a height (the task succeeded at T)

      ### berths: List the berths

      - [ ] No berth is missing (the task is queued)

      ## Urgent issues

      - **urgent**: The gauge is \\*broken\\* (hydrographer, in “Read the tides \\| all of them”, T, not yet seen by a person)

        > It shows 3 m.
        >
        > ##### Since when

      ## Findings

      - **warning**: Tables differ (hydrographer, in “Read the tides \\| all of them”, T)

      ## Handoffs

      ### tides: handoff 1

      hydrographer, T:

      > #### Half
      >
      > The spring tides are missing.

      ## Outputs

      ### tides: Read the tides \\| all of them

      > #### Tides
      >
      > \`\`\`
      > # 06:10 4.2 m
      >
      > never closed
      "
    `);
    expect(await report(driver, id)).toBe(text);
  });

  it('says of simulated work that it is', async () => {
    const driver = await makeDriver(test);
    const provider = { accountId: driver.accountId, model: 'simulated' };
    const { id } = await driver.create({
      name: 'Made up',
      tasks: [{ key: 'a', title: 'A', agent: 'hydrographer' }],
      newAgents: { kind: 'hosted', provider },
    });
    const text = await report(driver, id);
    expect(text).toContain('Simulated: no model runs');
    expect(text).toContain('hydrographer (simulated)');
  });

  it('writes durations as people say them', () => {
    expect([0, 0.04, 9.96, 59.6, 61, 3_599.6, 3_600, 93_784].map(duration)).toEqual([
      '0 s',
      '0 s',
      '10 s',
      '1 min 0 s',
      '1 min 1 s',
      '1 h 0 min',
      '1 h 0 min',
      '26 h 3 min',
    ]);
  });
});
