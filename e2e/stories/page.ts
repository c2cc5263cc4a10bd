// The window of the stories: draws one at a size, waits until it rests, and changes the size and the zoom of the page.
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import axe from 'axe-core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { switches } from '../fixtures/app.ts';
import type { Theme } from './list.ts';

/** That of the stories' fixtures. */
const NOW = Date.parse('2026-11-20T17:42:10Z');
/** Of 100, which would be lossless and four times as many bytes; words stay sharp enough to be read. */
const QUALITY = 25;
/** No story waits so long to come to rest; notices close themselves after more, and what polls asks again after more. */
const LATER_MS = 3_000;
/** Eight seconds of them. */
const RESTS_WITHIN_FRAMES = 480;

/** The content in device pixels. */
export type Size = readonly [width: number, height: number];

export interface StoriesWindow {
  page: Page;
  /** Draws a story from nothing, in a page that stays: loading all of the code for each would take most of the time. */
  draw(story: string, theme: Theme, size: Size): Promise<void>;
  /** Another size or zoom (2 is 200%) for what is drawn. */
  resize(size: Size, zoom: number): Promise<void>;
  /** What is drawn, as WebP, `scale` times as large. */
  picture(scale: number): Promise<Buffer>;
  /** Loads the page anew, after a story that may have left it broken. */
  reload(): Promise<void>;
  /** What the page complained about since the last call. */
  complaints(): string[];
  close(): Promise<void>;
}

export async function openStories(): Promise<StoriesWindow> {
  const electron = await launch();
  const page = await electron.firstWindow();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  await page.clock.setFixedTime(NOW);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    let state = 1;
    Math.random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  });
  // However slow the machine is, what is drawn stays as it is until it has been looked at.
  await page.addInitScript((later) => {
    const held = (milliseconds = 0): number => (milliseconds < later ? milliseconds : 2_147_483_647);
    const { setTimeout: once, setInterval: again } = globalThis;
    const timers: { setTimeout: unknown; setInterval: unknown } = globalThis;
    timers.setTimeout = (work: () => void, after?: number, ...given: []) => once(work, held(after), ...given);
    timers.setInterval = (work: () => void, every?: number, ...given: []) => again(work, held(every), ...given);
  }, LATER_MS);
  const protocol = await page.context().newCDPSession(page);
  // The real pointer, wherever it rests, would hover over something.
  await protocol.send('Input.setIgnoreInputEvents', { ignore: true });
  const load = async (): Promise<void> => {
    await page.goto('stories://all/stories.html');
    await page.evaluate(axe.source);
    // What is not laid out until it is scrolled to is looked at as well; a caret blinks.
    await page.addStyleTag({ content: '* { content-visibility: visible !important; caret-color: transparent !important; }' });
  };
  await load();
  /**
   * The page is told its size and how many pixels it has for each of CSS, which is what zooming is to Chromium; moving
   * the real window's edges took a third of the time of a story and gave the same.
   */
  let drawnAt: Size = [0, 0];
  const measure = async ([width, height]: Size, zoom: number): Promise<void> => {
    drawnAt = [Math.round(width / zoom), Math.round(height / zoom)];
    await protocol.send('Emulation.setDeviceMetricsOverride', {
      width: drawnAt[0],
      height: drawnAt[1],
      deviceScaleFactor: zoom,
      mobile: false,
    });
  };
  return {
    page,
    async draw(story, theme, size) {
      // What was drawn before need not be laid out at the new size.
      await page.evaluate(() => (globalThis as unknown as StoriesGlobal).stories.clear());
      await measure(size, 1);
      await page.evaluate(
        ([story, theme]) => (globalThis as unknown as StoriesGlobal).stories.draw(story, theme),
        [story, theme] as const,
      );
      await rest(page);
    },
    async resize(size, zoom) {
      await measure(size, zoom);
      await rest(page);
    },
    async picture(scale) {
      const [width, height] = drawnAt;
      const clip = { x: 0, y: 0, width, height, scale };
      const { data } = await protocol.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY, clip });
      return Buffer.from(data, 'base64');
    },
    reload: load,
    complaints: () => complaints.splice(0),
    close: () => electron.close(),
  };
}

interface StoriesGlobal {
  stories: { clear(): void; draw(story: string, theme: Theme): void };
}

async function launch(): Promise<ElectronApplication> {
  const executablePath: string = createRequire(import.meta.url)('electron');
  const env: Record<string, string | undefined> = {
    ...process.env,
    // Its advice on the page's policy comes at any time, and is none of a story's.
    ELECTRON_DISABLE_SECURITY_WARNINGS: 'true',
    TZ: 'UTC',
    LANG: 'en_GB.UTF-8',
    LANGUAGE: 'en_GB',
    FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf'),
  };
  return _electron.launch({
    executablePath,
    args: [...switches, join(import.meta.dirname, 'window.cjs')],
    chromiumSandbox: true,
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  });
}

/** Waits until fonts are there and nothing has changed for some frames: queries answered, effects and layout done. */
async function rest(page: Page): Promise<void> {
  const rests = await page.evaluate(async (limit) => {
    await document.fonts.ready;
    let [quiet, frames] = [0, 0];
    const observer = new MutationObserver(() => (quiet = 0));
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    while (quiet < 4) {
      if ((frames += 1) > limit) return false;
      const frame = Promise.withResolvers<number>();
      requestAnimationFrame(frame.resolve);
      await frame.promise;
      quiet += 1;
    }
    observer.disconnect();
    await document.fonts.ready;
    return true;
  }, RESTS_WITHIN_FRAMES);
  if (!rests) throw new Error(`The page still changed after ${RESTS_WITHIN_FRAMES} frames; a story must come to rest.`);
}
