// Ages in one unit, at the borders of the units.
import { expect, test } from 'vitest';
import { formatAge } from './format.ts';

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
