// Plans on a real PostgreSQL: tasks that end at the same moment, on connections of their own, settle their plan once.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import type { Claim } from '../../shared/work.ts';
import { rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { countTasks } from './rows.ts';
import { makeDriver, type Driver } from './testing/driver.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('postgres');
});
afterAll(() => test.close());

const WIDTH = 6;
const ROUNDS = 6;
const agents = Array.from({ length: WIDTH }, (_, index) => `worker ${index}`);

const claimAll = (driver: Driver): Promise<(Claim | null)[]> =>
  Promise.all(agents.map((agent) => driver.claim(agent)));

async function expectCounted(driver: Driver, plan: Plan): Promise<void> {
  const { counts } = await driver.run((tx) => countTasks(tx, plan.id));
  expect(plan.counts).toEqual(counts);
  const events = await driver.run(({ db }) =>
    rows(
      db,
      sql<{
        version: number;
      }>`select version from events where entity = 'plan' and entity_id = ${plan.id} order by seq`,
    ),
  );
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
}

describe('a plan whose tasks end at the same moment', () => {
  it('succeeds with the last, whichever that is, and starts what waited for all of them', async () => {
    const driver = await makeDriver(test);
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = agents.map((agent, index) => ({ key: `a${index}`, title: 'A', agent }));
      const joined = agents.map((agent, index) => ({
        key: `b${index}`,
        title: 'B',
        agent,
        dependsOn: first.map(({ key }) => key),
      }));
      const { id } = await driver.create({ name: `Round ${round}`, tasks: [...first, ...joined] });
      await driver.start(id);
      const claims = await claimAll(driver);
      await Promise.all(claims.map((claim) => driver.complete(claim)));
      expect((await driver.get(id)).counts).toMatchObject({ succeeded: WIDTH, queued: WIDTH, waiting: 0 });
      // Half of them hand off, which inserts a successor of the same plan, while the others complete.
      const seconds = await claimAll(driver);
      await Promise.all(
        seconds.map((claim, index) =>
          index % 2 === 0 ? driver.handOff(claim, 'go on') : driver.complete(claim),
        ),
      );
      const rest = (await claimAll(driver)).filter((claim) => claim !== null);
      expect(rest).toHaveLength(WIDTH / 2);
      await Promise.all(
        rest.map((claim, index) => (index === 0 ? driver.fail(claim) : driver.complete(claim))),
      );
      const plan = await driver.get(id);
      expect(plan.state).toBe('failed');
      await expectCounted(driver, plan);
    }
  });
});
