// How a node shares its slots among tenants: whoever comes alone gets nearly all, and nobody so many that the next
// tenant has to wait for one of them to end.

export interface Shares {
  /** Slots that a tenant may still take. */
  roomOf(tenantId: string): number;
  take(tenantId: string, slots: number): void;
  give(tenantId: string, slots: number): void;
}

/** Of all slots, those that are kept for tenants that run less than their share. */
const KEPT_FREE = 0.1;

/**
 * Below its even share of the slots a tenant may take any free one. Beyond it, it may take those that others leave, but
 * for a tenth, which is there for whoever comes next: work of minutes would otherwise keep a newcomer waiting as long.
 */
export function createShares(slots: number): Shares {
  const keptFree = Math.ceil(slots * KEPT_FREE);
  const taken = new Map<string, number>();
  let total = 0;
  const change = (tenantId: string, by: number) => {
    const now = (taken.get(tenantId) ?? 0) + by;
    total += by;
    if (now === 0) taken.delete(tenantId);
    else taken.set(tenantId, now);
  };
  return {
    roomOf(tenantId) {
      const own = taken.get(tenantId) ?? 0;
      const tenants = taken.size + (own === 0 ? 1 : 0);
      const free = slots - total;
      const spare = Math.max(0, free - keptFree);
      // Alone it has no share to be below of.
      if (tenants === 1) return spare;
      return Math.max(spare, Math.min(free, Math.max(0, Math.floor(slots / tenants) - own)));
    },
    take: (tenantId, count) => change(tenantId, count),
    give: (tenantId, count) => change(tenantId, -count),
  };
}
