// How a list's columns stand: their order, which are hidden, and how wide they are. Pure; the person's choices are
// kept by main and given in.
import type { ListLayout } from '../../shared/preferences.ts';

export const plainLayout: ListLayout = { order: [], hidden: [], widths: {}, sort: null };

interface Column {
  id: string;
  hideBelow?: number;
}

/** All columns in the person's order; new ones, which the order does not name, stay beside their neighbour. */
export function inOrder<C extends Column>(columns: readonly C[], { order }: Pick<ListLayout, 'order'>): C[] {
  const known = order.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const arranged = [...known];
  for (const [index, column] of columns.entries()) {
    if (known.includes(column)) continue;
    const before = columns.slice(0, index).findLast((other) => arranged.includes(other));
    arranged.splice(before === undefined ? 0 : arranged.indexOf(before) + 1, 0, column);
  }
  return arranged;
}

/** Those that are drawn at a width, in px; 0: not measured yet. One always is. */
export function shownColumns<C extends Column>(columns: readonly C[], layout: ListLayout, width: number): C[] {
  const wanted = inOrder(columns, layout).filter(({ id }) => !layout.hidden.includes(id));
  const fitting = wanted.filter(({ hideBelow }) => hideBelow === undefined || width === 0 || width >= hideBelow);
  return fitting.length > 0 ? fitting : columns.slice(0, 1);
}

/** One step to the left (-1) or right (1). */
export function moved(columns: readonly Column[], layout: ListLayout, step: { id: string; by: -1 | 1 }): ListLayout {
  const ids = inOrder(columns, layout).map(({ id }) => id);
  const at = ids.indexOf(step.id);
  const to = at + step.by;
  if (at < 0 || to < 0 || to >= ids.length) return layout;
  ids.splice(to, 0, ...ids.splice(at, 1));
  return { ...layout, order: ids };
}

export function withHidden(layout: ListLayout, id: string, hidden: boolean): ListLayout {
  const others = layout.hidden.filter((other) => other !== id);
  return { ...layout, hidden: hidden ? [...others, id] : others };
}

/** Whether anything differs from how the list comes. */
export function isPlain({ order, hidden, widths }: ListLayout): boolean {
  return order.length === 0 && hidden.length === 0 && Object.keys(widths).length === 0;
}
