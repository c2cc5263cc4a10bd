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

/** Whether a dialog, a menu or a list of choices has the keyboard. Closed ones may stay in the document, hidden. */
export function isKeyboardTaken(): boolean {
  return [...document.querySelectorAll<HTMLElement>('[role="dialog"], [role="listbox"], [role="menu"]')].some(isShown);
}

function isShown(element: HTMLElement): boolean {
  for (let one: HTMLElement | null = element; one; one = one.parentElement) {
    if (getComputedStyle(one).display === 'none') return false;
  }
  return true;
}

/** For keys of a whole screen: runs it unless something else has the keyboard. */
export function unlessDialog(run: () => void): () => void {
  return () => {
    if (!isKeyboardTaken()) run();
  };
}
