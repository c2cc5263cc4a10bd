// A hosted agent on a real service: its account is added and tested, the agent does a task on it and what that cost is
// shown; a rate that is used up cools the account, the task waits without an attempt spent, and goes on by itself.
import { startService } from './fixtures/service.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { expect, test } from './fixtures/test.ts';

const KEY = 'sk-harbour-0123456789abcdQ7';

test('an account is tested, an agent runs on it, its cost is known, and a used up rate heals', { tag: '@shared' }, async ({ shared: app }) => {
  const service = await startService();
  try {
    const { page } = app;
    const shell = shellOf(app);
    const tasks = tasksOf(page);
    await shell.live();

    // The account: what is wrong is said before it is saved, and then it answers.
    await shell.go('Providers');
    await expect(page.getByText('No provider account yet')).toBeVisible();
    await page.getByRole('button', { name: 'Add account' }).first().click();
    const adding = page.getByRole('dialog', { name: 'Add a provider account' });
    await adding.getByLabel('Name', { exact: true }).fill('Harbour models');
    await adding.getByLabel('Address', { exact: true }).fill(service.url.replace(/:\d+/, ':9'));
    await adding.getByLabel('Key', { exact: true }).fill(KEY);
    await adding.getByRole('button', { name: 'Test it' }).click();
    await expect(adding.getByText('nothing listens there')).toBeVisible();
    await adding.getByLabel('Address', { exact: true }).fill(service.url);
    await adding.getByRole('button', { name: 'Test it' }).click();
    await expect(adding.getByText(/^Answers in \d+\.\d s, 2 models$/)).toBeVisible();
    await adding.getByRole('button', { name: 'Add account' }).click();
    const account = page.getByRole('complementary', { name: 'Harbour models' });
    await expect(account).toContainText('OK');
    await expect(account).toContainText('…cdQ7');

    // An agent on it, with one of its models.
    await shell.go('Agents');
    await page.getByRole('button', { name: 'New agent' }).first().click();
    const creating = page.getByRole('dialog', { name: 'New agent' });
    await creating.getByLabel('Name', { exact: true }).fill('boat-counter');
    await creating.getByLabel('Provider account', { exact: true }).first().click();
    await page.getByRole('option', { name: 'Harbour models' }).click();
    await creating.getByLabel('Model', { exact: true }).first().fill('boat-1');
    await creating.getByRole('button', { name: 'Create agent' }).click();
    await expect(page.getByRole('complementary', { name: 'boat-counter' })).toContainText('Harbour models · boat-1');

    // A price for its model, then a task: the output is the model's, and the cost that of its tokens.
    await shell.go('Providers');
    await page.getByRole('row').filter({ hasText: 'Harbour models' }).click();
    await account.getByRole('link', { name: 'Add a price' }).click();
    const pricing = page.getByRole('dialog', { name: 'Add a price' });
    await pricing.getByLabel('Input', { exact: true }).fill('100');
    await pricing.getByLabel('Output', { exact: true }).fill('400');
    await pricing.getByRole('button', { name: 'Set price' }).click();
    await expect(pricing).toBeHidden();
    service.be({ answer: 'There are **seven** boats in the harbour.' });
    await shell.go('Tasks');
    const counting = 'Count the boats';
    await tasks.create({ title: counting, instructions: 'All of them.', agent: 'boat-counter' });
    const details = tasks.details(counting);
    await expect(details).toContainText('Succeeded', { timeout: 20_000 });
    await details.getByRole('tab', { name: /Output/ }).click();
    await expect(details).toContainText('There are seven boats in the harbour.');
    await details.getByRole('tab', { name: /Attempts/ }).click();
    await expect(details).toContainText('boat-1');
    await expect(details).toContainText('200 in, 50 out');
    await expect(details).toContainText('$0.04');

    // Its rate is used up: the task waits, no attempt is spent, the account says until when.
    service.be({ busy: 8 });
    const waiting = 'Count the buoys';
    await tasks.create({ title: waiting, agent: 'boat-counter' });
    const held = tasks.details(waiting);
    await expect(held).toContainText('is used up, and it cools down', { timeout: 15_000 });
    await shell.go('Providers');
    // The place comes back as it was left: at the prices.
    await page.getByRole('radio', { name: 'Accounts' }).check();
    const row = page.getByRole('row').filter({ hasText: 'Harbour models' });
    await expect(row).toContainText('Cooling');
    service.be({ answer: 'Twelve buoys.' });
    const asked = service.questions;
    await expect(row).toContainText('OK', { timeout: 20_000 });
    expect(service.questions).toBe(asked + 1);
    await shell.go('Tasks');
    await tasks.row(waiting).click();
    await expect(held).toContainText('Succeeded');
    await held.getByRole('tab', { name: /Output/ }).click();
    await expect(held).toContainText('Twelve buoys.');
    await held.getByRole('tab', { name: /Attempts/ }).click();
    await held.getByRole('button', { name: /#1/ }).click();
    await expect(held).toContainText('provider_rate_limited');

    // The key went where it was entered for, and is on no screen.
    expect(new Set(service.keys)).toEqual(new Set([`Bearer ${KEY}`]));
    expect(await page.content()).not.toContain(KEY);
    expect(app.output()).not.toContain(KEY);
  } finally {
    await service.stop();
  }
});
