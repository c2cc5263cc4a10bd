// The backend of this computer stops, hangs, or goes down with the whole application: what is said, kept and healed.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { faultsIn } from './fixtures/faults.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { newTaskOf, troublesOf } from './fixtures/pages/troubles.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

/** Between two looks whether it is there again. */
const LOOK_EVERY_MS = 20;

test('a backend killed between saving a form and answering: it is said, the form stays, and sent again it is done once', async ({ launch, folder }) => {
  const faults = faultsIn(folder);
  const app = await launch({ signedIn: true, env: faults.env });
  const { page } = app;
  const shell = shellOf(app);
  const form = newTaskOf(page);
  await shell.live();
  // Something runs, so that there is something to put back, however long this takes.
  const rest = await signInOverRest(await app.backendUrl(), ada);
  const provider = await rest.simulator('Slow', { typicalSeconds: 600, failureRate: 0, overrunRate: 0 });
  const agent = await rest.createAgent({ name: 'stocktaker', kind: 'hosted', provider, concurrency: 2 });
  for (const shelf of [1, 2]) await rest.createTask({ title: `Count shelf ${shelf}`, agentId: agent.id });
  await shell.go('Tasks');
  await expect(tasksOf(page).list.getByText('Running')).toHaveCount(2);

  await form.open();
  await form.title.fill('Sweep the quay');
  const before = await app.backendPid();
  faults.set({ killAtAnswer: 'tasks.create' });
  await form.create.click();
  const refusal = form.dialog.getByRole('alert');
  await expect(refusal).toContainText('may or may not have been done');
  await expect(refusal).toContainText('it is done once only');
  await expect(form.title).toHaveValue('Sweep the quay');
  faults.set({});

  await expect.poll(() => app.backendPid()).not.toBe(before);
  await shell.live();
  await form.create.click();
  await expect(form.dialog).toBeHidden();
  const again = await signInOverRest(await app.backendUrl(), ada);
  expect((await again.tasks()).filter(({ title }) => title === 'Sweep the quay')).toHaveLength(1);
  // What happened is said until it was read, and no attempt was spent.
  const banner = troublesOf(page).banner('The backend was started again.');
  await expect(banner).toContainText(/It stopped by itself at \d\d:\d\d\. 2 tasks that ran were put back without spending an attempt/);
  await banner.getByRole('button', { name: 'I see' }).click();
  await expect(banner).toBeHidden();
  for (const { id, title } of await again.tasks()) {
    if (title.startsWith('Count')) expect((await again.details(id)).attempts[0]?.outcome).toBe('released');
  }
});

test('one that stops again and again is not started for ever: why, its last lines and the ways out', async ({ signedIn: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  const troubles = troublesOf(page);
  await shell.live();
  await shell.go('Tasks');
  await newTaskOf(page).open();
  await newTaskOf(page).title.fill('Half written');

  // As it crashes when it has hardly begun.
  const killed = new Set<number>();
  while (!(await troubles.failure.isVisible())) {
    const pid = await app.backendPid();
    if (pid === null || killed.has(pid)) {
      await pause(LOOK_EVERY_MS);
      continue;
    }
    killed.add(pid);
    process.kill(pid, 'SIGKILL');
  }
  await expect(troubles.failure).toContainText('The backend keeps stopping');
  await expect(troubles.failure).toContainText('Your data is kept');
  await expect(troubles.button('Save the log…')).toBeVisible();
  await troubles.button('Restart the backend').click();
  await shell.live();
  // What was being written stood behind it all the while.
  await expect(newTaskOf(page).title).toHaveValue('Half written');
  expect(killed.size).toBe(6);
});

test('one that is stopped and goes on is live again, and nothing comes twice', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  await shell.go('Tasks');
  const pid = (await app.backendPid())!;
  process.kill(pid, 'SIGSTOP');
  await expect(shell.freshness).toContainText(/stale since|connecting/);
  await expect(troublesOf(page).banner('The connection is lost.')).toBeVisible();
  process.kill(pid, 'SIGCONT');
  await shell.live();
  await expect(troublesOf(page).banner('The connection is lost.')).toBeHidden();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  await rest.createTask({ title: 'After the pause' });
  await expect(tasksOf(page).row('After the pause')).toHaveCount(1);
  expect(await app.backendPid()).toBe(pid);
});

test('the whole application is killed twice while it writes: everything that was answered is there', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  await shellOf(first).live();
  const answered: string[] = [];

  async function writeUntilKilled(url: string, kill: () => Promise<void>): Promise<void> {
    const rest = await signInOverRest(url, ada);
    const writing = (async () => {
      try {
        for (;;) answered.push((await rest.createTask({ title: `Crate ${answered.length}` })).id);
      } catch {
        // Killed under it: this one was not answered, and may or may not be there.
      }
    })();
    const enough = answered.length + 40;
    await expect.poll(() => answered.length).toBeGreaterThan(enough);
    await kill();
    await writing;
  }
  await writeUntilKilled(await first.backendUrl(), () => first.kill());
  const second = await launch();
  await writeUntilKilled(await second.backendUrl(), () => second.kill());
  const third = await launch();
  await shellOf(third).live();
  const rest = await signInOverRest(await third.backendUrl(), ada);
  for (const id of [answered[0], answered.at(-1), ...answered.filter((_id, index) => index % 10 === 0)]) {
    expect((await rest.task(id!)).state).toBe('queued');
  }
  expect(readdirSync(join(third.userData, 'workspace'))).not.toContain('database.unfinished');
});
