// Queues and schedules in the window: a schedule that runs by itself and on request, and the queue that holds its work.
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { expect, test } from './fixtures/test.ts';

test('a schedule is written, runs on request and by its times; its queue is paused, drained and goes on', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  const tasks = tasksOf(page);
  await shell.live();

  await shell.go('Queues');
  await expect(page.getByText('No queue holds work now')).toBeVisible();
  await page.getByRole('radio', { name: 'Schedules' }).check({ force: true });
  await page.getByRole('button', { name: 'New schedule' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New schedule' });
  await dialog.getByLabel('Name').fill('Count the crates');
  await dialog.getByLabel('When').fill('99 * * * *');
  await expect(dialog.getByText(/is no cron expression/)).toBeVisible();
  await dialog.getByLabel('When').fill('30 6 1 1 *');
  await expect(dialog.getByText('At 06:30, on day 1 of the month, only in January')).toBeVisible();
  await expect(dialog.getByText(/Next: .*\d\d:\d\d/)).toBeVisible();
  await dialog.getByLabel('Title of each task').fill('Count what stands on the quay');
  await dialog.getByRole('radio', { name: 'Any agent' }).check({ force: true });
  await dialog.getByRole('button', { name: /^Queue and retries/ }).click();
  await dialog.getByRole('combobox', { name: 'Queue' }).or(dialog.getByRole('textbox', { name: 'Queue' })).fill('quay');
  await dialog.getByRole('button', { name: 'Create schedule' }).click();
  await expect(dialog).toBeHidden();

  // On request: its task is made, and the notice leads to it.
  const schedule = page.getByRole('complementary', { name: 'Schedule Count the crates' });
  await expect(schedule).toContainText('It has not run yet.');
  await schedule.getByRole('button', { name: 'Run now' }).click();
  await expect(schedule.getByRole('link', { name: 'Count what stands on the quay' })).toBeVisible();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(tasks.details('Count what stands on the quay')).toBeVisible();

  // Its queue is paused: nothing runs of it, so it is drained; the task says why it does not run.
  await shell.go('Queues');
  await page.getByRole('radio', { name: 'Queues' }).check({ force: true });
  await page.getByRole('grid', { name: 'Queues' }).getByRole('row').filter({ hasText: 'quay' }).click();
  const queue = page.getByRole('complementary', { name: 'Queue quay' });
  await expect(queue).toContainText('1 task');
  await queue.getByRole('button', { name: 'Pause' }).click();
  await expect(queue).toContainText('Drained: nothing runs.');
  await queue.getByRole('link', { name: 'All tasks of this queue' }).click();
  await tasks.row('Count what stands on the quay').click();
  await expect(page.getByRole('region', { name: 'Why is this not running?' })).toContainText('quay');
  await page.getByRole('button', { name: /Resume/ }).click();
  await expect(page.getByRole('region', { name: 'Why is this not running?' })).not.toContainText('is paused');

  // By its times: every second from now on, and a run is left out while the one before has not ended.
  await shell.go('Queues');
  await page.getByRole('radio', { name: 'Schedules' }).check({ force: true });
  await page.getByRole('grid', { name: 'Schedules' }).getByRole('row').filter({ hasText: 'Count the crates' }).click();
  await schedule.getByRole('button', { name: 'Edit' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit Count the crates' });
  await edit.getByLabel('When').fill('* * * * * *');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect(schedule).toContainText('The last run made no task.', { timeout: 30_000 });
  await schedule.getByRole('button', { name: 'Pause' }).click();
  await expect(schedule).toContainText('It is paused: it creates nothing until it is resumed.');

  // The notice with its way back lies over the buttons, and stays while the mouse is on it.
  await page.mouse.move(300, 300);
  await expect(page.getByText(/is paused: it creates nothing\.$/)).toBeHidden({ timeout: 20_000 });
  await schedule.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await expect(page.getByText('No schedules yet')).toBeVisible();
});
