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
