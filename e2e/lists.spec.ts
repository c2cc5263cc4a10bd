// Lists as they were left: columns and filters are so again after a restart; and the keys that filter them.
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

test('after the menu of the columns was closed by Escape, / and what is typed filter the list', { tag: '@shared' }, async ({ shared: app }) => {
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  await rest.createTask({ title: 'Check the port lamp' });
  await rest.createTask({ title: 'Grease the winch' });
  await shellOf(app).go('Tasks');
  const { row } = tasksOf(app.page);
  await expect(row('Grease the winch')).toBeVisible();

  await app.page.getByRole('button', { name: 'Columns of Tasks' }).click();
  await expect(app.page.getByRole('dialog', { name: 'Columns of Tasks' })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await app.page.keyboard.press('/');
  await app.page.keyboard.type('port lamp');
  await expect(row('Grease the winch')).toHaveCount(0);
  await expect(row('Check the port lamp')).toBeVisible();
});

test('a hidden column, and filters of two lists, the last set just before quitting, stand at the next start', async ({ launch }) => {
  const app = await launch({ signedIn: true });
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  await rest.createAgent({ name: 'lamp-checker', kind: 'external' });
  const winch = await rest.createAgent({ name: 'winch-greaser', kind: 'external' });
  await rest.createTask({ title: 'Check the port lamp' });
  await rest.createTask({ title: 'Grease the winch', agentId: winch.id });
  await shellOf(app).go('Tasks');
  const { list, row } = tasksOf(app.page);
  await expect(row('Grease the winch')).toBeVisible();
  await test.step('a column is hidden', async () => {
    const age = list.getByRole('columnheader', { name: 'Age', exact: true });
    await expect(age).toBeVisible();
    await app.page.getByRole('button', { name: 'Columns of Tasks' }).click();
    await app.page.getByRole('dialog', { name: 'Columns of Tasks' }).getByRole('checkbox', { name: 'Age', exact: true }).uncheck();
    await app.page.keyboard.press('Escape');
    await expect(age).toHaveCount(0);
  });
  await app.page.keyboard.press('/');
  await app.page.keyboard.type('port lamp');
  await expect(row('Grease the winch')).toHaveCount(0);
  // Both filters within the moment after which the first would be kept.
  await shellOf(app).go('Agents');
  const agents = app.page.getByRole('grid', { name: 'Agents' });
  await expect(agents.getByRole('row', { name: /winch-greaser/ })).toBeVisible();
  await app.page.keyboard.press('/');
  await app.page.keyboard.type('kind:external lamp');
  await expect(agents.getByRole('row', { name: /winch-greaser/ })).toHaveCount(0);
  await app.quit();

  const again = await launch();
  await shellOf(again).live();
  const rows = again.page.getByRole('grid', { name: 'Agents' }).getByRole('row');
  await expect(rows.filter({ hasText: 'lamp-checker' })).toBeVisible();
  await expect(rows.filter({ hasText: 'winch-greaser' })).toHaveCount(0);
  await shellOf(again).go('Tasks');
  await expect(again.page.getByRole('textbox', { name: 'Filter tasks' })).toHaveValue('port lamp');
  await expect(tasksOf(again.page).row('Check the port lamp')).toBeVisible();
  await expect(tasksOf(again.page).row('Grease the winch')).toHaveCount(0);
  await test.step('the column is hidden still', async () => {
    const { list: back } = tasksOf(again.page);
    await expect(back.getByRole('columnheader', { name: 'Agent' })).toBeVisible();
    await expect(back.getByRole('columnheader', { name: 'Age', exact: true })).toHaveCount(0);
  });
  // From another place too: the list was left with its filter.
  await shellOf(again).go('Agents');
  await expect(again.page.getByRole('button', { name: 'Remove the filter Kind' })).toBeVisible();
  await expect(rows.filter({ hasText: 'lamp-checker' })).toBeVisible();
  await expect(rows.filter({ hasText: 'winch-greaser' })).toHaveCount(0);
});
