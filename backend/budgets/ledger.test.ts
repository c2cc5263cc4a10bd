// The arithmetic of budgets against what is really spent: random claims, spending, reports, ends and edits. After each
// of them the sums are those of their parts, nothing is held that is not there, and the overshoot that is shown holds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canReserve, exposureOf, freeOf, fromMicros, leftOf, meter, overshootOf, reserve, settle, stop, toMicros, unreserve, type Ledger, type Reservation,
} from './ledger.ts';

/** An attempt that reports what it spends, and never spends more than a step between two reports. */
interface Honest {
  reservation: Reservation;
  step: bigint;
  known: boolean;
  /** Really spent; of it `told` was reported. */
  real: bigint;
  told: bigint;
  stopped: boolean;
}

type Act =
  | { do: 'claim'; cost: bigint; known: boolean }
  | { do: 'spend' | 'report' | 'end' | 'unclaim'; which: number; share: number }
  | { do: 'edit'; amount: bigint };

const micros = (most: number) => fc.integer({ min: 1, max: most }).map(BigInt);
const acts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), cost: micros(400), known: fc.boolean() }) },
    {
      weight: 12,
      arbitrary: fc.record({ do: fc.constantFrom('spend' as const, 'spend' as const, 'report' as const, 'end' as const), which: fc.nat(50), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), amount: micros(3_000) }) },
  ),
  { minLength: 20, maxLength: 120 },
);

class World {
  ledger: Ledger = { amount: 1_000n, spent: 0n, reserved: 0n, exposed: 0n, running: 0 };
  flying: Honest[] = [];
  ended = 0n;

  /** What may be spent without another report. */
  private roomOf(one: Honest): bigint {
    if (one.stopped) return 0n;
    const sinceReport = one.real - one.told;
    const bound = one.known ? one.step - one.real : one.step - sinceReport;
    return bound > 0n ? bound : 0n;
  }

  act(act: Act): void {
    if (act.do === 'edit') {
      this.ledger.amount = act.amount;
      return;
    }
    if (act.do === 'claim') {
      const reservation: Reservation = { held: act.cost, metered: 0n, step: act.cost, known: act.known };
      if (!canReserve(this.ledger, act.cost)) return;
      reserve(this.ledger, reservation);
      this.flying.push({ reservation, step: act.cost, known: act.known, real: 0n, told: 0n, stopped: false });
      expect(freeOf(this.ledger)).toBeGreaterThanOrEqual(0n);
      return;
    }
    const one = this.flying[act.which % Math.max(1, this.flying.length)];
    if (!one) return;
    if (act.do === 'spend') one.real += (this.roomOf(one) * BigInt(Math.round(act.share * 1_000))) / 1_000n;
    if (act.do === 'report' && !one.stopped) {
      one.told = one.real;
      one.stopped = !meter(this.ledger, one.reservation, one.real);
      if (one.stopped) stop(this.ledger, one.reservation, one.real);
    }
    if (act.do === 'end') {
      settle(this.ledger, one.reservation, one.real);
      this.ended += one.real;
      this.flying = this.flying.filter((other) => other !== one);
    }
  }

  check(): void {
    const { ledger, flying } = this;
    const sum = (of: (one: Honest) => bigint): bigint => flying.reduce((all, one) => all + of(one), 0n);
    expect(ledger.spent).toBe(this.ended + sum(({ told }) => told));
    expect(ledger.reserved).toBe(sum(({ reservation }) => leftOf(reservation)));
    expect(ledger.exposed).toBe(sum(({ reservation }) => exposureOf(reservation)));
    expect(ledger.reserved).toBeGreaterThanOrEqual(0n);
    expect(ledger.exposed).toBeGreaterThanOrEqual(ledger.reserved);
    expect(ledger.running).toBe(flying.length);
    // Really spent, reported or not, is within what is shown.
    expect(this.ended + sum(({ real }) => real)).toBeLessThanOrEqual(ledger.amount + overshootOf(ledger));
  }
}

describe('the ledger', () => {
  it('adds up, and what is spent stays within the overshoot that is shown, which grows by claims and edits alone', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const world = new World();
        for (const act of list) {
          const shown = overshootOf(world.ledger);
          world.act(act);
          world.check();
          if (act.do !== 'claim' && act.do !== 'edit') expect(overshootOf(world.ledger)).toBeLessThanOrEqual(shown);
        }
      }),
      { numRuns: 400, seed: 21 },
    );
  });

  it('never goes over with attempts whose most is known', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const world = new World();
        for (const act of list) {
          if (act.do === 'edit') continue;
          world.act(act.do === 'claim' ? { ...act, known: true } : act);
          expect(overshootOf(world.ledger)).toBe(0n);
        }
        expect(world.ledger.spent).toBeLessThanOrEqual(world.ledger.amount);
      }),
      { numRuns: 200, seed: 22 },
    );
  });

  it('takes back a claim that was not made', () => {
    const ledger: Ledger = { amount: 10n, spent: 2n, reserved: 0n, exposed: 0n, running: 0 };
    const reservation: Reservation = { held: 5n, metered: 0n, step: 5n, known: false };
    reserve(ledger, reservation);
    unreserve(ledger, reservation);
    expect(ledger).toEqual({ amount: 10n, spent: 2n, reserved: 0n, exposed: 0n, running: 0 });
  });

  it('is not misled by reports that go down, jump, or belie what was known', () => {
    const ledger: Ledger = { amount: 100n, spent: 0n, reserved: 0n, exposed: 0n, running: 0 };
    const liar: Reservation = { held: 10n, metered: 0n, step: 10n, known: true };
    reserve(ledger, liar);
    expect(meter(ledger, liar, 8n)).toBe(true);
    expect(meter(ledger, liar, 3n)).toBe(true);
    expect(ledger.spent).toBe(8n);
    expect(meter(ledger, liar, 30n)).toBe(true);
    expect(overshootOf(ledger)).toBe(10n);
    expect(meter(ledger, liar, 1_000_000n)).toBe(false);
    expect(ledger).toMatchObject({ spent: 1_000_000n, reserved: 0n });
    settle(ledger, liar, 0n);
    expect(ledger).toMatchObject({ spent: 1_000_000n, reserved: 0n, exposed: 0n, running: 0 });
  });

  it('reads and writes decimals exactly', () => {
    for (const decimal of ['0', '0.000001', '12.5', '999999999999.999999', '-0.25']) expect(fromMicros(toMicros(decimal))).toBe(decimal);
    expect(fromMicros(toMicros('1.500000'))).toBe('1.5');
  });
});
