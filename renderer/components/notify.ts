// Short notices at the corner: something was done, or was not.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { createElement } from 'react';
import { adviceFor, problemOf } from './problem.ts';

/** A way from a notice to what it speaks of: "Show it". */
export interface NoticeWay {
  label: string;
  run(): void;
}

/** "3 tasks are queued again.", and where they can be seen. */
export function notifyDone(message: string, way?: NoticeWay): void {
  if (!way) {
    notifications.show({ message, color: 'var(--ok)', withBorder: true });
    return;
  }
  const show = (): void => {
    notifications.hide(id);
    way.run();
  };
  const id = notifications.show({
    color: 'var(--ok)',
    withBorder: true,
    autoClose: 9_000,
    message: createElement(
      'span',
      { style: { display: 'flex', alignItems: 'center', gap: 10 } },
      createElement('span', { className: 'grow' }, message),
      createElement(Button<'button'>, { onClick: show }, way.label),
    ),
  });
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

/** What was tried and did not go well, though nothing failed here. */
export function notifyOutcome(title: string, message: string): void {
  notifications.show({ title, message, color: 'var(--fail)', withBorder: true, autoClose: 12_000 });
}
