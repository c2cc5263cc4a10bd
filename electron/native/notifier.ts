// Decides when a notification is shown: batched, never two within a few seconds, and none for what a person sees.
import type { LiveEvent } from '../../shared/events.ts';
import type { NotificationChoices } from '../../shared/preferences.ts';
import type { Clock } from '../embedded/backend.ts';
import { happeningOf, isQuiet, noticeOf, type Happening, type Notice } from './happenings.ts';

/** What comes within this time of the first is told together. */
const GATHER_MS = 1_000;
/** At least this long from one notification to the next. */
const APART_MS = 5_000;
/** A long replay, as after a night's sleep, is told as a number; it needs no more names than these. */
const MOST = 500;

export interface Notifier {
  events(connection: string, events: readonly LiveEvent[]): void;
}

export interface NotifierParts {
  clock: Clock;
  choices(): NotificationChoices;
  /** `HH:MM` in the computer's zone. */
  localTime(): string;
  /** Whether a focused window shows it. */
  isSeen(connection: string, happening: Happening): boolean;
  workspaceOf(connection: string): string;
  show(connection: string, notice: Notice): void;
}

export function createNotifier(parts: NotifierParts): Notifier {
  /** By connection, the one that waits longest first. */
  const waiting = new Map<string, Happening[]>();
  let shownAt = Number.NEGATIVE_INFINITY;
  let due = false;

  function schedule(): void {
    if (due || waiting.size === 0) return;
    due = true;
    const rest = shownAt + APART_MS - parts.clock.now();
    parts.clock.after(Math.max(GATHER_MS, rest), () => {
      due = false;
      showNext();
      schedule();
    });
  }

  function showNext(): void {
    for (const [connection, happenings] of waiting) {
      waiting.delete(connection);
      const [first, ...rest] = happenings.filter((happening) => !parts.isSeen(connection, happening));
      if (first === undefined) continue;
      shownAt = parts.clock.now();
      parts.show(connection, noticeOf([first, ...rest], parts.workspaceOf(connection)));
      return;
    }
  }

  return {
    events(connection, events) {
      const choices = parts.choices();
      // What happened in the quiet hours is on the overview; it is not told later.
      if (isQuiet(choices.quiet, parts.localTime())) return;
      const told = events
        .map(happeningOf)
        .filter((happening): happening is Happening => happening !== null && choices[happening.kind]);
      if (told.length === 0) return;
      waiting.set(connection, [...(waiting.get(connection) ?? []), ...told].slice(-MOST));
      schedule();
    },
  };
}
