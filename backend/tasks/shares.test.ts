// The shares of a node: what one tenant leaves to the others, over random histories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShares } from './shares.ts';

const SLOTS = 100;

/** The slots as they are after these were taken. */
function after(taken: Record<string, number>) {
  const shares = createShares(SLOTS);
  for (const [tenant, count] of Object.entries(taken)) shares.take(tenant, count);
  return shares;
}

describe('the slots of a node', () => {
  it('go to a tenant that is alone, but for those kept for the next', () => {
    expect(after({}).roomOf('a')).toBe(90);
    expect(after({ a: 90 }).roomOf('a')).toBe(0);
  });

  it('are there at once for a tenant that comes later, up to what was kept, and then as they fall free', () => {
    expect(after({ a: 90 }).roomOf('b')).toBe(10);
    // Two tenants: the first is beyond its half and leaves what falls free to the second.
    const shares = after({ a: 90, b: 10 });
    shares.give('a', 5);
    expect(shares.roomOf('a')).toBe(0);
    expect(shares.roomOf('b')).toBe(5);
    expect(after({ a: 50, b: 50 }).roomOf('b')).toBe(0);
  });

  it('are never more than there are, and one is left for a newcomer beside a tenant that has more than its share', () => {
    const step = fc.record({ tenant: fc.constantFrom('a', 'b', 'c', 'd'), wants: fc.nat(80), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const shares = createShares(SLOTS);
        const running: Record<string, number> = { a: 0, b: 0, c: 0, d: 0 };
        for (const { tenant, wants, ends } of steps) {
          const count = ends ? Math.min(running[tenant]!, wants) : Math.min(wants, shares.roomOf(tenant));
          if (ends) shares.give(tenant, count);
          else shares.take(tenant, count);
          running[tenant]! += ends ? -count : count;
          const counts = Object.values(running);
          expect(counts.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(SLOTS);
          if (counts.filter((one) => one > 0).length === 1) expect(shares.roomOf('newcomer')).toBeGreaterThan(0);
        }
      }),
    );
  });
});
