// Dead letters by keyboard: a hundred failures are read as their groups, one group is opened and tried again, and the
// others stay as they are.
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('one group of failed tasks is found, looked at and tried again by keys alone', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const { keyboard } = page;
  const tasks = tasksOf(page);
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const agent = await rest.createAgent({ name: 'bell-ringer', kind: 'external', concurrency: 20 });
  const errors = [...Array<string>(7).fill('The rope is %s m too short'), ...Array<string>(4).fill('Bell %s is cracked'), 'Nobody is up there'];
  for (const index of errors.keys()) await rest.createTask({ title: `Ring the hour ${index}`, agentId: agent.id, maxAttempts: 1 });
  for (const [index, error] of errors.entries()) {
    const claim = await rest.claim({ agentId: agent.id });
    if (claim === null) throw new Error('There was nothing to claim.');
    await rest.work(claim.task.id, 'fail', { leaseToken: claim.lease.token, error: error.replace('%s', String(index)) });
  }

  await keyboard.press('Control+4');
  await expect(tasks.list).toBeFocused();
  // Back from the list to the views, as a person does who sees them above it.
  const views = page.getByRole('radiogroup', { name: 'View' });
  for (let step = 0; step < 20; step += 1) {
    await keyboard.press('Shift+Tab');
    if (await views.getByRole('radio', { name: 'All' }).evaluate((radio) => radio === document.activeElement)) break;
  }
  for (let step = 0; step < 3; step += 1) await keyboard.press('ArrowRight');
  const groups = page.getByRole('grid', { name: 'Errors' });
  await expect(groups.getByRole('row', { name: /rope|cracked|up there/ })).toHaveCount(3);
  const rows = groups.getByRole('row');
  await expect(rows.nth(1)).toContainText('7');
  await expect(rows.nth(1)).toContainText('The rope is … m too short');
  await expect(rows.nth(2)).toContainText('Bell … is cracked');

  // The second largest: opened, all that match, retry; the plan says how many and is confirmed.
  await expect(groups).toBeFocused();
  for (let step = 0; step < 2; step += 1) await keyboard.press('j');
  await keyboard.press('Enter');
  await expect(tasks.list.getByRole('row', { name: /Ring the hour/ })).toHaveCount(4);
  await page.getByRole('button', { name: 'All matching' }).focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Retry…' })).toBeVisible();
  // It takes the keys a moment after it is seen.
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role="menu"]') !== null)).toBe(true);
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Retry 4 tasks?' });
  await expect(dialog).toContainText('4 failed');
  await expect(dialog.getByRole('button', { name: 'Do nothing' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  const job = page.getByRole('complementary', { name: 'Retry 4 tasks' });
  await expect(job).toContainText('4 of 4 gone through · 4 changed');
  expect((await rest.tasks('&state=queued')).length).toBe(4);
  expect((await rest.tasks('&state=failed')).length).toBe(8);
});
