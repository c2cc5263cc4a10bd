import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { preferences as preferencesSchema } from '../../shared/ipc.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';
import { pickPlan, safeName, saveReport, saveTable, type DocumentDialogs } from './documents.ts';
import { isAllowedAddress } from './guards.ts';
import { findPlaces } from './places.ts';
import { openStore, type StoreClass } from './store.ts';
import { placeWindow } from './window-place.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-native-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const dialogs = (path: string | null): Pick<DocumentDialogs, 'pickPlan' | 'pickReport'> => ({
  pickPlan: () => Promise.resolve(path),
  pickReport: () => Promise.resolve(path),
});

test('a picked plan comes as text and name, without its path; broken bytes do not stop it', async () => {
  const path = join(folder, 'plan.md');
  writeFileSync(path, Buffer.concat([Buffer.from('# Plan '), Buffer.from([0xff]), Buffer.from(' é')]));
  const data = { name: 'plan.md', text: '# Plan \uFFFD é' };
  expect(await pickPlan(dialogs(path))).toEqual({ ok: true, data });
  expect(await pickPlan(dialogs(null))).toEqual({ ok: true, data: null });
});

test('a plan beyond the limit is refused, naming the limit; one at the limit is read', async () => {
  const path = join(folder, 'plan.json');
  writeFileSync(path, 'x'.repeat(PLAN_TEXT_LIMIT));
  expect(await pickPlan(dialogs(path))).toMatchObject({ ok: true });
  writeFileSync(path, 'x'.repeat(PLAN_TEXT_LIMIT + 1));
  expect(await pickPlan(dialogs(path))).toMatchObject({
    ok: false,
    problem: { code: 'payload_too_large', limit: PLAN_TEXT_LIMIT, detail: expect.stringContaining('5.0 MB') },
  });
});

test('what cannot be read says why, and names no path', async () => {
  for (const path of [join(folder, 'gone.md'), folder]) {
    const answer = await pickPlan(dialogs(path));
    expect(answer).toMatchObject({ ok: false, problem: { detail: expect.any(String) } });
    expect(JSON.stringify(answer)).not.toContain(tmpdir());
  }
});

test('a report is saved whole, over an older one, and leaves nothing beside it', async () => {
  const path = join(folder, 'Report.md');
  writeFileSync(path, 'an older and longer report');
  const saved = await saveReport(dialogs(path), { name: 'Report', text: '# Report' });
  expect(saved).toEqual({ ok: true, saved: true });
  expect(readFileSync(path, 'utf8')).toBe('# Report');
  expect(readdirSync(folder)).toEqual(['Report.md']);
  expect(await saveReport(dialogs(null), { name: 'Report', text: '' })).toEqual({ ok: true, saved: false });
});

test('a table is saved with the mark by which spreadsheets know its encoding', async () => {
  const path = join(folder, 'Usage.csv');
  expect(await saveTable({ pickExport: () => Promise.resolve(path) }, { name: 'Usage', text: 'a,é\r\n' })).toEqual({ ok: true, saved: true });
  expect(readFileSync(path)).toEqual(Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('a,é\r\n')]));
  expect(safeName('Usage: 20/21 Nov', 'csv')).toBe('Usage 20 21 Nov.csv');
});

test('a report that cannot be saved says so and leaves nothing', async () => {
  const path = join(folder, 'missing', 'Report.md');
  const answer = await saveReport(dialogs(path), { name: 'Report', text: 'x' });
  expect(answer).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
  expect(readdirSync(folder)).toEqual([]);
});

test('the suggested name is one that every file system takes', () => {
  expect(safeName('Week 32: yard/depot\nreview.md')).toBe('Week 32 yard depot review.md');
  expect(safeName('../../etc/passwd')).toBe('etc passwd.md');
  expect(safeName('...')).toBe('Report.md');
  expect(safeName('x'.repeat(300)).length).toBeLessThanOrEqual(123);
});

/** As electron-store does: a file that is no JSON makes the constructor throw. */
const FileStore: StoreClass = class {
  readonly #path: string;
  constructor(options: { name: string; cwd: string }) {
    this.#path = join(options.cwd, `${options.name}.json`);
    void this.store;
  }
  get store(): Record<string, unknown> {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as Record<string, unknown>;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw cause;
    }
  }
  set store(value) {
    writeFileSync(this.#path, JSON.stringify(value));
  }
};
const openPreferences = () =>
  openStore({ Store: FileStore, directory: folder, name: 'preferences', schema: preferencesSchema });

test('a store gives back what was written, and its defaults at first', () => {
  const first = openPreferences();
  expect(first.read()).toEqual(preferencesSchema.parse({}));
  first.write({ ...first.read(), theme: 'dark' });
  expect(openPreferences().read()).toEqual({ ...preferencesSchema.parse({}), theme: 'dark' });
});

const broken = ['{ "theme": ', '{"theme":"neon"}', '[]x', ''];
test.each(broken)('a broken store (%s) is set aside, never fatal', (content) => {
  writeFileSync(join(folder, 'preferences.json'), content);
  const store = openPreferences();
  expect(store.read()).toEqual(preferencesSchema.parse({}));
  const aside = readdirSync(folder).find((name) => name.startsWith('preferences.broken-'));
  expect(readFileSync(join(folder, aside!), 'utf8')).toBe(content);
  store.write({ ...store.read(), theme: 'light' });
  expect(openPreferences().read().theme).toBe('light');
});

test('the windows may load their own pages and nothing of the network', () => {
  const origins = ['app://signalbox'];
  for (const address of ['app://signalbox/', 'app://signalbox/assets/main.js', 'data:image/png,x']) {
    expect(isAllowedAddress(address, origins)).toBe(true);
  }
  for (const address of [
    'https://example.com/',
    'http://127.0.0.1:4180/api/agents',
    'ws://127.0.0.1:4180/live',
    'app://signalbox.evil/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ]) {
    expect(isAllowedAddress(address, origins)).toBe(false);
  }
  expect(isAllowedAddress('ws://localhost:5173/?token=x', ['http://localhost:5173'])).toBe(true);
});

test('a window opens where it was while that screen is there, else at its default size', () => {
  const screenOne = { x: 0, y: 0, width: 1920, height: 1080 };
  const screenTwo = { x: 1920, y: 0, width: 1280, height: 720 };
  const saved = { x: 2000, y: 50, width: 1000, height: 650 };
  expect(placeWindow(null, [screenOne])).toEqual({ width: 1440, height: 900 });
  expect(placeWindow(saved, [screenOne, screenTwo])).toEqual(saved);
  expect(placeWindow(saved, [screenOne])).toEqual({ width: 1440, height: 900 });
  expect(placeWindow(null, [screenTwo])).toEqual({ width: 1280, height: 720 });
});

test('data lies under the user folder unless told otherwise', () => {
  expect(findPlaces('/user', '/app/out/main', {})).toMatchObject({
    dataDir: '/user/workspace',
    preload: '/app/out/preload/preload.cjs',
    migrations: '/app/backend/migrations',
  });
  expect(findPlaces('/user', '/app/out/main', { SIGNALBOX_DATA_DIR: '/data' }).dataDir).toBe('/data');
});
