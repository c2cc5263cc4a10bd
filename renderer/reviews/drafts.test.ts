// Drafts of notes: kept by the storage, and by the window where the storage refuses.
import { expect, test } from 'vitest';
import { createDrafts } from './drafts.ts';

const draft = { text: 'Half a sent', version: 3, note: 'Before' };

function storageOf(kept = new Map<string, string>()): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

test('a draft outlives the window, and belongs to one person and review', () => {
  const storage = storageOf();
  createDrafts(storage, 'ada:one').write('ISO-01', draft);
  expect(createDrafts(storage, 'ada:one').read('ISO-01')).toEqual(draft);
  expect(createDrafts(storage, 'ben:one').read('ISO-01')).toBeNull();
  createDrafts(storage, 'ada:one').drop('ISO-01');
  expect(createDrafts(storage, 'ada:one').read('ISO-01')).toBeNull();
});

test('a storage that refuses, or is not there, loses nothing while the window lives', () => {
  const refuse = (): never => {
    throw new Error('full');
  };
  for (const storage of [null, { getItem: refuse, setItem: refuse, removeItem: refuse }]) {
    const drafts = createDrafts(storage, 'ada:one');
    drafts.write('ISO-01', draft);
    expect(drafts.read('ISO-01')).toEqual(draft);
    drafts.drop('ISO-01');
    expect(drafts.read('ISO-01')).toBeNull();
  }
});

test('what is no draft is taken for none', () => {
  for (const text of ['{', 'null', '{"text": 3}', '[]']) {
    const storage = storageOf(new Map([['signalbox:note:ada:one:ISO-01', text]]));
    expect(createDrafts(storage, 'ada:one').read('ISO-01')).toBeNull();
  }
});
