// The list's filters by what attempts did when: exactly the tasks that a chart's bar counts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { taskOperations } from '../../shared/task.ts';
import { newId } from '../platform/ids.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { claimFor } from './claim.ts';
import { createTask } from './create.ts';
import { completeAttempt } from './complete.ts';
import { failAttempt, handOff, holdLease } from './finish.ts';
import { taskHandlers } from './handlers.ts';
import { taskSettlers } from './index.ts';

let test: TestDatabase;
let workspace: HandlerWorkspace;
let other: string;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
  workspace = await makeHandlerWorkspace(test, { settlers: taskSettlers });
  other = (await workspace.run(async ({ db }) => {
    const { rows } = await sql<{ id: string }>`insert into agents (id, name, kind) values (gen_random_uuid(), 'other', 'external') returning id`.execute(db);
    return rows[0]!;
  })).id;
});
afterAll(() => test.close());

type End = 'succeed' | 'fail' | 'hand off' | null;
/** Runs one attempt of the only task that can be claimed, and sets when it began and ended. */
async function attempt(agentId: string, end: End, [from, to]: [string, string | null]): Promise<string> {
  const { run } = workspace;
  const [claim] = await run((tx) => claimFor(tx, agentId, { limit: 1, leaseSeconds: 60, throwOnQuota: true }));
  const lease = { id: claim!.task.id, leaseToken: claim!.lease.token };
  await run(async (tx) => {
    if (end === null) return;
    const held = await holdLease(tx, lease);
    if (end === 'succeed') await completeAttempt(tx, held, { output: 'done' });
    else if (end === 'hand off') await handOff(tx, held, { notes: 'go on', reason: 'agent' });
    else await failAttempt(tx, held, { code: 'agent_error', message: 'no', retryable: true, outcome: 'failed' });
  });
  await run(async ({ db }) => {
    await sql`update attempts set started_at = ${day(from)}::timestamptz, finished_at = ${to === null ? null : day(to)}::timestamptz
      where task_id = ${lease.id} and number = ${claim!.lease.attempt}`.execute(db);
    await sql`update tasks set run_at = null, queued_at = now() where state = 'queued'`.execute(db);
  });
  return lease.id;
}
const day = (time: string): string => `2026-11-20T${time}:00.000Z`;
const span = (from: string, to: string): string => `${day(from)}/${day(to)}`;
const make = (title: string) =>
  workspace.run((tx) => createTask(tx, { title, instructions: '', kind: 'work', priority: 5, maxAttempts: 3 }));
async function titles(filter: object): Promise<string[]> {
  const { items } = await workspace.call(taskOperations.list, taskHandlers.list, filter);
  const counts = await workspace.call(taskOperations.count, taskHandlers.count, filter);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(items.length);
  return items.map((task) => task.title).toSorted();
}

describe('a task is listed by its attempts', () => {
  beforeAll(async () => {
    const { coordinatorId: first } = workspace;
    await make('once');
    await attempt(first, 'succeed', ['10:00', '10:30']);
    await make('twice');
    await attempt(first, 'fail', ['10:15', '10:59']);
    await attempt(other, 'succeed', ['11:00', '11:20']);
    await make('handed on');
    await attempt(first, 'hand off', ['11:10', '11:30']);
    await attempt(first, 'succeed', ['12:00', '12:30']);
    await make('running');
    await attempt(first, null, ['12:10', null]);
    await make('never');
  });

  it('that ended in a span, its end left out', async () => {
    expect(await titles({ ended: span('10:00', '11:00') })).toEqual(['once', 'twice']);
    expect(await titles({ ended: span('10:30', '10:59') })).toEqual(['once']);
    expect(await titles({ ended: span('11:00', '12:00') })).toEqual(['handed on', 'twice']);
    expect(await titles({ ended: `${day('12:00')}/..` })).toEqual(['handed on']);
    expect(await titles({ ended: `../${day('10:31')}` })).toEqual(['once']);
  });

  it('that started in a span', async () => {
    expect(await titles({ started: span('12:00', '13:00') })).toEqual(['handed on', 'running']);
  });

  it('with one outcome in the span, whatever became of the task since', async () => {
    expect(await titles({ ended: span('10:00', '11:00'), outcome: 'failed' })).toEqual(['twice']);
    expect(await titles({ ended: span('11:00', '12:00'), outcome: 'failed' })).toEqual([]);
    expect(await titles({ outcome: 'handed_off, failed' })).toEqual(['handed on', 'twice']);
    expect(await titles({ outcome: 'running' })).toEqual(['running']);
  });

  it('by the agent of that attempt', async () => {
    expect(await titles({ ended: span('11:00', '12:00'), agentId: other })).toEqual(['twice']);
    expect(await titles({ ended: span('10:00', '11:00'), agentId: other })).toEqual([]);
  });

  it('by the provider account that it ran on', async () => {
    const account = (await workspace.run(async ({ db }) => {
      const { rows } = await sql<{ id: string }>`update attempts set provider_account_id = gen_random_uuid()
        where agent_id = ${other} returning provider_account_id as id`.execute(db);
      return rows[0]!;
    })).id;
    expect(await titles({ accountId: account })).toEqual(['twice']);
    expect(await titles({ ended: span('11:00', '12:00'), accountId: account })).toEqual(['twice']);
    expect(await titles({ ended: span('10:00', '11:00'), accountId: account })).toEqual([]);
    expect(await titles({ ended: span('10:00', '12:00'), accountId: 'none' })).toEqual(['handed on', 'once', 'twice']);
    expect(await titles({ ended: span('11:00', '11:30'), accountId: 'none' })).toEqual([]);
  });

  it('when it was counted as an execution: at its first claim, and not again', async () => {
    expect(await titles({ counted: span('10:00', '11:00') })).toEqual(['once', 'twice']);
    expect(await titles({ counted: span('11:00', '12:00') })).toEqual(['handed on']);
    expect(await titles({ counted: span('12:00', '13:00') })).toEqual(['running']);
  });

  it('of no plan', async () => {
    expect(await titles({ planId: 'none', ended: span('10:00', '11:00') })).toEqual(['once', 'twice']);
    expect(await titles({ planId: newId() })).toEqual([]);
  });

  it('page by page, with nothing twice', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await workspace.call(taskOperations.list, taskHandlers.list, { ended: `${day('10:00')}/..`, limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen).toHaveLength(4);
  });

  it('and what is no span or outcome is refused by its name', async () => {
    expect(() => taskOperations.list.input.parse({ ended: 'yesterday' })).toThrow(/Write two times/);
    await expect(titles({ outcome: 'exploded' })).rejects.toMatchObject({ code: 'validation_failed', details: { fields: [{ path: 'outcome' }] } });
  });
});
