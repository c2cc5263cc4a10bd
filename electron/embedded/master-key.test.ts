import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../shared/errors.ts';
import type { Keychain } from '../session/keychain.ts';
import { adoptMasterKey, keepMasterKey, loadMasterKey, readGivenKey, saveMasterKey } from './master-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-key-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const keychain: Keychain = {
  encrypt: (text) => Buffer.from(`locked:${text}`).toString('base64'),
  decrypt: (encrypted) => Buffer.from(encrypted, 'base64').toString().replace('locked:', ''),
};
const foreignKeychain: Keychain = {
  ...keychain,
  decrypt: () => {
    throw new Error('wrong keyring');
  },
};

const place = (path: string, kept: Keychain | null, there = false) => ({ path, keychain: kept, databaseThere: () => there });
const load = (path: string, kept: Keychain | null, there = false) => loadMasterKey(place(path, kept, there));
const reasonOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return (error as AppError).details['reason'];
  }
};

test('the keychain keeps the key: made once, the same again, never readable in the file', () => {
  const path = join(folder, 'master-key.json');
  const key = load(path, keychain);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(readFileSync(path, 'utf8')).not.toContain(key);
  expect(load(path, keychain, true)).toBe(key);
});

test('without a keychain the key lies in a file that only its owner can read', () => {
  const path = join(folder, 'nested', 'master-key.json');
  const key = load(path, null);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(load(path, null)).toBe(key);
  // A keychain that comes later does not make the file unreadable.
  expect(load(path, keychain)).toBe(key);
});

test('a key that cannot be read is never replaced', () => {
  const path = join(folder, 'master-key.json');
  load(path, keychain);
  const before = readFileSync(path);
  expect(reasonOf(() => load(path, foreignKeychain))).toBe('key_locked');
  expect(reasonOf(() => load(path, null))).toBe('key_locked');
  expect(readFileSync(path)).toEqual(before);
  for (const broken of ['', '{', '{"version":1}', '{"version":1,"storage":"file","value":"c2hvcnQ="}']) {
    writeFileSync(path, broken);
    expect(reasonOf(() => load(path, null))).toBe('key_unreadable');
    expect(readFileSync(path, 'utf8')).toBe(broken);
  }
});

test('the key that lay beside the data folder moves into it, and a server’s becomes ours', () => {
  const path = join(folder, 'data', 'master-key.json');
  const before = { beside: join(folder, 'master-key.json'), server: join(folder, 'data', 'master.key') };
  const key = load(before.beside, keychain);
  adoptMasterKey(path, keychain, before);
  expect(existsSync(before.beside)).toBe(false);
  expect(load(path, keychain)).toBe(key);

  rmSync(path);
  const own = Buffer.alloc(32, 5).toString('base64');
  writeFileSync(before.server, `${own}\n`);
  adoptMasterKey(path, keychain, before);
  expect(existsSync(before.server)).toBe(false);
  expect(readFileSync(path, 'utf8')).not.toContain(own);
  expect(load(path, keychain)).toBe(own);
  // One that is there stays, whatever lies beside it.
  writeFileSync(before.server, Buffer.alloc(32, 6).toString('base64'));
  adoptMasterKey(path, keychain, before);
  expect(load(path, keychain)).toBe(own);
});

test('a server’s key that is broken is neither taken nor removed', () => {
  const before = { beside: join(folder, 'none'), server: join(folder, 'master.key') };
  writeFileSync(before.server, 'broken');
  expect(() => adoptMasterKey(join(folder, 'master-key.json'), keychain, before)).toThrow(/cannot be read/);
  expect(readFileSync(before.server, 'utf8')).toBe('broken');
});

test('a restored key takes the place of the one before', () => {
  const path = join(folder, 'master-key.json');
  load(path, keychain);
  const restored = Buffer.alloc(32, 3).toString('base64');
  saveMasterKey(path, keychain, restored);
  expect(load(path, keychain)).toBe(restored);
  expect(() => saveMasterKey(path, keychain, 'c2hvcnQ=')).toThrow(/length/);
});

test('none is made beside a database that is there', () => {
  const path = join(folder, 'master-key.json');
  expect(reasonOf(() => load(path, keychain, true))).toBe('key_missing');
  expect(reasonOf(() => load(path, null, true))).toBe('key_missing');
  expect(readdirSync(folder)).toEqual([]);
});

test('a key that a person gives is read however it was copied, and kept beside the one before', () => {
  const path = join(folder, 'master-key.json');
  load(path, keychain);
  const before = readFileSync(path, 'utf8');
  const key = Buffer.alloc(32, 5).toString('base64');
  expect(readGivenKey(` ${key.slice(0, 20)}\n${key.slice(20)} `)).toBe(key);
  for (const wrong of ['', 'hello', `${key}${key}`, Buffer.alloc(31).toString('base64')]) {
    expect(() => readGivenKey(wrong)).toThrow(/no master key/);
  }
  keepMasterKey({ path, keychain: foreignKeychain }, key);
  expect(load(path, keychain)).toBe(key);
  const aside = readdirSync(folder).find((name) => name.startsWith('master-key.before-'));
  expect(readFileSync(join(folder, aside!), 'utf8')).toBe(before);
});
