// The list's filter for what needs a person, beside the function that says it of a row.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { taskOperations, needsAttention } from '../../shared/task.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace } from '../platform/testing/workspace.ts';
import { createTask } from './create.ts';
import { taskHandlers } from './handlers.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

it('lists what needs attention, exactly', async () => {
  const { call, run } = await makeHandlerWorkspace(test);
  const kinds = [
    "state = 'queued', wait_reason = null",
    "state = 'queued', wait_reason = null, attempt = 1, run_at = now()",
    "state = 'queued', wait_reason = null, run_at = now() + interval '1 day'",
    "state = 'failed', wait_reason = null",
    "state = 'cancelled', wait_reason = null",
    "wait_reason = 'dependency'",
    "wait_reason = 'approval'",
  ];
  for (const [index, set] of kinds.entries()) {
    const kind = 'approval' as const;
    const task = await run((tx) => createTask(tx, { title: `Task ${index}`, instructions: '', kind, priority: 5, maxAttempts: 3 }));
    await run(async ({ db }) => {
      if (set.startsWith("state = 'failed'")) {
        await sql.raw(`update tasks set state = 'queued', wait_reason = null, version = version + 1 where id = '${task.id}'`).execute(db);
        await sql.raw(`update tasks set state = 'running', lease_token = 'x', version = version + 1 where id = '${task.id}'`).execute(db);
        await sql.raw(`update tasks set lease_token = null, ${set}, version = version + 1 where id = '${task.id}'`).execute(db);
        return;
      }
      await sql.raw(`update tasks set ${set}, version = version + 1 where id = '${task.id}'`).execute(db);
    });
  }
  const all = (await call(taskOperations.list, taskHandlers.list, {})).items;
  expect(all).toHaveLength(kinds.length);
  const wanted = all.filter(needsAttention).map((task) => task.title);
  const listed = (await call(taskOperations.list, taskHandlers.list, { attention: true })).items;
  expect(listed.map((task) => task.title)).toEqual(wanted);
  expect(wanted.toSorted()).toEqual(['Task 1', 'Task 3', 'Task 6']);
});
