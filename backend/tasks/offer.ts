// Offers a task that is being created to an agent that waits for work at this node: it is inserted as claimed, unless the
// agent is held, has no room or something else to take first, or budgets have to be asked. Then the signal of the commit tells.
import { DEFAULT_QUEUE, type TaskSummary } from '../../shared/task.ts';
import { tryLockAgent, type AgentRow } from '../agents/index.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { claimFor, isAnyQueued, type Offer } from './claim.ts';
import type { Taken } from './claimants.ts';
import type { NewTask } from './create.ts';
import { insertStarted, summaryOf, type Taker } from './insert-queued.ts';
import { readLimits, type Limits } from './room.ts';

export interface Offering {
  /** Held; absent: another holds it. */
  agent: AgentRow | undefined;
  limits: Limits;
  /** The agent has something to take first. */
  other: boolean;
}

/** What an offer stands on; asked for at once, before the task is inserted. */
export async function openOffer(tx: TenantTransaction, { claimant, putBack }: Taken): Promise<Offering> {
  tx.afterRollback(putBack);
  const { agentId, capabilities } = claimant;
  const [agent, limits, other] = await Promise.all([
    tryLockAgent(tx, agentId),
    readLimits(tx, agentId),
    isAnyQueued(tx, agentId, capabilities),
  ]);
  return { agent, limits, other };
}

/** Creates the task as claimed by whoever waits, and answers it as it was created; undefined: it is to be queued. */
export async function claimOffered(
  tx: TenantTransaction,
  task: NewTask,
  to: { offering: Offering; taken: Taken; taker: Taker },
): Promise<TaskSummary | undefined> {
  const { offering: { agent, limits, other }, taken, taker } = to;
  const { agentId, caller, leaseSeconds } = taken.claimant;
  const insert: Offer['insert'] = (start) => insertStarted(tx, task, { taker, start });
  const offer = agent && !other && !limits.budgets ? { agent, limits, taskId: task.id, queue: task.queue ?? DEFAULT_QUEUE, insert } : undefined;
  const [claim] = offer ? await claimFor(tx, agentId, { limit: 1, leaseSeconds, throwOnQuota: false, last: true, offer, caller }) : [];
  if (!claim) {
    taken.putBack();
    return undefined;
  }
  tx.afterCommit(() => taken.give(claim));
  return summaryOf(tx, task, taker);
}
