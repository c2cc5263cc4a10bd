// How fresh the screen is: a backend that stops answering is said at once, and what was missed comes after.
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('a backend that hangs makes the screen stale, and what was missed comes when it goes on', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  const tasks = tasksOf(page);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  await shell.go('Tasks');
  await rest.createTask({ title: 'Before the silence' });
  await expect(tasks.row('Before the silence')).toBeVisible();

  const pid = await app.backendPid();
  if (pid === null) throw new Error('There is no backend process.');
  process.kill(pid, 'SIGSTOP');
  try {
    // Sent while it hangs: it answers when it goes on.
    const created = rest.createTask({ title: 'During the silence' });
    await expect(shell.freshness).toContainText('stale since');
    await expect(page.getByText('The connection is lost.')).toBeVisible();
    await expect(tasks.row('Before the silence')).toBeVisible();
    process.kill(pid, 'SIGCONT');
    await created;
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await shell.live();
  await expect(page.getByText('The connection is lost.')).toBeHidden();
  await expect(tasks.row('During the silence')).toBeVisible();
  expect(await app.backendPid()).toBe(pid);
});
