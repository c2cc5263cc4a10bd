// The embedded database is newer, damaged, locked away or out of room: refused or refusing, explained, never lost.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsIn } from './fixtures/faults.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { newTaskOf, troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';
import type { RunningApp } from './fixtures/app.ts';

const MB = 1_000_000;

/** Every file of a folder with its content and its time of change. */
function fingerprint(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${statSync(path).mtimeMs} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .toSorted();
}

async function workspaceWith(app: RunningApp, title: string): Promise<string> {
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  await rest.createTask({ title });
  await app.quit();
  return join(app.userData, 'workspace');
}

test('a database of a newer Signalbox is refused with the way out, and not a byte of it changes', async ({ launch }) => {
  const data = await workspaceWith(await launch({ signedIn: true }), 'Still here');
  const record = join(data, 'database.json');
  const own = readFileSync(record, 'utf8');
  writeFileSync(record, JSON.stringify({ program: '9.1.0', platform: 900, tenant: 900 }));
  const before = fingerprint(data);

  const app = await launch();
  const { failure, button } = troublesOf(app.page);
  await expect(failure).toContainText('This database is from a newer Signalbox');
  await expect(failure).toContainText(/version 900, this program knows versions up to \d+/);
  await expect(failure).toContainText('Signalbox 9.1.0');
  await expect(failure).toContainText('Update Signalbox, or restore a backup from before the update.');
  await expect(button('Begin with an empty workspace…')).toBeVisible();
  await button('Try again').click();
  await expect(failure).toContainText('This database is from a newer Signalbox');
  expect(fingerprint(data)).toEqual(before);

  writeFileSync(record, own);
  await button('Try again').click();
  await shellOf(app).live();
  await shellOf(app).go('Tasks');
  await expect(tasksOf(app.page).row('Still here')).toBeVisible();
});

test('a damaged database is refused and kept; set aside, another begins, and the old one goes back in its place', async ({ launch }) => {
  const data = await workspaceWith(await launch({ signedIn: true }), 'Still here');
  const version = join(data, 'database/PG_VERSION');
  const original = readFileSync(version);
  // Without this file the engine would take the folder for an empty one, and make a database over what is there.
  rmSync(version);
  const before = fingerprint(data);

  const app = await launch();
  const { failure, button } = troublesOf(app.page);
  await expect(failure).toContainText('The database cannot be opened');
  await expect(failure).toContainText('PG_VERSION is missing');
  await expect(failure).toContainText('Nothing in it was deleted');
  expect(fingerprint(data)).toEqual(before);
  await app.electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  });
  await button('Set it aside and begin anew…').click();
  await welcomeOf(app.page).shown();
  await app.quit();
  const aside = readdirSync(app.userData).find((name) => name.startsWith('workspace.set-aside-'));
  expect(aside).toBeDefined();

  // A person who has mended it gives it its name again.
  rmSync(data, { recursive: true });
  renameSync(join(app.userData, aside!), data);
  writeFileSync(version, original);
  const again = await launch();
  await welcomeOf(again.page).shown();
  await welcomeOf(again.page).toSignIn.click();
  await welcomeOf(again.page).write({ email: ada.email, password: ada.password });
  await welcomeOf(again.page).signIn.click();
  await shellOf(again).live();
  await shellOf(again).go('Tasks');
  await expect(tasksOf(again.page).row('Still here')).toBeVisible();
});

test('a master key that is gone is never made anew; another one is refused, and the right one takes the work up again', async ({ launch }) => {
  // Without a keychain the key lies in a file, so that the test can know it.
  const first = await launch({ keychain: false });
  const keyFile = join(first.userData, 'workspace/master-key.json');
  await welcomeOf(first.page).register(ada);
  await workspaceWith(first, 'Still here');
  const { value: key } = JSON.parse(readFileSync(keyFile, 'utf8')) as { value: string };
  rmSync(keyFile);

  const app = await launch({ keychain: false });
  const { failure, button, key: field } = troublesOf(app.page);
  await expect(failure).toContainText('The master key is missing');
  await expect(failure).toContainText('No new key was made');
  await field.fill('hello');
  await button('Use this key').click();
  await expect(failure).toContainText('This is no master key');
  await field.fill(Buffer.alloc(32, 1).toString('base64'));
  await button('Use this key').click();
  await expect(failure).toContainText('This is not the master key of this database');
  expect(readdirSync(join(app.userData, 'workspace'))).not.toContain('master-key.json');
  await field.fill(key);
  await button('Use this key').click();
  await welcomeOf(app.page).shown();
  expect((JSON.parse(readFileSync(keyFile, 'utf8')) as { value: string }).value).toBe(key);
  await welcomeOf(app.page).toSignIn.click();
  await welcomeOf(app.page).write({ email: ada.email, password: ada.password });
  await welcomeOf(app.page).signIn.click();
  await shellOf(app).live();
  // Said once, with what it means and how to have one.
  const banner = troublesOf(app.page).banner('This computer has no keychain.');
  await expect(banner).toContainText('Your session is not kept');
  await expect(banner).toContainText(/GNOME Keyring or KWallet/);
});

test('a disk that fills up: changes are refused with the figures, everything can be read, and it heals by itself', async ({ launch, folder }) => {
  const faults = faultsIn(folder);
  const app = await launch({ signedIn: true, env: faults.env });
  const { page } = app;
  const shell = shellOf(app);
  const troubles = troublesOf(page);
  const form = newTaskOf(page);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  await rest.createTask({ title: 'Before' });
  await shell.go('Tasks');
  await form.open();
  await form.title.fill('Sweep the quay');

  faults.set({ freeBytes: 40 * MB });
  const banner = troubles.banner('The disk is nearly full.');
  await expect(banner).toContainText('40.0 MB are free where the workspace is, and 96.0 MB are needed');
  await form.create.click();
  await expect(form.dialog.getByRole('alert')).toContainText('The disk is full');
  await expect(form.title).toHaveValue('Sweep the quay');
  await expect(shell.freshness).toContainText(/^live/);
  expect((await rest.tasks()).map(({ title }) => title)).toEqual(['Before']);

  faults.set({});
  await expect(banner).toBeHidden();
  await form.create.click();
  await expect(form.dialog).toBeHidden();
  await expect(tasksOf(page).row('Sweep the quay')).toHaveCount(1);
});

test('a report that does not fit on the disk is not half there, and preferences that cannot be saved end nothing', async ({ launch, folder }) => {
  const faults = faultsIn(folder);
  const app = await launch({ signedIn: true, env: faults.env });
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const target = join(folder, 'report.md');
  const save = () =>
    page.evaluate(async () => {
      const bridge = (globalThis as unknown as { signalbox: { request(channel: string, argument: unknown): Promise<unknown> } }).signalbox;
      return bridge.request('plan:save-report', { name: 'Report', text: 'x'.repeat(100_000) });
    });
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, target);
  faults.set({ writesFail: true, freeBytes: 50 * MB });
  expect(await save()).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('the disk is full') } });
  expect(readdirSync(folder).filter((name) => name.startsWith('report'))).toEqual([]);
  // The choice holds for as long as the app runs; only the file is not there.
  await shell.menu('View', 'Light theme');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light');
  faults.set({});
  expect(await save()).toMatchObject({ ok: true, saved: true });
  expect(readFileSync(target, 'utf8')).toHaveLength(100_000);
  await shell.live();
});
