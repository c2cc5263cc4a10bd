// Forms over operations: the schema's own words at the fields, and a refusal's field errors where they belong.
import { fieldErrors, problemOf } from './problem.ts';
import type { Problem } from '../../shared/errors.ts';

interface Form {
  setErrors(errors: Record<string, string>): void;
}

/**
 * Puts the field errors of a refusal to the fields that the form has. Answers the problem where something is left
 * that no field shows, and null where the fields say it all. `provider.accountId` belongs to the field `provider`.
 */
export function placeFieldErrors(error: unknown, form: Form, fields: readonly string[]): Problem | null {
  const problem = problemOf(error);
  const errors = Object.entries(fieldErrors(problem)).map(([path, message]) => {
    const field = fields.find((known) => path === known || path.startsWith(`${known}.`));
    return { field, message };
  });
  const placed = errors.filter((one) => one.field !== undefined);
  form.setErrors(Object.fromEntries(placed.map(({ field, message }) => [field, message])));
  if (placed.length > 0) focusFirstError();
  return errors.length > 0 && placed.length === errors.length ? null : problem;
}

interface Schema {
  safeParse(value: unknown): { success: boolean; error?: { issues: { message: string }[] } };
}
/** A schema's own words as a form's validation; the backend says the same. */
export function wordsOf(schema: Schema): (value: unknown) => string | null {
  return (value) => schema.safeParse(value).error?.issues[0]?.message ?? null;
}

/** After a refusal the first field to mend takes the focus. */
export function focusFirstError(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus());
}
