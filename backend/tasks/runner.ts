// Runs claimed tasks of hosted agents on this node: heartbeats beside them, and one report at the end of each.
import { AppError } from '../../shared/errors.ts';
import type { AttemptUsage, Claim } from '../../shared/work.ts';
import { pause } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { atOnce, type Caller, type RunInTenant, type TenantTransaction } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { noteAccount, type AttemptResult, type AttemptRun, type Provider } from '../providers/index.ts';
import { createCompletions } from './completions.ts';
import { endRevoked, failAttempt, handOff, holdLease, leaseLost, releaseAttempt } from './finish.ts';
import { heartbeatMany, type Beat, type Pulse } from './heartbeat.ts';
import { createGroup } from './group.ts';
import { reportFinding, reportProgress } from './work.ts';

/** A claimed task with all that its run needs. */
export interface HostedClaim {
  tenant: Tenant;
  claim: Claim;
  agent: { id: string; name: string; role: string; instructions: string };
  provider: Provider;
  model: string;
  account: AttemptRun['account'];
  rates: AttemptRun['rates'];
}

export interface RunnerOptions {
  runInTenant: RunInTenant;
  leaseSeconds: number;
  log: Log;
}

export interface Runner {
  /** Ends with the run; it never rejects. */
  start(hosted: HostedClaim): Promise<void>;
  running(): number;
  /** Whether it is at this attempt. */
  runs(taskId: string, attempt: number): boolean;
  /** Stops all runs and puts their tasks back without spending an attempt. */
  stop(): Promise<void>;
}

const REPORT_TRIES = 5;
/** Heartbeats of one transaction at the most: all that a node runs, as a rule. */
const MOST_BEATS = 500;

/**
 * The beat of a node, the same for all its attempts, so that theirs are written together: the first one of an attempt comes
 * sooner than a whole one after its begin.
 */
function createBeats(milliseconds: number): { add(beat: () => void): () => void } {
  const all = new Set<() => void>();
  let clock: NodeJS.Timeout | undefined;
  return {
    add(beat) {
      all.add(beat);
      clock ??= setInterval(() => {
        for (const one of all) one();
      }, milliseconds);
      return () => {
        all.delete(beat);
        if (all.size > 0) return;
        clearInterval(clock);
        clock = undefined;
      };
    },
  };
}

export function createRunner(options: RunnerOptions): Runner {
  const { runInTenant, leaseSeconds, log } = options;
  const complete = createCompletions(runInTenant);
  const pulse = createGroup<Beat & { caller: Caller }, Pulse>(MOST_BEATS, (tenant, reports) =>
    runInTenant(tenant, reports[0]!.caller, atOnce((tx) => heartbeatMany(tx, reports, { leaseSeconds }))),
  );
  const beats = createBeats((leaseSeconds * 1000) / 3);
  const runs = new Map<string, { abort: AbortController; done: Promise<void> }>();
  let stopping = false;

  const callerOf = ({ agent }: HostedClaim): Caller => ({ actor: { kind: 'agent', id: agent.id, name: agent.name }, origin: 'system' });

  /** Runs a report in the tenant's transaction. */
  function report<Result>(hosted: HostedClaim, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result> {
    return persist(() => runInTenant(hosted.tenant, callerOf(hosted), work));
  }

  /** A database that is away for a moment is tried again. */
  async function persist<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof AppError || tried === REPORT_TRIES) throw error;
        await pause(200 * 2 ** tried);
      }
    }
  }

  async function settle(hosted: HostedClaim, result: AttemptResult | 'released'): Promise<void> {
    const lease = { id: hosted.claim.task.id, leaseToken: hosted.claim.lease.token };
    if (result !== 'released' && result.note) await tellAccount(hosted, result.note);
    if (result !== 'released' && result.kind === 'completed') {
      const { output, usage } = result;
      const outcome = await persist(() => complete(hosted.tenant, { ...lease, output, usage, caller: callerOf(hosted) }));
      if (outcome !== 'done') throw leaseLost();
      return;
    }
    await report(hosted, async (tx) => {
      const task = await holdLease(tx, lease);
      if (result === 'released') return releaseAttempt(tx, task);
      if (result.kind === 'handed_off') return handOff(tx, task, { notes: result.notes, usage: result.usage, reason: 'agent' });
      const { code = 'agent_error', error: message, usage } = result;
      if (result.kind === 'put_back') return releaseAttempt(tx, task, { error: { code, message }, usage });
      return failAttempt(tx, task, { code, message, retryable: result.retryable, outcome: 'failed', usage });
    });
  }

  /**
   * In a transaction of its own, and first: an account that cools gives no work while the attempt is put back, and what
   * is known of it counts whatever became of the lease.
   */
  async function tellAccount(hosted: HostedClaim, note: NonNullable<AttemptResult['note']>): Promise<void> {
    await report(hosted, (tx) => noteAccount(tx, hosted.account.id, note)).catch((cause: unknown) => {
      log.warn({ err: cause, account: hosted.account.id }, 'what an attempt has shown of its provider account could not be written');
    });
  }

  async function run(hosted: HostedClaim, abort: AbortController): Promise<void> {
    const { claim, provider } = hosted;
    const lease = { id: claim.task.id, leaseToken: claim.lease.token };
    let used: AttemptUsage | undefined;
    const tell = () =>
      persist(() => pulse(hosted.tenant, { ...lease, usage: used, caller: callerOf(hosted) })).then(
        // A lost lease ends the run; a database that is away does not, the lease decides.
        (news) => void ((typeof news === 'string' || news.cancel) && abort.abort()),
        (error: unknown) => void (error instanceof AppError && abort.abort()),
      );
    // One at a time: where the database is slower than the beat, more of them would only make it slower still.
    let beating = false;
    const stopBeating = beats.add(() => {
      if (beating) return;
      beating = true;
      void tell().finally(() => (beating = false));
    });
    try {
      const result = await provider.run({
        task: claim.task,
        attempt: claim.lease.attempt,
        agent: hosted.agent,
        model: hosted.model,
        account: hosted.account,
        rates: hosted.rates,
        signal: abort.signal,
        report: {
          progress: (given) => report(hosted, (tx) => reportProgress(tx, { ...lease, ...given })),
          finding: async (given) => void (await report(hosted, (tx) => reportFinding(tx, { ...lease, ...given }))),
          async usage(given) {
            used = given;
            await tell();
          },
        },
      });
      stopBeating();
      await settle(hosted, result);
    } catch (error) {
      stopBeating();
      await settleFailed(hosted, { aborted: abort.signal.aborted, used }, error);
    }
  }

  async function settleFailed(hosted: HostedClaim, run: { aborted: boolean; used: AttemptUsage | undefined }, error: unknown): Promise<void> {
    // Whoever took the lease, or cancelled, has written what became of the task; a budget that stopped it has not.
    if (error instanceof AppError || (run.aborted && !stopping)) return endStopped(hosted, run.used);
    const failed = { kind: 'failed', error: 'The provider broke off.', retryable: true, usage: run.used ?? { inputTokens: 0, outputTokens: 0, costUsd: '0' } } as const;
    if (!stopping) log.warn({ err: error, task: hosted.claim.task.id }, 'a hosted attempt threw');
    await settle(hosted, stopping ? 'released' : failed).catch((cause: unknown) => {
      if (cause instanceof AppError) return;
      log.warn({ err: cause, task: hosted.claim.task.id }, 'the end of an attempt could not be written; its lease will run out');
    });
  }

  /** Ends an attempt that a budget has stopped, without waiting for its lease; any other is not held any more. */
  async function endStopped(hosted: HostedClaim, used: AttemptUsage | undefined): Promise<void> {
    const lease = { id: hosted.claim.task.id, leaseToken: hosted.claim.lease.token };
    await report(hosted, async (tx) => {
      const task = await holdLease(tx, lease);
      if (task.revoked) await endRevoked(tx, task, used);
    }).catch((cause: unknown) => {
      if (!(cause instanceof AppError)) log.warn({ err: cause, task: lease.id }, 'an attempt that was told to stop ends with its lease');
    });
  }

  return {
    start(hosted) {
      const key = `${hosted.claim.task.id}:${hosted.claim.lease.attempt}`;
      const abort = new AbortController();
      const done = run(hosted, abort).finally(() => runs.delete(key));
      runs.set(key, { abort, done });
      return done;
    },
    running: () => runs.size,
    runs: (taskId, attempt) => runs.has(`${taskId}:${attempt}`),
    async stop() {
      stopping = true;
      for (const { abort } of runs.values()) abort.abort();
      await Promise.all([...runs.values()].map(({ done }) => done));
    },
  };
}
