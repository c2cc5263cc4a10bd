// @vitest-environment jsdom
// The reviews' screen: verdicts by single keys, notes in place, choices instead of errors, and the list.
import { notifications } from '@mantine/notifications';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import '../testing/dom.ts';
import { actionIds, actions } from '../../shared/actions.ts';
import { AppError } from '../../shared/errors.ts';
import type { RpcRequest } from '../../shared/ipc.ts';
import type { ReviewItem } from '../../shared/review.ts';
import { createRouteStore } from '../app/routes.ts';
import { keyWords } from '../components/keys.ts';
import { createDraftStore, DraftProvider } from '../components/draft.ts';
import { createFakeBridge, emptyWorkspace, failing, pending, type Handlers } from '../stories/bridge.ts';
import { meAs } from '../stories/fixtures.ts';
import { decided, review, submittedReview, takenByOther } from '../stories/reviewFixtures.ts';
import { StoryFrame } from '../stories/StoryFrame.tsx';
import { isOpen, nextOpen } from './reviewView.ts';
import { ReviewsScreen } from './ReviewsScreen.tsx';

const first = review.items.find(isOpen)!;
const second = review.items.find(({ ref }) => ref === nextOpen(review.items, first.ref, 1))!;
const failed = review.items.find((item) => item.verdict === 'fail')!;

/** What main keeps of what is half written, over one window and the next. */
let drafts = createDraftStore(() => '/');

function setup(path: string, handlers: Handlers = {}, role: Parameters<typeof meAs>[0] = 'owner') {
  const bridge = createFakeBridge({ handlers });
  const routes = createRouteStore(path);
  render(<StoryFrame bridge={bridge} routes={routes} story={{ me: meAs(role) }}><DraftProvider value={drafts}><ReviewsScreen /></DraftProvider></StoryFrame>);
  const calls = (name: string): unknown[] =>
    bridge.requests.flatMap(([channel, argument]) => {
      const request = argument as RpcRequest;
      return channel === 'rpc' && request.path === name ? [request.input] : [];
    });
  const opened = (): unknown[] => bridge.requests.flatMap(([channel, argument]) => (channel === 'outside:open' ? [argument] : []));
  return { calls, opened, search: () => routes.getState().route.search, route: () => routes.getState().route };
}
const at = (ref: string, search = ''): string => `/reviews/${review.id}?item=${ref}${search}`;
const panel = (item: ReviewItem): Promise<HTMLElement> => screen.findByRole('complementary', { name: new RegExp(`^${item.ref}:`) });
const row = (ref: string): HTMLElement => document.querySelector<HTMLElement>(`[data-ref="${ref}"]`)!;
const press = (key: string, more: object = {}): boolean => fireEvent.keyDown(document.body, { key, code: `Key${key.toUpperCase()}`, ...more });
const conflict = (theirs: ReviewItem) => (): never => {
  throw new AppError('version_conflict', 'It was changed meanwhile.', { details: { current: theirs } });
};
beforeEach(() => {
  window.localStorage.clear();
  window.sessionStorage.clear();
  drafts = createDraftStore(() => '/');
  notifications.clean();
});
afterEach(cleanup);

test('a key that needs an item says so while none is open', async () => {
  const { calls } = setup(`/reviews/${review.id}`);
  await screen.findByText('Go on where something is open');
  press('a');
  expect([await screen.findByText(/^Open an item first/), calls('reviews.assign')]).toMatchObject([{ role: 'status' }, []]);
});

test('every key that the page names is on the keyboard sheet', async () => {
  setup(at(first.ref), { 'reviews.decide': conflict({ ...first, note: 'theirs', verdict: 'fail', version: first.version + 1 }) });
  await panel(first);
  press('p');
  await screen.findByText(/Nothing is overwritten/);
  const named = [...document.querySelectorAll('kbd')].map((key) => key.textContent);
  expect(named).toEqual(expect.arrayContaining(['J', 'A', 'M', 'P', 'T']));
  const sheet = new Set(actionIds.filter((id) => actions[id].group === 'Reviews').flatMap((id) => actions[id].keys ?? []).map((key) => keyWords(key)));
  expect(named.filter((key) => !sheet.has(key))).toEqual([]);
});

test('a key gives the verdict, shown before the answer, and leads to the next open item', async () => {
  const { calls, search } = setup(at(first.ref), { 'reviews.decide': pending });
  await panel(first);
  press('p');
  await waitFor(() => expect(row(first.ref).textContent).toContain('Pass'));
  expect(search().item).toBe(second.ref);
  await panel(second);
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Items' }));
  await waitFor(() => expect(calls('reviews.decide')).toEqual([{ id: review.id, ref: first.ref, verdict: 'pass', waiver: null, version: first.version }]));
});

test('undo takes it back and leads to it, by key and by the notice', async () => {
  const { calls, search } = setup(at(first.ref));
  await panel(first);
  press('n');
  await waitFor(() => expect(row(first.ref).textContent).toContain('Not applicable'));
  press('u');
  await waitFor(() => expect(search().item).toBe(first.ref));
  await waitFor(() => expect(calls('reviews.decide').at(-1)).toEqual({ id: review.id, ref: first.ref, verdict: null, waiver: null, version: first.version + 1 }));
  cleanup();
  const again = setup(at(first.ref));
  await panel(first);
  press('p');
  const toast = await screen.findByText(`${first.ref}: Pass.`);
  fireEvent.click(within(toast.parentElement as HTMLElement).getByRole('button', { name: /Undo/ }));
  await waitFor(() => expect(again.calls('reviews.decide')).toHaveLength(2));
});

test('what fails stays open and asks for a note, which Enter begins and Ctrl Enter saves on the way to the next', async () => {
  const { calls, search } = setup(at(first.ref), { 'reviews.decide': (input) => decided(review.items.find(({ ref }) => ref === input.ref)!, input) });
  const open = await panel(first);
  const grid = screen.getByRole('grid', { name: 'Items' });
  press('f');
  await screen.findByText(`${first.ref}: Fail. Enter: say what fails.`);
  expect(search().item).toBe(first.ref);
  expect(document.activeElement).toBe(grid);
  fireEvent.keyDown(grid, { key: 'Enter' });
  const note = within(open).getByRole('textbox', { name: 'Note' });
  expect(document.activeElement).toBe(note);
  expect(note.getAttribute('placeholder')).toBe('What fails, and how did you see it?');
  expect(within(open).getByText(/Saved when you leave it/)).toBeTruthy();
  fireEvent.change(note, { target: { value: 'The lamp stays dark' } });
  fireEvent.keyDown(note, { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(search().item).toBe(second.ref));
  expect(document.activeElement).toBe(grid);
  await waitFor(() => expect(calls('reviews.decide').at(-1)).toMatchObject({ ref: first.ref, note: 'The lamp stays dark', version: first.version + 1 }));
});

test('the key after F is a key, not a sign of the note', async () => {
  const { calls, search } = setup(at(first.ref));
  await panel(first);
  press('f');
  await waitFor(() => expect(row(first.ref).textContent).toContain('Fail'));
  const active = document.activeElement as HTMLElement;
  expect(active.tagName).not.toBe('TEXTAREA');
  fireEvent.keyDown(active, { key: 'j', code: 'KeyJ' });
  expect(search().item).toBe(second.ref);
  press('p');
  await waitFor(() => expect(calls('reviews.decide')).toMatchObject([{ ref: first.ref, verdict: 'fail' }, { ref: second.ref, verdict: 'pass' }]));
});

test('what the bar says is of the item that is open, and after Esc J goes on where it was', async () => {
  const { search } = setup(at(first.ref));
  await panel(first);
  press('f');
  await screen.findByText(`${first.ref}: Fail. Enter: say what fails.`);
  press('j');
  await screen.findByText(`${first.ref}: Fail.`);
  expect(search().item).toBe(second.ref);
  fireEvent.keyDown(document.body, { key: 'Escape' });
  await screen.findByRole('complementary', { name: 'No item is open' });
  expect(screen.getByRole('button', { name: `Open ${second.ref}` })).toBeTruthy();
  press('j');
  expect(search().item).toBe(second.ref);
  press('u');
  await screen.findByText(`${first.ref}: the last verdict is taken back.`);
  expect(search().item).toBe(first.ref);
  press('u');
  await screen.findByText('There is no verdict of yours to take back.');
});

test('a verdict that was refused is not said to stand', async () => {
  setup(at(first.ref), { 'reviews.decide': conflict(takenByOther(first)) });
  await panel(first);
  press('p');
  await screen.findByRole('region', { name: `Choice for ${first.ref}` });
  await waitFor(() => expect(screen.queryByText(`${first.ref}: Pass.`)).toBeNull());
});

test('Esc leaves the note for the rows, and saves it', async () => {
  const { calls } = setup(at(first.ref));
  const note = within(await panel(first)).getByRole('textbox', { name: 'Note' });
  note.focus();
  fireEvent.change(note, { target: { value: 'Seen on staging' } });
  fireEvent.keyDown(note, { key: 'Escape' });
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Items' }));
  await waitFor(() => expect(calls('reviews.decide')).toMatchObject([{ ref: first.ref, note: 'Seen on staging' }]));
  await panel(first);
});

test('an address in a note opens in the browser, in a field that is being written too; nothing else is a link', async () => {
  const { opened } = setup(at(first.ref), { 'reviews.get': () => ({ ...review, items: review.items.map((item) => (item.ref === first.ref ? { ...item, note: 'Run: https://ci.example.com/runs/41.', guidance: 'See https://docs.example.com/a and javascript:alert(1) <b>x</b>' } : item)) }) });
  const open = await panel(first);
  const links = within(await within(open).findByRole('list', { name: 'Links in the note' }));
  const link = links.getByRole('link', { name: /^https:\/\/ci\.example\.com\/runs\/41 ?Opens in the browser$/ });
  expect(fireEvent.click(link)).toBe(false);
  expect(opened()).toEqual([{ address: 'https://ci.example.com/runs/41' }]);
  fireEvent.focus(link);
  expect((await screen.findByRole('tooltip')).textContent).toBe('https://ci.example.com/runs/41');
  expect(within(open).getByRole('link', { name: /docs\.example/ }).getAttribute('href')).toBe('https://docs.example.com/a');
  expect(within(open).getByText(/javascript:alert\(1\) <b>x<\/b>/)).toBeTruthy();
  fireEvent.change(within(open).getByRole('textbox', { name: 'Note' }), { target: { value: 'https://a.example/1 https://b.example/2 https://a.example/1' } });
  expect(links.getAllByRole('link').map((one) => one.getAttribute('href'))).toEqual(['https://a.example/1', 'https://b.example/2']);
});

test('a waiver needs its reason and a day to come', async () => {
  const { calls } = setup(at(first.ref));
  const open = await panel(first);
  press('w');
  const form = await within(open).findByRole('form', { name: 'Waive' });
  fireEvent.click(within(form).getByRole('button', { name: 'Waive it' }));
  expect(within(form).getByText('Say why it is accepted.')).toBeTruthy();
  fireEvent.change(within(form).getByLabelText('Until'), { target: { value: '2020-01-01' } });
  expect(within(form).getByText('Choose a day after today.')).toBeTruthy();
  fireEvent.change(within(form).getByLabelText('Until'), { target: { value: '2999-03-31' } });
  fireEvent.change(within(form).getByLabelText('Why is it accepted?'), { target: { value: ' Mended in March ' } });
  fireEvent.keyDown(within(form).getByLabelText('Why is it accepted?'), { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(calls('reviews.decide')).toMatchObject([{ verdict: 'waived', waiver: { reason: 'Mended in March', until: '2999-03-31' } }]));
  await panel(second);
});

test('a refused decision is taken back, and said', async () => {
  setup(at(first.ref), { 'reviews.decide': failing('unavailable', 'The backend does not answer.') });
  await panel(first);
  press('p');
  expect(await screen.findByText(`Pass of ${first.ref} was not saved`)).toBeTruthy();
  expect(row(first.ref).textContent).toContain('Undecided');
});

test('a stale decision is a choice: theirs stays until mine is chosen', async () => {
  const theirs = takenByOther(first);
  let stale = true;
  const { calls } = setup(at(first.ref), { 'reviews.decide': (input) => (stale ? conflict(theirs)() : decided(theirs, input)) });
  await panel(first);
  press('p');
  const choice = await screen.findByRole('region', { name: `Choice for ${first.ref}` });
  expect(choice.textContent).toMatch(/Theirs: by Maren Kvist, \d\d:\d\d\s*Fail/);
  expect(choice.textContent).toContain(theirs.note);
  expect(row(first.ref).textContent).toContain('Choose');
  stale = false;
  press('y');
  await waitFor(() => expect(calls('reviews.decide').at(-1)).toMatchObject({ verdict: 'pass', version: theirs.version }));
  await waitFor(() => expect(screen.queryByRole('region', { name: /^Choice/ })).toBeNull());
  expect(row(first.ref).textContent).toContain('Pass');
});

test('keeping theirs sends nothing', async () => {
  const { calls } = setup(at(first.ref), { 'reviews.decide': conflict(takenByOther(first)) });
  await panel(first);
  press('p');
  await screen.findByRole('region', { name: `Choice for ${first.ref}` });
  press('t');
  await waitFor(() => expect(screen.queryByRole('region', { name: /^Choice/ })).toBeNull());
  expect(row(first.ref).textContent).toContain('Fail');
  expect(calls('reviews.decide')).toHaveLength(1);
});

test('two notes stand beside each other, and can both stay', async () => {
  const theirs = takenByOther(first);
  let stale = true;
  const { calls } = setup(at(first.ref), { 'reviews.decide': (input) => (stale ? conflict(theirs)() : decided(theirs, input)) });
  const note = within(await panel(first)).getByRole('textbox', { name: 'Note' });
  fireEvent.focus(note);
  fireEvent.change(note, { target: { value: 'Mine of it' } });
  fireEvent.blur(note);
  const choice = await screen.findByRole('region', { name: `Choice for ${first.ref}` });
  expect(choice.textContent).toContain('Mine of it');
  expect(choice.textContent).toContain(theirs.note);
  stale = false;
  fireEvent.click(within(choice).getByRole('button', { name: /Keep both notes/ }));
  await waitFor(() => expect(calls('reviews.decide').at(-1)).toMatchObject({ note: `${theirs.note}\n\nMine of it`, version: theirs.version }));
});

test('a note that cannot be saved is kept, said, and there again in the next window', async () => {
  setup(at(first.ref), { 'reviews.decide': failing('unavailable', 'The backend does not answer.') });
  const note = within(await panel(first)).getByRole('textbox', { name: 'Note' });
  fireEvent.focus(note);
  fireEvent.change(note, { target: { value: 'Half an hour of work' } });
  fireEvent.blur(note);
  expect(await screen.findByText('Not saved. Your text is kept here as a draft.')).toBeTruthy();
  expect((note as HTMLTextAreaElement).value).toBe('Half an hour of work');
  expect(within(row(first.ref)).getByRole('img', { name: 'Has a note that is not saved' })).toBeTruthy();
  cleanup();
  const { calls, search } = setup(at(second.ref));
  fireEvent.click(await screen.findByRole('button', { name: `1 note not saved: ${first.ref}` }));
  expect(search().item).toBe(first.ref);
  const again = await panel(first);
  const restored = within(again).getByRole('textbox', { name: 'Note' });
  expect((restored as HTMLTextAreaElement).value).toBe('Half an hour of work');
  fireEvent.click(within(again).getByRole('button', { name: 'Save the note' }));
  await waitFor(() => expect(calls('reviews.decide')).toMatchObject([{ note: 'Half an hour of work', version: first.version }]));
  await waitFor(() => expect(within(again).getByText('Saved')).toBeTruthy());
  expect(drafts.getState().kept).toEqual([]);
  expect(screen.queryByRole('button', { name: /not saved/ })).toBeNull();
});

test('a note that main kept of a window that was closed comes in where its item is open already', async () => {
  setup(at(first.ref));
  const note = within(await panel(first)).getByRole('textbox', { name: 'Note' }) as HTMLTextAreaElement;
  expect(note.value).toBe('');
  const values = { text: 'Half a sentence', version: first.version, note: '' };
  act(() => drafts.offer([JSON.stringify({ name: `note ${review.id} ${first.ref}`, what: 'a note', path: '/', values, quiet: true })]));
  expect(note.value).toBe('Half a sentence');
  expect(screen.getByText('Not saved. Your text is kept here as a draft.')).toBeTruthy();
});

test('a note is saved when another item is opened from under it', async () => {
  const { calls } = setup(at(first.ref));
  const note = within(await panel(first)).getByRole('textbox', { name: 'Note' });
  fireEvent.change(note, { target: { value: 'Left in haste' } });
  fireEvent.click(row(second.ref));
  await panel(second);
  await waitFor(() => expect(calls('reviews.decide')).toMatchObject([{ ref: first.ref, note: 'Left in haste' }]));
});

test('J and K lead through what is open; Space and Enter decide nothing', async () => {
  const { calls, search } = setup(`/reviews/${review.id}`);
  await screen.findByRole('complementary', { name: 'No item is open' });
  press('j');
  await waitFor(() => expect(search().item).toBe(first.ref));
  press('j');
  expect(search().item).toBe(second.ref);
  press('k');
  expect(search().item).toBe(first.ref);
  const grid = screen.getByRole('grid', { name: 'Items' });
  fireEvent.keyDown(grid, { key: ' ' });
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  await waitFor(() => expect(search().item).toBe(review.items[review.items.indexOf(first) + 1]?.ref));
  fireEvent.keyDown(grid, { key: 'Enter' });
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Note' }));
  fireEvent.keyDown(document.activeElement as Element, { key: 'p', code: 'KeyP' });
  expect(calls('reviews.decide')).toEqual([]);
});

test('M shows what is mine and open, the sections and words narrow it, and the route keeps it', async () => {
  const { search, route } = setup(at(failed.ref));
  await panel(failed);
  press('m');
  expect(search()).toEqual({ assigned: 'me', verdict: 'undecided', item: failed.ref });
  const rows = within(screen.getByRole('grid', { name: 'Items' })).getAllByRole('row', { selected: false });
  expect(rows.every((one) => one.textContent?.includes('Undecided'))).toBe(true);
  press('m');
  expect(search()).toEqual({ item: failed.ref });
  fireEvent.click(within(screen.getByRole('navigation', { name: 'Sections' })).getByRole('button', { name: /^Recovery/ }));
  expect(route().search.section).toBe('Recovery');
  expect([...document.querySelectorAll('[data-ref]')].every((one) => one.getAttribute('data-ref')?.startsWith('REC-'))).toBe(true);
});

test('a section is taken whole, an item by A', async () => {
  const { calls } = setup(at(first.ref, `&section=${encodeURIComponent(first.section)}`));
  await panel(first);
  fireEvent.click(screen.getByRole('button', { name: 'Take section' }));
  await waitFor(() => expect(calls('reviews.assign')).toEqual([{ id: review.id, section: first.section, assignee: 'me' }]));
  expect(await screen.findByRole('button', { name: 'Give section back' })).toBeTruthy();
  press('a');
  await waitFor(() => expect(calls('reviews.assign').at(-1)).toEqual({ id: review.id, refs: [first.ref], assignee: null }));
});

test('an item counts as looked at after a second of being open, not in passing', async () => {
  const fresh = review.items.find((item) => item.lookedAt === null)!;
  const other = review.items.findLast((item) => item.lookedAt === null)!;
  const { calls } = setup(at(fresh.ref));
  await panel(fresh);
  fireEvent.click(row(other.ref));
  await panel(other);
  await waitFor(() => expect(calls('reviews.look')).toEqual([{ id: review.id, ref: other.ref }]));
});

test('who may only read is told why nothing happens, and leaves no look', async () => {
  const fresh = review.items.find((item) => item.lookedAt === null)!;
  const { calls } = setup(at(fresh.ref), {}, 'viewer');
  const open = await panel(fresh);
  expect(within(open).getByRole('button', { name: /^Pass/ }).getAttribute('aria-disabled')).toBe('true');
  press('p');
  expect(await screen.findByText(/Your role here is viewer/)).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect([calls('reviews.decide'), calls('reviews.look')]).toEqual([[], []]);
});

test('a submitted review stays as it is until it is opened again', async () => {
  const { calls } = setup(`/reviews/${submittedReview.id}?item=${submittedReview.items[0]!.ref}`);
  await panel(submittedReview.items[0]!);
  press('f');
  expect(await screen.findByText('The review is submitted. Open it again to change it.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Reopen' }));
  await waitFor(() => expect(calls('reviews.reopen')).toEqual([{ id: submittedReview.id }]));
  expect(await screen.findByRole('button', { name: 'Submit' })).toBeTruthy();
  expect(calls('reviews.decide')).toEqual([]);
});

test('a review is begun with the items of its level', async () => {
  const { calls, route } = setup('/reviews?new=1', emptyWorkspace);
  const dialog = await screen.findByRole('dialog', { name: 'New review' });
  const title = await within(dialog).findByLabelText<HTMLInputElement>('Title');
  // Typing takes the place of the suggestion.
  fireEvent.focus(title);
  expect(title.value.slice(title.selectionStart ?? 0, title.selectionEnd ?? 0)).toMatch(/^Launch review/);
  fireEvent.change(title, { target: { value: '  ' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Begin the review' }));
  expect(await within(dialog).findByText('Write something here.')).toBeTruthy();
  fireEvent.change(title, { target: { value: 'Before the pilot' } });
  fireEvent.click(within(dialog).getByRole('radio', { name: /^Level 1: \d+ items/ }));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Begin the review' }));
  await waitFor(() => expect(calls('reviews.create')).toEqual([{ title: 'Before the pilot', checklistId: review.checklistId, level: 1 }]));
  await waitFor(() => expect(route()).toMatchObject({ place: 'reviews', id: expect.any(String) }));
});

test('the list opens a review, and an empty one says what a review is', async () => {
  const { route } = setup('/reviews');
  await screen.findByText(submittedReview.title);
  const grid = screen.getByRole('grid', { name: 'Security reviews' });
  fireEvent.keyDown(grid, { key: 'j' });
  fireEvent.keyDown(grid, { key: 'Enter' });
  expect(route().id).toBe(review.id);
  cleanup();
  setup('/reviews', emptyWorkspace);
  expect(await screen.findByText('No reviews yet')).toBeTruthy();
});
