// What is wrong with how a page is laid out: words that are cut or lie over others, and what nobody can bring into sight.
// `layoutProblems` runs inside the page, so it uses nothing from outside of itself.

/**
 * Looks at every word and every control. One is cut when something that cannot be scrolled ends before it does;
 * it is out of reach when no scrolling brings it into the window. Words that end in an ellipsis are cut on purpose
 * when their whole text can be read: by `title`, or by the tooltip that `data-whole` promises. Words of one layer, which
 * nothing lifts over the other, must not lie over each other.
 */
export function layoutProblems(): string[] {
  const problems = new Set<string>();
  /** Letters reach a little beyond their line, and edges lie between pixels. */
  const SLACK = { x: 1.5, y: 3.5 };
  /** A scrolled area lower than this shows no whole row. */
  const LEAST_HEIGHT = 40;
  const controls = 'a[href], button, input, select, textarea, [role="button"], [role="link"], [role="tab"], [role="option"], [role="radio"]';

  interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  const named = (element: Element): string => {
    const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
    const role = element.getAttribute('role') ?? element.tagName.toLowerCase();
    return `${role} “${name.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}”`;
  };
  /** What is asked of every element above every word; nothing changes while this runs. */
  interface Facts {
    position: string;
    transform: string;
    overflowX: string;
    overflowY: string;
    /** For screen readers alone, or a shape that another element draws; with all that is within it. */
    unseen: boolean;
    rect: DOMRect;
  }
  const known = new Map<Element, Facts>();
  const factsOf = (element: Element): Facts => {
    const found = known.get(element);
    if (found) return found;
    const style = getComputedStyle(element);
    const { position, transform, overflowX, overflowY } = style;
    const hidden =
      style.clipPath.startsWith('inset(50%') ||
      style.clip === 'rect(0px, 0px, 0px, 0px)' ||
      // Where recharts measures its labels.
      element.id === 'recharts_measurement_span';
    const unseen = hidden || (element.parentElement !== null && factsOf(element.parentElement).unseen);
    const facts = { position, transform, overflowX, overflowY, unseen, rect: element.getBoundingClientRect() };
    known.set(element, facts);
    return facts;
  };
  const clips = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
  const scrolls = (overflow: string): boolean => overflow === 'auto' || overflow === 'scroll';
  const seen = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const unseen = (element: Element): boolean => factsOf(element).unseen;
  /** A link past what repeats, which comes into sight when it is focused. */
  const skips = (element: Element): boolean => element.matches('a[href^="#"]') && factsOf(element).rect.bottom < 0;
  const whole = (element: Element): boolean => {
    for (let at: Element | null = element, steps = 0; at && steps < 4; at = at.parentElement, steps += 1) {
      if (at.hasAttribute('title') || at.hasAttribute('data-whole')) return true;
    }
    return false;
  };

  /** Follows a box outwards to the window; says what cuts it, or null. */
  function follow(start: Element, { left, top, right, bottom }: Box, first: () => string): string | null {
    const box = { left, top, right, bottom };
    let what = first;
    let positioned = factsOf(start).position;
    let fixed = positioned === 'fixed';
    for (let at = start === document.body ? null : start.parentElement; at && !fixed; at = at.parentElement) {
      if (at.matches('.react-flow')) return null; // Moved by dragging, by the wheel and by keys.
      const style = factsOf(at);
      // What is placed absolutely is clipped only from its containing block on.
      const skipped = positioned === 'absolute' && style.position === 'static' && style.transform === 'none';
      if (!skipped && at !== document.body && at !== document.documentElement) {
        positioned = style.position;
        const area = at;
        const { rect } = style;
        const inner: Box = {
          left: rect.left + at.clientLeft,
          top: rect.top + at.clientTop,
          right: rect.left + at.clientLeft + (at.clientWidth || rect.width),
          bottom: rect.top + at.clientTop + (at.clientHeight || rect.height),
        };
        if (scrolls(style.overflowX)) {
          if (box.left + at.scrollLeft < inner.left - SLACK.x) return `${what()} lies left of where ${named(at)} can scroll`;
          [box.left, box.right] = [inner.left, inner.right];
          if (style.overflowX === style.overflowY) what = () => `the scrolled ${named(area)}`;
        } else if (clips(style.overflowX) && (box.left < inner.left - SLACK.x || box.right > inner.right + SLACK.x)) {
          const ellipsis = getComputedStyle(at).textOverflow === 'ellipsis' && box.right > inner.right;
          if (!ellipsis) return `${what()} is cut ${Math.ceil(Math.max(inner.left - box.left, box.right - inner.right))} px across, without an ellipsis`;
          if (!whole(at)) return `${what()} ends in an ellipsis, and nothing gives its whole text`;
          [box.left, box.right] = [Math.max(box.left, inner.left), Math.min(box.right, inner.right)];
        }
        if (scrolls(style.overflowY)) {
          if (box.top + at.scrollTop < inner.top - SLACK.y) return `${what()} lies above where ${named(at)} can scroll`;
          [box.top, box.bottom] = [inner.top, inner.bottom];
        } else if (clips(style.overflowY) && (box.top < inner.top - SLACK.y || box.bottom > inner.bottom + SLACK.y)) {
          if (getComputedStyle(at).webkitLineClamp !== 'none' && whole(at)) return null;
          return `${what()} is cut ${Math.ceil(Math.max(inner.top - box.top, box.bottom - inner.bottom))} px in height`;
        }
      }
      fixed = style.position === 'fixed';
    }
    const beyond = Math.ceil(Math.max(-box.left, -box.top, box.right - innerWidth, box.bottom - innerHeight));
    return beyond > 2 ? `${what()} lies ${beyond} px outside of the window and cannot be scrolled to` : null;
  }

  /** What is lifted out of the flow with its words; words are compared within it. */
  const layerOf = (element: Element): Element => {
    for (let at: Element = element; at.parentElement; at = at.parentElement) {
      const { position, transform } = factsOf(at);
      if (position === 'absolute' || position === 'fixed' || position === 'sticky' || transform !== 'none') return at;
    }
    return document.documentElement;
  };
  /** The part of a box that is not clipped or scrolled away, up to the layer; null: none of it. */
  const shownIn = (element: Element, layer: Element, { left, top, right, bottom }: Box): Box | null => {
    const box = { left, top, right, bottom };
    for (let at: Element | null = element; at; at = at.parentElement) {
      const { overflowX, overflowY, rect } = factsOf(at);
      if (overflowX !== 'visible' || overflowY !== 'visible') {
        if (overflowX !== 'visible') [box.left, box.right] = [Math.max(box.left, rect.left), Math.min(box.right, rect.right)];
        if (overflowY !== 'visible') [box.top, box.bottom] = [Math.max(box.top, rect.top), Math.min(box.bottom, rect.bottom)];
      }
      if (at === layer) break;
    }
    return box.right - box.left > OVER.x && box.bottom - box.top > OVER.y ? box : null;
  };
  /** Letters of neighbours may touch; a line's box is higher than its letters. */
  const OVER = { x: 2, y: 6 };
  interface Words {
    node: Node;
    text: string;
    box: Box;
  }
  const layers = new Map<Element, Words[]>();
  const place = (node: Node, element: Element, { text, rects }: { text: string; rects: readonly DOMRect[] }): void => {
    if (element instanceof SVGElement) return;
    const layer = layerOf(element);
    const words = layers.get(layer) ?? [];
    layers.set(layer, words);
    for (const rect of rects) {
      const box = shownIn(element, layer, rect);
      if (box) words.push({ node, text, box });
    }
  };
  const compare = (words: Words[]): void => {
    words.sort((a, b) => a.box.top - b.box.top);
    for (const [index, { node, text, box }] of words.entries()) {
      for (let next = index + 1; next < words.length; next += 1) {
        const other = words[next];
        if (!other || other.box.top > box.bottom - OVER.y) break;
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - other.box.top;
        // Words that end in an ellipsis have two boxes, the whole and what is shown.
        if (other.node !== node && across > OVER.x && down > OVER.y) problems.add(`“${text}” and “${other.text}” lie over each other`);
      }
    }
  };

  const modal = [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].findLast((dialog) => seen(dialog));
  const walker = document.createTreeWalker(modal ?? document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || (node.textContent ?? '').trim() === '' || element.closest('script, style, noscript, option')) continue;
    if (!seen(element) || unseen(element) || skips(element)) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    if (rects.length === 0) continue;
    const box: Box = {
      left: Math.min(...rects.map(({ left }) => left)),
      top: Math.min(...rects.map(({ top }) => top)),
      right: Math.max(...rects.map(({ right }) => right)),
      bottom: Math.max(...rects.map(({ bottom }) => bottom)),
    };
    const text = (node.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 60);
    place(node, element, { text, rects });
    // An element that clips its own text is the first to be asked.
    const own = clipOfOwn(element, box, text);
    if (own === 'whole') continue;
    const problem = own ?? follow(element, box, () => `“${text}”`);
    if (problem) problems.add(problem);
  }
  for (const words of layers.values()) compare(words);

  function clipOfOwn(element: Element, box: Box, text: string): string | null {
    const style = getComputedStyle(element);
    if (style.display === 'inline' || element instanceof SVGElement) return null;
    const { rect } = factsOf(element);
    const wide = box.right > rect.right + SLACK.x || box.left < rect.left - SLACK.x;
    if (clips(style.overflowX) && wide) {
      if (style.textOverflow !== 'ellipsis') return `“${text}” is cut across, without an ellipsis`;
      return whole(element) ? 'whole' : `“${text}” ends in an ellipsis, and nothing gives its whole text`;
    }
    if (clips(style.overflowY) && (box.bottom > rect.bottom + SLACK.y || box.top < rect.top - SLACK.y)) {
      return style.webkitLineClamp !== 'none' && whole(element) ? 'whole' : `“${text}” is cut in height`;
    }
    if (scrolls(style.overflowX) || scrolls(style.overflowY)) {
      const shown = follow(element, rect, () => `“${text}”`);
      return shown ?? 'whole';
    }
    return null;
  }

  for (const control of (modal ?? document.body).querySelectorAll(controls)) {
    if (!seen(control) || unseen(control)) continue;
    const { rect } = factsOf(control);
    if (rect.width < 2 || rect.height < 2) continue;
    if (skips(control)) continue;
    const problem = follow(control, rect, () => named(control));
    if (problem) problems.add(problem);
    if (control instanceof HTMLInputElement && control.placeholder !== '' && control.value === '') {
      const style = getComputedStyle(control);
      const context = document.createElement('canvas').getContext('2d');
      if (!context) continue;
      context.font = style.font;
      const room = control.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      if (context.measureText(control.placeholder).width > room + 1 && control.title === '') {
        problems.add(`the placeholder “${control.placeholder}” is cut`);
      }
    }
  }

  for (const area of (modal ?? document.body).querySelectorAll('*')) {
    if (!scrolls(factsOf(area).overflowY) || area.scrollHeight <= area.clientHeight + 1 || !seen(area) || unseen(area)) continue;
    if (area.clientHeight < LEAST_HEIGHT && area.tagName !== 'TEXTAREA') {
      problems.add(`${named(area)} scrolls ${area.scrollHeight} px in a slit of ${area.clientHeight}`);
    }
  }
  const content = document.querySelector('main');
  if (content && content.scrollWidth > content.clientWidth + 1) {
    problems.add(`the screen is ${content.scrollWidth - content.clientWidth} px wider than its place and scrolls sideways`);
  }
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth + 1) problems.add(`the page is ${page.scrollWidth - innerWidth} px wider than the window`);
  if (page.scrollHeight > innerHeight + 1) problems.add(`the page is ${page.scrollHeight - innerHeight} px higher than the window`);
  return [...problems];
}
