// Everything by keyboard: a failed task is found and tried again, and a plan started, without touching the mouse.
import type { Page } from '@playwright/test';
import type { ProviderAccount } from '../shared/provider.ts';
import { plansOf } from './fixtures/pages/plans.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('a failed task is found and tried again by keys alone', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const { keyboard } = page;
  const tasks = tasksOf(page);
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const agent = await rest.createAgent({ name: 'lamp-checker', kind: 'external' });
  await rest.createTask({ title: 'Check the port lamp', agentId: agent.id, maxAttempts: 1 });
  const claim = await rest.claim({ agentId: agent.id });
  if (claim === null) throw new Error('There was nothing to claim.');
  await rest.work(claim.task.id, 'fail', { leaseToken: claim.lease.token, error: 'The ladder is too short.' });
  for (const lamp of ['starboard', 'stern', 'mast']) {
    await rest.createTask({ title: `Check the ${lamp} lamp`, agentId: agent.id });
  }

  // To the tasks, down the list, into the failed one, and again.
  await keyboard.press('Control+4');
  await expect(tasks.list).toBeFocused();
  await expect(tasks.list.getByRole('row', { name: /Check the/ })).toHaveCount(4);
  await keyboard.press('j');
  for (let step = 0; step < 3; step += 1) await keyboard.press('j');
  await keyboard.press('Enter');
  const details = tasks.details('Check the port lamp');
  await expect(details).toContainText('The ladder is too short.');
  await keyboard.press('r');
  await expect(tasks.row('Check the port lamp')).toContainText('Queued');
  await expect(details).toContainText('Queued');
  // With details open, the list drives them.
  await keyboard.press('k');
  await expect(tasks.details('Check the starboard lamp')).toBeVisible();
  await keyboard.press('Escape');
  await expect(tasks.details('Check the starboard lamp')).toBeHidden();
  await expect(tasks.list).toBeFocused();

  // The omnibox finds a task by its words and the places by theirs.
  await keyboard.press('Control+1');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await keyboard.press('Control+k');
  const omnibox = page.getByLabel('Search, go to, or act', { exact: true });
  await expect(omnibox).toBeFocused();
  await keyboard.type('mast lamp');
  await expect(shellOf(app).omniboxChoice).toContainText('Check the mast lamp');
  await keyboard.press('Enter');
  await expect(tasks.details('Check the mast lamp')).toBeVisible();
  await expect(omnibox).toBeHidden();

  // Cancelling asks first; Escape keeps the task.
  await keyboard.press('x');
  const asked = page.getByRole('dialog', { name: /Cancel “Check the mast lamp”/ });
  await expect(asked).toBeVisible();
  await keyboard.press('Escape');
  await expect(asked).toBeHidden();
  await expect(tasks.row('Check the mast lamp')).toContainText('Queued');

  await keyboard.press('Shift+?');
  const keys = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(keys).toBeVisible();
  await keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await keyboard.press('Alt+ArrowLeft');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});

test('a plan is imported, created and started by keys alone, on a simulator that is added on the way', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const { keyboard } = page;
  const plans = plansOf(page);
  await shellOf(app).live();

  await keyboard.press('Control+k');
  await expect(page.getByLabel('Search, go to, or act', { exact: true })).toBeFocused();
  await keyboard.type('import a plan');
  await expect(shellOf(app).omniboxChoice).toContainText('Import a plan');
  await keyboard.press('Enter');
  await expect(plans.title).toHaveText('Import a plan');
  await tabTo(page, 'Or paste its text');
  await keyboard.insertText('{"name": "By keys", "tasks": [{"key": "a", "title": "Sound the horn", "agent": "horn-blower"}]}');
  await tabTo(page, 'Preview');
  await keyboard.press('Enter');
  await plans.previewed('By keys');
  await tabTo(page, 'Provider account');
  await keyboard.press('Space');
  await tabTo(page, 'Add a simulator account');
  await keyboard.press('Enter');
  await expect(page.getByLabel('Account', { exact: true }).first()).toBeVisible();
  await keyboard.press('Shift+Tab');
  await tabTo(page, 'Name', 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(page.getByText('Nothing runs until you start it.')).toBeVisible();
  // Simulated work ends by itself: this one not before it was looked at.
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const [account] = (await rest.call<{ items: ProviderAccount[] }>('GET', '/api/providers')).items;
  await rest.call('PATCH', `/api/providers/${account?.id}`, { settings: { typicalSeconds: 600, failureRate: 0, overrunRate: 0 } });
  await tabTo(page, 'Start');
  await keyboard.press('Enter');
  await expect(plans.nodesIn('running')).toHaveCount(1);
  await tabTo(page, 'Sound the horn');
  await keyboard.press('Enter');
  await expect(tasksOf(page).details('Sound the horn')).toContainText('Running');
  await keyboard.press('Escape');
  await expect(plans.node('Sound the horn')).toBeFocused();
});

/** Goes on with Tab until what has the focus is called so, as a person does who looks where it is. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { activeElement } = document;
      const labels = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement ? activeElement.labels : null;
      return activeElement?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? activeElement?.textContent ?? '';
    });
  const passed: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    const now = await focused();
    if (now.startsWith(name)) return;
    passed.push(now.slice(0, 30));
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to “${name}”: ${passed.join(' | ')}`);
}
