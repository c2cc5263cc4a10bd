// The first page: the picture of the place that the window opens at, with the words for its age, and nothing else.
import { expect, test } from 'vitest';
import type { Shown } from '../../shared/ipc.ts';
import { firstPageOf, parseShown } from './first-page.ts';

const index = '<!doctype html><html lang="en"><body><div id="root"></div></body></html>';
const at = new Date(2026, 10, 25, 10, 42).toISOString();
const picture = { html: '<b>Count $& shelf</b> %as-of%', path: '/overview', accent: 'teal' };
const shown = { me: {}, at, entries: '[]', picture } as unknown as Shown;
const now = new Date(2026, 10, 25, 12, 0).getTime();
const given = { index, shown, path: '/overview', dark: true, now };

test('stands in the page, inert, in its theme and accent, and says as of when it is', () => {
  expect(firstPageOf(given)).toBe(
    '<!doctype html><html lang="en" data-mantine-color-scheme="dark" data-accent="teal"><body>' +
      '<div id="root" inert><b>Count $& shelf</b> as of 10:42, connecting…</div></body></html>',
  );
  const tomorrow = new Date(2026, 10, 26, 9, 0).getTime();
  expect(firstPageOf({ ...given, now: tomorrow, dark: false })).toContain('as of 25 Nov, 10:42, connecting…');
});

test('there is none for another place, without a picture, or in a page that has no room for it', () => {
  expect(firstPageOf({ ...given, path: '/tasks' })).toBeNull();
  expect(firstPageOf({ ...given, shown: { ...shown, picture: null } })).toBeNull();
  expect(firstPageOf({ ...given, index: '<html></html>' })).toBeNull();
});

test('an accent is a word', () => {
  const odd = { ...shown, picture: { ...picture, accent: '"><script>' } };
  expect(firstPageOf({ ...given, shown: odd })).toContain('data-accent="indigo"');
});

test('what cannot be read is nothing', () => {
  expect(parseShown(null)).toBeNull();
  expect(parseShown('{ "me": ')).toBeNull();
  expect(parseShown(JSON.stringify(shown))).toEqual(shown);
});
