// @vitest-environment jsdom
// Drafts of notes: kept as everything half written is, never in the page's lasting storage.
import { beforeEach, expect, test } from 'vitest';
import { createDraftStore, type DraftStore } from '../components/draft.ts';
import { createDrafts } from './drafts.ts';

const draft = { text: 'Half a sent', version: 3, note: 'Before' };
const storeOf = (told: [string, string | null][] = []): DraftStore => createDraftStore(() => '/', (name, text) => told.push([name, text]));
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('main hears of every sign, and what it kept is there in the next window, for its person and review alone', () => {
  const told: [string, string | null][] = [];
  createDrafts(storeOf(told), 'one').write('ISO-01', draft);
  expect(localStorage).toHaveLength(0);
  expect(sessionStorage).toHaveLength(0);
  const again = storeOf(told);
  expect(createDrafts(again, 'one').read('ISO-01')).toBeNull();
  again.offer(told.flatMap(([, text]) => text ?? []));
  expect(createDrafts(again, 'one').read('ISO-01')).toEqual(draft);
  expect(createDrafts(again, 'one').refs()).toEqual(['ISO-01']);
  expect(createDrafts(again, 'two').refs()).toEqual([]);
  createDrafts(again, 'one').drop('ISO-01');
  expect(told.at(-1)).toEqual(['note one ISO-01', null]);
  expect(createDrafts(again, 'one').read('ISO-01')).toBeNull();
});

test('what is no draft of a note is taken for none', () => {
  const store = storeOf();
  for (const values of [{}, { text: 3, version: 1, note: '' }, { text: 'a', note: '' }]) {
    store.keep({ name: 'note one ISO-01', what: 'a note', path: '/', values, quiet: true });
    expect(createDrafts(store, 'one').read('ISO-01')).toBeNull();
    expect(createDrafts(store, 'one').refs()).toEqual([]);
  }
});
