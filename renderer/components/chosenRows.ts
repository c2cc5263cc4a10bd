// Rows of a list that are chosen, several at once: by their boxes, with Ctrl or Shift and a click, with Space and Shift ↓.
import { useCallback, useEffect, useRef } from 'react';

export interface ChosenRows {
  ids: ReadonlySet<string>;
  set(ids: ReadonlySet<string>): void;
}

/** Px of the boxes' column. */
export const CHOOSE_PX = 30;

/** One more, or one fewer. */
export function toggled(ids: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** With all between two rows, whichever comes first; where the one is not there any more, the other alone. */
export function withRange(ids: ReadonlySet<string>, order: readonly { id: string }[], [from, to]: [string | null, string]): Set<string> {
  const last = order.findIndex(({ id }) => id === to);
  const first = order.findIndex(({ id }) => id === from);
  if (last < 0) return new Set(ids);
  const [start, end] = first < 0 ? [last, last] : [Math.min(first, last), Math.max(first, last)];
  return new Set([...ids, ...order.slice(start, end + 1).map(({ id }) => id)]);
}

/** Chooses a row, or with `range` all from the one that was chosen last; the same function for as long as the list is there. */
export function useChoosing(chosen: ChosenRows | undefined, order: readonly { id: string }[]): (id: string, range: boolean) => void {
  const latest = useRef({ chosen, order });
  useEffect(() => {
    latest.current = { chosen, order };
  });
  const anchor = useRef<string | null>(null);
  return useCallback((id: string, range: boolean) => {
    const { chosen: now, order: rows } = latest.current;
    if (!now) return;
    // Two in one press, as Shift ↓ from a row that is not chosen: the second sees the first.
    const ids = range ? withRange(now.ids, rows, [anchor.current, id]) : toggled(now.ids, id);
    latest.current = { chosen: { ...now, ids }, order: rows };
    anchor.current = id;
    now.set(ids);
  }, []);
}
