// The screen as HTML, for the first frame of the next start: it stands there, inert, until the window's code takes over.
import { AS_OF_PLACE } from '../../shared/as-of.ts';
import type { Route } from './routes.ts';

/** Places whose rows are kept too (live/shown.ts), so that what follows the picture shows the same. */
const drawn = new Set<Route['place']>(['overview', 'agents', 'tasks', 'plans', 'findings']);

/** Null: what the place shows is not kept, so a picture of it would give way to an empty screen. */
export function takePicture(root: HTMLElement, { place, id }: Route): string | null {
  if (!drawn.has(place) || (place === 'plans' && id !== null)) return null;
  const copy = root.cloneNode(true) as HTMLElement;
  cutUnseen(root, copy, window.innerHeight);
  for (const mark of copy.querySelectorAll<HTMLElement>('[data-testid="freshness"]')) {
    const dot = mark.querySelector('i');
    dot?.style.setProperty('--d', 'var(--wait)');
    dot?.setAttribute('data-hollow', 'true');
    mark.replaceChildren(...(dot ? [dot] : []), AS_OF_PLACE);
  }
  // As they look while nothing can be changed.
  for (const button of copy.querySelectorAll('[data-writes]')) button.setAttribute('data-disabled', 'true');
  // Details hold inputs, outputs and notes; they are not kept.
  for (const details of copy.querySelectorAll('[data-unkept]')) details.replaceChildren();
  return copy.innerHTML;
}

/** Pixels below the edge that are kept: the next window may be a little higher. */
const MARGIN = 120;

/** Takes what lies below the visible part of what scrolls out of the copy; its height stays as it was. */
function cutUnseen(live: Element, copy: Element, edge: number): void {
  const copies = [...copy.children];
  let cut = false;
  for (const [index, child] of [...live.children].entries()) {
    const twin = copies[index];
    if (!(child instanceof HTMLElement) || twin === undefined) continue;
    const { top, bottom } = child.getBoundingClientRect();
    if (top > edge + MARGIN) {
      twin.remove();
      cut = true;
    } else {
      const scrolls = child.scrollHeight > child.clientHeight && getComputedStyle(child).overflowY !== 'visible';
      cutUnseen(child, twin, scrolls ? Math.min(edge, bottom) : edge);
    }
  }
  if (cut) (copy as HTMLElement).style.minHeight = `${live.getBoundingClientRect().height}px`;
}
