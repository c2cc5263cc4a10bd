import { expect, test } from 'vitest';
import { asOfWords } from './as-of.ts';

const at = (day: number, hour: number, minute: number): Date => new Date(2026, 0, day, hour, minute);

test('says the clock, and the day where it was another one', () => {
  expect(asOfWords(at(5, 9, 4).toISOString(), at(5, 23, 59).getTime())).toBe('as of 09:04, connecting…');
  expect(asOfWords(at(5, 23, 59).toISOString(), at(6, 0, 1).getTime())).toBe('as of 5 Jan, 23:59, connecting…');
});
