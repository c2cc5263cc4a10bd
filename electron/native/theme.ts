// The colour that a window has before its page is painted, so that no white flash comes first.

/** The page's ground in either theme; the same as the renderer's. */
export function groundColour(dark: boolean): string {
  return dark ? '#0e1116' : '#f5f6f8';
}
