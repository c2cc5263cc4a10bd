import { expect, test } from 'vitest';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from '../session/keychain.ts';
import { createDraftBook, type SavedDrafts } from './drafts.ts';

const chain: Keychain = {
  encrypt: (text) => Buffer.from(text).toString('base64'),
  decrypt: (encrypted) => Buffer.from(encrypted, 'base64').toString(),
};
const mara = { connection: 'computer', owner: 'northwind mara' };
const DAY_MS = 86_400_000;

function setup(keychain: Keychain | null = chain) {
  const disk = { drafts: {} as SavedDrafts['drafts'], full: false, now: 0 };
  const store: JsonStore<SavedDrafts> = {
    read: () => ({ drafts: disk.drafts }),
    write: ({ drafts }) => {
      if (disk.full) throw new Error('ENOSPC');
      disk.drafts = drafts;
    },
  };
  const waiting: (() => void)[] = [];
  const clock = { now: () => disk.now, elapsed: () => 0, after: (_ms: number, run: () => void) => (waiting.push(run), () => undefined) };
  /** As the app does at each start. */
  const start = () => createDraftBook<object>({ store, keychain, clock });
  return { disk, start, pass: () => waiting.splice(0).forEach((run) => run()) };
}

test('what was written is there after a restart, for its own person and connection alone, encrypted', () => {
  const { disk, start, pass } = setup();
  start().keep(mara, {}, { name: 'task new', text: 'Sweep the quay' });
  pass();
  expect(JSON.stringify(disk.drafts)).not.toContain('Sweep');
  const again = start();
  expect(again.take({ ...mara, owner: 'northwind ada' }, {})).toEqual([]);
  expect(again.take({ ...mara, connection: 's-1' }, {})).toEqual([]);
  expect(again.take(mara, {})).toEqual(['Sweep the quay']);
});

test('sent or discarded, nothing of it is left in the file', () => {
  const { disk, start } = setup();
  const book = start();
  const window = {};
  book.keep(mara, window, { name: 'task new', text: 'Sweep' });
  book.keep(mara, window, { name: 'task new', text: 'Sweep the quay' });
  book.flush();
  expect(start().take(mara, window)).toEqual(['Sweep the quay']);
  book.keep(mara, window, { name: 'task new', text: null });
  book.flush();
  expect(disk.drafts).toEqual({});
});

test('a window does not get what another is writing, but what one that closed was', () => {
  const book = setup().start();
  const [one, other] = [{}, {}];
  book.keep(mara, one, { name: 'task new', text: 'of one' });
  book.keep(mara, other, { name: 'task new', text: 'of the other' });
  expect(book.take(mara, other)).toEqual(['of the other']);
  expect(book.release(one)).toBe(true);
  // It writes the same form, so this one waits until that is over.
  expect(book.take(mara, other)).toEqual(['of the other']);
  book.keep(mara, other, { name: 'task new', text: null });
  expect(book.take(mara, other)).toEqual(['of one']);
  expect(book.release({})).toBe(false);
});

test('without a keychain it is held in memory, and how many would be lost is known', () => {
  const { disk, start } = setup(null);
  const book = start();
  book.keep(mara, {}, { name: 'task new', text: 'Sweep the quay' });
  book.flush();
  expect(disk.drafts).toEqual({});
  expect(book.unkept()).toBe(1);
  const window = {};
  book.keep(mara, window, { name: 'agent new', text: 'x' });
  book.keep(mara, window, { name: 'agent new', text: null });
  expect(book.unkept()).toBe(1);
});

test('a disk that was full is written when there is room again', () => {
  const { disk, start } = setup();
  const book = start();
  disk.full = true;
  book.keep(mara, {}, { name: 'task new', text: 'Sweep the quay' });
  expect(book.unkept()).toBe(1);
  disk.full = false;
  expect(book.unkept()).toBe(0);
  expect(start().take(mara, {})).toEqual(['Sweep the quay']);
});

test('after thirty days, or with a connection that was removed, they are gone; and of many the oldest', () => {
  const { disk, start } = setup();
  const book = start();
  book.keep(mara, {}, { name: 'task new', text: 'old' });
  book.flush();
  disk.now = 31 * DAY_MS;
  expect(start().take(mara, {})).toEqual([]);
  book.forget('computer');
  expect(disk.drafts).toEqual({});
  for (let index = 0; index < 210; index += 1) {
    disk.now += 1;
    book.keep(mara, {}, { name: `task ${index}`, text: String(index) });
  }
  book.flush();
  const kept = start().take(mara, {});
  expect([kept.length, kept[0]]).toEqual([200, '10']);
});

test('a file that cannot be opened is as none', () => {
  const { disk, start } = setup();
  disk.drafts = { computer: 'AAAA' };
  expect(start().take(mara, {})).toEqual([]);
});
