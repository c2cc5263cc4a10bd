// A start shows what was shown last, before the backend is there; of a session that is over it shows nothing.
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { holdBackend } from './fixtures/hold.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import type { RunningApp } from './fixtures/app.ts';
import { expect, test } from './fixtures/test.ts';

const TITLE = 'Count the shelves of the blue depot';

/** Signs in, makes a task, and stays on its list until that is kept for the next start. */
async function leaveBehind(app: RunningApp): Promise<void> {
  const shell = shellOf(app);
  const keptAt = (): number => statSync(join(app.userData, 'last-shown/computer'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Its data folder may have come with one: what it shows itself is kept only once all of that has been asked anew.
  const before = keptAt();
  await shell.live();
  const rest = await signInOverRest(await app.backendUrl(), ada);
  await rest.createTask({ title: TITLE });
  await shell.go('Tasks');
  await expect(tasksOf(app.page).row(TITLE)).toBeVisible();
  await expect.poll(keptAt, { timeout: 90_000 }).toBeGreaterThan(before);
}

/** No word of what was shown stands in any file but the database's. */
function expectNoWordOutside(userData: string): void {
  const files = readdirSync(userData, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const outside = files.map((file) => join(file.parentPath, file.name)).filter((path) => !path.startsWith(join(userData, 'workspace')));
  expect(outside.length).toBeGreaterThan(5);
  const telling = outside.filter((path) => {
    const bytes = readFileSync(path);
    // The switcher names the workspaces that were opened here: that is all that the list of connections holds.
    const names = path.endsWith('connections.json') ? [] : [ada.organizationName];
    const words = [TITLE, ada.email, ...names].flatMap((word) => [Buffer.from(word), Buffer.from(word, 'utf16le')]);
    return words.some((word) => bytes.includes(word));
  });
  expect(telling).toEqual([]);
}

test('rows stand there before the backend is ready, cannot be changed, and are live once it is', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  await leaveBehind(first);
  // What is shown when it ends is kept too.
  await first.quit();
  await test.step('no word of what was shown stands in any file but the database', () => expectNoWordOutside(first.userData));

  const held = holdBackend(first.userData);
  try {
    const second = await launch();
    const { page } = second;
    const shell = shellOf(second);
    await expect(tasksOf(page).row(TITLE)).toBeVisible();
    await expect(shell.freshness).toContainText(/^as of .*\d\d:\d\d, connecting…/);
    await expect(shell.tenant).toContainText(ada.organizationName);
    // It is the window itself by now, not its picture.
    await expect(page.locator('#root')).not.toHaveAttribute('inert');
    await expect(page.getByRole('button', { name: 'New task' }).first()).toHaveAttribute('aria-disabled', 'true');
    // By force: Playwright would wait for a button that is switched off, where a person just clicks.
    await page.getByRole('button', { name: 'New task' }).first().click({ force: true });
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect((await second.status()).backend.state).toBe('starting');

    held.release();
    await shell.live();
    await expect(tasksOf(page).row(TITLE)).toBeVisible();
    await page.getByRole('button', { name: 'New task' }).first().click();
    await expect(page.getByRole('dialog', { name: 'New task' })).toBeVisible();
  } finally {
    held.release();
  }
});

test('a session that ended meanwhile is shown for a moment, then is gone for good', async ({ launch, folder }) => {
  const first = await launch({ signedIn: true });
  await leaveBehind(first);
  // What is shown is kept for certain once it has ended.
  await first.quit();
  const kept = join(folder, 'kept');
  for (const name of ['session.json', 'windows.json', 'last-shown']) cpSync(join(first.userData, name), join(kept, name), { recursive: true });
  const leaving = await launch();
  await shellOf(leaving).live();
  await shellOf(leaving).signOut();
  await welcomeOf(leaving.page).shown();
  expect(readdirSync(join(leaving.userData, 'last-shown'))).toEqual([]);
  await leaving.quit();

  // As if this computer had not heard of the sign-out: the session is over where it counts.
  cpSync(kept, first.userData, { recursive: true });
  const held = holdBackend(first.userData);
  try {
    const second = await launch();
    await expect(tasksOf(second.page).row(TITLE)).toBeVisible();
    held.release();
    await welcomeOf(second.page).shown();
    await expect(second.page.getByText('Your session has ended. Sign in again.')).toBeVisible();
    await expect(second.page.getByText(TITLE)).toHaveCount(0);
    expect(readdirSync(join(second.userData, 'last-shown'))).toEqual([]);
    await second.quit();
  } finally {
    held.release();
  }
  const third = await launch();
  await welcomeOf(third.page).shown();
  await expect(third.page.getByText(TITLE)).toHaveCount(0);
});

test('without a keychain nothing is kept, and the next start begins at the door', async ({ launch }) => {
  const first = await launch({ keychain: false });
  await welcomeOf(first.page).register(ada);
  await shellOf(first).live();
  await shellOf(first).go('Tasks');
  await first.quit();
  expect(existsSync(join(first.userData, 'last-shown'))).toBe(false);
  const second = await launch({ keychain: false });
  await welcomeOf(second.page).shown();
});
