// Failed tasks by what they say: the groups, their figures and the newest of each, under the list's filter.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { seedFailures } from './testing/seed-failures.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { readErrorGroups } from './error-groups.ts';
import { conditionOf } from './filter.ts';
import { findTasks } from './rows.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';

let test: TestDatabase;
let workspace: TestWorkspace;
let agents: string[];
beforeAll(async () => {
  test = await openTestDatabase('pglite');
  workspace = await makeWorkspace(test);
  agents = [await workspace.addAgent('one'), await workspace.addAgent('two')];
  await workspace.run((tx) => seedFailures(tx, { tasks: 4_000, groups: 40, agentIds: agents }));
});
afterAll(() => test.close());

const groupsOf = (filter: Parameters<typeof conditionOf>[0]) =>
  workspace.run((tx) => readErrorGroups(tx, { where: conditionOf(filter), limit: 200, ids: 3 }));

it('thousands of failures are as many groups as there are causes, the largest first', async () => {
  const groups = await groupsOf({});
  expect(groups).toHaveLength(40);
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(4_000);
  expect(groups.map(({ count }) => count)).toEqual(groups.map(({ count }) => count).toSorted((a, b) => b - a));
  expect(new Set(groups.map(({ fingerprint }) => fingerprint)).size).toBe(40);
  // What differs from task to task is left open; the words stand.
  expect(groups[0]).toMatchObject({ code: 'provider_error', title: 'The provider answered … three times. retry-after: …', agents: 2 });
});

it('each names the newest of its tasks, and its figures are recounted from the list', async () => {
  const [largest] = await groupsOf({});
  const listed = await workspace.run((tx) =>
    findTasks(tx, sql`${conditionOf({ errorGroup: largest!.fingerprint })} order by t.finished_at desc, t.id desc`),
  );
  expect(largest!.taskIds).toEqual(listed.slice(0, 3).map(({ id }) => id));
  expect(largest!.count).toBe(listed.length);
  expect(largest!.lastAt).toBe(listed[0]!.finished_at!.toISOString());
  expect(largest!.firstAt).toBe(listed.at(-1)!.finished_at!.toISOString());
});

it('a filter leaves whole groups and parts of groups out', async () => {
  const all = await groupsOf({});
  const own = await groupsOf({ agentId: agents[0]! });
  expect(own.every(({ agents: count }) => count === 1)).toBe(true);
  const sum = (groups: typeof all) => groups.reduce((total, { count }) => total + count, 0);
  expect(sum(own) + sum(await groupsOf({ agentId: agents[1]! }))).toBe(sum(all));
  expect(await groupsOf({ q: 'nothing is called so' })).toEqual([]);
});

it('groups that are found in a sample of the newest are counted and named whole', async () => {
  const newest = sql`t.id in (select id from tasks where state = 'failed' order by finished_at desc limit 200)`;
  const found = await workspace.run((tx) => readErrorGroups(tx, { where: newest, whole: sql`true`, limit: 10, ids: 3 }));
  const all = new Map((await groupsOf({})).map((group) => [group.fingerprint, group]));
  expect(found.length).toBeGreaterThan(3);
  for (const { fingerprint, count, taskIds } of found) {
    expect({ count, taskIds }).toEqual({ count: all.get(fingerprint)!.count, taskIds: all.get(fingerprint)!.taskIds });
  }
  expect(found.map(({ count }) => count)).toEqual(found.map(({ count }) => count).toSorted((a, b) => b - a));
});
