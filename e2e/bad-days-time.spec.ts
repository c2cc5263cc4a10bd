// The clock is set, the computer sleeps: nothing runs out by it, nothing is said that cannot be, and it catches up.
import { join } from 'node:path';
import { faultsIn } from './fixtures/faults.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { startServer } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

const HOUR_MS = 3_600_000;

test('the clock is set an hour forward and two back while work runs: no attempt is lost, no age is in the future', async ({ launch, folder }) => {
  const faults = faultsIn(folder);
  const app = await launch({ signedIn: true, env: faults.env });
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  const provider = await rest.simulator('Slow', { typicalSeconds: 600, failureRate: 0, overrunRate: 0 });
  const hosted = await rest.createAgent({ name: 'stocktaker', kind: 'hosted', provider, concurrency: 2 });
  const crew = await rest.createAgent({ name: 'crew', kind: 'external' });
  await rest.createTask({ title: 'Count shelf 1', agentId: hosted.id });
  await rest.createTask({ title: 'Lash the deck', agentId: crew.id });
  const claim = (await rest.claim({ agentId: crew.id }))!;
  await shell.go('Tasks');
  await expect(tasksOf(page).list.getByText('Running')).toHaveCount(2);

  for (const clockMs of [HOUR_MS, -HOUR_MS]) {
    faults.set({ clockMs });
    // Told by the engine in each task's timeline, once it has made good for the step.
    const moved = async () => (await signInOverRest(await app.backendUrl(), ada)).details(claim.task.id)
      .then(({ timeline }) => timeline.filter(({ type }) => type === 'tasks.limits_moved').length);
    await expect.poll(moved).toBe(clockMs > 0 ? 1 : 2);
    const now = await signInOverRest(await app.backendUrl(), ada);
    for (const { id, title, state, attempt } of await now.tasks()) {
      expect(`${title} ${state} ${attempt}`).toMatch(/ running 1$/);
      expect((await now.details(id)).attempts).toHaveLength(1);
    }
    // The lease is the same one still.
    await now.work(claim.task.id, 'heartbeat', { leaseToken: claim.lease.token });
    await shell.live();
    await expect(page.getByRole('main')).not.toContainText(/\bin \d+ (s|min|h)\b|-\d+ (s|min)/);
  }
  faults.set({});
  const last = await signInOverRest(await app.backendUrl(), ada);
  await last.work(claim.task.id, 'complete', { leaseToken: claim.lease.token, output: 'Lashed.' });
  await expect(tasksOf(page).row('Lash the deck')).toContainText('Succeeded');
});

test('a computer whose clock is not that of its server is told so, and ages are those of the server', async ({ launch, folder }) => {
  const server = await startServer(join(folder, 'server'));
  try {
    const faults = faultsIn(folder);
    faults.set({ clockMs: 5 * 60_000 });
    const app = await launch({ env: { ...faults.env, SIGNALBOX_SERVER_URL: server.url } });
    const { page } = app;
    await welcomeOf(page).shown();
    await page.getByRole('button', { name: 'Create a workspace' }).click();
    await welcomeOf(page).register(ada);
    await shellOf(app).live();
    const banner = troublesOf(page).banner('This computer’s clock is');
    // The server tells its time in whole seconds, some way away.
    await expect(banner).toContainText(/(5 min( [1-3] s)?|4 min 5[789] s) ahead of the server’s/);
    faults.set({});
    await expect(banner).toBeHidden();
  } finally {
    await server.stop();
  }
});

test('the computer sleeps and wakes: said, caught up, and a line that broke meanwhile is made anew', { tag: '@shared' }, async ({ shared: app }) => {
  const { page, electron } = app;
  const shell = shellOf(app);
  await shell.live();
  await shell.go('Tasks');
  await electron.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
  });
  await expect(shell.freshness).toContainText('awake again');
  await expect(shell.freshness).toContainText(/^live · \d+ ms/);

  // The backend slept as well, longer than a question after a sleep may take.
  const pid = (await app.backendPid())!;
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  process.kill(pid, 'SIGSTOP');
  await electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
  await expect(shell.freshness).toContainText(/stale since|connecting/);
  process.kill(pid, 'SIGCONT');
  await shell.live();
  await rest.createTask({ title: 'After the sleep' });
  await expect(tasksOf(page).row('After the sleep')).toHaveCount(1);
});
