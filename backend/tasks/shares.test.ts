// The shares of a node: what one tenant leaves to the others, over random histories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShares } from './shares.ts';

const SLOTS = 100;
const shares = createShares(SLOTS);

describe('the slots of a node', () => {
  it('go to a tenant that is alone, but for those kept for the next', () => {
    expect(shares.roomOf('a', new Map())).toBe(90);
    expect(shares.roomOf('a', new Map([['a', 90]]))).toBe(0);
  });

  it('are there at once for a tenant that comes later, up to what was kept, and then as they fall free', () => {
    expect(shares.roomOf('b', new Map([['a', 90]]))).toBe(10);
    // Two tenants: the first is beyond its half and leaves what falls free to the second.
    expect(shares.roomOf('a', new Map([['a', 85], ['b', 10]]))).toBe(0);
    expect(shares.roomOf('b', new Map([['a', 85], ['b', 10]]))).toBe(5);
    expect(shares.roomOf('b', new Map([['a', 50], ['b', 50]]))).toBe(0);
  });

  it('are never more than there are, whatever was taken and given back before', () => {
    const step = fc.record({ tenant: fc.constantFrom('a', 'b', 'c', 'd'), wants: fc.integer({ min: 0, max: 80 }), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const running = new Map<string, number>();
        for (const { tenant, wants, ends } of steps) {
          const own = running.get(tenant) ?? 0;
          const room = shares.roomOf(tenant, running);
          const next = ends ? Math.max(0, own - wants) : own + Math.min(wants, room);
          if (next === 0) running.delete(tenant);
          else running.set(tenant, next);
          expect([...running.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(SLOTS);
          // One that has nothing finds a slot, unless tenants that have no more than their share hold them all.
          const others = [...running.values()];
          const fair = Math.floor(SLOTS / (running.size + 1));
          if (others.some((count) => count > fair + SLOTS * 0.1) && others.length === 1) {
            expect(shares.roomOf('new', running)).toBeGreaterThan(0);
          }
        }
      }),
    );
  });
});
