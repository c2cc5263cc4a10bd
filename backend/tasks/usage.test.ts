// What work leaves in the usage: the roll-ups say what a scan of the attempts would, whoever wrote them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row, rows, sql, type Queryable } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { splitStatements } from '../platform/migrations.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { migrationsFolder } from '../platform/testing/template.ts';
import { seededRandom } from '../providers/index.ts';
import { claimFor } from './claim.ts';
import { createTask } from './create.ts';
import { completeAttempt } from './complete.ts';
import { failAttempt, holdLease } from './finish.ts';
import { randomWalk } from './testing/random-walk.ts';
import { makeWorkspace } from './testing/workspace.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const order = sql`order by at, agent_id, plan_id nulls first, account_id nulls first, outcome`;
/** The rows of both tables, seconds to the millionth: they are added up in another order. */
async function rollUps(db: Queryable): Promise<unknown> {
  const read = async () => [
    await rows(db, sql`select * from usage_hours ${order}`),
    await rows(db, sql`select * from usage_days ${order}`),
  ];
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value);
  return JSON.parse(JSON.stringify(await read(), rounded));
}

describe('work', () => {
  it('is rolled up by agent, plan and outcome, the execution at its claim and the rest at its end', async () => {
    const workspace = await makeWorkspace(test);
    const agent = await workspace.addAgent('any', { concurrency: 2 });
    const plan = newId();
    await workspace.run(({ db }) => sql`insert into plans (id, name, state, min_active, time_limit_seconds, success_criteria, counts, created_by)
      values (${plan}, 'Plan', 'running', 0, 900, '[]', '{}', '{}')`.execute(db));
    for (const title of ['planned', 'alone']) {
      await workspace.run(async (tx) => {
        const task = await createTask(tx, { title, instructions: '', kind: 'work', agentId: agent, priority: 5, maxAttempts: 3 });
        if (title === 'planned') await sql`update tasks set plan_id = ${plan} where id = ${task.id}`.execute(tx.db);
      });
    }
    const claims = await workspace.run((tx) => claimFor(tx, agent, { limit: 2, leaseSeconds: 60, throwOnQuota: true }));
    const read = () => workspace.run(({ db }) => rows(db, sql<{ outcome: string }>`select plan_id, outcome, executions, attempts,
      input_tokens::int as input, output_tokens::int as output, cost_usd::text as cost, at = date_trunc('hour', now(), 'UTC') as now
      from usage_hours order by outcome, plan_id nulls first`));
    const none = { attempts: 0, input: 0, output: 0, cost: '0.000000', now: true };
    const claimed = [null, plan].map((plan_id) => ({ ...none, plan_id, outcome: 'claimed', executions: 1 }));
    expect(await read()).toEqual(claimed);
    const usage = { inputTokens: 100, outputTokens: 20, costUsd: '0.25' };
    await workspace.run(async (tx) => {
      for (const { task, lease } of claims) {
        const held = await holdLease(tx, { id: task.id, leaseToken: lease.token });
        if (task.planId === null) await completeAttempt(tx, held, { output: 'done', usage });
        else await failAttempt(tx, held, { code: 'agent_error', message: 'no', retryable: true, outcome: 'failed', usage });
      }
    });
    const ended = { ...none, executions: 0, attempts: 1, input: 100, output: 20, cost: '0.250000' };
    expect(await read()).toEqual([...claimed, { ...ended, plan_id: plan, outcome: 'failed' }, { ...ended, plan_id: null, outcome: 'succeeded' }]);
    // The second attempt is no second execution.
    await workspace.run(({ db }) => sql`update tasks set run_at = null`.execute(db));
    await workspace.run((tx) => claimFor(tx, agent, { limit: 2, leaseSeconds: 60, throwOnQuota: true }));
    expect((await read()).filter(({ outcome }) => outcome === 'claimed')).toEqual(claimed);
  });

  it('of a claim that is refused for its quota leaves nothing', async () => {
    const workspace = await makeWorkspace(test, 'starter');
    const agent = await workspace.addAgent('any');
    await workspace.run((tx) => createTask(tx, { title: 'x', instructions: '', kind: 'work', agentId: agent, priority: 5, maxAttempts: 3 }));
    await workspace.run(({ db }) => sql`insert into usage_months (period, executions) values (to_char(now() at time zone 'UTC', 'YYYY-MM'), 1000)`.execute(db));
    await expect(workspace.run((tx) => claimFor(tx, agent, { limit: 1, leaseSeconds: 60, throwOnQuota: true }))).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await workspace.run(({ db }) => row(db, sql`select count(*)::int as count from usage_hours`))).toEqual({ count: 0 });
  });

  it('that was done before there were roll-ups, or before they knew of accounts, is brought in as it would have been written', async () => {
    const { workspace } = await randomWalk(test, seededRandom('backfill'), 160);
    const statementsOf = async (name: string, words: RegExp) =>
      splitStatements(await readFile(join(migrationsFolder, 'tenant', name), 'utf8')).filter((text) => words.test(text));
    const first = await statementsOf('0002_usage.sql', /insert into/);
    const accounts = await statementsOf('0012_usage_accounts.sql', /insert into|delete from/);
    expect([first.length, accounts.length]).toEqual([3, 4]);
    await workspace.run(async ({ db }) => {
      const written = await rollUps(db);
      expect(JSON.stringify(written)).toContain('"account_id":"');
      await sql`delete from usage_hours`.execute(db);
      await sql`delete from usage_days`.execute(db);
      for (const statement of [...first, ...accounts]) await sql.raw(statement).execute(db);
      expect(await rollUps(db)).toEqual(written);
    });
  });
});
