// Percentiles of the histogram against the exact ones, of any durations and however they were split and merged.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bucketOf,
  countInto,
  LAST_BUCKET,
  mergeInto,
  percentileOf,
  percentilesOf,
  RELATIVE_ERROR,
  secondsOf,
  SMALLEST_SECONDS,
  type Histogram,
} from './histogram.ts';

const of = (durations: number[]): Histogram => {
  const histogram: Histogram = new Map();
  for (const seconds of durations) countInto(histogram, bucketOf(seconds));
  return histogram;
};
const exact = (durations: number[], share: number): number =>
  durations.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * durations.length)) - 1]!;
// As durations are: from microseconds to days, each size as likely.
const duration = fc.double({ min: -5, max: 6.4, noNaN: true }).map((exponent) => 10 ** exponent);
const share = fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1);

it('is within its stated error of the exact percentile, for any durations', () => {
  expect(RELATIVE_ERROR).toBeLessThanOrEqual(0.05);
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), share, (durations, of_) => {
      const found = percentileOf(of(durations), of_)!;
      const wanted = exact(durations, of_);
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(wanted * RELATIVE_ERROR * 1.000001 + SMALLEST_SECONDS);
    }),
    { numRuns: 500 },
  );
});

it('says the same however the durations were split into slots and merged', () => {
  fc.assert(
    fc.property(fc.array(fc.array(duration, { maxLength: 40 }), { maxLength: 12 }), (slots) => {
      const merged: Histogram = new Map();
      for (const slot of slots) mergeInto(merged, of(slot));
      expect(percentilesOf(merged)).toEqual(percentilesOf(of(slots.flat())));
    }),
  );
});

it('holds none, and durations beyond its ends', () => {
  expect(percentilesOf(new Map())).toEqual({ p50: null, p95: null, p99: null });
  expect([0, -1, Number.NaN, 1e-9].map(bucketOf)).toEqual([0, 0, 0, 0]);
  expect(secondsOf(0)).toBe(0);
  expect(bucketOf(1e12)).toBe(LAST_BUCKET);
  expect(secondsOf(LAST_BUCKET)).toBeGreaterThan(30 * 86_400);
});
