// What a rule of style must not say, because every window would pay for it with each change of its page.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const renderer = join(import.meta.dirname, '..');

/** Chromium keeps one set for all `:has()`: a `*` behind one lets whatever changes restyle every element there is. */
const hasThenAll = /:has\([^{]*\)[^{},()]*[\s>+~]\*/;

test('no `:has()` is followed by `*`', () => {
  expect(hasThenAll.test(".a:has([role='slider']:focus-visible) .note > * { display: none; }")).toBe(true);
  expect(hasThenAll.test(".a:has(> .b:checked) .c { width: calc(1px * 2); }")).toBe(false);
  const sheets = globSync('**/*.css', { cwd: renderer });
  expect(sheets.length).toBeGreaterThan(20);
  const found = sheets.flatMap((name) =>
    readFileSync(join(renderer, name), 'utf8')
      .split('}')
      .filter((rule) => hasThenAll.test(rule))
      .map((rule) => `${name}: ${rule.trim()}`),
  );
  expect(found).toEqual([]);
});
