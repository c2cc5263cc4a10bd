// Live operation: work shows within seconds, all charts share a cursor, and a point leads to its tasks by keyboard.
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('a failed attempt is seen live, and its task is opened from the chart by keys alone', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const agent = await rest.createAgent({ name: 'lamp-checker', kind: 'external' });

  await shell.go('Live operation');
  await expect(page.getByText('nothing to do')).toBeVisible();
  await rest.createTask({ title: 'Check the port lamp', agentId: agent.id, maxAttempts: 1 });
  const claim = await rest.claim({ agentId: agent.id });
  if (claim === null) throw new Error('There was nothing to claim.');
  await rest.work(claim.task.id, 'fail', { leaseToken: claim.lease.token, error: 'The ladder is too short.' });
  await expect(page.getByRole('region', { name: 'Error rate' })).toContainText('100% of attempts');

  const throughput = page.getByRole('slider', { name: 'Throughput over time' });
  await throughput.focus();
  await page.keyboard.press('End');
  await expect(throughput).toHaveAttribute('aria-valuetext', /failed 1 \/ min/);
  await expect(page.getByRole('slider', { name: 'Run time over time' })).toHaveAttribute('aria-valuetext', /p95/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(tasksOf(page).row('Check the port lamp')).toBeVisible();
});
