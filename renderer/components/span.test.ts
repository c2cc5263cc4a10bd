// Spans of time in words, in the zone of whoever reads them.
import { describe, expect, test } from 'vitest';
import { formatSpan, parseSpan } from '../../shared/schema.ts';
import { formatSpanWords, recentSpans, startOfDay } from './span.ts';

const at = (...parts: [number, number, number, number?, number?]): number => new Date(...parts).getTime();
const spanOf = (from: number | null, to: number | null): string =>
  formatSpan({ from: from === null ? null : new Date(from).toISOString(), to: to === null ? null : new Date(to).toISOString() });
const year = new Date().getFullYear();

describe('a span', () => {
  test('is two times in their order, one of them perhaps open', () => {
    expect(parseSpan('2026-11-20T14:00:00Z/..')).toEqual({ from: '2026-11-20T14:00:00Z', to: null });
    expect(parseSpan('../2026-11-20T14:00:00+02:00')).toEqual({ from: null, to: '2026-11-20T14:00:00+02:00' });
    for (const wrong of ['', '../..', '2026-11-20', '2026-11-20T15:00:00Z/2026-11-20T14:00:00Z', 'a/b', '2026-11-20T15:00:00Z']) {
      expect(parseSpan(wrong)).toBeNull();
    }
  });

  test('reads as a person would say it', () => {
    expect(formatSpanWords(spanOf(at(year, 10, 20, 14), at(year, 10, 20, 15)))).toBe('20 Nov, 14:00 – 15:00');
    expect(formatSpanWords(spanOf(at(year, 10, 20, 23), at(year, 10, 21)))).toBe('20 Nov, 23:00 – 00:00');
    expect(formatSpanWords(spanOf(at(year, 10, 20, 23), at(year, 10, 21, 1)))).toBe('20 Nov, 23:00 – 21 Nov, 01:00');
    expect(formatSpanWords(spanOf(at(year, 10, 20), at(year, 10, 21)))).toBe('20 Nov');
    expect(formatSpanWords(spanOf(at(year, 10, 20), at(year, 10, 27)))).toBe('20 Nov – 26 Nov');
    expect(formatSpanWords(spanOf(at(2019, 10, 20), at(2019, 10, 21)))).toBe('20 Nov 2019');
    expect(formatSpanWords(spanOf(at(year, 10, 20, 14, 30), null))).toBe('since 20 Nov, 14:30');
    expect(formatSpanWords('nonsense')).toBe('nonsense');
  });

  test('what is offered holds now, or ends at midnight', () => {
    const now = at(2026, 10, 20, 14, 30);
    const offered = new Map(recentSpans(now).map(({ label, value }) => [label, parseSpan(value)]));
    expect(offered.get('Last hour')).toEqual({ from: new Date(at(2026, 10, 20, 13, 30)).toISOString(), to: null });
    expect(offered.get('Yesterday')?.to).toBe(new Date(startOfDay(now)).toISOString());
    expect(offered.get('Last 7 days')?.from).toBe(new Date(at(2026, 10, 14)).toISOString());
  });
});
