// What went wrong, as every screen shows it: the problem document behind any error.
import { toProblem, AppError, type Problem } from '../../shared/errors.ts';

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

/** The problem that an error carries (`data.problem` of a TRPCClientError); anything else reads as internal. */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  if (error instanceof AppError) return toProblem(error);
  const data = (error as { data?: { problem?: unknown } | null } | null)?.data;
  if (isProblem(data?.problem)) return data.problem;
  return toProblem(new AppError('internal', 'Something went wrong in this window. Nothing was changed.'));
}

/** Field errors by path, for a form: `{ 'email': 'Write an e-mail address ...' }`. */
export function fieldErrors(problem: Problem): Record<string, string> {
  return Object.fromEntries((problem.fields ?? []).map((field) => [field.path, field.message]));
}

/** A disk or a file that refused: its `reason` is named, and its words say what happened and what to do. */
export function saysItself({ code, reason }: Problem): boolean {
  return (code === 'unavailable' || code === 'malformed_request') && typeof reason === 'string';
}

/** What the person can do about it, in one sentence; empty where the problem says so itself. */
export function adviceFor(problem: Problem): string {
  if (saysItself(problem)) return '';
  switch (problem.code) {
    case 'unauthenticated':
      return 'Sign in again.';
    case 'invalid_credentials':
      return 'Check the e-mail address and the password.';
    case 'forbidden':
      return 'Ask an owner or an admin of the workspace.';
    case 'not_found':
      return 'Go back to the list.';
    case 'conflict':
    case 'version_conflict':
    case 'transition_not_allowed':
      return 'Look at how it is now, then decide again.';
    case 'validation_failed':
    case 'malformed_request':
      return 'Mend what is named, then send it again.';
    case 'quota_exceeded':
    case 'plan_limit_reached':
      return 'Wait until the quota resets, or move to a larger plan.';
    case 'rate_limited':
      return typeof problem.retryAfterSeconds === 'number'
        ? `Try again in ${problem.retryAfterSeconds} s.`
        : 'Try again in a moment.';
    case 'payload_too_large':
      return 'Send less at once.';
    case 'unavailable':
      return 'Signalbox keeps trying to connect. You can try again now.';
    case 'email_taken':
      return 'Sign in instead, or use another address.';
    default:
      return 'Try again. If it stays, restart Signalbox.';
  }
}
