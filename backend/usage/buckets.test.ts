// The edges of buckets: zones, the change of the clocks, and what is too long.
import { describe, expect, it } from 'vitest';
import { areDays, edgesOf, spanOf } from './buckets.ts';

const span = (from: string, to: string) => spanOf({ from, to });
const edges = (...given: Parameters<typeof edgesOf>) => edgesOf(...given).map((edge) => new Date(edge).toISOString().slice(0, 16));

describe('buckets', () => {
  it('are whole hours, the span widened to them', () => {
    expect(edges('hour', span('2026-11-20T10:20:00Z', '2026-11-20T12:01:00Z'), 'UTC')).toEqual(['2026-11-20T10:00', '2026-11-20T11:00', '2026-11-20T12:00', '2026-11-20T13:00']);
  });

  it('are the days of the zone, 23 and 25 hours long where the clocks change', () => {
    expect(edges('day', span('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z'), 'Europe/Berlin')).toEqual(['2026-03-27T23:00', '2026-03-28T23:00', '2026-03-29T22:00', '2026-03-30T22:00']);
    const autumn = edgesOf('day', span('2026-10-24T04:00:00Z', '2026-11-03T05:00:00Z'), 'America/New_York');
    expect(autumn.slice(1).map((edge, index) => (edge - autumn[index]!) / 3_600_000)).toEqual([24, 24, 24, 24, 24, 24, 24, 24, 25, 24]);
  });

  it('begin at the next full hour where the zone is half an hour off', () => {
    expect(edges('day', span('2026-11-19T19:00:00Z', '2026-11-21T19:00:00Z'), 'Asia/Kolkata')).toEqual(['2026-11-19T19:00', '2026-11-20T19:00', '2026-11-21T19:00']);
  });

  it('are months of UTC, the first one perhaps cut', () => {
    expect(edges('month', span('2025-12-10T00:00:00Z', '2026-03-01T00:00:00Z'), 'Asia/Tokyo')).toEqual(['2025-12-10T00:00', '2026-01-01T00:00', '2026-02-01T00:00', '2026-03-01T00:00']);
  });

  it('are read from days only where every edge is a midnight of UTC', () => {
    expect(areDays(edgesOf('month', span('2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'), 'UTC'))).toBe(true);
    expect(areDays(edgesOf('day', span('2026-01-01T00:00:00Z', '2026-01-05T00:00:00Z'), 'Europe/Berlin'))).toBe(false);
  });

  it('are refused when there are too many, or none, at once', () => {
    for (const [bucket, to] of [['hour', '2026-12-20T00:00:00Z'], ['day', '2027-11-20T00:00:00Z'], ['month', '9000-01-01T00:00:00Z']] as const) {
      expect(() => edgesOf(bucket, span('2026-11-20T00:00:00Z', to), 'UTC')).toThrow(/At most \d+/);
    }
    expect(() => span('2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z')).toThrow(/after the beginning/);
  });
});
