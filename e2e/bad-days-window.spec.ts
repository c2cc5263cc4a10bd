// What draws a window goes down, or a port is taken: the window goes on.
import { createServer, type AddressInfo } from 'node:net';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

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
