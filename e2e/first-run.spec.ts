// The first minutes: a workspace is created, and the person is known again after a restart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ada } from './fixtures/people.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { expect, test } from './fixtures/test.ts';

test('a new person creates a workspace, is known again after a restart, signs out and in', async ({ launch }) => {
  const first = await launch();
  const welcome = welcomeOf(first.page);
  await welcome.shown();
  await expect(welcome.heading).toHaveText('Create your workspace');

  // What cannot be taken is said at its field; nothing that was written is lost, and nothing was sent.
  await welcome.write({ ...ada, email: 'ada', password: 'short' });
  await welcome.create.click();
  await expect(welcome.field('E-mail')).toHaveAttribute('aria-invalid', 'true');
  await expect(first.page.getByText('Write an e-mail address', { exact: false })).toBeVisible();
  await expect(first.page.getByText('Use at least 10 characters.')).toBeVisible();
  await expect(welcome.field('Organisation')).toHaveValue(ada.organizationName);
  expect((await first.status()).session.state).toBe('signed_out');

  await welcome.write({ email: ada.email, password: ada.password });
  await welcome.create.click();
  const shell = shellOf(first);
  await shell.live();
  await expect(shell.tenant).toContainText(ada.organizationName);
  await expect(first.page.getByText('Nobody works here yet')).toBeVisible();
  await expect(first.page.getByRole('button', { name: 'Import a plan' })).toBeVisible();
  await expect(first.page.getByText('Nothing needs you')).toBeVisible();

  // The token is on the disk, and only the keychain can read it.
  const kept = readFileSync(join(first.userData, 'session.json'), 'utf8');
  const { sessions } = JSON.parse(kept) as { sessions: Record<string, object> };
  expect(Object.keys(sessions)).toEqual(['computer']);
  expect(Object.keys(sessions.computer ?? {}).toSorted()).toEqual(['refreshToken', 'server']);
  expect(kept).not.toContain(ada.password);
  await shell.go('Agents');
  await first.quit();

  // A restart: signed in, and where the person was.
  const second = await launch();
  const again = shellOf(second);
  await again.live();
  await expect(again.tenant).toContainText(ada.organizationName);
  await expect(second.page.getByRole('heading', { level: 1, name: 'Agents' })).toBeVisible();

  await again.signOut();
  const door = welcomeOf(second.page);
  await door.shown();
  // Who has just signed out has a workspace here: asked for is the password alone.
  await expect(door.heading).toHaveText('Sign in');
  await expect(door.field('E-mail')).toHaveValue(ada.email);
  await door.write({ password: 'not the password' });
  await door.signIn.click();
  await expect(second.page.getByRole('alert')).toContainText(/e-mail|password/i);
  await expect(door.field('E-mail')).toHaveValue(ada.email);
  await door.write({ password: ada.password });
  await door.signIn.click();
  await again.live();
  await again.signOut();
  await door.shown();
  await second.quit();

  // Signed out stays signed out.
  const third = await launch();
  await welcomeOf(third.page).shown();
  expect((await third.status()).session.state).toBe('signed_out');
});

test('without a keychain nothing is kept of the session, and the person is told', async ({ launch }) => {
  const first = await launch({ keychain: false });
  await expect(first.page.getByText('This computer has no keychain', { exact: false })).toBeVisible({ timeout: 60_000 });
  expect((await first.status()).keychain).toBe(false);
  await welcomeOf(first.page).register(ada);
  await shellOf(first).live();
  await expect(first.page.getByText('your session is not kept', { exact: false })).toBeVisible();
  await first.page.getByRole('button', { name: 'I see' }).click();
  await expect(first.page.getByText('your session is not kept', { exact: false })).toBeHidden();
  await first.quit();

  const second = await launch({ keychain: false });
  const door = welcomeOf(second.page);
  await door.shown();
  expect((await second.status()).session.state).toBe('signed_out');
  // The workspace itself is there.
  await door.toSignIn.click();
  await door.write({ email: ada.email, password: ada.password });
  await door.signIn.click();
  await shellOf(second).live();
  await expect(shellOf(second).tenant).toContainText(ada.organizationName);
});
