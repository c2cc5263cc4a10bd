// What goes wrong on a computer: crashes, a second start, folders without rights, broken files.
import { chmodSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAgain } from './fixtures/app.ts';
import { plansOf } from './fixtures/pages/plans.ts';
import { dropDocument, shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('a backend that is killed comes back; nothing is lost, not even what is being written', async ({ signedIn: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  const provider = await rest.simulator('Slow', { typicalSeconds: 6, failureRate: 0, overrunRate: 0 });
  const agent = await rest.createAgent({ name: 'stocktaker', kind: 'hosted', provider, concurrency: 3 });
  for (let shelf = 1; shelf <= 6; shelf += 1) await rest.createTask({ title: `Count shelf ${shelf}`, agentId: agent.id });

  await shell.go('Tasks');
  await expect(tasksOf(page).list.getByText('Running').first()).toBeVisible();
  await page.getByRole('button', { name: 'New task' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Half written');

  const before = await app.backendPid();
  process.kill(before ?? 0, 'SIGKILL');
  await expect(shell.freshness).toContainText(/stale since|connecting/);
  await expect.poll(() => app.backendPid()).not.toBe(before);
  await shell.live();
  await expect(dialog.getByLabel('Title')).toHaveValue('Half written');
  await page.keyboard.press('Escape');

  // What ran when it was killed is taken up again when its lease has ended, and all of it succeeds.
  const counts = page.getByRole('grid', { name: 'Tasks' }).getByText('Succeeded');
  await expect(counts).toHaveCount(6, { timeout: 120_000 });
  const again = await signInOverRest(await app.backendUrl(), ada);
  const tasks = await again.tasks();
  expect(tasks.map(({ title, state }) => `${title}: ${state}`).toSorted()).toEqual(
    [1, 2, 3, 4, 5, 6].map((shelf) => `Count shelf ${shelf}: succeeded`),
  );
});

test('a second start shows the first window and ends', { tag: '@shared' }, async ({ shared: app }) => {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect(await startAgain(app.userData)).toBe(0);
  const visible = (): Promise<boolean> =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
  await expect.poll(visible).toBe(true);
  expect(app.electron.windows()).toHaveLength(1);
  expect((await app.status()).backend.state).toBe('ready');
});

test('a data folder without rights is said with what to do; put right, it goes on', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  await shellOf(first).live();
  await first.quit();

  const data = join(first.userData, 'workspace');
  chmodSync(data, 0o000);
  try {
    const second = await launch();
    const failure = second.page.getByRole('alert');
    await expect(failure).toContainText('The data folder cannot be used');
    await expect(failure).toContainText(data);
    await expect(failure).toContainText('Check its permissions');
    // Not put right yet: the same again, and the app stays up.
    const restart = failure.getByRole('button', { name: 'Try again' });
    await restart.click();
    await expect(failure).toContainText('The data folder cannot be used');
    chmodSync(data, 0o700);
    await restart.click();
    await shellOf(second).live();
    await expect(shellOf(second).tenant).toContainText(ada.organizationName);
  } finally {
    chmodSync(data, 0o700);
  }
});

test('broken files of the app cost the session at most, never the work', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  await shellOf(first).live();
  const rest = await signInOverRest(await first.backendUrl(), ada);
  await rest.createTask({ title: 'Still here' });
  await shellOf(first).go('Tasks');
  // The preferences have a file once one of them was chosen.
  await shellOf(first).menu('View', 'Light theme');
  await expect(first.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light');
  await first.quit();

  for (const name of ['session', 'preferences', 'windows']) {
    const file = join(first.userData, `${name}.json`);
    expect(existsSync(file), `${name}.json is where it is kept`).toBe(true);
    writeFileSync(file, '{ "refreshToken": "cut of');
  }
  const second = await launch();
  const door = welcomeOf(second.page);
  await door.shown();
  await door.toSignIn.click();
  await door.write({ email: ada.email, password: ada.password });
  await door.signIn.click();
  await shellOf(second).live();
  await shellOf(second).go('Tasks');
  await expect(tasksOf(second.page).row('Still here')).toBeVisible();
  expect(() => JSON.parse(readFileSync(join(second.userData, 'session.json'), 'utf8')) as unknown).not.toThrow();
});

test('documents that are no plan, or too large, are refused in words; the next one is read', { tag: '@shared' }, async ({ shared: app, folder }) => {
  const { page } = app;
  const shell = shellOf(app);
  const plans = plansOf(page);
  await shell.live();

  await dropDocument(page, 'broken.json', '{ "name": "Cut off", "tasks": [ { "key": "a", ');
  await expect(plans.refusal).toContainText(/line 1, column \d+/);
  await expect(page.getByRole('textbox', { name: 'Text of broken.json' })).toHaveValue(/Cut off/);
  await dropDocument(page, 'diary.md', 'Dear diary,\n\ntoday there was nothing to do.\n');
  await expect(plans.refusal).toContainText(/task/i);
  await dropDocument(page, 'circle.json', '{"name": "Circle", "tasks": [{"key": "a", "title": "A", "dependsOn": ["a"]}]}');
  await expect(page.getByText(/depends on itself|circle/i).first()).toBeVisible();

  // Over the limit, by a little and by a lot; nothing of it is read.
  await dropDocument(page, 'large.md', 5_100_000);
  await expect(plans.refusal).toContainText('large.md has 5.1 MB; a plan is at most 5.0 MB.');
  await dropDocument(page, 'huge.md', 50_000_000);
  await expect(plans.refusal).toContainText('huge.md has 50.0 MB; a plan is at most 5.0 MB.');
  const picked = join(folder, 'picked.md');
  writeFileSync(picked, '');
  truncateSync(picked, 50_000_000);
  await shell.answerOpenDialog(picked);
  await page.getByRole('button', { name: 'Other document' }).click();
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await expect(plans.refusal).toContainText('picked.md has 50.0 MB; a plan is at most 5.0 MB.');
  await shell.answerOpenDialog(folder);
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await expect(plans.refusal).toContainText('is not a file');

  // Nothing has happened to the app: the next document is read.
  await dropDocument(page, 'good.json', '{"name": "One step", "tasks": [{"key": "a", "title": "Sweep the quay", "agent": "sweeper"}]}');
  await plans.previewed('One step');
  await expect(plans.nodes).toHaveCount(1);
  await expect(shell.freshness).toContainText(/^live/);
});
