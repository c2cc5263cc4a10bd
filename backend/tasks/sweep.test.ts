// The sweep: what is due by time, and what has served its time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { row } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { claimFor } from './claim.ts';
import { createTask } from './create.ts';
import { readChain } from './chain.ts';
import { conditionOf } from './filter.ts';
import { findTasks, readAttempts, readTask } from './rows.ts';
import { keepTenant, nextDue, sweepTenant } from './sweep.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';

let test: TestDatabase;
let workspace: TestWorkspace;
let agentId: string;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
  workspace = await makeWorkspace(test);
  agentId = await workspace.addAgent('worker', { concurrency: 10 });
});
afterAll(() => test.close());

async function claimOne(timeLimitSeconds = 60) {
  const task = await workspace.run((tx) =>
    createTask(tx, { title: 'One', instructions: '', kind: 'work', agentId, priority: 5, maxAttempts: 2, timeLimitSeconds }),
  );
  await workspace.run((tx) => claimFor(tx, agentId, { limit: 1, leaseSeconds: 30, throwOnQuota: true }));
  return task.id;
}
const pass = (id: string, column: string) =>
  workspace.run(({ db }) => sql`update tasks set ${sql.ref(column)} = now() - interval '1 second' where id = ${id}`.execute(db));

describe('the sweep', () => {
  it('queues a task again at once when its lease ran out, and fails it when attempts are used up', async () => {
    const id = await claimOne();
    await pass(id, 'lease_expires_at');
    await workspace.run(sweepTenant);
    expect(await workspace.run((tx) => readTask(tx, id))).toMatchObject({ state: 'queued', error: { code: 'lease_expired' } });
    await workspace.run((tx) => claimFor(tx, agentId, { limit: 1, leaseSeconds: 30, throwOnQuota: true }));
    await pass(id, 'lease_expires_at');
    await workspace.run(sweepTenant);
    expect(await workspace.run((tx) => readTask(tx, id))).toMatchObject({ state: 'failed', attempt: 2 });
    const attempts = await workspace.run((tx) => readAttempts(tx, id));
    expect(attempts.map((attempt) => attempt.outcome)).toEqual(['lease_expired', 'lease_expired']);
  });

  it('lets a lease go on whose attempt this node is at, and no other', async () => {
    const [own, other] = [await claimOne(), await claimOne()];
    for (const id of [own, other]) await pass(id, 'lease_expires_at');
    await workspace.run((tx) => sweepTenant(tx, { leaseSeconds: 30, runs: (id, attempt) => id === own && attempt === 1 }));
    const read = (id: string) => workspace.run((tx) => readTask(tx, id));
    expect([(await read(own)).state, (await read(other)).state]).toEqual(['running', 'queued']);
    const left = await workspace.run(({ db }) =>
      row(db, sql<{ seconds: number }>`select extract(epoch from lease_expires_at - now())::float8 as seconds from tasks where id = ${own}`),
    );
    expect(left!.seconds).toBeGreaterThan(25);
    // Another attempt of the same task is not this node's.
    await pass(own, 'lease_expires_at');
    await workspace.run((tx) => sweepTenant(tx, { leaseSeconds: 30, runs: (_, attempt) => attempt === 2 }));
    expect((await read(own)).state).toBe('queued');
    await workspace.run(({ db }) => sql`update tasks set state = 'cancelled', finished_at = now(), version = version + 1 where state = 'queued'`.execute(db));
  });

  it('hands a task off at its time limit with notes of what is known, three times, and then fails it', async () => {
    let id = await claimOne();
    const ids = [id];
    for (let handoffs = 1; handoffs <= 3; handoffs += 1) {
      await pass(id, 'deadline_at');
      await workspace.run(sweepTenant);
      const before = await workspace.run((tx) => readTask(tx, id));
      expect(before.state).toBe('handed_off');
      const successor = await workspace.run((tx) => readTask(tx, before.succeededBy!));
      expect(successor).toMatchObject({ state: 'queued', handoffs, handoffFrom: id });
      expect(successor.handoffNotes).toContain('time limit of 60 s');
      id = successor.id;
      ids.push(id);
      await workspace.run((tx) => claimFor(tx, agentId, { limit: 1, leaseSeconds: 30, throwOnQuota: true }));
    }
    await pass(id, 'deadline_at');
    await workspace.run(sweepTenant);
    expect(await workspace.run((tx) => readTask(tx, id))).toMatchObject({ state: 'failed', error: { code: 'handoff_limit' } });
    // From whichever of them it is asked, the chain is the same, and its totals are those of all.
    await workspace.run(({ db }) => sql`update tasks set cost_usd = 0.1, execution_seconds = 2.5 where id = any(${ids}::uuid[])`.execute(db));
    for (const one of ids) {
      const chain = await workspace.run((tx) => readChain(tx, one));
      expect(chain.items.map(({ task }) => task.id)).toEqual(ids);
      expect(chain.items.map(({ task }) => task.state)).toEqual(['handed_off', 'handed_off', 'handed_off', 'failed']);
      expect(chain.items.map(({ notes }) => notes === null)).toEqual([true, false, false, false]);
      expect(chain.items.every(({ attempts }) => attempts.length === 1)).toBe(true);
      expect(chain).toMatchObject({ attempts: 4, executionSeconds: 10, nextCursor: null });
      expect(Number(chain.costUsd)).toBe(0.4);
      expect(chain.startedAt).toBe(chain.items[0]!.task.createdAt);
      expect(chain.finishedAt).not.toBeNull();
    }
    const shown = await workspace.run((tx) => findTasks(tx, sql`${conditionOf({ chain: 'last' })} and t.id = any(${ids}::uuid[])`));
    expect(shown.map((task) => task.id)).toEqual([id]);
  });

  it('knows when to look again: the earliest of leases, limits and backoffs', async () => {
    const id = await claimOne(5);
    const due = await workspace.run(nextDue);
    const task = await workspace.run(({ db }) => row(db, sql<{ deadline_at: Date }>`select deadline_at from tasks where id = ${id}`));
    expect(due).toEqual(task?.deadline_at);
  });

  it('lets go of old events when there are too many, and keeps the newest', async () => {
    const crowded = await makeWorkspace(test);
    await crowded.run(({ db }) =>
      sql`insert into events (seq, at, type, entity, entity_id, version, data)
        select n, now(), 'task.progressed', 'task', gen_random_uuid(), 1, null from generate_series(1, 60002) n`.execute(db),
    );
    // In steps, each of at most 5,000.
    for (let look = 0; look < 4; look += 1) await crowded.run(keepTenant);
    const kept = await crowded.run(({ db }) => row(db, sql<{ first: number; last: number }>`select min(seq)::int as first, max(seq)::int as last from events`));
    expect(kept).toEqual({ first: 10_001, last: 60_002 });
  });
});
