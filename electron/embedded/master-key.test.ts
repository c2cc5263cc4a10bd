import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { Keychain } from '../session/keychain.ts';
import { adoptMasterKey, loadMasterKey, saveMasterKey } from './master-key.ts';

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

test('the keychain keeps the key: made once, the same again, never readable in the file', () => {
  const path = join(folder, 'master-key.json');
  const key = loadMasterKey(path, keychain);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(readFileSync(path, 'utf8')).not.toContain(key);
  expect(loadMasterKey(path, keychain)).toBe(key);
});

test('without a keychain the key lies in a file that only its owner can read', () => {
  const path = join(folder, 'nested', 'master-key.json');
  const key = loadMasterKey(path, null);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(loadMasterKey(path, null)).toBe(key);
  // A keychain that comes later does not make the file unreadable.
  expect(loadMasterKey(path, keychain)).toBe(key);
});

test('a key that cannot be read is never replaced', () => {
  const path = join(folder, 'master-key.json');
  loadMasterKey(path, keychain);
  const before = readFileSync(path);
  expect(() => loadMasterKey(path, foreignKeychain)).toThrow(AppError);
  expect(() => loadMasterKey(path, null)).toThrow(/keychain/);
  expect(readFileSync(path)).toEqual(before);
  for (const broken of ['', '{', '{"version":1}', '{"version":1,"storage":"file","value":"c2hvcnQ="}']) {
    writeFileSync(path, broken);
    expect(() => loadMasterKey(path, null)).toThrow(/cannot be read/);
    expect(readFileSync(path, 'utf8')).toBe(broken);
  }
});

test('the key that lay beside the data folder moves into it, and a server’s becomes ours', () => {
  const path = join(folder, 'data', 'master-key.json');
  const before = { beside: join(folder, 'master-key.json'), server: join(folder, 'data', 'master.key') };
  const key = loadMasterKey(before.beside, keychain);
  adoptMasterKey(path, keychain, before);
  expect(existsSync(before.beside)).toBe(false);
  expect(loadMasterKey(path, keychain)).toBe(key);

  rmSync(path);
  const own = Buffer.alloc(32, 5).toString('base64');
  writeFileSync(before.server, `${own}\n`);
  adoptMasterKey(path, keychain, before);
  expect(existsSync(before.server)).toBe(false);
  expect(readFileSync(path, 'utf8')).not.toContain(own);
  expect(loadMasterKey(path, keychain)).toBe(own);
  // One that is there stays, whatever lies beside it.
  writeFileSync(before.server, Buffer.alloc(32, 6).toString('base64'));
  adoptMasterKey(path, keychain, before);
  expect(loadMasterKey(path, keychain)).toBe(own);
});

test('a server’s key that is broken is neither taken nor removed', () => {
  const before = { beside: join(folder, 'none'), server: join(folder, 'master.key') };
  writeFileSync(before.server, 'broken');
  expect(() => adoptMasterKey(join(folder, 'master-key.json'), keychain, before)).toThrow(/cannot be read/);
  expect(readFileSync(before.server, 'utf8')).toBe('broken');
});

test('a restored key takes the place of the one before', () => {
  const path = join(folder, 'master-key.json');
  loadMasterKey(path, keychain);
  const restored = Buffer.alloc(32, 3).toString('base64');
  saveMasterKey(path, keychain, restored);
  expect(loadMasterKey(path, keychain)).toBe(restored);
  expect(() => saveMasterKey(path, keychain, 'c2hvcnQ=')).toThrow(/length/);
});
