// How a node shares its slots among tenants: whoever comes alone gets nearly all, and nobody so many that the next
// tenant has to wait for one of them to end.

export interface Shares {
  /** Slots that a tenant may still take, while others run what `running` says (by tenant). */
  roomOf(tenantId: string, running: ReadonlyMap<string, number>): number;
}

/** Of all slots, those that are kept for tenants that run less than their share. */
const KEPT_FREE = 0.1;

/**
 * Below its even share of the slots a tenant may take any free one. Beyond it, it may take those that others leave, but
 * for a tenth, which is there for whoever comes next: work of minutes would otherwise keep a newcomer waiting as long.
 */
export function createShares(slots: number): Shares {
  const keptFree = Math.ceil(slots * KEPT_FREE);
  return {
    roomOf(tenantId, running) {
      const own = running.get(tenantId) ?? 0;
      const total = [...running.values()].reduce((sum, count) => sum + count, 0);
      const tenants = running.size + (own === 0 ? 1 : 0);
      const free = Math.max(0, slots - total);
      const share = Math.floor(slots / tenants);
      const belowShare = Math.min(free, Math.max(0, share - own));
      if (tenants > 1 && own < share) return Math.max(belowShare, free - keptFree);
      return Math.max(0, free - keptFree);
    },
  };
}
