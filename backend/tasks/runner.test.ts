// The runner of hosted attempts: what a run reports of its usage is in the attempt's row while it runs, and stays there
// however it ends; an answer that says to stop ends the run.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { row, sql } from '../platform/database.ts';
import { createLog } from '../platform/log.ts';
import { createRunInTenant } from '../platform/tenant-transaction.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { newId } from '../platform/ids.ts';
import type { Provider, RunAccount } from '../providers/index.ts';
import { serviceSettings } from '../../shared/provider.ts';
import { claimFor } from './claim.ts';
import { cancelTask } from './commands.ts';
import { createTask } from './create.ts';
import { taskSettlers } from './index.ts';
import { createRunner, type Runner } from './runner.ts';
import { makeWorkspace, type TestWorkspace } from './testing/workspace.ts';

let test: TestDatabase;
let workspace: TestWorkspace;
let runner: Runner;
let agentId: string;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());
beforeEach(async () => {
  workspace = await makeWorkspace(test);
  agentId = await workspace.addAgent('worker');
  const runInTenant = createRunInTenant(test.database, test.installation.appLogin, { settlers: taskSettlers });
  runner = createRunner({ runInTenant, leaseSeconds: 30, log: createLog('silent') });
});

/** Starts one attempt on a provider, and answers the task's id. */
async function start(run: Provider['run']): Promise<string> {
  const { claim } = await workspace.run(async (tx) => {
    await createTask(tx, { title: 'Task', instructions: '', kind: 'work', priority: 5, maxAttempts: 3, agentId });
    const [claimed] = await claimFor(tx, agentId, { limit: 1, leaseSeconds: 30, throwOnQuota: true });
    return { claim: claimed! };
  });
  const agent = { id: agentId, name: 'worker', role: '', instructions: '' };
  void runner.start({ tenant: workspace.tenant, claim, agent, provider: { run }, model: 'm', account, rates: null });
  return claim.task.id;
}
const account: RunAccount = {
  id: newId(), tenantId: newId(), name: 'Main', kind: 'simulator', settings: {}, service: serviceSettings.parse({}), secret: null,
  troubled: false, probing: false, coolingCount: 0, breakerEpoch: 0,
};
const attempt = (id: string) =>
  workspace.run(async ({ db }) => (await row(db, sql<{ outcome: string; input_tokens: number; cost_usd: string }>`
    select outcome, input_tokens::int as input_tokens, cost_usd::text as cost_usd from attempts where task_id = ${id}`))!);
const used = { inputTokens: 1_200, outputTokens: 30, costUsd: '0.25' };
const forever = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));

describe('what a run reports of its usage', () => {
  it('is in the attempt while it runs, and stays when the provider breaks off', async () => {
    const told = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const id = await start(async ({ report }) => {
      await report.usage(used);
      told.resolve();
      await go.promise;
      throw new Error('the line went dead');
    });
    await told.promise;
    expect(await attempt(id)).toEqual({ outcome: 'running', input_tokens: 1_200, cost_usd: '0.250000' });
    go.resolve();
    await expect.poll(() => attempt(id)).toEqual({ outcome: 'failed', input_tokens: 1_200, cost_usd: '0.250000' });
  });

  it('ends the run when the answer says to stop, and is kept', async () => {
    const cancel = Promise.withResolvers<void>();
    const id = await start(async (run) => {
      await run.report.usage(used);
      await cancel.promise;
      const ended = forever(run);
      await run.report.usage({ ...used, inputTokens: 9_999 });
      return ended;
    });
    await expect.poll(() => attempt(id)).toMatchObject({ input_tokens: 1_200 });
    await workspace.run((tx) => cancelTask(tx, { id }));
    cancel.resolve();
    await expect.poll(() => runner.running()).toBe(0);
    expect(await attempt(id)).toEqual({ outcome: 'cancelled', input_tokens: 1_200, cost_usd: '0.250000' });
  });
});
