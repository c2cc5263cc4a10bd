// A backup from the settings, proved; then the workspace is changed, restored, and the person signs in anew.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningApp } from './fixtures/app.ts';
import { ada } from './fixtures/people.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

const PASSPHRASE = 'the tide turns at nine';

/** The system's dialogs cannot be driven: the next ones answer these paths. */
async function answerDialogs({ electron }: RunningApp, paths: { save?: string; open?: string }): Promise<void> {
  await electron.evaluate(({ dialog }, { save, open }) => {
    if (save !== undefined) dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: save });
    if (open !== undefined) dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [open] });
  }, paths);
}

async function backUp(app: RunningApp, file: string): Promise<void> {
  const { page } = app;
  await answerDialogs(app, { save: file });
  await page.getByRole('button', { name: 'Back up…' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase once more').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Choose a place and back up' }).click();
}

test('a workspace is backed up, changed, and restored with its key, its people and what was before kept aside', async ({ signedIn: app, folder }) => {
  test.setTimeout(300_000);
  const { page } = app;
  const file = join(folder, 'harbour.signalbox-backup');
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  await rest.createAgent({ name: 'harbour-pilot', kind: 'external' });

  await shell.settings('Backup');
  await expect(page.getByText('Never.')).toBeVisible();
  await backUp(app, file);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Backup verified')).toBeVisible({ timeout: 120_000 });
  await expect(dialog.getByText('Harbour Freight Lab')).toBeVisible();
  await expect(dialog.getByText('2 agents')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('read back and compared')).toBeVisible();
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(statSync(file).size).toBeGreaterThan(100_000);
  const key = readFileSync(join(app.userData, 'workspace/master-key.json'), 'utf8');
  for (const secret of [PASSPHRASE, ada.organizationName, 'harbour-pilot']) expect(readFileSync(file).includes(secret)).toBe(false);
  expect(app.output()).not.toContain(PASSPHRASE);

  // Changed after the backup.
  await rest.createAgent({ name: 'made-afterwards', kind: 'external' });

  await answerDialogs(app, { open: file });
  await page.getByRole('button', { name: 'Restore a backup…' }).click();
  await page.getByRole('button', { name: 'Choose a backup…' }).click();
  await page.getByLabel('Passphrase of this backup').fill('not this passphrase');
  await page.getByRole('button', { name: 'Open it' }).click();
  await expect(page.getByText('This is not the passphrase of this backup.')).toBeVisible({ timeout: 60_000 });
  await page.getByLabel('Passphrase of this backup').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Open it' }).click();
  await expect(dialog.getByText('Harbour Freight Lab')).toBeVisible({ timeout: 60_000 });
  // Nothing has happened yet: the person sees what is in it and may still turn back.
  await expect(dialog.getByText('kept beside it')).toBeVisible();
  await page.getByRole('button', { name: 'Restore this backup' }).click();

  const door = welcomeOf(page);
  await expect(page.getByText(/Restored the backup of \d{4}-\d\d-\d\d/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByText('before-restore', { exact: false })).toBeVisible();
  await door.shown();
  await door.write({ email: ada.email, password: ada.password });
  await door.signIn.click();
  await shell.live();
  await shell.go('Agents');
  await expect(page.getByRole('grid', { name: 'Agents' })).toContainText('harbour-pilot');
  await expect(page.getByRole('grid', { name: 'Agents' })).not.toContainText('made-afterwards');

  const kept = readdirSync(app.userData).filter((name) => name.startsWith('workspace.before-restore-'));
  expect(kept).toHaveLength(1);
  expect(readFileSync(join(app.userData, kept[0]!, 'master-key.json'), 'utf8')).toBe(key);
  await shell.settings('Backup');
  await expect(page.getByLabel('Folder that was kept aside', { exact: true })).toHaveValue(new RegExp(kept[0]!));
  await shell.settings('Data');
  await expect(page.getByRole('table', { name: 'Bytes on the disk by kind' })).toContainText('Kept aside by a restore');
  expect(app.output()).not.toContain(PASSPHRASE);
});

test('a file that is no backup, one that is cut short, and a full disk are each said in their own words', { tag: '@shared' }, async ({ shared: app, folder }) => {
  test.setTimeout(240_000);
  const { page } = app;
  await shellOf(app).live();
  await shellOf(app).settings('Backup');

  const letter = join(folder, 'letter.txt');
  writeFileSync(letter, 'Dear harbour master');
  await answerDialogs(app, { open: letter });
  await page.getByRole('button', { name: 'Restore a backup…' }).click();
  await page.getByRole('button', { name: 'Choose a backup…' }).click();
  await expect(page.getByText('This file is not a Signalbox backup.', { exact: false })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();

  // A place that cannot be written: nothing is left there.
  await backUp(app, join(folder, 'no/such/folder/file'));
  await expect(page.getByText('That folder is not there any more.', { exact: false })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');

  const file = join(folder, 'harbour.signalbox-backup');
  await backUp(app, file);
  await expect(page.getByText('Backup verified')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Done' }).click();
  const whole = readFileSync(file);
  const cut = join(folder, 'cut.signalbox-backup');
  writeFileSync(cut, whole.subarray(0, whole.length - 100));
  await answerDialogs(app, { open: cut });
  await page.getByRole('button', { name: 'Restore a backup…' }).click();
  await page.getByRole('button', { name: 'Choose a backup…' }).click();
  await page.getByLabel('Passphrase of this backup').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Open it' }).click();
  await expect(page.getByText('cut short', { exact: false })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  // The workspace goes on as it was.
  await shellOf(app).go('Overview');
  await shellOf(app).live();
});
