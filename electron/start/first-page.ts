// The page of the first window with the screen that was shown last in it, so that its first frame shows rows.
import { AS_OF_PLACE, asOfWords } from '../../shared/as-of.ts';
import type { Shown } from '../../shared/ipc.ts';

export interface FirstPage {
  /** The page as it was built. */
  index: string;
  shown: Shown;
  /** Where the window opens. */
  path: string;
  dark: boolean;
  now: number;
}

const ROOT = '<div id="root"></div>';

/** Null: there is no picture of this place, or no place for it in the page. */
export function firstPageOf({ index, shown, path, dark, now }: FirstPage): string | null {
  const { picture } = shown;
  if (picture === null || picture.path !== path || !index.includes(ROOT)) return null;
  const scheme = dark ? 'dark' : 'light';
  const accent = /^[a-z]{1,20}$/.test(picture.accent) ? picture.accent : 'indigo';
  const html = picture.html.replaceAll(AS_OF_PLACE, () => asOfWords(shown.at, now));
  return index
    .replace('<html lang="en">', `<html lang="en" data-mantine-color-scheme="${scheme}" data-accent="${accent}">`)
    .replace(ROOT, () => `<div id="root" inert>${html}</div>`);
}

/** JSON of what was kept; null for anything else. */
export function parseShown(text: string | null): Shown | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as Shown;
  } catch {
    return null;
  }
}
