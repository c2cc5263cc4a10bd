// A disk that is really full, in the middle of a write: said, nothing that was answered is lost, healed when there is room.
import { randomBytes } from 'node:crypto';
import { shellOf } from './fixtures/pages/shell.ts';
import { tasksOf } from './fixtures/pages/tasks.ts';
import { newTaskOf, troublesOf } from './fixtures/pages/troubles.ts';
import { welcomeOf } from './fixtures/pages/welcome.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest } from './fixtures/rest.ts';
import { leaveFree, smallDisk } from './fixtures/small-disk.ts';
import { expect, test } from './fixtures/test.ts';

const MB = 1_000_000;
const LINES = 9_000;

test('a write that meets a full disk: said, what was answered is there, and the same call goes on where there is room', async ({ launch, folder }) => {
  const app = await launch(smallDisk(folder, 420));
  const { page } = app;
  const shell = shellOf(app);
  const form = newTaskOf(page);
  await welcomeOf(page).register(ada);
  await shell.live();
  const url = await app.backendUrl();
  const rest = await signInOverRest(url, ada);
  await rest.createTask({ title: 'Before' });
  await shell.go('Tasks');
  await expect(tasksOf(page).row('Before')).toBeVisible();
  await form.open();
  await form.title.fill('Sweep the quay');

  // Enough room for a change to be begun, and less than this one takes.
  const free = await leaveFree(app, 68 * MB);
  expect(free).toBeGreaterThan(64 * MB);
  expect(free).toBeLessThan(70 * MB);
  const { accessToken } = await rest.call<{ accessToken: string }>('POST', '/api/auth/login', { email: ada.email, password: ada.password });
  // Random, as text that compresses well would need no room.
  const ndjson = Array.from({ length: LINES }, (_, line) => JSON.stringify({ title: `Line ${line}`, instructions: randomBytes(3_000).toString('base64') })).join('\n');
  const createAll = async (at: string): Promise<Response> =>
    fetch(`${at}/api/tasks/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/x-ndjson', 'idempotency-key': 'a-large-file' },
      body: ndjson,
    });
  const lost = await createAll(url).then((answer) => answer.text(), (error: unknown) => error as Error);
  expect(lost, 'the backend ends instead of answering from a database that can do no more').toBeInstanceOf(Error);

  const banner = troublesOf(page).banner('The disk is full');
  await expect(banner).toContainText(/\d+(\.\d)? MB are free at .*workspace, and \d+ MB are needed to write/);
  await expect(banner).toContainText('Free some space');
  await expect(form.title).toHaveValue('Sweep the quay');
  // What was read stays on the screen, behind the form.
  await expect(page.locator('[role="grid"][aria-label="Tasks"] [role="row"]').nth(1)).toBeVisible();

  await leaveFree(app, Number.POSITIVE_INFINITY);
  await shell.live();
  await expect(banner).toBeHidden();
  // Chunks that were committed are there whole; the one that met the full disk is not there at all.
  const again = await app.backendUrl();
  const counts = await (await signInOverRest(again, ada)).call<Record<string, number>>('GET', '/api/tasks/count');
  const there = Object.values(counts).reduce((sum, count) => sum + count, 0);
  expect(there % 1_000, `${there} tasks: the one before, and whole chunks`).toBe(1);
  expect(there).toBeLessThan(LINES);
  const answer = await createAll(again);
  const lines = (await answer.text()).trim().split('\n').map((line) => JSON.parse(line) as { line: number; id?: string });
  expect(lines.filter(({ id }) => id !== undefined)).toHaveLength(LINES);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(LINES);

  await form.create.click();
  await expect(form.dialog).toBeHidden();
  await expect(tasksOf(page).row('Sweep the quay')).toHaveCount(1);
  await expect(page.getByText(`${(LINES + 2).toLocaleString('en')} tasks`).first()).toBeVisible();
});
