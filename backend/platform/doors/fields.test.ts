// What a caller reads about the fields that were refused.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from './fields.ts';

const schema = z.object({ leaseToken: z.string().min(1, 'Give the token.'), usage: z.object({ tokens: z.int() }) });

test.each([
  ['a field that is left out', { usage: { tokens: 1 } }, 'leaseToken: This is required.'],
  ['one within another', { leaseToken: 'a', usage: {} }, 'usage.tokens: This is required.'],
  ['a body that is not there', undefined, '(body): This is required.'],
  ['one of another type', { leaseToken: 'a', usage: { tokens: 'b' } }, 'usage.tokens: Invalid input: expected number, received string'],
  ['one with words of its own', { leaseToken: '', usage: { tokens: 1 } }, 'leaseToken: Give the token.'],
])('%s is named, with what to do', (_, input, said) => {
  const fields = fieldErrors(schema.safeParse(input).error!);
  expect(fields.map(({ path, message }) => `${path}: ${message}`)).toEqual([said]);
});
