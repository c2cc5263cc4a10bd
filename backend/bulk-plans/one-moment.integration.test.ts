// A frozen plan says of its rows what they were when it was made, however many of them change while it is being made.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import { createAgents } from '../agents/index.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { taskSettlers } from '../tasks/index.ts';
import { createBulkPlan } from './create.ts';

let test: TestDatabase;
let workspace: HandlerWorkspace;
beforeAll(async () => {
  test = await openTestDatabase('postgres');
  workspace = await makeHandlerWorkspace(test, { settlers: taskSettlers });
  const agents = await workspace.run((tx) => createAgents(tx, [{ name: 'one', kind: 'external', concurrency: 9, timeLimitSeconds: 900 }]));
  await workspace.run(({ db }) =>
    sql`insert into tasks (id, title, state, agent_id, attempt, failed_attempts, max_attempts, time_limit_seconds, error, created_by, started_at, finished_at)
      select gen_random_uuid(), 'Task ' || n, 'failed', ${agents[0]!.id}, 1, 1, 1, 900, jsonb_build_object('code', 'agent_error', 'message',
        'It broke in stage ' || chr(97 + n % 10)), '{"kind":"system","id":null,"name":"Seed"}', now(), now() from generate_series(1, 4000) n`.execute(db),
  );
});
afterAll(() => test.close());

it('is of one moment', async () => {
  const done = new AbortController();
  const change = async () => {
    while (!done.signal.aborted) {
      await workspace.run(({ db }) =>
        sql`update tasks set state = 'queued', queued_at = now(), error = null, version = version + 1
          where id in (select id from tasks where state = 'failed' order by id limit 25)`.execute(db),
      );
    }
  };
  const changing = change();
  const plans: BulkPlan[] = [];
  for (let made = 0; made < 6; made += 1) {
    plans.push(await workspace.run((tx) => createBulkPlan(tx, { action: 'retry', filter: { state: 'failed' }, input: {} })));
  }
  done.abort();
  await changing;
  // Fewer each time: tasks did change meanwhile.
  expect(plans.at(-1)!.count).toBeLessThan(plans[0]!.count);
  for (const { count, leftOut, breakdown, sample } of plans) {
    expect({ leftOut, states: breakdown.states }).toEqual({ leftOut: 0, states: [{ state: 'failed', count }] });
    expect(breakdown.errorGroups.reduce((sum, group) => sum + group.count, 0)).toBe(count);
    expect(sample.every(({ state }) => state === 'failed')).toBe(true);
  }
});
