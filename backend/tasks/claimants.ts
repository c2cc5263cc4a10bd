// Who waits at this node for work: a task that is created for one of them is claimed in the transaction that creates it,
// so that it starts with that commit. Elsewhere, and where anything speaks against it, the signal of the commit tells.
import type { Claim } from '../../shared/work.ts';
import type { Caller } from '../platform/tenant-transaction.ts';

export interface Claimant {
  tenantId: string;
  agentId: string;
  caller: Caller;
  leaseSeconds: number;
  /** What it says it can do; absent: what its agent is entered with. */
  capabilities?: string[] | undefined;
}

/** A claimant that was taken out of the line: nobody else gives it anything until it is put back. */
export interface Taken {
  claimant: Claimant;
  /** Its claim, which is committed. */
  give(claim: Claim): void;
  /** To where it stood. Does nothing after the first call of either. */
  putBack(): void;
}

export interface Claimants {
  /** Stands in line until a claim is given, or until `until`, of which it answers null. */
  wait(claimant: Claimant, until: Promise<unknown>): Promise<Claim | null>;
  /** The one that has waited longest for the agent, out of the line. */
  take(tenantId: string, agentId: string): Taken | undefined;
}

interface Place {
  claimant: Claimant;
  answer: (claim: Claim | null) => void;
  taken: boolean;
  /** Its time was up while it was taken. */
  over: boolean;
}

export function createClaimants(): Claimants {
  const lines = new Map<string, Place[]>();
  const keyOf = (tenantId: string, agentId: string): string => `${tenantId} ${agentId}`;

  function leave(key: string, place: Place): void {
    const rest = (lines.get(key) ?? []).filter((other) => other !== place);
    if (rest.length > 0) lines.set(key, rest);
    else lines.delete(key);
  }

  function end(key: string, place: Place): void {
    if (place.taken) return void (place.over = true);
    leave(key, place);
    place.answer(null);
  }

  return {
    wait(claimant, until) {
      const { promise, resolve } = Promise.withResolvers<Claim | null>();
      const key = keyOf(claimant.tenantId, claimant.agentId);
      const place: Place = { claimant, answer: resolve, taken: false, over: false };
      lines.set(key, [...(lines.get(key) ?? []), place]);
      const over = () => end(key, place);
      until.then(over, over);
      return promise;
    },
    take(tenantId, agentId) {
      const key = keyOf(tenantId, agentId);
      const place = lines.get(key)?.[0];
      if (!place) return undefined;
      leave(key, place);
      place.taken = true;
      return {
        claimant: place.claimant,
        give(claim) {
          if (!place.taken) return;
          place.taken = false;
          place.answer(claim);
        },
        putBack() {
          if (!place.taken) return;
          place.taken = false;
          if (place.over) place.answer(null);
          else lines.set(key, [place, ...(lines.get(key) ?? [])]);
        },
      };
    },
  };
}
