// @vitest-environment jsdom
// Notes that an earlier version left in the clear: none is lost, and none stays.
import { beforeEach, expect, test } from 'vitest';
import { createDraftStore } from '../components/draft.ts';
import { createDrafts } from '../reviews/drafts.ts';
import { takeOldNotes } from './oldNotes.ts';

const note = { text: 'Half a sentence', version: 3, note: 'Before' };
const DAY_MS = 86_400_000;
const old = (user: string, ref: string, text = JSON.stringify(note)): void => localStorage.setItem(`signalbox:note:${user}:one:${ref}`, text);

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('what a person had half written is a draft from then on, told to main, and no longer in the storage', () => {
  const told: string[] = [];
  const drafts = createDraftStore(() => '/', (name) => told.push(name));
  old('ada', 'ISO-01');
  old('ada', 'A:02', '{');
  localStorage.setItem('other', 'stays');
  takeOldNotes('ada', drafts);
  expect(createDrafts(drafts, 'one').read('ISO-01')).toEqual(note);
  expect(createDrafts(drafts, 'one').refs()).toEqual(['ISO-01']);
  expect(told).toEqual(['note one ISO-01']);
  expect({ ...localStorage }).toEqual({ other: 'stays' });
});

test('what is kept already is not written over', () => {
  const drafts = createDraftStore(() => '/');
  createDrafts(drafts, 'one').write('ISO-01', { ...note, text: 'Newer' });
  old('ada', 'ISO-01');
  takeOldNotes('ada', drafts);
  expect(createDrafts(drafts, 'one').read('ISO-01')?.text).toBe('Newer');
  expect(localStorage).toHaveLength(0);
});

test('those of another person wait for them for thirty days', () => {
  const drafts = createDraftStore(() => '/');
  old('ben', 'ISO-01');
  takeOldNotes('ada', drafts, 0);
  takeOldNotes('ada', drafts, 29 * DAY_MS);
  expect(drafts.getState().kept).toEqual([]);
  const ben = createDraftStore(() => '/');
  takeOldNotes('ben', ben, 30 * DAY_MS);
  expect(createDrafts(ben, 'one').read('ISO-01')).toEqual(note);
  expect(localStorage).toHaveLength(0);
  old('ben', 'ISO-01');
  takeOldNotes('ada', drafts, 0);
  takeOldNotes('ada', drafts, 31 * DAY_MS);
  expect(localStorage).toHaveLength(0);
});
