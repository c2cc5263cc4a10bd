// The state machine as a property, on PGlite; the integration suite runs the same on PostgreSQL.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { seededRandom } from '../providers/index.ts';
import { taskStates, taskTransitions } from '../../shared/task.ts';
import { sql } from 'kysely';
import { makeWorkspace } from './testing/workspace.ts';
import { randomWalk } from './testing/random-walk.ts';
import { claimFor } from './claim.ts';
import { createTask } from './create.ts';
import { handOff, holdLease } from './finish.ts';
import { readTask } from './rows.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

describe('tasks', () => {
  it('keep every invariant under random operations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), async (seed) => {
        await randomWalk(test, seededRandom(`walk:${seed}`), 60);
      }),
      { numRuns: 4, endOnFailure: true },
    );
    // Some five thousand statements: on a machine that does much else they take their time.
  }, 180_000);

  it('wait for the last of a chain of handoffs when they are made to depend on its first', async () => {
    const workspace = await makeWorkspace(test);
    const agent = await workspace.addAgent('any');
    const make = (title: string, dependsOn: string[] = []) =>
      workspace.run((tx) => createTask(tx, { title, instructions: '', kind: 'work', agentId: agent, priority: 5, maxAttempts: 3, dependsOn }));
    const first = await make('first');
    await workspace.run(async (tx) => {
      const [claim] = await claimFor(tx, agent, { limit: 1, leaseSeconds: 60, throwOnQuota: true });
      const held = await holdLease(tx, { id: first.id, leaseToken: claim!.lease.token });
      await handOff(tx, held, { notes: 'half', reason: 'agent' });
    });
    const successor = await workspace.run(async (tx) => (await readTask(tx, first.id)).succeededBy);
    expect((await make('second', [first.id])).dependsOn).toEqual([successor]);
  });

  it('change state in the database only along the table, for every pair', async () => {
    const workspace = await makeWorkspace(test);
    const agent = await workspace.addAgent('any');
    const extras = { waiting: "wait_reason = 'dependency', lease_token = null", running: "wait_reason = null, lease_token = 'x'" } as Record<string, string>;
    for (const from of taskStates) {
      for (const to of taskStates) {
        if (from === to) continue;
        const task = await workspace.run((tx) => createTask(tx, { title: 'x', instructions: '', kind: 'work', agentId: agent, priority: 5, maxAttempts: 3 }));
        const set = (state: string) => sql.raw(`update tasks set state = '${state}', version = version + 1,
          ${extras[state] ?? 'wait_reason = null, lease_token = null'} where id = '${task.id}'`);
        await test.database.asOwner(async (tx) => {
          await sql.raw(`alter table "${workspace.tenant.schema}".tasks disable trigger task_transition`).execute(tx);
          await sql.raw(`set local search_path to "${workspace.tenant.schema}"`).execute(tx);
          await set(from).execute(tx);
          await sql.raw(`alter table tasks enable trigger task_transition`).execute(tx);
        });
        const changed = workspace.run(({ db }) => set(to).execute(db));
        if ((taskTransitions[from] as readonly string[]).includes(to)) await changed;
        else await expect(changed, `${from} to ${to}`).rejects.toMatchObject({ code: 'SB001' });
      }
    }
  });
});
