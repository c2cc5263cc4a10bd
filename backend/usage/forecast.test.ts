// The forecast: what it expects, how sure it says it is, and when it says nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAYS_NEEDED, forecast, HISTORY_DAYS, type DayOfUse } from './forecast.ts';

const DAY = 86_400_000;
/** Full days up to yesterday, each with so many executions and a tenth of a dollar for each. */
function daysBefore(now: Date, counts: number[]): DayOfUse[] {
  const today = Math.floor(now.getTime() / DAY) * DAY;
  return counts.map((executions, index) => ({ at: today - (counts.length - index) * DAY, executions, cost: executions / 10 }));
}
const noon = new Date('2026-11-20T12:00:00Z');
const used = { executions: 1_950, cost: 195 };

describe('a forecast', () => {
  it('says nothing after too few days, and how many it takes', () => {
    const found = forecast({ now: noon, days: daysBefore(noon, [100, 100]), used, limit: 3_000 });
    expect(found).toMatchObject({ method: null, executions: null, costUsd: null, runsOutAt: null, days: 2, daysNeeded: DAYS_NEEDED, used: 1_950 });
  });

  it('goes on as the last seven days went, with half of today gone', () => {
    const days = daysBefore(noon, [900, 900, ...Array.from({ length: 7 }, () => 100)]);
    const found = forecast({ now: noon, days, used, limit: null });
    // Half a day and ten days of a hundred.
    expect(found).toMatchObject({ method: 'mean', executions: { expected: 3_000 }, costUsd: { expected: 300 }, runsOutAt: null });
  });

  it('is sure of days that were all alike', () => {
    const found = forecast({ now: noon, days: daysBefore(noon, Array.from({ length: 5 }, () => 100)), used, limit: null });
    expect(found.executions).toEqual({ expected: 3_000, low: 3_000, high: 3_000 });
  });

  it('counts weekends as weekends when it knows two of each', () => {
    // 20 November 2026 is a Friday: the days before end on a Thursday.
    const today = Math.floor(noon.getTime() / DAY) * DAY;
    const counts = Array.from({ length: HISTORY_DAYS }, (_, index) => ([0, 6].includes(new Date(today - (HISTORY_DAYS - index) * DAY).getUTCDay()) ? 0 : 140));
    const found = forecast({ now: noon, days: daysBefore(noon, counts), used, limit: null });
    // Half of today, and of the ten days left six that are no weekend.
    expect(found).toMatchObject({ method: 'weekdays', executions: { expected: 1_950 + 70 + 6 * 140, low: 1_950 + 70 + 6 * 140 } });
  });

  it('names the day on which the quota is used up, within the day by the hour', () => {
    const days = daysBefore(noon, Array.from({ length: 7 }, () => 100));
    const at = (limit: number) => forecast({ now: noon, days, used, limit }).runsOutAt;
    expect(at(2_000)).toBe('2026-11-21T00:00:00.000Z');
    expect(at(2_025)).toBe('2026-11-21T06:00:00.000Z');
    expect(at(2_999)).toMatch(/^2026-11-30T23/);
    expect(at(3_001)).toBeNull();
    expect(at(1_950)).toBeNull();
  });

  it('keeps its order, stays above what is used, and runs out earlier when more is used', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: DAYS_NEEDED, maxLength: HISTORY_DAYS });
    const time = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }).map((at) => new Date(at));
    fc.assert(
      fc.property(time, counts, fc.nat({ max: 50_000 }), (now, given, limit) => {
        const found = forecast({ now, days: daysBefore(now, given), used, limit });
        const { expected, low, high } = found.executions!;
        expect(used.executions).toBeLessThanOrEqual(low);
        expect(low).toBeLessThanOrEqual(expected);
        expect(expected).toBeLessThanOrEqual(high);
        if (found.runsOutAt === null) return;
        expect(found.runsOutEarliestAt! <= found.runsOutAt).toBe(true);
        expect(Date.parse(found.runsOutAt)).toBeGreaterThanOrEqual(now.getTime());
        expect(found.runsOutAt <= found.resetsAt).toBe(true);
        expect(expected).toBeGreaterThanOrEqual(limit - 1);
      }),
    );
  });
});
