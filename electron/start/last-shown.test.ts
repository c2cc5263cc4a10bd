// What is kept of a window: opened again by the remembered session of the same backend and build, and by nothing else.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Me } from '../../shared/identity.ts';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from '../session/keychain.ts';
import { createTokenStore, type SavedSession } from '../session/token-store.ts';
import { dropShown, readShown, type ShownPlace } from './last-shown.ts';
import { createShownKeeper } from './shown-keeper.ts';

const keychain: Keychain = {
  encrypt: (text) => Buffer.from(text).reverse().toString('base64'),
  decrypt: (encrypted) => Buffer.from(encrypted, 'base64').reverse().toString(),
};
const me = { user: { id: 'u1', name: 'Ada' }, organization: { id: 'o1', name: 'Lab' } } as unknown as Me;
const given = { at: '2026-11-25T10:42:00.000Z', entries: '["Count shelf 1"]', picture: null };
const server = 'embedded:/data';

let folder: string;
let saved: SavedSession;
let store: JsonStore<SavedSession>;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'signalbox-shown-')), 'last-shown');
  saved = { server, refreshToken: 'sealed' };
  store = { read: () => saved, write: (next) => void (saved = next) };
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const place = (more: Partial<ShownPlace> = {}): ShownPlace => ({ folder, connection: 'computer', build: 'b1', ...more });
const keeper = (chain: Keychain | null = keychain, build = 'b1') =>
  createShownKeeper({ folder, build, keychain: chain, sessionOf: () => store });

test('comes back whole, and no word of it stands in the file or beside the session', () => {
  keeper().keep('computer', me, given);
  expect(JSON.parse(readShown(place(), saved, keychain) ?? '')).toEqual({ ...given, me });
  const file = join(folder, 'computer');
  expect(readFileSync(file).includes('shelf')).toBe(false);
  expect(JSON.stringify(saved)).not.toContain('shelf');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('the same key serves the next start, and the newest is what comes back', () => {
  keeper().keep('computer', me, given);
  const { shownKey } = saved;
  keeper().keep('computer', me, { ...given, entries: '["Count shelf 2"]' });
  expect(saved.shownKey).toBe(shownKey);
  expect(readShown(place(), saved, keychain)).toContain('shelf 2');
  expect(readdirSync(folder)).toEqual(['computer']);
});

test('nothing is kept without a keychain, or of a session that is not remembered', () => {
  keeper(null).keep('computer', me, given);
  saved = {};
  keeper().keep('computer', me, given);
  expect(readShown(place(), { server, refreshToken: 'x', shownKey: 'x' }, keychain)).toBeNull();
  expect(saved).toEqual({});
});

test('another build, backend, connection or keychain opens nothing; nor does what was changed or is too old', () => {
  keeper().keep('computer', me, given);
  const other: Keychain = { ...keychain, decrypt: () => Buffer.alloc(32).toString('base64') };
  const gone: Keychain = {
    ...keychain,
    decrypt: () => {
      throw new Error('no such key');
    },
  };
  expect(readShown(place({ build: 'b2' }), saved, keychain)).toBeNull();
  expect(readShown(place(), { ...saved, server: 'https://other.example' }, keychain)).toBeNull();
  expect(readShown(place({ connection: '../session' }), saved, keychain)).toBeNull();
  expect(readShown(place(), { ...saved, refreshToken: undefined }, keychain)).toBeNull();
  expect(readShown(place(), saved, null)).toBeNull();
  expect(readShown(place(), saved, other)).toBeNull();
  expect(readShown(place(), saved, gone)).toBeNull();
  const file = join(folder, 'computer');
  const bytes = readFileSync(file);
  const old = new Date(Date.now() - 31 * 86_400_000);
  utimesSync(file, old, old);
  expect(readShown(place(), saved, keychain)).toBeNull();
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  expect(readShown(place(), saved, keychain)).toBeNull();
  writeFileSync(file, 'cut');
  expect(readShown(place(), saved, keychain)).toBeNull();
});

test('the end of the session takes the file and its key; the next session has a new one', () => {
  const shown = keeper();
  shown.keep('computer', me, given);
  const before = { ...saved };
  const tokens = createTokenStore({ store, keychain, server, onClear: () => shown.drop('computer') });
  tokens.clear();
  expect(saved).toEqual({});
  expect(readdirSync(folder)).toEqual([]);
  tokens.save('refresh-2');
  shown.keep('computer', me, given);
  expect(saved.shownKey).not.toBe(before.shownKey);
  expect(readShown(place(), before, keychain)).toBeNull();
  expect(readShown(place(), saved, keychain)).toContain('shelf');
});

test('a token that is renewed keeps the key; one of another backend does not', () => {
  keeper().keep('computer', me, given);
  const { shownKey } = saved;
  createTokenStore({ store, keychain, server }).save('refresh-2');
  expect(saved.shownKey).toBe(shownKey);
  createTokenStore({ store, keychain, server: 'https://other.example' }).save('refresh-3');
  expect(saved.shownKey).toBeUndefined();
});

test('a keychain that refuses drops what was kept, which would only grow older', () => {
  keeper().keep('computer', me, given);
  const { shownKey: _gone, ...rest } = saved;
  saved = rest;
  const locked: Keychain = {
    ...keychain,
    encrypt: () => {
      throw new Error('locked');
    },
  };
  keeper(locked).keep('computer', me, given);
  expect(readdirSync(folder)).toEqual([]);
});

test('dropping takes one connection only, and nothing there is well too', () => {
  keeper().keep('computer', me, given);
  keeper().keep('other', me, given);
  dropShown({ folder, connection: 'computer' });
  dropShown({ folder, connection: 'computer' });
  dropShown({ folder, connection: '..' });
  expect(readdirSync(folder)).toEqual(['other']);
});
