// A breaker for each account on this node (cockatiel): after some faults in a row nothing is sent for a while, then one
// attempt probes it. That it is open stands in the account's row as well, for the other nodes and for who asks why.
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy, type IBackoff, type IBackoffFactory } from 'cockatiel';
import { breaks } from './classify.ts';
import { ProviderFault } from './faults.ts';

/** Faults in a row that open it. */
export const FAULTS_TO_OPEN = 5;
const SHORTEST_SECONDS = 15;
const LONGEST_SECONDS = 300;

/** Seconds that a breaker stays open after it has cooled so often in a row: 15, 30, 60 ... five minutes. */
export function openSeconds(count: number): number {
  return Math.min(LONGEST_SECONDS, SHORTEST_SECONDS * 2 ** Math.min(count, 10));
}

export type BreakerState = 'closed' | 'half_open' | 'open';
const names: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

interface Known {
  policy: CircuitBreakerPolicy;
  epoch: number;
}

export interface BreakerRef {
  id: string;
  tenantId: string;
  breakerEpoch: number;
}

export interface Breakers {
  /** Runs, unless the breaker is open: that throws `provider_breaker_open` and nothing was sent. */
  run<Result>(account: BreakerRef, work: () => Promise<Result>): Promise<Result>;
  state(accountId: string): BreakerState;
  forget(accountId: string): void;
}

export type OnBreaker = (account: BreakerRef, state: BreakerState) => void;

/** Accounts that are kept in mind; the one that was asked for the longest ago goes first. */
const MOST = 5_000;

export function createBreakers(options: { openSeconds?: ((count: number) => number) | undefined; onChange?: OnBreaker }): Breakers {
  const { onChange = () => {}, openSeconds: seconds = openSeconds } = options;
  const known = new Map<string, Known>();

  // The account's row says when it is probed; this must only not be later than that.
  const backoffOf = (opened: number): IBackoff<unknown> => ({
    duration: seconds(opened - 1) * 900,
    next: (context) => backoffOf((context as { attempt: number }).attempt),
  });
  const backoff: IBackoffFactory<{ attempt: number }> = { next: ({ attempt }) => backoffOf(attempt) };

  function policyOf(account: BreakerRef): CircuitBreakerPolicy {
    const found = known.get(account.id);
    known.delete(account.id);
    // It was closed elsewhere, by another node's probe or by a person's test: what was counted here is of before.
    if (found && found.epoch >= account.breakerEpoch) {
      known.set(account.id, found);
      return found.policy;
    }
    const policy = circuitBreaker(handleWhen(breaks), { breaker: new ConsecutiveBreaker(FAULTS_TO_OPEN), halfOpenAfter: backoff });
    policy.onStateChange((state) => onChange(account, names[state]));
    known.set(account.id, { policy, epoch: account.breakerEpoch });
    for (const id of known.keys()) {
      if (known.size <= MOST) break;
      known.delete(id);
    }
    return policy;
  }

  return {
    async run(account, work) {
      try {
        return await policyOf(account).execute(work);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new ProviderFault('provider_breaker_open', 'It failed too often in a row; nothing is sent to it for a while.');
      }
    },
    state: (id) => names[known.get(id)?.policy.state ?? CircuitState.Closed],
    forget: (id) => void known.delete(id),
  };
}
