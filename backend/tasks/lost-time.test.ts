// A computer that slept, or whose clock was set: nothing that ran is judged by time that it did not have.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAgents, touchAgent } from '../agents/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { claimFor } from './claim.ts';
import { createTask } from './create.ts';
import { failAttempt, holdLease } from './finish.ts';
import { makeGood, takeOffClosedTime } from './lost-time.ts';
import { readTask } from './rows.ts';
import { sweepTenant } from './sweep.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';

let test: TestDatabase;
let workspace: TestWorkspace;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
  workspace = await makeWorkspace(test);
});
afterAll(() => test.close());

const HOUR_MS = 3_600_000;
const LEASE = 30;

/** As if the hour had passed, or had been set: everything that is written lies an hour back. */
const shiftBack = (ms: number) =>
  workspace.run(async ({ db }) => {
    const by = sql`make_interval(secs => ${ms / 1_000})`;
    await sql`update tasks set lease_expires_at = lease_expires_at - ${by}, deadline_at = deadline_at - ${by},
      started_at = started_at - ${by}, queued_at = queued_at - ${by},
      run_at = run_at - ${by}, version = version + 1`.execute(db);
    await sql`update attempts set started_at = started_at - ${by}`.execute(db);
    await sql`update agents set last_seen_at = last_seen_at - ${by}`.execute(db);
  });

async function claimNew(title: string) {
  const agentId = await workspace.addAgent(title, { concurrency: 2 });
  await workspace.run((tx) =>
    createTask(tx, { title, instructions: '', kind: 'work', agentId, priority: 5, maxAttempts: 3, timeLimitSeconds: 900 }),
  );
  await workspace.run((tx) => touchAgent(tx, agentId));
  const [claim] = await workspace.run((tx) => claimFor(tx, agentId, { limit: 1, leaseSeconds: LEASE, throwOnQuota: false }));
  return { agentId, id: claim!.task.id, token: claim!.lease.token };
}

const remaining = (id: string) =>
  workspace.run(({ db }) =>
    row(db, sql<{ lease: number; limit: number; ran: number }>`
      select extract(epoch from lease_expires_at - now())::float8 as lease, extract(epoch from deadline_at - now())::float8 as limit,
        extract(epoch from now() - started_at)::float8 as ran from tasks where id = ${id}`),
  );

describe('an attempt that was running', () => {
  it('has its lease and its limit after a sleep, its agent is still there, and its token still counts', async () => {
    const { id, token, agentId } = await claimNew('sleeper');
    await shiftBack(HOUR_MS);
    expect(await workspace.run((tx) => makeGood(tx, { sleptMs: HOUR_MS, steppedMs: 0 }))).toBe(1);
    await workspace.run(sweepTenant);
    const task = await workspace.run((tx) => readTask(tx, id));
    expect(task).toMatchObject({ state: 'running', attempt: 1 });
    const left = (await remaining(id))!;
    expect(left.lease).toBeGreaterThan(0);
    expect(left.lease).toBeLessThanOrEqual(LEASE);
    expect(left.limit).toBeGreaterThan(800);
    // It did begin an hour ago.
    expect(left.ran).toBeGreaterThan(3_599);
    const [agent] = await workspace.run((tx) => findAgents(tx, sql`a.id = ${agentId}`));
    expect(agent?.online).toBe(true);
    await workspace.run(async (tx) => expect((await holdLease(tx, { id, leaseToken: token })).id).toBe(id));
  });

  it('without that would have been taken for lost, which is what this prevents', async () => {
    const { id } = await claimNew('lost');
    await shiftBack(HOUR_MS);
    await workspace.run(sweepTenant);
    expect((await workspace.run((tx) => readTask(tx, id))).state).not.toBe('running');
  });

  it('is as old as it is after the clock was set forward, and not younger than nothing after it was set back', async () => {
    const forward = await claimNew('forward');
    await shiftBack(HOUR_MS);
    await workspace.run((tx) => makeGood(tx, { sleptMs: 0, steppedMs: HOUR_MS }));
    await workspace.run(sweepTenant);
    expect((await remaining(forward.id))!.ran).toBeLessThan(60);
    const back = await claimNew('back');
    await shiftBack(-HOUR_MS);
    await workspace.run((tx) => makeGood(tx, { sleptMs: 0, steppedMs: -HOUR_MS }));
    const left = (await remaining(back.id))!;
    expect(left.ran).toBeGreaterThanOrEqual(0);
    expect(left.lease).toBeLessThanOrEqual(LEASE);
    expect(left.limit).toBeLessThanOrEqual(900);
  });
});

describe('what waits', () => {
  it('for a while after a failure waits no longer when the clock is set back; a time that a person set stays', async () => {
    const { id, token, agentId } = await claimNew('failing');
    await workspace.run(async (tx) => {
      const held = await holdLease(tx, { id, leaseToken: token });
      await failAttempt(tx, held, { code: 'x', message: 'x', retryable: true, outcome: 'failed' });
    });
    const tomorrow = new Date(Date.now() + 24 * HOUR_MS).toISOString();
    const planned = await workspace.run((tx) =>
      createTask(tx, { title: 'planned', instructions: '', kind: 'work', agentId, priority: 5, maxAttempts: 3, runAt: tomorrow }),
    );
    const before = (await workspace.run((tx) => readTask(tx, id))).runAt!;
    await workspace.run((tx) => makeGood(tx, { sleptMs: 0, steppedMs: -HOUR_MS }));
    const after = (await workspace.run((tx) => readTask(tx, id))).runAt!;
    expect(Date.parse(before) - Date.parse(after)).toBe(HOUR_MS);
    expect((await workspace.run((tx) => readTask(tx, planned.id))).runAt).toBe(tomorrow);
  });

  /** Three tasks of an agent, queued so many seconds ago; a negative one is yet to come. Answers its agent. */
  async function queue(name: string, ago: number[]): Promise<string> {
    const agentId = await workspace.addAgent(name, { concurrency: 9 });
    for (const [index, seconds] of ago.entries()) {
      const title = `${name} ${index}`;
      await workspace.run((tx) => createTask(tx, { title, instructions: '', kind: 'work', agentId, priority: 5, maxAttempts: 3 }));
      await workspace.run(({ db }) => sql`update tasks set queued_at = now() - make_interval(secs => ${seconds}) where title = ${title}`.execute(db));
    }
    return agentId;
  }
  const waits = (agentId: string) =>
    workspace.run(({ db }) =>
      rows(db, sql<{ title: string; seconds: number }>`select title, extract(epoch from now() - queued_at)::float8 as seconds
        from tasks where agent_id = ${agentId} order by queued_at, id`),
    );

  it('does not wait while the app is closed, keeps its order, and what is yet to come stays', async () => {
    const agentId = await queue('closed', [700, 640, 300, 299, -60]);
    // The app was closed ten minutes ago.
    await workspace.run(async ({ db }) => {
      await sql`update events set at = at - interval '1 hour'`.execute(db);
      await sql`insert into metric_samples (at, waiting, queued, retrying, running, idle, busy, offline)
        values (now() - interval '600 seconds', 0, 2, 0, 0, 0, 0, 0)`.execute(db);
    });
    await workspace.run(takeOffClosedTime);
    const found = await waits(agentId);
    expect(found.map(({ title }) => title)).toEqual(['closed 0', 'closed 1', 'closed 2', 'closed 3', 'closed 4']);
    const expected = [100, 40, 0, 0, -60];
    for (const [index, { seconds }] of found.entries()) expect(Math.abs(seconds - expected[index]!), `task ${index}`).toBeLessThan(5);
    await workspace.run(({ db }) => sql`delete from metric_samples`.execute(db));
  });

  it('waits on where the app was not closed, or nothing tells since when', async () => {
    const agentId = await queue('open', [700]);
    await workspace.run(({ db }) => sql`update events set at = now()`.execute(db));
    await workspace.run(takeOffClosedTime);
    expect((await waits(agentId))[0]!.seconds).toBeGreaterThan(690);
    await workspace.run(({ db }) => sql`update events set at = now() + interval '1 hour'`.execute(db));
    await workspace.run(takeOffClosedTime);
    expect((await waits(agentId))[0]!.seconds).toBeGreaterThan(690);
    await workspace.run(({ db }) => sql`delete from events`.execute(db));
    await workspace.run(takeOffClosedTime);
    expect((await waits(agentId))[0]!.seconds).toBeGreaterThan(690);
  });

  it('is left as it is where there is more of it than a start has time for', async () => {
    const agentId = await queue('crowd', [700]);
    const copy = (count: number) =>
      workspace.run(({ db }) =>
        sql`insert into tasks (id, title, instructions, kind, state, priority, queued_at, queue, created_by, time_limit_seconds, max_attempts)
          select gen_random_uuid(), 'copy', '', kind, 'queued', priority, queued_at, queue, created_by, time_limit_seconds, max_attempts
          from tasks, generate_series(1, ${count}::int) where title = 'crowd 0'`.execute(db),
      );
    await workspace.run(({ db }) => sql`delete from events`.execute(db));
    await workspace.run(({ db }) =>
      sql`insert into metric_samples (at, waiting, queued, retrying, running, idle, busy, offline)
        values (now() - interval '600 seconds', 0, 2, 0, 0, 0, 0, 0)`.execute(db),
    );
    await copy(5_000);
    await workspace.run(takeOffClosedTime);
    expect((await waits(agentId))[0]!.seconds).toBeGreaterThan(690);
    await workspace.run(({ db }) => sql`delete from tasks where title = 'copy'`.execute(db));
    await workspace.run(takeOffClosedTime);
    expect((await waits(agentId))[0]!.seconds).toBeLessThan(110);
    await workspace.run(({ db }) => sql`delete from metric_samples`.execute(db));
  });

  it('does not wait while the computer sleeps either', async () => {
    const agentId = await queue('asleep', [3_700, 3_000]);
    await workspace.run((tx) => makeGood(tx, { sleptMs: HOUR_MS, steppedMs: 0 }));
    const [first, second] = await waits(agentId);
    expect([first!.title, second!.title]).toEqual(['asleep 0', 'asleep 1']);
    expect(first!.seconds).toBeLessThan(110);
    expect(first!.seconds).toBeGreaterThan(90);
    expect(second!.seconds).toBeLessThan(5);
  });
});
