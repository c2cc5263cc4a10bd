// The settings: each section has its place, the name of the workspace changes live, what is kept is told and set, and
// the report of trouble holds nothing that is somebody's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellOf } from './fixtures/pages/shell.ts';
import { expect, test } from './fixtures/test.ts';

test('a new name shows at once, what is kept is told and changed, and all of it is in the audit log', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();

  await shell.settings('Workspace');
  await page.getByLabel('Name of the workspace').fill('Harbour Freight Works');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(shell.tenant).toContainText('Harbour Freight Works');
  await page.getByRole('button', { name: 'Pause everything' }).click();
  await expect(page.getByText('nothing new is started', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Resume everything' }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();

  await shell.settings('Data');
  await expect(page.getByLabel('Data folder', { exact: true })).toHaveValue(join(app.userData, 'workspace'));
  await expect(page.getByRole('region', { name: 'What the workspace holds' }).getByRole('row', { name: /^Audit log/ })).toContainText('kept for ever');
  await page.getByLabel('Keep events for').selectOption('7');
  await expect(page.getByText('Nothing would go now.')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. What is too old goes', { exact: false })).toBeVisible();
  await expect(page.getByLabel('Keep events for')).toHaveValue('7');

  await shell.settings('About');
  await expect(page.getByText('Chromium')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Packages and their licences' })).toContainText('MIT');
});

test('the report of trouble is read before it is saved, and holds nothing that is somebody’s', { tag: '@shared' }, async ({ shared: app, folder }) => {
  const { page, electron } = app;
  const shell = shellOf(app);
  await shell.live();
  await shell.settings('Diagnostics');
  await page.getByRole('button', { name: 'Collect the report' }).click();
  const shown = page.getByRole('region', { name: 'The report, as it is saved' });
  await expect(shown).toContainText('## Versions', { timeout: 30_000 });
  await expect(shown).toContainText('PGlite');
  await expect(shown).toContainText('0001_platform');

  const file = join(folder, 'report.md');
  await electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, file);
  await page.getByRole('button', { name: 'Save as a file…' }).click();
  await expect(page.getByText('The report is saved.')).toBeVisible();
  const report = readFileSync(file, 'utf8');
  expect(report.trim()).toBe((await shown.textContent())?.trim());

  const session = JSON.stringify(JSON.parse(readFileSync(join(app.userData, 'session.json'), 'utf8')));
  const key = JSON.parse(readFileSync(join(app.userData, 'workspace/master-key.json'), 'utf8')) as { value: string };
  const tokens = session.match(/[A-Za-z0-9+/=_-]{30,}/g) ?? [];
  for (const secret of [app.person.email, app.person.password, app.person.name, app.person.organizationName, key.value, ...tokens]) expect(report).not.toContain(secret);
});
