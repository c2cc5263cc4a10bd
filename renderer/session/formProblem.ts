// A form that sends to main: field errors go to their fields, the rest is said above the button.
import type { RpcResponse } from '../../shared/ipc.ts';
import type { Problem } from '../../shared/errors.ts';
import { fieldErrors } from '../components/problem.ts';

interface Form {
  setErrors(errors: Record<string, string>): void;
  values: object;
}

/** Puts the answer's field errors to their inputs; the answer is the problem that no input can show. */
export function placeProblem(response: RpcResponse, form: Form): Problem | null {
  if (response.ok) return null;
  const { problem } = response;
  if (problem.code === 'email_taken') {
    form.setErrors({ email: problem.detail });
    return null;
  }
  const errors = fieldErrors(problem);
  form.setErrors(errors);
  const placed = Object.keys(errors).filter((path) => path in form.values);
  const all = placed.length > 0 && placed.length === Object.keys(errors).length;
  return all ? null : problem;
}

/** A schema's own words as a form's validation; the backend says the same. */
export function wordsOf(schema: { safeParse(value: unknown): { success: boolean; error?: { issues: { message: string }[] } } }) {
  return (value: unknown): string | null => schema.safeParse(value).error?.issues[0]?.message ?? null;
}
