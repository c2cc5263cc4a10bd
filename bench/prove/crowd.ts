// Proof: fifty claimants and their operators at once break no limit, no order of dependencies and no quota, and leave
// nothing undone that could be done: many seeds against the model, on PostgreSQL and on PGlite.
//   npm run prove -- crowd [seeds] [first seed]
import { createPostgresUrls, openTestDatabase, type TestDatabase } from '../../backend/platform/testing/database.ts';
import { startPostgres } from '../../backend/platform/testing/postgres.ts';
import { seededRandom } from '../../backend/providers/index.ts';
import { crowdRounds } from '../../backend/testing/crowd.ts';
import { verdict } from '../verdict.ts';

const [seeds, first] = [20, 1_000].map((usual, index) => Number(process.argv[index + 2] ?? usual)) as [number, number];

async function prove(name: string, test: TestDatabase): Promise<boolean> {
  const report = { seeds, broken: [] as number[], tasks: 0, executions: 0 };
  for (let seed = first; seed < first + seeds; seed += 1) {
    try {
      const options = { claimants: 50, steps: 10, rounds: 3, executions: 100 };
      const { tasks, executions } = await crowdRounds(test, seededRandom(`crowd:${seed}`), options);
      report.tasks += tasks;
      report.executions += executions;
    } catch (error) {
      report.broken.push(seed);
      console.error(`seed ${seed}:`, error);
    }
  }
  await test.close();
  const held = report.broken.length === 0;
  console.log(`${name}: ${held ? 'held' : 'BROKEN'} ${JSON.stringify(report)}`);
  return held;
}

const cluster = await startPostgres();
const all = [await prove('PostgreSQL', await openTestDatabase('postgres', await createPostgresUrls(cluster.url)))];
await cluster.stop();
all.push(await prove('PGlite', await openTestDatabase('pglite')));
verdict(all);
