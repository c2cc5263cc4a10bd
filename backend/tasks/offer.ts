// Offers a task that is being created to an agent that waits for work at this node: it is inserted as claimed, unless the
// agent is held, has no room or something else to take first, or budgets have to be asked. Then the signal of the commit tells.
import { DEFAULT_QUEUE, type Task } from '../../shared/task.ts';
import { tryLockAgent, type AgentRow } from '../agents/index.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { claimFor, type Offer } from './claim.ts';
import type { Taken } from './claimants.ts';
import type { NewTask } from './create.ts';
import { lookFirst, type Candidate } from './find-work.ts';
import { insertStarted, newRow, tellCreated, type Taker } from './insert-queued.ts';
import type { Limits } from './room.ts';
import { toTask } from './rows.ts';

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
  const [agent, looked] = await Promise.all([tryLockAgent(tx, agentId), lookFirst(tx, { agentId, capabilities: capabilities ?? null })]);
  return { agent, ...looked };
}

/** Creates the task as claimed by whoever waits, and answers it as it was created; undefined: it is to be queued. */
export async function claimOffered(
  tx: TenantTransaction,
  task: NewTask,
  to: { offering: Offering; taken: Taken; taker: Taker },
): Promise<Task | undefined> {
  const { offering: { agent, limits, other }, taken, taker } = to;
  const { agentId, caller, leaseSeconds } = taken.claimant;
  const row = newRow(tx, task, taker);
  const insert: Offer['insert'] = (start) => {
    tellCreated(tx, row);
    return insertStarted(tx, task, start);
  };
  const queue = task.queue ?? DEFAULT_QUEUE;
  const candidate: Candidate = { id: task.id, counted: false, queue, planId: null, reserveUsd: null, attempt: 0, waited: 0, row };
  const offer: Offer | undefined = agent && !other && !limits.budgets ? { agent, limits, found: [candidate], only: true, insert } : undefined;
  const [claim] = offer ? await claimFor(tx, agentId, { limit: 1, leaseSeconds, throwOnQuota: false, last: true, offer, caller }) : [];
  if (!claim) {
    taken.putBack();
    return undefined;
  }
  tx.afterCommit(() => taken.give(claim));
  return toTask(row);
}
