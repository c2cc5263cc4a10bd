// Usage while work goes on: the figures move with it, and every bar and row leads to exactly the tasks behind it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Claim } from '../shared/work.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { usageOf } from './fixtures/pages/usage.ts';
import { signInOverRest, type Rest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

async function claim(rest: Rest, agentId: string): Promise<Claim> {
  const found = await rest.claim({ agentId });
  if (found === null) throw new Error('There was nothing to claim.');
  return found;
}
const used = { inputTokens: 1_200, outputTokens: 300, costUsd: '0.25' };

test('the figures move as work ends, and lead to its tasks by mouse and by keys', { tag: '@shared' }, async ({ shared: app, folder }) => {
  const { page } = app;
  const { keyboard } = page;
  const shell = shellOf(app);
  const usage = usageOf(page);
  const tasks = tasksOf(page);
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const weigher = await rest.createAgent({ name: 'crate-weigher', kind: 'external' });
  const counter = await rest.createAgent({ name: 'rope-counter', kind: 'external' });
  for (const title of ['Weigh crate 1', 'Weigh crate 2', 'Weigh crate 3']) await rest.createTask({ title, agentId: weigher.id, maxAttempts: 1 });
  await rest.createTask({ title: 'Count the ropes', agentId: counter.id });
  await rest.createTask({ title: 'Never begun', agentId: counter.id });

  await shell.go('Usage');
  await expect(page.getByText(/from the moment they claim their first task/)).toBeVisible();
  await expect(usage.tile('Executions')).toContainText('Executions0');

  // Nothing is reloaded: the claim is an execution at once, its end brings the rest.
  const first = await claim(rest, weigher.id);
  await expect(usage.tile('Executions')).toContainText('Executions1');
  await rest.work(first.task.id, 'complete', { leaseToken: first.lease.token, output: 'Done', usage: used });
  await expect(usage.tile('Tokens')).toContainText('1,500');
  await expect(usage.tile('Cost')).toContainText('$0.250');
  const second = await claim(rest, weigher.id);
  await rest.work(second.task.id, 'fail', { leaseToken: second.lease.token, error: 'The scale is broken.', usage: used });
  const ropes = await claim(rest, counter.id);
  await rest.work(ropes.task.id, 'complete', { leaseToken: ropes.lease.token, output: 'Twelve', usage: used });
  await expect(usage.tile('Executions')).toContainText('Executions3');
  await expect(usage.tile('Cost')).toContainText('$0.750');
  await expect(usage.shares('Agents').getByRole('row', { name: /crate-weigher/ })).toHaveText(/crate-weigher2\s*67%/);
  await expect(usage.shares('Agents').getByRole('row', { name: /rope-counter/ })).toHaveText(/rope-counter1\s*33%/);

  // By keys alone: to today's bar, up its stack to one agent, and into its tasks.
  await usage.chart.focus();
  await keyboard.press('End');
  await expect(usage.chart).toHaveAttribute('aria-valuetext', /crate-weigher 2 executions, rope-counter 1 execution/);
  await keyboard.press('ArrowUp');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Tasks' })).toBeVisible();
  await expect(tasks.row('Weigh crate')).toHaveCount(2);
  await expect(tasks.row('Weigh crate 3')).toHaveCount(0);
  await expect(tasks.row('Count the ropes')).toHaveCount(0);
  await expect(page.getByRole('search')).toContainText('counted:');
  // What is counted from now on stands in the open list too.
  const third = await claim(rest, weigher.id);
  await expect(tasks.row('Weigh crate 3')).toContainText('Running');
  await keyboard.press('Alt+ArrowLeft');
  await expect(usage.tile('Executions')).toContainText('Executions4');
  await rest.work(third.task.id, 'complete', { leaseToken: third.lease.token, output: 'Done', usage: used });

  // By outcome: what failed, whatever became of it since.
  await usage.tile('Cost').click();
  await usage.group('By outcome');
  await expect(usage.shares('Outcomes').getByRole('row', { name: /Failed/ })).toContainText('$0.250');
  await rest.call('POST', `/api/tasks/${second.task.id}/retry`, {});
  const again = await claim(rest, weigher.id);
  await rest.work(again.task.id, 'complete', { leaseToken: again.lease.token, output: 'Mended', usage: used });
  await expect(usage.tile('Cost')).toContainText('$1.25');
  await usage.shares('Outcomes').getByRole('link', { name: 'Failed' }).click();
  await expect(tasks.row('Weigh crate')).toHaveCount(1);
  await expect(tasks.row('Weigh crate 2')).toContainText('Succeeded');
  await keyboard.press('Alt+ArrowLeft');

  // A range by mouse is a step of its own; of two days the hours are shown.
  const box = await usage.chart.boundingBox();
  if (box === null) throw new Error('The chart has no place.');
  const xOf = (day: number): number => box.x + 46 + ((day + 0.5) * (box.width - 54)) / 7;
  await page.mouse.move(xOf(6), box.y + 60);
  await page.mouse.down();
  await page.mouse.move(xOf(5), box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('slider', { name: /by the hour/ })).toHaveAttribute('aria-valuemax', '47');
  await page.getByRole('button', { name: 'Back to 7 days' }).click();

  // The same as a table, and as a file.
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(usage.table.getByRole('row').nth(1)).toContainText('$1.25');
  const path = join(folder, 'Usage.csv');
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByRole('button', { name: 'Export CSV' }).click();
  await expect(page.getByText('The figures are saved.')).toBeVisible();
  const lines = readFileSync(path, 'utf8').trim().split('\r\n');
  expect(lines).toHaveLength(8);
  // Four executions, five attempts, five times the tokens: a retry is not counted again.
  expect(lines.at(-1)?.split(',').slice(2, 4)).toEqual(['4', '5']);
  expect(lines.at(-1)?.split(',').slice(5, 8)).toEqual(['6000', '1500', '1.25']);
});
