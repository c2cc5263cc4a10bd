// The handlers of what agents do. A claim may wait for work; it holds no transaction while it does.
import { AppError } from '../../shared/errors.ts';
import type { Claim, workOperations } from '../../shared/work.ts';
import { touchAgent } from '../agents/index.ts';
import { actorOf, type Credential } from '../platform/doors/credential.ts';
import { inTenant, inTenantAtOnce, onPlatform, type HandlersOf } from '../platform/doors/handlers.ts';
import type { Concerned, Signals } from '../platform/signals.ts';
import { atOnce, type RunInTenant } from '../platform/tenant-transaction.ts';
import { claimFor } from './claim.ts';
import type { Claimants } from './claimants.ts';
import { completeAttempt } from './complete.ts';
import { failAttempt, handOff, holdLease } from './finish.ts';
import { heartbeat } from './heartbeat.ts';
import { readTask } from './rows.ts';
import { reportFinding, reportProgress } from './work.ts';

export interface WorkOptions {
  runInTenant: RunInTenant;
  signals: Signals;
  leaseSeconds: number;
  claimants: Claimants;
}

/** The agent that a credential works as: the key's own, or the one it names. */
function agentOf(credential: Credential, named: string | undefined): string {
  const bound = credential.kind === 'key' ? credential.agentId : null;
  if (bound !== null && named !== undefined && named !== bound) {
    throw new AppError('forbidden', 'This API key is bound to another agent. Leave agentId out.');
  }
  const agentId = bound ?? named;
  if (agentId === undefined) {
    throw new AppError('validation_failed', 'agentId: name the agent, or use an API key that is bound to one.', {
      details: { fields: [{ path: 'agentId', message: 'Name the agent that claims.' }] },
    });
  }
  return agentId;
}

const boundAgent = (credential: Credential) => (credential.kind === 'key' ? (credential.agentId ?? undefined) : undefined);

/** A waiting claim looks at least this often, should a signal be lost. */
const POLL_MS = 1_000;

export function createWorkHandlers(options: WorkOptions): HandlersOf<typeof workOperations> {
  const { runInTenant, signals, leaseSeconds, claimants } = options;

  return {
    claim: onPlatform(async (request, input): Promise<Claim | null> => {
      const credential = request.credential!;
      const agentId = agentOf(credential, input.agentId);
      const caller = { actor: actorOf(credential), origin: request.origin };
      const claimant = { tenantId: credential.tenant.id, agentId, caller, leaseSeconds, capabilities: input.capabilities };
      const deadline = performance.now() + input.waitSeconds * 1000;
      // What is created for others or ended by them is nothing to an agent, unless a limit held it back.
      let limited = true;
      const concerns = (concerned: Concerned) => limited || concerned === 'all' || concerned.has(agentId);
      for (;;) {
        // Until it has looked, anything may be.
        limited = true;
        const signalled = signals.next('work', credential.tenant.id, {
          milliseconds: Math.max(0, Math.min(POLL_MS, deadline - performance.now())),
          signal: request.signal,
          concerns,
        });
        const claiming = atOnce((tx) => {
          const onLimits = (found: boolean) => void (limited = found);
          const how = { limit: 1, leaseSeconds, capabilities: input.capabilities, throwOnQuota: true, last: true, onLimits };
          tx.alongside(touchAgent(tx, agentId));
          return claimFor(tx, agentId, how);
        });
        const [claim] = await runInTenant(credential.tenant, caller, claiming);
        if (claim) return claim;
        if (performance.now() >= deadline) return null;
        const given = await claimants.wait(claimant, signalled);
        if (given) return given;
        // Nothing is claimed for a caller who is gone.
        if (request.signal.aborted) return null;
      }
    }),
    heartbeat: inTenantAtOnce((tx, input, { credential }) => heartbeat(tx, { ...input, agentId: boundAgent(credential) }, leaseSeconds)),
    progress: inTenant(async (tx, input, { credential }) => {
      await reportProgress(tx, { ...input, agentId: boundAgent(credential) });
      return null;
    }),
    findings: inTenant((tx, input, { credential }) => reportFinding(tx, { ...input, agentId: boundAgent(credential) })),
    complete: inTenantAtOnce(async (tx, input, { credential }) => {
      const task = await holdLease(tx, { ...input, agentId: boundAgent(credential) });
      await completeAttempt(tx, task, input);
      return readTask(tx, task.id);
    }),
    fail: inTenantAtOnce(async (tx, input, { credential }) => {
      const task = await holdLease(tx, { ...input, agentId: boundAgent(credential) });
      const { code, error: message, retryable, usage } = input;
      await failAttempt(tx, task, { code, message, retryable, outcome: 'failed', usage });
      return readTask(tx, task.id);
    }),
    handoff: inTenantAtOnce(async (tx, input, { credential }) => {
      const task = await holdLease(tx, { ...input, agentId: boundAgent(credential) });
      await handOff(tx, task, { notes: input.notes, usage: input.usage, reason: 'agent' });
      return readTask(tx, task.id);
    }),
  };
}
