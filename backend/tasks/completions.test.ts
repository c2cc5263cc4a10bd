// Completions in one transaction: what each means is what it means alone, and a stale one harms no other.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { row, rows } from '../platform/database.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import { claimFor } from './claim.ts';
import { completeMany } from './complete.ts';
import { createCompletions } from './completions.ts';
import { createTask } from './create.ts';
import { readTask } from './rows.ts';
import { checkHistory, checkInvariants } from './testing/random-walk.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';

let database: TestDatabase;
let workspace: TestWorkspace;
let agent: string;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.close());
beforeEach(async () => {
  workspace = await makeWorkspace(database);
  agent = await workspace.addAgent('worker', { concurrency: 100 });
});

async function claimed(count: number): Promise<{ id: string; leaseToken: string }[]> {
  for (let index = 0; index < count; index += 1) {
    const input = { title: `Task ${index}`, instructions: '', kind: 'work' as const, priority: 5, maxAttempts: 3, agentId: agent };
    await workspace.run((tx) => createTask(tx, input));
  }
  const claims = await workspace.run((tx) => claimFor(tx, agent, { limit: count, leaseSeconds: 60, throwOnQuota: true }));
  return claims.map(({ task, lease }) => ({ id: task.id, leaseToken: lease.token }));
}
const worker = (name: string) => ({ actor: { kind: 'agent' as const, id: agent, name }, origin: '192.0.2.7' });

it('completes those whose token is current, each once, and sets free what waits for them', async () => {
  const [first, second, third] = await claimed(3);
  const after = await workspace.run((tx) =>
    createTask(tx, { title: 'after', instructions: '', kind: 'work', priority: 5, maxAttempts: 3, agentId: agent, dependsOn: [first!.id, second!.id] }),
  );
  const usage = { inputTokens: 7, outputTokens: 3, costUsd: '0.25' };
  const outcomes = await workspace.run((tx) =>
    completeMany(tx, [
      { ...first!, output: 'one', usage, caller: worker('Ada’s') },
      { ...second!, output: 'two' },
      { ...third!, leaseToken: 'stale', output: 'three' },
      { ...first!, output: 'one again' },
      { ...third!, agentId: '019d2f6a-0400-7a31-8f0c-a000000000ff', output: 'of another agent' },
      { id: '019d2f6a-0400-7a31-8f0c-a000000000ff', leaseToken: 'x', output: 'nowhere' },
    ]),
  );
  expect(outcomes).toEqual(['done', 'done', 'lost', 'lost', 'lost', 'missing']);
  const read = (id: string) => workspace.run((tx) => readTask(tx, id));
  expect(await read(first!.id)).toMatchObject({ state: 'succeeded', output: 'one', costUsd: '0.250000' });
  expect(await read(third!.id)).toMatchObject({ state: 'running', output: null });
  expect(await read(after.id)).toMatchObject({ state: 'queued' });
  const audited = await workspace.run(({ db }) =>
    rows(db, sql<{ name: string; origin: string }>`select actor->>'name' as name, origin from audit where action = 'tasks.succeeded' order by seq`),
  );
  expect(audited).toEqual([{ name: 'Ada’s', origin: '192.0.2.7' }, { name: 'Signalbox', origin: 'system' }]);
  const month = await workspace.run(({ db }) => row(db, sql<{ tokens: number }>`select input_tokens::int as tokens from usage_months`));
  expect(month?.tokens).toBe(7);
  await checkInvariants(workspace);
  await checkHistory(workspace);
});

it('takes what is reported meanwhile into the next transaction, and lets a bad one fail alone', async () => {
  const leases = await claimed(20);
  let transactions = 0;
  const counting: RunInTenant = (_tenant, _caller, work) => {
    transactions += 1;
    return workspace.run(work);
  };
  const complete = createCompletions(counting);
  const reported = leases.map((lease, index) =>
    // PostgreSQL cannot hold U+0000: the whole transaction is refused.
    complete(workspace.tenant, { ...lease, output: index === 7 ? 'bad \u0000' : 'done', caller: worker('worker') }),
  );
  const settled = await Promise.allSettled(reported);
  expect(settled.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  expect(settled[7]?.status).toBe('rejected');
  for (const [index, result] of settled.entries()) if (index !== 7) expect(result).toEqual({ status: 'fulfilled', value: 'done' });
  // All together, and then each of them by itself.
  expect(transactions).toBe(1 + 20);

  const more = await claimed(10);
  transactions = 0;
  await Promise.all(more.map((lease) => complete(workspace.tenant, { ...lease, output: 'done', caller: worker('worker') })));
  expect(transactions).toBe(1);
  await checkInvariants(workspace);
});
