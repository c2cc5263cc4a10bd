// Ticks, bands and labels.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bandOf, indexAt, niceTicks, segmentAt, spreadLabels } from './scale.ts';

test('ticks are round and reach the highest value', () => {
  expect(niceTicks(37)).toEqual([0, 20, 40]);
  expect(niceTicks(0, { whole: true })).toEqual([0, 1]);
  expect(niceTicks(2, { whole: true })).toEqual([0, 1, 2]);
  expect(niceTicks(1, { whole: true })).toEqual([0, 1]);
  expect(niceTicks(5_400, { seconds: true })).toEqual([0, 1_800, 3_600, 5_400]);
  expect(niceTicks(0.004)).toEqual([0, 0.002, 0.004]);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.boolean(), (most, seconds) => {
      const ticks = niceTicks(most, { seconds });
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.999_999);
      expect(ticks.length).toBeLessThanOrEqual(4);
    }),
  );
});

test('each point has its band', () => {
  const plot = { left: 40, top: 10, width: 600, height: 100 };
  for (const index of [0, 17, 59]) {
    const { left, width } = bandOf(index, plot, 60);
    expect(indexAt(left + width / 2, plot, 60)).toBe(index);
  }
  expect([indexAt(39, plot, 60), indexAt(641, plot, 60), indexAt(100, plot, 0)]).toEqual([null, null, null]);
  expect(indexAt(640, plot, 60)).toBe(59);
});

test('the part of a stack by its height; what is nought cannot be met', () => {
  expect([0, 2, 4, 6, 9].map((value) => segmentAt([3, 0, null, 4], value))).toEqual([0, 0, 3, 3, null]);
});

test('labels keep apart, in their order, inside the chart', () => {
  const gap = 14;
  fc.assert(
    fc.property(fc.array(fc.double({ min: 10, max: 200, noNaN: true }), { minLength: 1, maxLength: 8 }), (places) => {
      const spread = spreadLabels(places, gap, [10, 200]);
      const sorted = [...spread].sort((a, b) => a - b);
      for (const [index, place] of sorted.entries()) {
        expect(place).toBeGreaterThanOrEqual(9.999);
        expect(place).toBeLessThanOrEqual(200.001);
        if (index > 0) expect(place - (sorted[index - 1] as number)).toBeGreaterThanOrEqual(gap - 0.001);
      }
    }),
  );
  expect(spreadLabels([50, 100], gap, [0, 200])).toEqual([50, 100]);
  expect(spreadLabels([100, 102], gap, [0, 200])).toEqual([94, 108]);
});
