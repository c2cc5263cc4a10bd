// @vitest-environment jsdom
// The picture of the screen: as it looks before it is live, without what is not kept.
import { expect, test } from 'vitest';
import { takePicture } from './picture.ts';

function screen(html: string): HTMLElement {
  const root = document.createElement('div');
  root.innerHTML = html;
  return root;
}
const overview = { place: 'overview', id: null, search: {} } as const;

test('its age stands where its freshness stood, and what writes looks as it does while connecting', () => {
  const root = screen(
    '<span data-testid="freshness"><i style="--d: var(--ok)"></i>live · 3 ms<span>each change</span></span>' +
      '<button data-writes>New task</button><button>Filter</button><b>Count shelf 1</b>',
  );
  const picture = screen(takePicture(root, overview) ?? '');
  expect(picture.querySelector('[data-testid="freshness"]')?.textContent).toBe('%as-of%');
  expect(picture.querySelector('i')?.getAttribute('data-hollow')).toBe('true');
  expect([...picture.querySelectorAll('button')].map((button) => button.hasAttribute('data-disabled'))).toEqual([true, false]);
  expect(picture.textContent).toContain('Count shelf 1');
  // What is live stays as it is.
  expect(root.textContent).toContain('live · 3 ms');
});

test('details are not in it, and there is none of places of which no rows are kept', () => {
  const root = screen('<div data-unkept><p>what an agent wrote</p></div>');
  expect(takePicture(root, { place: 'tasks', id: 'a', search: {} })).not.toContain('agent wrote');
  expect(takePicture(root, { place: 'plans', id: 'a', search: {} })).toBeNull();
  expect(takePicture(root, { place: 'settings', id: null, search: {} })).toBeNull();
});

test('rows far below the edge are left out', () => {
  const root = screen('<ul><li>near</li><li>far</li></ul>');
  const [list, near, far] = [root.querySelector('ul'), ...root.querySelectorAll('li')];
  const at = (top: number, bottom: number): DOMRect => ({ top, bottom, height: bottom - top }) as DOMRect;
  Object.assign(list!, { getBoundingClientRect: () => at(0, 9_000) });
  Object.assign(near!, { getBoundingClientRect: () => at(10, 41) });
  Object.assign(far!, { getBoundingClientRect: () => at(8_000, 8_031) });
  const picture = screen(takePicture(root, overview) ?? '');
  expect(picture.textContent).toBe('near');
  expect(picture.querySelector('ul')?.style.minHeight).toBe('9000px');
});
