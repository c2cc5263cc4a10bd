// The state machine as a property on a real PostgreSQL, by one walker and by a crowd at once.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { seededRandom } from '../providers/index.ts';
import { row } from '../platform/database.ts';
import { claimFor } from './claim.ts';
import { createTask } from './create.ts';
import { failAttempt, holdLease } from './finish.ts';
import { crowdedWalk, randomWalk } from './testing/random-walk.ts';
import { makeWorkspace } from './testing/workspace.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('postgres');
});
afterAll(() => test.close());

describe('tasks on PostgreSQL', () => {
  it('keep every invariant under random operations', async () => {
    for (const seed of [1, 2, 3]) await randomWalk(test, seededRandom(`walk:${seed}`), 120);
  });

  it('keep every invariant when a crowd works at once', async () => {
    for (const seed of [1, 2, 3]) {
      const walk = await crowdedWalk(test, seededRandom(`crowd:${seed}`), { walkers: 12, steps: 40 });
      expect(walk.tasks.length).toBeGreaterThan(20);
    }
  });

  it('end at the same moment for one agent without waiting for each other in a ring', async () => {
    const workspace = await makeWorkspace(test);
    const agent = await workspace.addAgent('many', { concurrency: 40 });
    const input = { title: 'Task', instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 3, agentId: agent };
    for (let count = 0; count < 40; count += 1) await workspace.run((tx) => createTask(tx, input));
    const claims = await workspace.run((tx) => claimFor(tx, agent, { limit: 40, leaseSeconds: 60, throwOnQuota: true }));
    const failure = { code: 'agent_error', message: 'no', retryable: true, outcome: 'failed' as const };
    await Promise.all(
      claims.map(({ task, lease }) =>
        workspace.run(async (tx) => failAttempt(tx, await holdLease(tx, { id: task.id, leaseToken: lease.token }), failure)),
      ),
    );
    // PostgreSQL counts the rings that it had to break, a second each.
    const found = await row(test.database.app, sql<{ rings: number }>`
      select deadlocks::int as rings from pg_stat_database where datname = current_database()`);
    expect(found?.rings).toBe(0);
    const left = await workspace.run(({ db }) => row(db, sql<{ running: number }>`select running from agents where id = ${agent}`));
    expect(left?.running).toBe(0);
  });
});
