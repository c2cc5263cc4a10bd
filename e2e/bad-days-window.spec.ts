// A window, or what draws it, goes down; a port is taken: the window comes back where it was, with what was written.
import { createServer, type AddressInfo } from 'node:net';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { newTaskOf, troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('a window whose page crashes is back at its place, with the text of its form', async ({ app }) => {
  const { page, electron } = app;
  const shell = shellOf(app);
  const form = newTaskOf(page);
  await welcomeOf(page).register(ada);
  await shell.live();
  await shell.go('Tasks');
  await form.open();
  await form.title.fill('Sweep the quay');
  app.allow(/the window crashed/, /crash/i);
  const drawnAgain = electron.evaluate(
    ({ webContents }) =>
      new Promise<void>((resolve) => {
        webContents.getAllWebContents()[0]?.once('did-finish-load', () => resolve());
      }),
  );
  await electron.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.forcefullyCrashRenderer());
  await drawnAgain;
  // Playwright does not follow a page over its crash; the window itself is asked.
  const look = <Result>(code: string): Promise<Result> =>
    electron.evaluate(
      async ({ webContents }, script) => (await webContents.getAllWebContents()[0]?.executeJavaScript(script)) as Result,
      code,
    );
  await expect.poll(() => look<string>(`document.querySelector('h1')?.textContent ?? ''`)).toBe('Tasks');
  await expect.poll(() => look<string>(`document.querySelector('[data-testid="freshness"]')?.textContent ?? ''`)).toMatch(/^live/);
  await look(`[...document.querySelectorAll('button')].find((one) => one.textContent === 'New task').click()`);
  await expect
    .poll(() => look<string>(`document.querySelector('[role=dialog] input')?.value ?? ''`))
    .toBe('Sweep the quay');
});

test('the process that draws goes down, and the window goes on', async ({ app }) => {
  const { page, electron } = app;
  const shell = shellOf(app);
  await welcomeOf(page).register(ada);
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

test('a port that is taken is said, with where agents find the backend instead', async ({ launch }) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const app = await launch({ env: { PORT: String(port) } });
    await welcomeOf(app.page).register(ada);
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
