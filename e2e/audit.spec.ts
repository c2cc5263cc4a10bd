// The audit: what was changed is found by keyboard, read before and after, verified and exported.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellOf } from './fixtures/pages/shell.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('a change is searched, read, verified and exported', { tag: '@shared' }, async ({ shared: app, folder }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const agent = await rest.createAgent({ name: 'lamp-checker', kind: 'external' });
  await rest.createTask({ title: 'Check the port lamp', agentId: agent.id });

  await shell.go('Audit');
  const list = page.getByRole('grid', { name: 'Audit' });
  await expect(list).toBeFocused();
  await page.keyboard.press('/');
  await page.keyboard.type('port lamp');
  await expect(list.getByRole('row', { name: /Created a task/ })).toHaveCount(1);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const entry = page.getByRole('complementary', { name: /^Entry \d+/ });
  await expect(entry.getByRole('heading', { name: 'Created a task' })).toBeVisible();
  await expect(entry.getByRole('link', { name: 'Check the port lamp' })).toBeVisible();

  await page.getByRole('button', { name: 'Verify the log' }).click();
  await expect(page.getByText('The log is whole.')).toBeVisible();

  const path = join(folder, 'audit.ndjson');
  await app.electron.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
  }, path);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: /^NDJSON/ }).click();
  await expect(page.getByText('1 entry is exported.')).toBeVisible();
  const [line = ''] = (await readFile(path, 'utf8')).split('\n');
  expect(JSON.parse(line)).toMatchObject({ action: 'tasks.created', name: 'Check the port lamp' });
});
