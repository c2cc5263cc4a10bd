// Tasks from a file: looked at first, created with a progress bar, stopped half-way, gone on with, and no doubles.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dropDocument, shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

const ROWS = 9_000;

test('a CSV is previewed, created in parts, stopped and gone on with; every row is one task', { tag: '@shared' }, async ({ shared: app, folder }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  await rest.createAgent({ name: 'crate-weigher', kind: 'external' });

  mkdirSync(join(folder, 'files'));
  const file = join(folder, 'files', 'quay.csv');
  const rows = Array.from({ length: ROWS }, (_, index) => `Weigh crate ${index},${index % 2 === 0 ? 'crate-weigher' : ''},${index % 10},quay,"Use the small scale.\nSay what is damp."`);
  rows.splice(10, 0, 'Nobody does this,nobody,5,quay,', 'Far too urgent,,99,quay,');
  writeFileSync(file, `title,agent,priority,queue,instructions\n${rows.join('\n')}\n`);

  await shell.menu('File', 'Import tasks…');
  await page.getByLabel('File of tasks', { exact: true }).setInputFiles(file);
  await expect(page.getByText('9,000 tasks would be created')).toBeVisible({ timeout: 60_000 });
  const refused = page.getByRole('region', { name: 'Refused rows' });
  await expect(refused).toContainText('There is no agent “nobody”.');
  await expect(refused).toContainText('Write a whole number from 0 to 9.');
  expect(await rest.tasks()).toEqual([]);

  // What a column is can be said otherwise: without priorities one more row would do.
  const chooseFor = async (column: string, choice: string): Promise<void> => {
    await page.getByRole('combobox', { name: `What ${column} is` }).or(page.getByRole('textbox', { name: `What ${column} is` })).click();
    await page.getByRole('option', { name: choice }).click();
  };
  await chooseFor('priority', 'Left out');
  await expect(page.getByText('9,001 tasks would be created')).toBeVisible({ timeout: 60_000 });
  await chooseFor('priority', 'Priority, 0 to 9');
  await expect(page.getByText('9,000 tasks would be created')).toBeVisible({ timeout: 60_000 });

  const saved = join(folder, 'files', 'refused.csv');
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, saved);
  await refused.getByRole('button', { name: 'Save the refused rows…' }).click();
  await expect.poll(() => { try { return readFileSync(saved, 'utf8'); } catch { return ''; } }).toContain('"Far too urgent,,99,quay,"');

  await page.getByRole('button', { name: 'Create 9,000 tasks' }).click();
  await expect(page.getByText('Creating tasks')).toBeVisible();
  // However fast the machine is, it is stopped half-way: the backend holds its breath for the click.
  const pid = (await app.backendPid())!;
  process.kill(pid, 'SIGSTOP');
  try {
    await page.getByRole('button', { name: 'Stop here' }).click();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const said = page.getByText(/^Exactly [\d,]+ tasks were created/);
  await expect(said).toBeVisible({ timeout: 60_000 });
  const created = Number((/Exactly ([\d,]+) tasks/.exec((await said.textContent()) ?? '')?.[1] ?? '').replaceAll(',', ''));
  const counted = async (): Promise<number> => {
    const counts = await rest.call<Record<string, number>>('GET', '/api/tasks/count?queue=quay');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  expect(created).toBeGreaterThan(0);
  expect(created).toBeLessThan(ROWS);
  expect(await counted()).toBe(created);

  // The window comes back without what it knew; the same file is gone on with.
  await page.reload();
  await shell.live();
  await shell.menu('File', 'Import tasks…');
  await page.getByLabel('File of tasks', { exact: true }).setInputFiles(file);
  await expect(page.getByText('An import of this file was begun')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Go on with it' }).click();
  await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText('9,000 of 9,002 rows created as tasks')).toBeVisible();
  expect(await counted()).toBe(ROWS);

  await page.getByRole('button', { name: 'Show the created tasks' }).click();
  await expect(page.getByRole('search')).toContainText('9,000');
  await expect(tasksOf(page).row('Weigh crate 8999')).toBeVisible();
});

test('NDJSON is dropped on the window from anywhere', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  await dropDocument(page, 'night.ndjson', '{"title":"Lock the gates","capabilities":["keys"],"priority":9}\n{"title":"Put out the lamps"}\n{broken\n');
  await expect(page.getByText('2 tasks would be created')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Refused rows' })).toContainText('line 3');
  await page.getByRole('button', { name: 'Create 2 tasks' }).click();
  await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible();
  await page.getByRole('button', { name: 'Show the created tasks' }).click();
  await expect(tasksOf(page).row('Lock the gates')).toBeVisible();
});
