// Figures and times as people read them: ages at the borders of their units, money, exact times.
import { expect, test } from 'vitest';
import { formatAge, formatAttempts, formatExact, formatMoney, formatRelative } from './format.ts';

test.each([
  [-3, '0 s'],
  [0.4, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3_599, '59 min'],
  [3_600, '1 h'],
  [47 * 3_600, '47 h'],
  [48 * 3_600, '2 d'],
  [400 * 86_400, '400 d'],
])('%d s is %s', (seconds, words) => expect(formatAge(seconds)).toBe(words));

test.each([
  ['0', '$0'],
  ['0.0004', '<$0.001'],
  ['0.0121', '$0.012'],
  ['4.1', '$4.10'],
  ['12345.678', '$12,345.68'],
])('%s dollars read %s', (dollars, words) => expect(formatMoney(dollars)).toBe(words));

test('an exact time says its zone, and a distant one its day', () => {
  expect(formatExact('2026-11-20T17:42:10Z')).toMatch(/^Fri,? 20 Nov 2026, \d\d:42:10 /);
  expect(formatExact('2026-11-20T17:42:10Z')).toMatch(/(UTC|GMT|[A-Z]{3,4})/);
  expect(formatRelative('2026-10-01T00:00:00Z', Date.parse('2026-11-20T17:42:10Z'))).toMatch(/2026/);
});

test('attempts are a part of those that are allowed only while they are no more', () => {
  const words = [0, 1, 3, 4].map((attempt) => formatAttempts({ attempt, maxAttempts: 3 }));
  expect(words).toEqual(['–', '1 / 3', '3 / 3', '4']);
});
