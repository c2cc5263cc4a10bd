// Short notices at the corner: something was done, or was not.
import { notifications } from '@mantine/notifications';
import { adviceFor, problemOf } from './problem.ts';

/** "3 tasks are queued again." */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'var(--ok)', withBorder: true });
}

/** For an action in a row, which has no place of its own to say what went wrong. */
export function notifyProblem(error: unknown): void {
  const problem = problemOf(error);
  notifications.show({
    title: problem.detail,
    message: adviceFor(problem),
    color: 'var(--fail)',
    withBorder: true,
    autoClose: 12_000,
  });
}
