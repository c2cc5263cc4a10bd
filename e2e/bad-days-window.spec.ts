// What draws a window goes down, or a port is taken: the window goes on.
import { createServer, type AddressInfo } from 'node:net';
import { faultsIn } from './fixtures/faults.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('the process that draws goes down, and the window goes on', async ({ signedIn: app }) => {
  const { page, electron } = app;
  const shell = shellOf(app);
  await shell.live();
  app.allow(/GPU|gpu|context/i);
  const pidOf = (): Promise<number | null> =>
    electron.evaluate(({ app: of }) => of.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? null);
  const before = await pidOf();
  expect(before).not.toBeNull();
  process.kill(before!, 'SIGKILL');
  await expect.poll(pidOf).not.toBe(before);
  await shell.go('Tasks');
  const rest = await signInOverRest(await app.backendUrl(), ada);
  await rest.createTask({ title: 'Drawn again' });
  await expect(tasksOf(page).row('Drawn again')).toBeVisible();
  await shell.live();
});

test('a window of which Chromium never says that it has painted is shown all the same, and draws', async ({ launch, folder }) => {
  const faults = faultsIn(folder);
  faults.set({ neverPainted: true });
  const { page, electron } = await launch({ env: faults.env });
  const visible = (): Promise<boolean | undefined> => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await expect.poll(visible).toBe(true);
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await welcomeOf(page).shown();
});

test('a port that is taken is said, with where agents find the backend instead', async ({ launch }) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const app = await launch({ signedIn: true, env: { PORT: String(port) } });
    await shellOf(app).live();
    const banner = troublesOf(app.page).banner(`Port ${port} is in use by another program.`);
    await expect(banner).toContainText(await app.backendUrl());
    expect(await app.backendUrl()).not.toContain(String(port));
    await banner.getByRole('button', { name: 'I see' }).click();
    await expect(banner).toBeHidden();
  } finally {
    await new Promise((resolve) => taken.close(resolve));
  }
});

test('what is being written outlives leaving its place, by the menu or a notification, and a crash of the page', async ({ signedIn: app }) => {
  const { page, electron } = app;
  const shell = shellOf(app);
  await shell.live();
  await shell.menu('File', 'New task');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Half written');
  await dialog.getByLabel('Instructions').fill('Look at every lamp');

  // The menu's key reaches the window whatever has the keyboard.
  await shell.menu('Go', 'Audit');
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await expect(dialog).toBeHidden();
  const offered = troublesOf(page).banner('You were writing a new task.');
  await expect(offered).toContainText('“Half written”');
  await offered.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByLabel('Title')).toHaveValue('Half written');
  await expect(dialog.getByLabel('Instructions')).toHaveValue('Look at every lamp');
  await expect(offered).toBeHidden();

  // As a notification or a link does.
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.send('menu:go', '/agents'));
  await expect(page.getByRole('heading', { level: 1, name: 'Agents' })).toBeVisible();
  await offered.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByLabel('Title').fill('Half written, and more');

  // Playwright's page ends with the process that draws it, so the window is looked at through the main process.
  app.allow(/the window crashed/);
  const pidOf = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);
  const before = await pidOf();
  const look = <T>(script: string): Promise<T> =>
    electron.evaluate(async ({ BrowserWindow }, code) => (await BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code)) as never, script);
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await expect.poll(pidOf).not.toBe(before);
  const said = (): Promise<string> => look<string>(`document.querySelector('main')?.innerText ?? ''`).catch(() => '');
  await expect.poll(said, { timeout: 30_000 }).toContain('This window stopped and was drawn again.');
  await expect.poll(said).toContain('You were writing a new task. “Half written, and more”.');
  await look(`[...document.querySelectorAll('main button')].find((button) => button.textContent === 'Continue').click()`);
  const title = (): Promise<string> => look<string>(`document.querySelector('[role=dialog] input[data-path=title]')?.value ?? ''`);
  await expect.poll(title).toBe('Half written, and more');
  expect(await look<string>(`document.querySelector('[role=dialog] textarea[data-path=instructions]')?.value`)).toBe('Look at every lamp');
});
