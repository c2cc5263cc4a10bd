// The windows of time that the overview offers; the first is the one that the rail and the status line share.
import { OVERVIEW_WINDOW_MINUTES } from '../app/overviewWindow.ts';

export interface TimeWindow {
  minutes: number;
  label: string;
  /** The axis of the board: this far apart, counted back from now. */
  tickMinutes: number;
}

export const timeWindows: readonly [TimeWindow, ...TimeWindow[]] = [
  { minutes: OVERVIEW_WINDOW_MINUTES, label: '30 min', tickMinutes: 5 },
  { minutes: 360, label: '6 h', tickMinutes: 60 },
  { minutes: 1_440, label: '24 h', tickMinutes: 240 },
  { minutes: 10_080, label: '7 d', tickMinutes: 1_440 },
];

/** The window that the route's `window` names; the first when it names none of them. */
export function windowOf(asked: string | undefined): TimeWindow {
  return timeWindows.find(({ minutes }) => String(minutes) === asked) ?? timeWindows[0];
}

/** What the first window may be narrowed to, in minutes, with its axis. */
const narrower: readonly TimeWindow[] = [
  { minutes: 5, label: '5 min', tickMinutes: 1 },
  { minutes: 10, label: '10 min', tickMinutes: 2 },
  { minutes: 15, label: '15 min', tickMinutes: 3 },
];

/**
 * The window as the board draws it: where all of the work is younger than the first one, only as much of it, so that
 * the blocks of a new workspace are wide enough to be read. It never goes back: `oldest` only grows older.
 */
export function fitWindow(window: TimeWindow, oldestMs: number | null): TimeWindow {
  if (window.minutes !== timeWindows[0].minutes || oldestMs === null) return window;
  return narrower.find(({ minutes }) => oldestMs <= minutes * 60_000) ?? window;
}
