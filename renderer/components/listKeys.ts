// Where a key moves the active row of a list.

export interface ListExtent {
  count: number;
  /** Rows a page. */
  page: number;
}

/** The next active index; null when the key moves nothing. `active` -1: none yet. */
export function moveActive(key: string, active: number, { count, page }: ListExtent): number | null {
  if (count === 0) return null;
  const clamp = (index: number): number => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return clamp(active + 1);
    case 'ArrowUp':
    case 'k':
      return clamp(active < 0 ? count - 1 : active - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'PageDown':
      return clamp(active + page);
    case 'PageUp':
      return clamp(active - page);
    default:
      return null;
  }
}

/** For keys of a whole screen: runs it unless a dialog or a menu has the keyboard. */
export function unlessDialog(run: () => void): () => void {
  return () => {
    if (!document.querySelector('[role="dialog"], [role="menu"]')) run();
  };
}
