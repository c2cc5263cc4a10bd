// Group commit of completions: those that are reported while a tenant's transaction is under way go together in its next
// one. A tenant's commits come one after the other (its head row), so alone this adds nothing, and under load it is what
// lets a node complete more tasks a second than a tenant has commits.
import { atOnce, type Caller, type RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { completeMany, type Completion, type CompletionOutcome } from './complete.ts';

/** Completions of one transaction at the most. */
const MOST = 200;

interface Waiting {
  completion: Completion;
  resolve(outcome: CompletionOutcome): void;
  reject(cause: unknown): void;
}

export type Complete = (tenant: Tenant, caller: Caller, completion: Completion) => Promise<CompletionOutcome>;

export function createCompletions(runInTenant: RunInTenant): Complete {
  const queues = new Map<string, Waiting[]>();

  async function commit(tenant: Tenant, batch: Waiting[]): Promise<void> {
    // Each entry says who reported it; the transaction's own caller stands for none of them.
    const caller = batch[0]!.completion.caller!;
    try {
      const work = runInTenant(tenant, caller, atOnce((tx) => completeMany(tx, batch.map(({ completion }) => completion))));
      const outcomes = await work;
      for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index]!);
    } catch (cause) {
      // One of them cannot be written, and takes no other with it.
      if (batch.length === 1) batch[0]!.reject(cause);
      else for (const one of batch) await commit(tenant, [one]);
    }
  }

  async function drain(tenant: Tenant, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await commit(tenant, queue.splice(0, MOST));
    queues.delete(tenant.id);
  }

  return (tenant, caller, completion) => {
    const { promise, resolve, reject } = Promise.withResolvers<CompletionOutcome>();
    const waiting: Waiting = { completion: { ...completion, caller }, resolve, reject };
    const queue = queues.get(tenant.id);
    if (queue) queue.push(waiting);
    else {
      const started = [waiting];
      queues.set(tenant.id, started);
      void drain(tenant, started);
    }
    return promise;
  };
}
