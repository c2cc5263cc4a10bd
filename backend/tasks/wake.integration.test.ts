// Whom a commit wakes, on both databases: those of the waiting whom it can concern, and no others.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentOperations } from '../../shared/agent.ts';
import { taskOperations } from '../../shared/task.ts';
import { workOperations } from '../../shared/work.ts';
import { agentHandlers } from '../agents/index.ts';
import { sql } from '../platform/database.ts';
import type { Concerned, NextOptions, Signals } from '../platform/signals.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { createClaimants, createCreationHandlers, createWorkHandlers, taskSettlers } from './index.ts';

const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 30_000 });

describe.each(['pglite', 'postgres'] as const)('the signal of a commit on %s', (dialect) => {
  let test: TestDatabase;
  let workspace: HandlerWorkspace;
  let agentId: string;
  let work: ReturnType<typeof createWorkHandlers>;
  let creation: ReturnType<typeof createCreationHandlers>;
  const addAgent = async (name: string) =>
    (await workspace.call(agentOperations.create, agentHandlers.create, { name, kind: 'external', concurrency: 5, capabilities: ['review'] })).id;
  const nodeWith = (signals: Signals) => ({ runInTenant: workspace.runInTenant, signals, leaseSeconds: 60, claimants: createClaimants() });
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    workspace = await makeHandlerWorkspace(test, { plan: 'enterprise', settlers: taskSettlers });
    work = createWorkHandlers(nodeWith(test.signals));
    creation = createCreationHandlers(nodeWith(test.signals));
    agentId = await addAgent('worker');
  });
  const create = (given: { agentId?: string; capabilities?: string[]; maxAttempts?: number }) =>
    workspace.call(taskOperations.create, creation.create, { title: 'Task', ...given });
  const claim = async () => {
    const { task, lease } = (await workspace.call(workOperations.claim, work.claim, { agentId }))!;
    return { id: task.id, leaseToken: lease.token };
  };

  /** Whom the next commit that brings work says that it concerns. */
  async function concernedBy(change: () => Promise<unknown>): Promise<Concerned> {
    const heard = Promise.withResolvers<Concerned>();
    const off = test.signals.on('work', (tenantId, concerned) => {
      if (tenantId === workspace.tenant.id) heard.resolve(concerned);
    });
    await change();
    return heard.promise.finally(off);
  }

  it('of a creation names the agent that it is for, and nobody where any may take it', async () => {
    expect(await concernedBy(() => create({ agentId }))).toEqual(new Set([agentId]));
    expect(await concernedBy(() => create({ capabilities: ['review'] }))).toBe('all');
    const ndjson = [agentId, await addAgent('other')].map((id) => JSON.stringify({ title: 'Task', agentId: id })).join('\n');
    const many = await concernedBy(() => workspace.call(taskOperations.createMany, creation.createMany, { ndjson }));
    expect(many).toHaveProperty('size', 2);
  });

  it('of the end of an attempt names the agent whose slot is free, and nobody where the task is queued again', async () => {
    for (const _ of [1, 2]) await create({ agentId });
    const [done, failed] = [await claim(), await claim()];
    expect(await concernedBy(() => workspace.call(workOperations.complete, work.complete, { ...done, output: 'done' }))).toEqual(new Set([agentId]));
    expect(await concernedBy(() => workspace.call(workOperations.fail, work.fail, { ...failed, error: 'no' }))).toBe('all');
    expect(await concernedBy(() => workspace.call(agentOperations.update, agentHandlers.update, { id: agentId, status: 'paused' }))).toBe('all');
  });

  it('wakes a claim by what concerns its agent, and by anything where a limit holds it back', async () => {
    const asked: NextOptions[] = [];
    const atFirst: boolean[] = [];
    const first = Promise.withResolvers<void>();
    const quiet: Signals = {
      ...test.signals,
      next: async (_kind, _tenantId, options) => {
        asked.push(options);
        // Before it has looked, anything may be.
        atFirst.push(options.concerns!(new Set(['another'])));
        await first.promise;
      },
    };
    const concerns = (who: Concerned) => asked.at(-1)!.concerns!(who);
    const waiting = workspace.call(workOperations.claim, createWorkHandlers(nodeWith(quiet)).claim, { agentId, waitSeconds: 1 });
    await until(() => asked.length > 0 ? concerns(new Set(['another'])) : 'not yet').toBe(false);
    await until(() => atFirst).toEqual([true]);
    expect([concerns('all'), concerns(new Set([agentId]))]).toEqual([true, true]);
    await workspace.run(({ db }) => sql`update workspace set max_running = 3`.execute(db));
    first.resolve();
    expect(await waiting).toBeNull();
    expect(concerns(new Set(['another']))).toBe(true);
  });
});
