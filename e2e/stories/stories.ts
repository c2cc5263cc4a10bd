// Looks at every story, in light and dark, at both sizes and at 200%: complaints, access, layout, movement, picture.
import { test as base, expect } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { layoutProblems } from './layout.ts';
import { listStories, pictureOf, picturesFolder, themes, type Theme } from './list.ts';
import { openStories, type StoriesWindow } from './page.ts';

const SMALL = [1024, 700] as const;
const LARGE = [1920, 1080] as const;
/** A dark picture is the small window as it is, a light one the large window at half its size, for their weight. */
const SCALES = { dark: 1, light: 0.5 };
/**
 * How far a picture may be from the kept one. Edges of letters differ from build to build of Chromium by less than
 * the threshold (pixelmatch's, of 1); a button that moves by two pixels changes more pixels than these.
 */
const TOLERANCE = { threshold: 0.2, maxDiffPixels: 60 };
const HOW_TO_KEEP = 'Look at it, then keep it with: npm run pictures -- stories';
const updates = process.env.SIGNALBOX_STORIES_UPDATE === '1';

const test = base.extend<object, { stories: StoriesWindow }>({
  stories: [
    // Playwright reads the names of what is used from the pattern, so it must be one.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const stories = await openStories();
      await use(stories);
      await stories.close();
    },
    { scope: 'worker' },
  ],
});

const all = listStories();
for (const story of all) {
  test(story, async ({ stories }) => {
    const { page } = stories;
    const problems: string[] = [];
    const look = async (where: string): Promise<void> => {
      problems.push(...(await page.evaluate(layoutProblems)).map((problem) => `${where}: ${problem}`));
    };

    await stories.draw(story, 'dark', SMALL);
    await look('1024×700');
    problems.push(...(await accessProblems(stories, 'dark')));
    problems.push(...(await movements(stories)));
    await picture(stories, story, 'dark');
    await stories.resize(SMALL, 2);
    await look('1024×700 at 200%');
    problems.push(...(await accessProblems(stories, '200%')));

    await stories.draw(story, 'light', LARGE);
    await look('1920×1080');
    problems.push(...(await accessProblems(stories, 'light')));
    await picture(stories, story, 'light');
    problems.push(...stories.complaints());
    expect.soft(problems, `what is wrong with ${story}`).toEqual([]);
  });
}

test.afterEach(async ({ stories }, { status, expectedStatus }) => {
  if (status !== expectedStatus) await stories.reload();
});

test('every kept picture is of a story that there is', () => {
  if (!existsSync(picturesFolder)) return;
  const wanted = new Set(all.flatMap((story) => themes.map((theme) => join(...pictureOf(story, theme)))));
  const kept = readdirSync(picturesFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.webp'));
  const orphans = kept.filter((name) => !wanted.has(name));
  if (updates) for (const name of orphans) rmSync(join(picturesFolder, name));
  else expect(orphans, 'pictures without a story: npm run pictures -- stories removes them').toEqual([]);
});

/** Their findings are moderate or minor at the most, and only serious and critical ones are asked for. */
const LESSER_RULES = [
  'aria-allowed-role', 'aria-deprecated-role', 'empty-heading', 'empty-table-header',
  'form-field-multiple-labels', 'heading-order', 'html-xml-lang-mismatch', 'image-redundant-alt',
  'landmark-banner-is-top-level', 'landmark-contentinfo-is-top-level', 'landmark-main-is-top-level',
  'landmark-no-duplicate-banner', 'landmark-no-duplicate-contentinfo', 'landmark-no-duplicate-main',
  'landmark-one-main', 'landmark-unique', 'meta-viewport', 'meta-viewport-large', 'no-autoplay-audio',
  'page-has-heading-one', 'presentation-role-conflict', 'region', 'scope-attr-valid',
  'server-side-image-map', 'skip-link', 'table-duplicate-name',
];
const allButLesser: RunOptions = { rules: Object.fromEntries(LESSER_RULES.map((id) => [id, { enabled: false }])) };
const only = (...values: string[]): RunOptions => ({ runOnly: { type: 'rule', values } });
/** Colours are looked at in both themes; what else there is to see is the same in both, and at 200% only reach. */
const rulesOf = { dark: allButLesser, light: only('color-contrast'), '200%': only('scrollable-region-focusable') };

async function accessProblems({ page }: StoriesWindow, what: keyof typeof rulesOf): Promise<string[]> {
  const options: RunOptions = { resultTypes: ['violations'], preload: false, ...rulesOf[what] };
  const { violations } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.slice(0, 4).map(({ target, failureSummary }) => {
        const why = (failureSummary ?? '').replaceAll(/\s+/g, ' ');
        return `axe, ${what}: ${id} (${impact}) at ${target.join(' ')}: ${why}`;
      }),
    );
}

/** The window is drawn for somebody who wants no movement: nothing may move. */
async function movements({ page }: StoriesWindow): Promise<string[]> {
  const moving = await page.evaluate(() =>
    document.getAnimations().filter(({ playState }) => playState === 'running').map(({ effect }) => {
      const target = effect instanceof KeyframeEffect ? effect.target : null;
      return target?.getAttribute('class') ?? target?.tagName ?? 'something';
    }),
  );
  return moving.map((name) => `moves although movement is reduced: ${name}`);
}

/** Compares with the kept picture; what differs is in test-results as expected, actual and difference. */
async function picture(stories: StoriesWindow, story: string, theme: Theme): Promise<void> {
  // Until the first pictures are kept there is nothing to compare with.
  if (!updates && !existsSync(picturesFolder)) return;
  const name = pictureOf(story, theme);
  const file = join(picturesFolder, ...name);
  const taken = await stories.picture(SCALES[theme]);
  if (!updates && !existsSync(file)) {
    const shown = test.info().outputPath(`${theme}.webp`);
    await test.info().attach(`${theme}.webp`, { body: taken, contentType: 'image/webp' });
    const kept = relative(resolve(import.meta.dirname, '../..'), file);
    expect.soft(null, `${story} has no kept picture ${kept}; it now looks like ${shown}. ${HOW_TO_KEEP}`).toBe(kept);
    return;
  }
  // The same bytes are the same picture, as most are where the browser is the one that drew the kept ones.
  if (!updates && taken.equals(readFileSync(file))) return;
  expect.soft(taken, `${story}, ${theme}. If it is meant so: ${HOW_TO_KEEP}`).toMatchSnapshot(name, TOLERANCE);
}
