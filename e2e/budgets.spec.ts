// Budgets while work goes on: set in the window, filled by a program and by simulated work, warned of, used up, raised.
import type { Claim } from '../shared/work.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';
import type { Page } from '@playwright/test';

interface Beat {
  expiresAt: string;
  cancel: { reason: string } | null;
}

/** Sets a budget for an agent, as a person does: agent, amount, a day. */
async function setBudget(page: Page, agent: string, given: { amount: string; held?: string }): Promise<void> {
  await page.getByRole('button', { name: 'New budget' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New budget' });
  await dialog.getByRole('radio', { name: 'Agent', exact: true }).check({ force: true });
  await dialog.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: agent }).click();
  await dialog.getByLabel('Amount').fill(given.amount);
  await dialog.getByRole('radio', { name: 'A day' }).check({ force: true });
  if (given.held !== undefined) await dialog.getByLabel('Held for each attempt').fill(given.held);
  await dialog.getByRole('button', { name: 'Set the budget' }).click();
  await expect(dialog).toBeHidden();
}
const details = (page: Page, agent: string) => page.getByRole('complementary', { name: `The daily budget of ${agent}` });
const row = (page: Page, agent: string) => page.getByRole('grid', { name: 'Budgets' }).getByRole('row').filter({ hasText: agent });

test('a program is warned of, stopped at the ceiling, refused when it is late, and goes on after a raise', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  const tasks = tasksOf(page);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const agent = await rest.createAgent({ name: 'crate-weigher', kind: 'external', concurrency: 5 });
  // The first is the more urgent one: it is the first again after it was stopped.
  await rest.createTask({ title: 'Weigh crate 1', agentId: agent.id, priority: 9 });
  await rest.createTask({ title: 'Weigh crate 2', agentId: agent.id });

  await shell.go('Budgets');
  await setBudget(page, 'crate-weigher', { amount: '1', held: '0.60' });
  const open = details(page, 'crate-weigher');
  await expect(open).toContainText('$0.00 spent');
  const claimed = (await rest.claim({ agentId: agent.id })) as Claim;
  await expect(open).toContainText('$0.60 held for 1 attempt');
  // The second does not fit beside it.
  expect(await rest.claim({ agentId: agent.id })).toBeNull();

  const beat = (costUsd: string) =>
    rest.work<Beat>(claimed.task.id, 'heartbeat', { leaseToken: claimed.lease.token, usage: { inputTokens: 900, outputTokens: 50, costUsd } });
  expect((await beat('0.85')).cancel).toBeNull();
  await expect(row(page, 'crate-weigher')).toContainText('Nearly used');
  await expect(open).toContainText('$0.85 spent');
  await shell.go('Overview');
  const needs = page.getByRole('region', { name: 'Needs a person' });
  await expect(needs).toContainText('The daily budget of crate-weigher is nearly used up');

  const told = await beat('1.10');
  expect(told.cancel?.reason).toContain('The daily budget of crate-weigher is used up: $1.10 spent of $1.00');
  await expect(needs).toContainText('The daily budget of crate-weigher is used up');
  // Its lease ends, the task is queued again, and what it says afterwards is refused.
  await expect.poll(async () => (await rest.task(claimed.task.id)).state, { timeout: 20_000 }).toBe('queued');
  const late = rest.work(claimed.task.id, 'complete', { leaseToken: claimed.lease.token, output: 'All of it.' });
  await expect(late).rejects.toMatchObject({ status: 409, code: 'lease_lost' });
  expect((await beat('1.20')).cancel).not.toBeNull();
  expect(await rest.claim({ agentId: agent.id })).toBeNull();

  await needs.getByRole('button', { name: 'Raise it' }).click();
  await expect(details(page, 'crate-weigher')).toContainText('Stopped by it');
  await expect(details(page, 'crate-weigher').getByRole('link', { name: 'Weigh crate 1' })).toBeVisible();
  // The task says why, and has the button.
  await details(page, 'crate-weigher').getByRole('link', { name: 'Weigh crate 1' }).click();
  const why = tasks.details('Weigh crate 1').getByRole('region', { name: 'Why is this not running?' });
  await expect(why).toContainText('The daily budget of crate-weigher has no room: $1.10 spent');
  await why.getByRole('button', { name: /^Raise to \$/ }).click();
  await expect(why).not.toContainText('has no room');
  const again = (await rest.claim({ agentId: agent.id })) as Claim;
  expect(again.task).toMatchObject({ title: 'Weigh crate 1', attempt: 2, maxAttempts: 3 });
  await rest.work(again.task.id, 'complete', { leaseToken: again.lease.token, output: 'Done', usage: { inputTokens: 1, outputTokens: 1, costUsd: '0.10' } });
  await shell.go('Budgets');
  await expect(row(page, 'crate-weigher')).toContainText('$1.20');
});

test('simulated work fills a budget, stops, and goes on when it is raised; a removal is undone', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const shell = shellOf(app);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const provider = await rest.simulator('Simulator', { seed: 5, typicalSeconds: 1.5, failureRate: 0, overrunRate: 0, costUsd: 0.5 });
  const agent = await rest.createAgent({ name: 'tariff-reader', kind: 'hosted', provider });
  await shell.go('Budgets');
  await setBudget(page, 'tariff-reader', { amount: '0.75', held: '0.10' });
  const open = details(page, 'tariff-reader');
  await expect(open.getByText('simulated')).toBeVisible();
  for (let count = 1; count <= 6; count += 1) await rest.createTask({ title: `Read tariff ${count}`, agentId: agent.id });

  await expect(row(page, 'tariff-reader')).toContainText('Used up', { timeout: 30_000 });
  const queued = async () => (await rest.tasks('&state=queued')).length;
  await expect.poll(queued, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect.poll(async () => (await rest.tasks('&state=running')).length, { timeout: 20_000 }).toBe(0);
  await expect(open).toContainText('Nothing that would use it starts');

  await open.getByRole('button', { name: 'Change…' }).click();
  const change = page.getByRole('dialog', { name: 'Change: The daily budget of tariff-reader' });
  await change.getByLabel('Amount').fill('50');
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'tariff-reader')).toContainText('In budget');
  await expect.poll(async () => (await rest.tasks('&state=succeeded')).length, { timeout: 40_000 }).toBe(6);

  await open.getByRole('button', { name: 'Remove' }).click();
  await expect(row(page, 'tariff-reader')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'tariff-reader')).toContainText('$50.00');
});
