// The embedded planner's figures: a table that has grown is looked at once, and not again until it has changed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { seedFailures } from '../tasks/testing/seed-failures.ts';
import { makeWorkspace } from '../tasks/testing/workspace.ts';
import { row } from './database.ts';
import { createLog } from './log.ts';
import { createStatistics } from './statistics.ts';
import { openTestDatabase, type TestDatabase } from './testing/database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

it('knows a table when it has grown, and leaves alone what is as it was', async () => {
  const workspace = await makeWorkspace(test);
  const agent = await workspace.addAgent('one');
  await workspace.run((tx) => seedFailures(tx, { tasks: 6_000, groups: 4, agentIds: [agent] }));
  const statistics = createStatistics({ ...test, log: createLog('fatal') });
  expect((await statistics.round()).filter((table) => table.endsWith('.tasks'))).toHaveLength(1);
  const known = await workspace.run(({ db }) =>
    row(db, sql<{ rows: number }>`select reltuples::int as rows from pg_class where oid = 'tasks'::regclass`),
  );
  expect(known?.rows).toBe(6_000);
  expect(await statistics.round()).toEqual([]);
});
