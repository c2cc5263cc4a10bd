// The notice of a review: a decision that was refused. What went well is said by the bar (DeskBar.tsx).
import { notifications } from '@mantine/notifications';
import { adviceFor, problemOf } from '../components/problem.ts';
import type { Change } from './desk.ts';
import { verdictWords } from './reviewView.ts';

/** A decision that was shown and is taken back. */
export function tellRefused(ref: string, change: Change, error: unknown): void {
  const problem = problemOf(error);
  const kept =
    change.note === undefined
      ? 'It is as it was before.'
      : 'Your note is kept here as a draft: open the item to save it.';
  const what = change.verdict === undefined ? 'The note' : wordOf(change);
  notifications.show({
    title: `${what} of ${ref} was not saved`,
    message: `${problem.detail} ${kept} ${adviceFor(problem)}`,
    color: 'var(--fail)',
    withBorder: true,
    autoClose: 12_000,
  });
}

/** "Pass", "Undecided". */
export function wordOf(change: Change): string {
  return verdictWords[change.verdict ?? 'undecided'];
}
