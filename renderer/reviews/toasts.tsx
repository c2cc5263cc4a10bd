// Short notices of a review: what was decided, with the way back, and what was refused.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { adviceFor, problemOf } from '../components/problem.ts';
import { Kbd } from '../components/values.tsx';
import type { Change } from './desk.ts';
import { verdictWords } from './reviewView.ts';
import styles from './reviews.module.css';

const UNDO_ID = 'review-undo';
const HINT_ID = 'review-hint';

/** Takes the place of the one before: only the last decision is offered here, the rest by the key. */
export function tellDecided(words: string, onUndo: () => void): void {
  notifications.hide(UNDO_ID);
  notifications.show({
    id: UNDO_ID,
    withBorder: true,
    color: 'var(--accent)',
    message: (
      <span className={styles.toast}>
        <span className="grow">{words}</span>
        <Button
          size="compact-sm"
          onClick={() => {
            notifications.hide(UNDO_ID);
            onUndo();
          }}
        >
          Undo <span aria-hidden><Kbd>U</Kbd></span>
        </Button>
      </span>
    ),
  });
}

export function hideUndo(): void {
  notifications.hide(UNDO_ID);
}

/** A decision that was shown and is taken back. */
export function tellRefused(ref: string, change: Change, error: unknown): void {
  hideUndo();
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

/** Nothing was changed; says why a key did nothing. */
export function tellQuietly(message: string): void {
  // One of the same id would be ignored.
  notifications.hide(HINT_ID);
  notifications.show({ id: HINT_ID, message, color: 'var(--wait)', withBorder: true, autoClose: 4_000 });
}
