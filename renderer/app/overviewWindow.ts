// The window of time that the rail, the status line and the overview share, so that one query serves them.

export const OVERVIEW_WINDOW_MINUTES = 30;
