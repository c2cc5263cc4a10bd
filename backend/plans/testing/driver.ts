// Drives a plan by hand: claims, completes, fails and hands off as an agent's program would.
import { agentOperations, type Agent } from '../../../shared/agent.ts';
import { planOperations, type Plan, type planInput } from '../../../shared/plan.ts';
import type { Task } from '../../../shared/task.ts';
import { workOperations, type Claim } from '../../../shared/work.ts';
import type { z } from 'zod';
import { agentHandlers } from '../../agents/index.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import {
  makeHandlerWorkspace,
  type HandlerWorkspace,
  type WorkspaceOptions,
} from '../../platform/testing/workspace.ts';
import { createClaimants, createWorkHandlers, taskSettlers } from '../../tasks/index.ts';
import { planHandlers, settlePlans } from '../index.ts';

export interface Driver extends HandlerWorkspace {
  create(plan: z.input<typeof planInput>): Promise<Plan>;
  start(id: string): Promise<Plan>;
  get(id: string): Promise<Plan>;
  agents(): Promise<Agent[]>;
  agentNamed(name: string): Promise<Agent>;
  /** Claims the next task of the agent of that name. */
  claim(agent: string): Promise<Claim | null>;
  complete(claim: Claim | null, output?: string): Promise<Task>;
  fail(claim: Claim | null, retryable?: boolean): Promise<Task>;
  handOff(claim: Claim | null, notes: string): Promise<Task>;
}

/** A workspace in which plans settle, with what an agent can do. */
export async function makeDriver(test: TestDatabase, options: WorkspaceOptions = {}): Promise<Driver> {
  const workspace = await makeHandlerWorkspace(test, {
    settlers: { ...taskSettlers, plan: settlePlans },
    ...options,
  });
  const { runInTenant } = workspace;
  const work = createWorkHandlers({ runInTenant, signals: test.signals, leaseSeconds: 60, claimants: createClaimants() });
  const { call } = workspace;
  const lease = (claim: Claim | null) => ({ id: claim!.task.id, leaseToken: claim!.lease.token });
  const agents = async () => (await call(agentOperations.list, agentHandlers.list, { limit: 200 })).items;
  const agentNamed = async (name: string) => (await agents()).find((agent) => agent.name === name)!;
  return {
    ...workspace,
    agents,
    agentNamed,
    create: (plan) => call(planOperations.create, planHandlers.create, plan),
    start: (id) => call(planOperations.start, planHandlers.start, { id }),
    get: (id) => call(planOperations.get, planHandlers.get, { id }),
    claim: async (name) => call(workOperations.claim, work.claim, { agentId: (await agentNamed(name)).id }),
    complete: (claim, output = 'done') =>
      call(workOperations.complete, work.complete, { ...lease(claim), output }),
    fail: (claim, retryable = false) =>
      call(workOperations.fail, work.fail, { ...lease(claim), error: 'It did not work.', retryable }),
    handOff: (claim, notes) => call(workOperations.handoff, work.handoff, { ...lease(claim), notes }),
  };
}
