// The fields of an input that were refused, by their paths: what a form shows beside them.
import type { z } from 'zod';
import type { FieldError } from '../../../shared/errors.ts';

/** What zod says of a field that was left out: in its own terms, not in those of who calls. */
const MISSING = /^Invalid input: expected \w+, received undefined$/;

/** Each field that a schema refused, as `a.b.0`. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    path: issue.path.map(String).join('.') || '(body)',
    message: MISSING.test(issue.message) ? 'This is required.' : issue.message,
  }));
}

/**
 * Each text that PostgreSQL cannot hold: U+0000, or half of a surrogate pair. Schemas need not repeat this.
 */
export function unstorable(input: unknown): FieldError[] {
  const fields: FieldError[] = [];
  const open: { path: string; value: unknown }[] = [{ path: '', value: input }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, value } = next;
    if (typeof value === 'string') {
      if (value.includes('\u0000')) fields.push({ path, message: 'Remove the NUL characters.' });
      else if (!value.isWellFormed())
        fields.push({ path, message: 'Remove the characters that are cut in half.' });
    } else if (value !== null && typeof value === 'object') {
      for (const [name, member] of Object.entries(value))
        open.push({ path: path === '' ? name : `${path}.${name}`, value: member });
    }
  }
  return fields;
}
