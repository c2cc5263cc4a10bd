// What is half written in a form when its window, or the whole app, is closed: it is offered again, never on disk in the clear.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { RunningApp } from './fixtures/app.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { expect, test } from './fixtures/test.ts';

const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });
async function beginTask(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'New task' }).first().click();
  await dialogOf(page, 'New task').getByLabel('Title').fill(title);
}
async function continued(page: Page, title: string): Promise<void> {
  await expect(page.getByText('You were writing a new task.')).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(dialogOf(page, 'New task').getByLabel('Title')).toHaveValue(title);
}

test('a form that is half written when the app quits, or is killed, is offered at the next start', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  await shellOf(first).live();
  await shellOf(first).go('Tasks');
  await beginTask(first.page, 'Sweep the port quay');
  await first.quit();
  const file = join(first.userData, 'drafts.json');
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).not.toContain('port quay');

  const second = await launch();
  await shellOf(second).live();
  await continued(second.page, 'Sweep the port quay');
  // So much more that it shows through what encrypts it.
  const longer = `Sweep both quays${', and then once more'.repeat(10)}`;
  const before = statSync(file).size;
  await dialogOf(second.page, 'New task').getByLabel('Title').fill(longer);
  await expect.poll(() => statSync(file).size).toBeGreaterThan(before + 100);
  await second.kill();

  const third = await launch();
  await shellOf(third).live();
  await continued(third.page, longer);
  await dialogOf(third.page, 'New task').getByRole('button', { name: 'Not now' }).click();
  await third.quit();

  const fourth = await launch();
  await shellOf(fourth).live();
  await expect(fourth.page.getByText('You were writing')).toHaveCount(0);
});

test('what was half written in a window that is closed is offered in the other one', { tag: '@shared' }, async ({ shared: app }) => {
  await shellOf(app).live();
  const opening = app.electron.waitForEvent('window');
  await shellOf(app).menu('File', 'New window');
  const other = await opening;
  await shellOf({ page: other, electron: app.electron }).live();
  await shellOf({ page: other, electron: app.electron }).go('Tasks');
  await beginTask(other, 'Sweep');
  // Main hears of this at the end of the page alone: it is closed before there is a pause in typing.
  await dialogOf(other, 'New task').getByLabel('Title').fill('Sweep the port quay');
  await other.close({ runBeforeUnload: true });
  await continued(app.page, 'Sweep the port quay');
});

/** The next message box is answered with this button; answers what it said. */
async function answerBox(app: RunningApp, button: string): Promise<() => Promise<string | null>> {
  await app.electron.evaluate(({ dialog }, label) => {
    const asked = globalThis as { saidInBox?: string };
    delete asked.saidInBox;
    dialog.showMessageBox = (...given: unknown[]) => {
      const { message, buttons } = given.at(-1) as { message: string; buttons: string[] };
      asked.saidInBox = message;
      return Promise.resolve({ response: buttons.indexOf(label), checkboxChecked: false });
    };
  }, button);
  return () => app.electron.evaluate(() => (globalThis as { saidInBox?: string }).saidInBox ?? null);
}

test('without a keychain nothing of it is on the disk, so quitting asks first', async ({ launch }) => {
  const app = await launch({ keychain: false });
  await welcomeOf(app.page).register(ada);
  await shellOf(app).live();
  await shellOf(app).go('Tasks');
  await beginTask(app.page, 'Sweep the port quay');
  const said = await answerBox(app, 'Go back');
  await app.electron.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(said).toBe('Discard what was written?');
  await expect(dialogOf(app.page, 'New task').getByLabel('Title')).toHaveValue('Sweep the port quay');
  expect(app.runs()).toBe(true);
  await answerBox(app, 'Discard and quit');
  await app.quit();
  const file = join(app.userData, 'drafts.json');
  if (existsSync(file)) expect(readFileSync(file, 'utf8')).not.toContain('port quay');
});

test('a key that nobody has copied holds its place, its window and the app until the person lets it go', async ({ launch }) => {
  const app = await launch({ signedIn: true });
  await shellOf(app).live();
  await shellOf(app).settings('For programs');
  await app.page.getByRole('button', { name: 'New key…' }).click();
  const dialog = dialogOf(app.page, 'New API key');
  await dialog.getByLabel('Name').fill('Nightly report');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByLabel('API key', { exact: true })).toContainText('sbx_');
  const question = dialogOf(app.page, 'Close without the key?');
  // The key of the menu, which works over a dialog: Ctrl 1.
  await shellOf(app).menu('Go', 'Overview');
  await question.getByRole('button', { name: 'Go back' }).click();
  await expect(question).toHaveCount(0);
  await expect(dialog.getByLabel('API key', { exact: true })).toBeVisible();

  for (const end of ['close', 'quit'] as const) {
    const said = await answerBox(app, 'Go back');
    await app.electron.evaluate(({ app: electron, BrowserWindow }, how) => {
      if (how === 'quit') electron.quit();
      else BrowserWindow.getAllWindows()[0]?.close();
    }, end);
    await expect.poll(said, end).toBe('Close without the key?');
    await expect(dialog.getByLabel('API key', { exact: true })).toBeVisible();
    expect(app.runs()).toBe(true);
  }
  await dialog.getByRole('button', { name: 'Copy: API key' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied: API key' })).toBeVisible();
  const said = await answerBox(app, 'Go back');
  await app.quit();
  expect(app.runs()).toBe(false);
  expect(await said().catch(() => null)).toBeNull();
});
