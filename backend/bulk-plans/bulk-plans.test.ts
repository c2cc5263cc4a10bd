// Every bulk action: frozen, executed to exactly its rows, stopped half-way, undone; and what changed in between.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actsOn, bulkActions, undoable, type BulkAction, type BulkInput, type BulkPlan } from '../../shared/bulk-plan.ts';
import type { TaskState } from '../../shared/task.ts';
import { createAgents } from '../agents/index.ts';
import { rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { createTask, taskSettlers } from '../tasks/index.ts';
import { createBulkPlan } from './create.ts';
import { listBulkPlans } from './index.ts';
import { readBulkPlan, toBulkPlan } from './rows.ts';
import { bulkCalendar, executeBulkPlan, stepBulkPlans, stopBulkPlan, undoBulkPlan } from './run.ts';

let database: TestDatabase;
let workspace: HandlerWorkspace;
let agent: string;
let other: string;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());
beforeEach(async () => {
  workspace = await makeHandlerWorkspace(database, { settlers: taskSettlers });
  const add = async (name: string) => {
    const agents = await workspace.run((tx) => createAgents(tx, [{ name, kind: 'external', concurrency: 9, timeLimitSeconds: 900 }]));
    return agents[0]!.id;
  };
  agent = await add('one');
  other = await add('two');
});

const plan = (action: BulkAction, filter: object = {}, input: BulkInput = {}): Promise<BulkPlan> =>
  workspace.run((tx) => createBulkPlan(tx, { action, filter, input }));
const execute = ({ id, hash }: BulkPlan) => workspace.run((tx) => executeBulkPlan(tx, { id, hash }));
const step = () => workspace.run(bulkCalendar.run);
const read = async ({ id }: BulkPlan) => toBulkPlan(await workspace.run((tx) => readBulkPlan(tx, id)));
const inputs: Record<BulkAction, () => BulkInput> = {
  retry: () => ({}),
  cancel: () => ({ reason: 'Not needed' }),
  reassign: () => ({ agentId: other }),
  reprioritise: () => ({ priority: 9 }),
  pause: () => ({}),
  delete: () => ({}),
};

const task = { instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 1 };
const make = (title: string): Promise<string> =>
  workspace.run(async (tx) => (await createTask(tx, { ...task, title, agentId: agent })).id);

interface Shown {
  id: string;
  state: TaskState;
  agent_id: string | null;
  priority: number;
  held: boolean;
  deleted: boolean;
}
const tasks = () =>
  workspace.run(({ db }) =>
    rows(db, sql<Shown>`select id, state, agent_id, priority, held_at is not null as held, deleted_at is not null as deleted
      from tasks order by id`),
  );

/** Queued tasks for what acts on open ones, failed ones for what acts on those that ended. */
async function prepare(action: BulkAction, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await make(`task ${index}`);
  if ((actsOn[action] as readonly string[]).includes('queued')) return;
  await workspace.run(async ({ db }) => {
    await sql`update tasks set state = 'running', version = version + 1, attempt = 1, claimed_by = ${agent}, lease_token = id::text,
      lease_expires_at = now() + interval '1 hour', deadline_at = now() + interval '1 hour'`.execute(db);
    await sql`update tasks set state = 'failed', version = version + 1, lease_token = null, cost_usd = 0.5, finished_at = now(),
      error = '{"code":"agent_error","message":"no"}'`.execute(db);
  });
}

const applied: Record<BulkAction, (shown: Shown) => boolean> = {
  retry: ({ state }) => state === 'queued',
  cancel: ({ state }) => state === 'cancelled',
  reassign: ({ agent_id }) => agent_id === other,
  reprioritise: ({ priority }) => priority === 9,
  pause: ({ held }) => held,
  delete: ({ deleted }) => deleted,
};

describe.each(bulkActions)('%s', (action) => {
  it('is frozen, done to exactly its rows, and taken back where it can be', async () => {
    await prepare(action, 3);
    const before = await tasks();
    const frozen = await plan(action, {}, inputs[action]());
    expect(frozen).toMatchObject({ action, state: 'planned', count: 3, leftOut: 0, undoable: undoable[action], goneThrough: 0 });
    expect(frozen.sample).toHaveLength(3);
    expect(frozen.breakdown.agents).toEqual([{ key: agent, name: 'one', count: 3 }]);
    expect(frozen.estimatedCostUsd).toBe(action === 'retry' ? '1.500000' : '0.000000');
    // Nothing is done by making a plan.
    expect(await tasks()).toEqual(before);
    // A task that comes later is not of the plan.
    const late = await make('late');
    await execute(frozen);
    await step();
    const done = await read(frozen);
    expect(done).toMatchObject({ state: 'done', changed: 3, skipped: 0, goneThrough: 3 });
    for (const shown of await tasks()) expect([shown.id === late, applied[action](shown)]).toContain(true);
    expect((await tasks()).filter(applied[action]).map(({ id }) => id)).toEqual(
      expect.arrayContaining(before.map(({ id }) => id)),
    );
    if (action !== 'retry') expect(applied[action]((await tasks()).find(({ id }) => id === late)!)).toBe(false);

    if (!undoable[action]) {
      await expect(workspace.run((tx) => undoBulkPlan(tx, frozen))).rejects.toMatchObject({ code: 'conflict' });
      return;
    }
    await workspace.run((tx) => undoBulkPlan(tx, frozen));
    await step();
    expect(await read(frozen)).toMatchObject({ state: 'undone', undone: 3, kept: 0 });
    expect((await tasks()).filter(({ id }) => id !== late)).toEqual(before);
  });

  it('stops half-way, keeps what is done, and takes back that alone', async () => {
    await prepare(action, 5);
    const before = await tasks();
    const frozen = await plan(action, {}, inputs[action]());
    await execute(frozen);
    await workspace.run((tx) => stepBulkPlans(tx, 2));
    expect(await workspace.run((tx) => stopBulkPlan(tx, frozen))).toMatchObject({ state: 'stopped', changed: 2, goneThrough: 2 });
    await step();
    expect((await tasks()).filter(applied[action])).toHaveLength(2);
    if (!undoable[action]) return;
    await workspace.run((tx) => undoBulkPlan(tx, frozen));
    while (await workspace.run((tx) => stepBulkPlans(tx, 1)));
    expect(await read(frozen)).toMatchObject({ state: 'undone', undone: 2 });
    expect(await tasks()).toEqual(before);
  });

  it('passes over what has changed since, and says why', async () => {
    await prepare(action, 2);
    const frozen = await plan(action, {}, inputs[action]());
    const [first] = await tasks();
    const open = (actsOn[action] as readonly string[]).includes('queued');
    await workspace.run(async ({ db }) => {
      if (open) await sql`update tasks set state = 'cancelled', version = version + 1 where id = ${first!.id}`.execute(db);
      else await sql`update tasks set state = 'queued', version = version + 1 where id = ${first!.id}`.execute(db);
    });
    await execute(frozen);
    await step();
    expect(await read(frozen)).toMatchObject({ state: 'done', changed: 1, skipped: 1 });
    const noted = await workspace.run(({ db }) =>
      rows(db, sql<{ outcome: string; note: string | null }>`select outcome, note from bulk_plan_rows where plan_id = ${frozen.id} order by n`),
    );
    expect(noted).toEqual([
      { outcome: 'skipped', note: open ? 'Now cancelled, was queued.' : 'Now queued, was failed.' },
      { outcome: 'changed', note: null },
    ]);
  });
});

describe('a frozen plan', () => {
  it('is executed with its own hash, once, and before it expires', async () => {
    await prepare('pause', 2);
    const frozen = await plan('pause');
    const again = await plan('pause');
    // The same rows and action: the same hash. Another action has another.
    expect(again.hash).toBe(frozen.hash);
    expect((await plan('cancel')).hash).not.toBe(frozen.hash);
    await expect(execute({ ...frozen, hash: '0'.repeat(64) })).rejects.toMatchObject({ code: 'conflict' });
    await workspace.run(({ db }) => sql`update bulk_plans set expires_at = now() - interval '1 second' where id = ${again.id}`.execute(db));
    await expect(execute(again)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('expired') });
    await execute(frozen);
    await expect(execute(frozen)).rejects.toMatchObject({ code: 'transition_not_allowed' });
  });

  it('is stopped between two transactions, and then undone as far as it came', async () => {
    await prepare('reprioritise', 4);
    const frozen = await plan('reprioritise', {}, { priority: 9 });
    await execute(frozen);
    const stopped = await workspace.run((tx) => stopBulkPlan(tx, frozen));
    expect(stopped).toMatchObject({ state: 'stopped', changed: 0 });
    await step();
    expect((await tasks()).filter(applied.reprioritise)).toEqual([]);
    await workspace.run((tx) => undoBulkPlan(tx, frozen));
    await step();
    expect(await read(frozen)).toMatchObject({ state: 'undone', undone: 0 });
  });

  it('leaves out what the action does not touch, and is refused when nothing is left', async () => {
    await prepare('retry', 2);
    await make('still queued');
    expect(await plan('retry')).toMatchObject({ count: 2, leftOut: 1 });
    expect(await plan('retry', { ids: [(await tasks())[0]!.id] })).toMatchObject({ count: 1, leftOut: 0 });
    await expect(plan('cancel', { state: 'failed' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(plan('reassign')).rejects.toMatchObject({ code: 'validation_failed', message: expect.stringContaining('input.agentId') });
    await expect(plan('reprioritise')).rejects.toMatchObject({ code: 'validation_failed', message: expect.stringContaining('input.priority') });
  });

  it('does not take back the cancellation of what was running, nor what a person changed since', async () => {
    await prepare('cancel', 3);
    const [first, second, third] = await tasks();
    await workspace.run(({ db }) =>
      sql`update tasks set state = 'running', version = version + 1, attempt = 1, claimed_by = ${agent}, lease_token = 'x',
        lease_expires_at = now() + interval '1 hour', deadline_at = now() + interval '1 hour' where id = ${first!.id}`.execute(db),
    );
    await workspace.run(({ db }) =>
      sql`insert into attempts (task_id, number, agent_id, agent_name, token, started_at)
        values (${first!.id}, 1, ${agent}, 'one', 'x', now())`.execute(db),
    );
    const frozen = await plan('cancel');
    await execute(frozen);
    await step();
    expect((await tasks()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    await workspace.run(({ db }) => sql`update tasks set state = 'queued', version = version + 1 where id = ${second!.id}`.execute(db));
    await workspace.run((tx) => undoBulkPlan(tx, frozen));
    await step();
    expect(await read(frozen)).toMatchObject({ state: 'undone', undone: 1, kept: 2 });
    expect((await tasks()).find(({ id }) => id === third!.id)?.state).toBe('queued');
  });

  it('leaves an audit entry for each task, by who decided it', async () => {
    await prepare('pause', 2);
    const frozen = await plan('pause');
    await execute(frozen);
    await step();
    const audited = await workspace.run(({ db }) =>
      rows(db, sql<{ action: string; name: string }>`select action, actor->>'name' as name from audit
        where action in ('tasks.held', 'bulkPlans.started', 'bulkPlans.done') order by seq`),
    );
    expect(audited.map(({ action }) => action)).toEqual(['bulkPlans.started', 'tasks.held', 'tasks.held', 'bulkPlans.done']);
    expect(new Set(audited.map(({ name }) => name)).size).toBe(1);
  });

  it('is listed among the confirmed ones once it is executed, page by page', async () => {
    await prepare('pause', 1);
    const looked = await plan('pause');
    const done = await plan('pause');
    await execute(done);
    await plan('pause');
    const list = (input: { confirmed?: boolean; cursor?: string; limit?: number }) => workspace.run((tx) => listBulkPlans(tx, { limit: 10, ...input }));
    expect((await list({})).items).toHaveLength(3);
    expect((await list({ confirmed: true })).items.map(({ id }) => id)).toEqual([done.id]);
    await execute(looked);
    const first = await list({ confirmed: true, limit: 1 });
    const second = await list({ confirmed: true, limit: 1, cursor: first.nextCursor ?? '' });
    expect([first, second].flatMap(({ items }) => items.map(({ id }) => id))).toEqual([done.id, looked.id]);
    expect(second.nextCursor).toBeNull();
  });
});
