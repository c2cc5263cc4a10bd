// What random rounds over the engine share: a random choice, refusals that are answers, and a crowd over one workspace.
import { AppError } from '../../shared/errors.ts';
import { taskOperations } from '../../shared/task.ts';
import type { HandlerWorkspace } from '../platform/testing/workspace.ts';
import { taskHandlers, type createCreationHandlers, type createWorkHandlers } from '../tasks/index.ts';

/** Whoever draws: `random` is the next number in [0, 1), of a seed. */
export interface Drawing {
  random: () => number;
}

/** The right to report on an attempt. */
export interface Lease {
  id: string;
  leaseToken: string;
}

/** Claimants and operators at once over one workspace. */
export interface Crowd extends HandlerWorkspace, Drawing {
  work: ReturnType<typeof createWorkHandlers>;
  creation: ReturnType<typeof createCreationHandlers>;
  agents: string[];
  tasks: string[];
}

/** What one of a crowd does, as the agent of that id. */
export type Step<C extends Crowd> = (crowd: C, agentId: string) => Promise<unknown>;

export const pick = <Item>({ random }: Drawing, items: readonly Item[]): Item | undefined =>
  items[Math.floor(random() * items.length)];

/** Refusals with these codes are answers (undefined); anything else is a fault. */
export async function attempt<Result>(codes: string[], work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

/** The same for what answers nothing: whether it was done. */
export async function tolerate(codes: string[], work: () => Promise<unknown>): Promise<boolean> {
  const done = await attempt(codes, async () => {
    await work();
    return true;
  });
  return done === true;
}

/** Cancels or retries a task, whichever it is. */
export const ofTask =
  (operation: 'cancel' | 'retry'): Step<Crowd> =>
  async (crowd) => {
    const id = pick(crowd, crowd.tasks);
    if (id) await attempt(['transition_not_allowed'], () => crowd.call(taskOperations[operation], taskHandlers[operation], { id }));
  };

/** As many at once as there are claimants, each doing so many random steps as one of the agents, and then `last`. */
export async function allAtOnce<C extends Crowd>(
  crowd: C,
  { claimants, steps }: { claimants: number; steps: number },
  { step, last = async () => undefined }: { step: Step<C>; last?: (agentId: string, index: number) => Promise<unknown> },
): Promise<void> {
  const claimant = async (_: unknown, index: number): Promise<void> => {
    const agentId = crowd.agents[index % crowd.agents.length]!;
    for (let count = 0; count < steps; count += 1) await step(crowd, agentId);
    await last(agentId, index);
  };
  await Promise.all(Array.from({ length: claimants }, claimant));
}
