// Group commit: what is reported while a tenant's transaction is under way goes together in its next one. A tenant's commits
// come one after the other (its head row), so alone this adds nothing, and under load it is what lets a node write more
// reports a second than a tenant has commits.
import { AppError } from '../../shared/errors.ts';
import { sqlState } from '../platform/sql-state.ts';
import type { Tenant } from '../platform/tenants.ts';

interface Waiting<Report, Outcome> {
  report: Report;
  resolve(outcome: Outcome): void;
  reject(cause: unknown): void;
}

export type Together<Report, Outcome> = (tenant: Tenant, report: Report) => Promise<Outcome>;

/**
 * `write`: writes some in one transaction, at the most `most`, and answers the outcome of each. No two of one task go
 * together.
 */
export function createGroup<Report extends { id: string }, Outcome>(
  most: number,
  write: (tenant: Tenant, reports: Report[]) => Promise<Outcome[]>,
): Together<Report, Outcome> {
  type One = Waiting<Report, Outcome>;
  const queues = new Map<string, One[]>();

  async function commit(tenant: Tenant, batch: One[]): Promise<void> {
    try {
      const outcomes = await write(tenant, batch.map(({ report }) => report));
      for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index]!);
    } catch (cause) {
      // One of them cannot be written, and takes no other with it; where nothing can be written, each is told so at once.
      if (batch.length === 1 || cause instanceof AppError || isAway(cause)) for (const { reject } of batch) reject(cause);
      else for (const one of batch) await commit(tenant, [one]);
    }
  }

  function takeNext(queue: One[]): One[] {
    const batch = new Map<string, One>();
    for (const one of queue) if (batch.size < most && !batch.has(one.report.id)) batch.set(one.report.id, one);
    const taken = new Set(batch.values());
    queue.splice(0, queue.length, ...queue.filter((one) => !taken.has(one)));
    return [...taken];
  }

  async function drain(tenant: Tenant, queue: One[]): Promise<void> {
    // All that is reported at this moment.
    await Promise.resolve();
    while (queue.length > 0) await commit(tenant, takeNext(queue));
    queues.delete(tenant.id);
  }

  return (tenant, report) => {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const waiting: One = { report, resolve, reject };
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

/** The database cannot be reached, has no room, or is being stopped: it is no matter of what was to be written. */
function isAway(cause: unknown): boolean {
  const state = sqlState(cause);
  if (state !== undefined) return /^(08|53|57|58)/.test(state);
  const { code, message = '' } = cause as { code?: unknown; message?: string };
  return typeof code === 'string' ? /^E[A-Z]+$/.test(code) : /[Cc]onnection (terminated|ended|error)|timeout exceeded/.test(message);
}
