// Security reviews: one is begun and a section of it completed by keys alone; and several people at once, of whom
// none writes over another.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChecklistSummary } from '../shared/checklist.ts';
import type { Review, ReviewItem } from '../shared/review.ts';
import { reviewsOf } from './fixtures/pages/reviews.ts';
import { shellOf } from './fixtures/pages/shell.ts';
import { ada } from './fixtures/people.ts';
import { signInOverRest, type Rest } from './fixtures/rest.ts';
import { expect, test } from './fixtures/test.ts';

async function begin(rest: Rest, title: string): Promise<Review> {
  const { items } = await rest.call<{ items: ChecklistSummary[] }>('GET', '/api/checklists');
  return rest.call<Review>('POST', '/api/reviews', { checklistId: items[0]?.id, level: 1, title });
}
const read = async (rest: Rest, id: string, ref: string): Promise<ReviewItem | undefined> =>
  (await rest.call<Review>('GET', `/api/reviews/${id}`)).items.find((item) => item.ref === ref);
async function decide(rest: Rest, item: ReviewItem | undefined, change: object): Promise<ReviewItem> {
  if (!item) throw new Error('There is no such item.');
  return rest.call<ReviewItem>('PATCH', `/api/reviews/${item.reviewId}/items/${item.ref}`, { version: item.version, ...change });
}

/** The files under a folder that hold these words as they are, in the two encodings of a page's storage. */
function filesWith(folder: string, words: string): string[] {
  const needles = [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return needles.some((needle) => bytes.includes(needle));
    });
}

test('a review is begun and a whole section completed by keys alone', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const { keyboard } = page;
  const reviews = reviewsOf(page);
  await shellOf(app).live();

  // From anywhere: the omnibox, the dialog, level 1 of the checklist.
  await keyboard.press('Control+k');
  await expect(page.getByLabel('Search, go to, or act', { exact: true })).toBeFocused();
  await keyboard.type('new security review');
  await expect(shellOf(app).omniboxChoice).toContainText('New security review');
  await keyboard.press('Enter');
  await expect(reviews.dialog.getByLabel('Title')).toBeFocused();
  await keyboard.press('Control+a');
  await keyboard.type('Before the first tenant');
  await keyboard.press('Tab');
  await expect(reviews.dialog.getByRole('radio', { name: /^Level 2/ })).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(reviews.dialog.getByRole('radio', { name: /^Level 1/ })).toBeChecked();
  await keyboard.press('Enter');
  await expect(reviews.title).toHaveText('Before the first tenant');
  await expect(reviews.items).toBeFocused();

  // Pass, fail with a note, not applicable, waive, and the rest: each leads to the next open item.
  const section = 'Tenant isolation';
  await expect(reviews.section(section)).toContainText('0 of 6');
  expect(await reviews.next()).toBe('ISO-01');
  await keyboard.press('p');
  await expect(reviews.row('ISO-01')).toContainText('Pass');
  await expect(reviews.details('ISO-02')).toBeVisible();
  await keyboard.press('f');
  await expect(reviews.row('ISO-02')).toContainText('Fail');
  await expect(reviews.details('ISO-02')).toBeVisible();
  await expect(reviews.items).toBeFocused();
  await keyboard.press('Enter');
  await expect(reviews.note).toBeFocused();
  await keyboard.type('The table of last week has no policy.');
  await keyboard.press('Control+Enter');
  await expect(reviews.row('ISO-02')).toContainText('Fail');
  await expect(reviews.details('ISO-03')).toBeVisible();
  await keyboard.press('n');
  await expect(reviews.details('ISO-04')).toBeVisible();
  await keyboard.press('w');
  await expect(page.getByLabel('Why is it accepted?')).toBeFocused();
  await keyboard.type('The gateway checks it until March.');
  await keyboard.press('Control+Enter');
  await expect(reviews.row('ISO-04')).toContainText('Waived');
  await expect(reviews.details('ISO-05')).toBeVisible();
  await keyboard.press('p');
  await expect(reviews.details('ISO-07')).toBeVisible();

  // One too many: back, and again.
  await keyboard.press('p');
  await expect(reviews.section(section)).toContainText('6 of 6');
  await keyboard.press('u');
  await expect(reviews.details('ISO-07')).toBeVisible();
  await expect(reviews.section(section)).toContainText('5 of 6');
  await keyboard.press('p');
  await expect(reviews.section(section)).toContainText('6 of 6');
  await expect(reviews.progress).toContainText('1 fail');
  await expect(reviews.details('AUT-01')).toBeVisible();

  // It is all there for whoever asks the backend.
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const { items: listed } = await rest.call<{ items: Review[] }>('GET', '/api/reviews');
  const review = await rest.call<Review>('GET', `/api/reviews/${listed[0]?.id}`);
  expect(review.items.filter((item) => item.section === section).map((item) => item.verdict)).toEqual(['pass', 'fail', 'not_applicable', 'waived', 'pass', 'pass']);
  expect(review.items[1]?.note).toBe('The table of last week has no policy.');
  expect(review.counts).toMatchObject({ decided: 6, passed: 3, failed: 1, notApplicable: 1, waived: 1 });

  // Filters and the open item survive going away and coming back.
  await keyboard.press('m');
  await expect(page.getByText('Nothing open is yours')).toBeVisible();
  await keyboard.press('Control+1');
  await expect(page.getByRole('region', { name: 'Newest open review' })).toContainText('6 of 67 decided');
  await keyboard.press('Alt+ArrowLeft');
  await expect(page.getByText('Nothing open is yours')).toBeVisible();
});

test('what somebody else decides shows at once, and what meets their change is a choice', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const { keyboard } = page;
  const reviews = reviewsOf(page);
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const { id } = await begin(rest, 'Two at once');
  await shellOf(app).go('Security reviews');
  await reviews.list.getByRole('row', { name: /Two at once/ }).click();
  await expect(reviews.title).toHaveText('Two at once');

  // Theirs comes in by itself, counters too.
  await decide(rest, await read(rest, id, 'ISO-05'), { verdict: 'fail', note: 'Nobody runs it' });
  await expect(reviews.row('ISO-05')).toContainText('Fail');
  await expect(reviews.progress).toContainText('1 fail');

  // They decide what this window has decided; taking one's own back is not allowed to take theirs.
  expect(await reviews.next()).toBe('ISO-01');
  await keyboard.press('p');
  await expect(reviews.row('ISO-01')).toContainText('Pass');
  await expect.poll(async () => (await read(rest, id, 'ISO-01'))?.verdict).toBe('pass');
  await decide(rest, await read(rest, id, 'ISO-01'), { verdict: 'fail' });
  await expect(reviews.row('ISO-01')).toContainText('Fail');
  await keyboard.press('u');
  const choice = reviews.choice('ISO-01');
  await expect(choice).toContainText(/Theirs: by Ada Lind.*Fail/);
  await expect(choice).toContainText('Undecided');
  expect((await read(rest, id, 'ISO-01'))?.verdict).toBe('fail');
  await keyboard.press('t');
  await expect(choice).toBeHidden();
  expect((await read(rest, id, 'ISO-01'))?.verdict).toBe('fail');

  // Both write a note: both texts, and both can stay.
  await reviews.row('ISO-02').click();
  await reviews.note.fill('Mine: seen on staging.');
  await decide(rest, await read(rest, id, 'ISO-02'), { note: 'Theirs: seen in production.' });
  await expect(reviews.row('ISO-02').getByRole('img', { name: 'Has a note' })).toBeVisible();
  await reviews.note.press('Escape');
  await expect(reviews.choice('ISO-02')).toContainText('Theirs: seen in production.');
  await expect(reviews.choice('ISO-02')).toContainText('Mine: seen on staging.');
  expect((await read(rest, id, 'ISO-02'))?.note).toBe('Theirs: seen in production.');
  await keyboard.press('b');
  await expect(reviews.choice('ISO-02')).toBeHidden();
  await expect.poll(async () => (await read(rest, id, 'ISO-02'))?.note).toBe('Theirs: seen in production.\n\nMine: seen on staging.');
  await expect(reviews.note).toHaveValue('Theirs: seen in production.\n\nMine: seen on staging.');

  // A note beside somebody else's verdict is no conflict.
  await reviews.row('ISO-03').click();
  await reviews.note.fill('Compared all answers.');
  await decide(rest, await read(rest, id, 'ISO-03'), { verdict: 'pass' });
  await expect(reviews.row('ISO-03')).toContainText('Pass');
  await reviews.note.press('Escape');
  await expect.poll(async () => (await read(rest, id, 'ISO-03'))?.note).toBe('Compared all answers.');
  expect((await read(rest, id, 'ISO-03'))?.verdict).toBe('pass');
});

test('a note that is being written when the window is gone is there again', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const reviews = reviewsOf(page);
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  const { id } = await begin(rest, 'Half a note');
  await shellOf(app).go('Security reviews');
  await reviews.list.getByRole('row', { name: /Half a note/ }).click();
  await expect(reviews.title).toHaveText('Half a note');
  expect(await reviews.next()).toBe('ISO-01');
  await reviews.note.fill('Half a sentence');

  await page.reload();
  await shellOf(app).live();
  await expect(reviews.title).toHaveText('Half a note');
  await reviews.row('ISO-01').click();
  await expect(reviews.note).toHaveValue('Half a sentence');
  await expect(page.getByText('Not saved. Your text is kept here as a draft.')).toBeVisible();
  expect((await read(rest, id, 'ISO-01'))?.note).toBe('');
  await page.getByRole('button', { name: 'Save the note' }).click();
  await expect.poll(async () => (await read(rest, id, 'ISO-01'))?.note).toBe('Half a sentence');
});

test('a note half written when the app is killed is there at the next start, and lies on the disk nowhere in the clear', async ({ launch }) => {
  const first = await launch({ signedIn: true });
  await shellOf(first).live();
  const rest = await signInOverRest(await first.backendUrl(), ada);
  const { id } = await begin(rest, 'Half a note');
  const { user } = await rest.call<{ user: { id: string } }>('GET', '/api/auth/me');
  const reviews = reviewsOf(first.page);

  // What an earlier version left in the page's storage is taken over, and gone from there.
  const old = JSON.stringify({ text: 'Of an earlier version', version: 1, note: '' });
  await first.page.evaluate(([key, text]) => localStorage.setItem(key, text), [`signalbox:note:${user.id}:${id}:ISO-02`, old] as const);
  await first.page.reload();
  await shellOf(first).live();
  await expect.poll(() => first.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('note')))).toEqual([]);

  await shellOf(first).go('Security reviews');
  await reviews.list.getByRole('row', { name: /Half a note/ }).click();
  await expect(reviews.title).toHaveText('Half a note');
  expect(await reviews.next()).toBe('ISO-01');
  await reviews.note.fill('Half a sentence about the quay');
  // Longer than main, and the page's own storage, wait before they write.
  await first.page.waitForTimeout(8_000);
  await first.kill();
  expect(filesWith(first.userData, 'sentence about the quay')).toEqual([]);

  const second = await launch();
  await shellOf(second).live();
  const again = reviewsOf(second.page);
  await shellOf(second).go('Security reviews');
  await again.list.getByRole('row', { name: /Half a note/ }).click();
  await expect(second.page.getByRole('button', { name: '2 notes not saved' })).toBeVisible();
  await again.row('ISO-02').click();
  await expect(again.note).toHaveValue('Of an earlier version');
  await again.row('ISO-01').click();
  await expect(again.note).toHaveValue('Half a sentence about the quay');
  await second.page.getByRole('button', { name: 'Save the note' }).click();
  const backend = await signInOverRest(await second.backendUrl(), ada);
  await expect.poll(async () => (await read(backend, id, 'ISO-01'))?.note).toBe('Half a sentence about the quay');
  await expect(second.page.getByRole('button', { name: '1 note not saved' })).toBeVisible();
});

test('an address in a note opens in the system’s browser, by the keyboard too, and the window stays where it is', { tag: '@shared' }, async ({ shared: app }) => {
  const { page } = app;
  const { keyboard } = page;
  const reviews = reviewsOf(page);
  await shellOf(app).live();
  const rest = await signInOverRest(await app.backendUrl(), app.person);
  await begin(rest, 'With evidence');
  await shellOf(app).go('Security reviews');
  await reviews.list.getByRole('row', { name: /With evidence/ }).click();
  await expect(reviews.title).toHaveText('With evidence');
  expect(await reviews.next()).toBe('ISO-01');
  // No browser here: what would be handed to it.
  await app.electron.evaluate(({ shell }) => {
    const handed = ((globalThis as { handed?: string[] }).handed = []) as string[];
    shell.openExternal = (address: string) => Promise.resolve(void handed.push(address));
  });
  const handed = (): Promise<string[]> => app.electron.evaluate(() => (globalThis as { handed?: string[] }).handed ?? []);
  await keyboard.press('Enter');
  await expect(reviews.note).toBeFocused();
  await keyboard.type('Run 41: https://ci.example.com/runs/41?a=b#L2. Not javascript:alert(1).');
  await keyboard.press('Tab');
  const link = page.getByRole('list', { name: 'Links in the note' }).getByRole('link');
  await expect(link).toBeFocused();
  await expect(page.getByRole('tooltip')).toHaveText('https://ci.example.com/runs/41?a=b#L2');
  await keyboard.press('Enter');
  await expect.poll(handed).toEqual(['https://ci.example.com/runs/41?a=b#L2']);
  await link.click();
  await link.click({ button: 'middle' });
  await expect.poll(handed).toHaveLength(3);
  expect(app.electron.windows()).toHaveLength(1);
  await expect(reviews.details('ISO-01')).toBeVisible();
  // The keys of the list go on from there.
  await keyboard.press('p');
  await expect(reviews.row('ISO-01')).toContainText('Pass');
  await expect(reviews.items).toBeFocused();
  // A page that asks for anything else is refused.
  const asked = (address: string): Promise<string> =>
    page.evaluate((given) => {
      const { signalbox } = window as unknown as { signalbox: { request(channel: string, argument: object): Promise<unknown> } };
      return signalbox.request('outside:open', { address: given }).then(() => 'opened', () => 'refused');
    }, address);
  for (const address of ['file:///etc/passwd', 'javascript:alert(1)', 'signalbox://x/tasks', 'https://u:p@a.example/', 'smb://a/b']) {
    expect(await asked(address), address).toBe('refused');
  }
  expect(await handed()).toHaveLength(3);
});
