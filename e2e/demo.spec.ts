// The demo: alive within seconds, marked where it matters, entered again, and gone without a trace when it is left.
import { ada } from './fixtures/people.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { expect, test } from './fixtures/test.ts';

test('a new person tries the demo, sees it move, comes back to it, and leaves it for a workspace of their own', async ({ launch }) => {
  test.setTimeout(300_000);
  const first = await launch();
  const { page } = first;
  await welcomeOf(page).shown();
  const started = Date.now();
  await page.getByRole('button', { name: /^Try the demo/ }).click();
  const shell = shellOf(first);
  await expect(shell.tenant).toContainText('Brightwater Logistics', { timeout: 60_000 });
  await expect(shell.tenant).toContainText('demo');
  await shell.go('Overview');
  // Something runs: a block on the board that is filling.
  await expect(page.locator('[data-state="running"]').first()).toBeVisible({ timeout: 60_000 });
  const seconds = (Date.now() - started) / 1_000;
  test.info().annotations.push({ type: 'first movement', description: `${seconds.toFixed(1)} s` });
  console.log(`The demo moved after ${seconds.toFixed(1)} s.`);
  await expect(page.getByRole('contentinfo')).toContainText('Demo workspace');

  // It is made to its end by itself; then its line offers more of it, and the way out.
  await expect(page.getByRole('button', { name: 'More work' })).toBeVisible({ timeout: 120_000 });
  await shell.go('Plans');
  const plans = page.getByRole('grid', { name: 'Plans' });
  await expect(plans.getByRole('row')).toHaveCount(4);
  await expect(plans.getByText('Draft')).toBeVisible();
  await shell.go('Tasks');
  // Work goes on coming in, until it is told not to.
  await expect(page.getByRole('grid', { name: 'Tasks' }).getByText(/ of tour 2\d\d| tour 2\d\d for the morning/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop new work' }).click();
  await expect(page.getByRole('button', { name: 'Keep work coming' })).toBeVisible();
  await page.getByRole('search').locator('input').first().fill('seals');
  await expect(page.getByRole('grid', { name: 'Tasks' }).getByText('Read the seals of container 4417').first()).toBeVisible();

  // A restart: still there, and not made twice.
  await first.quit();
  const second = await launch();
  const again = shellOf(second);
  await again.live();
  await expect(again.tenant).toContainText('demo');
  await again.go('Plans');
  await expect(second.page.getByRole('grid', { name: 'Plans' }).getByRole('row')).toHaveCount(4);

  // Left and kept, and entered again.
  await second.page.getByRole('button', { name: 'Leave the demo' }).click();
  await second.page.getByRole('button', { name: 'Leave and keep it' }).click();
  await expect(second.page.getByText('You have left the demo.', { exact: false })).toBeVisible({ timeout: 30_000 });
  await second.page.getByRole('button', { name: /^Continue the demo/ }).click();
  await again.live();

  // Left and deleted; a workspace of one's own has nothing of it.
  await second.page.getByRole('button', { name: 'Leave the demo' }).click();
  await second.page.getByRole('button', { name: 'Leave and delete it' }).click();
  await expect(second.page.getByRole('button', { name: /^Try the demo/ })).toBeVisible({ timeout: 30_000 });
  const door = welcomeOf(second.page);
  await second.page.getByRole('button', { name: 'Create a workspace' }).click();
  await door.register(ada);
  await again.live();
  await expect(again.tenant).not.toContainText('demo');
  // From inside, the demo is found where people look for it, and says first that it signs out.
  await again.menu('Help', 'Try the demo workspace…');
  await expect(second.page.getByRole('dialog', { name: 'Try the demo workspace' })).toContainText(`sign in as ${ada.email} again`);
  await second.page.getByRole('button', { name: 'Sign out and open the demo' }).click();
  await expect(again.tenant).toContainText('Brightwater Logistics', { timeout: 60_000 });
  await second.page.getByRole('button', { name: 'Leave the demo' }).click();
  await second.page.getByRole('button', { name: 'Leave and delete it' }).click();
  await door.write({ email: ada.email, password: ada.password });
  await door.signIn.click();
  await again.live();
  await expect(again.tenant).toContainText(ada.organizationName);
  // It begins at the overview, wherever the window was before; and there is nothing.
  await expect(second.page.getByText('Nobody works here yet')).toBeVisible();
  await again.go('Plans');
  await expect(second.page.getByText('No plans yet')).toBeVisible();
});
