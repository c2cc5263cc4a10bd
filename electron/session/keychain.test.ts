import { expect, test } from 'vitest';
import { openKeychain, type SafeStorage } from './keychain.ts';

const working: SafeStorage = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => Buffer.from(text).reverse(),
  decryptString: (encrypted) => Buffer.from(encrypted).reverse().toString(),
};
const throwing = () => {
  throw new Error('no keyring');
};

test('a working keychain gives back what it was given', () => {
  const keychain = openKeychain(working, 'linux');
  const encrypted = keychain!.encrypt('a token');
  expect(encrypted).not.toContain('token');
  expect(keychain!.decrypt(encrypted)).toBe('a token');
});

test('what is no keychain is not taken for one', () => {
  expect(openKeychain({ ...working, isEncryptionAvailable: () => false }, 'darwin')).toBeNull();
  expect(openKeychain({ ...working, getSelectedStorageBackend: () => 'basic_text' }, 'linux')).toBeNull();
  expect(openKeychain({ ...working, encryptString: throwing }, 'linux')).toBeNull();
  expect(openKeychain({ ...working, isEncryptionAvailable: throwing }, 'linux')).toBeNull();
});

test('the backend is asked for on Linux only, where alone it exists', () => {
  const { getSelectedStorageBackend: _linuxOnly, ...elsewhere } = working;
  expect(openKeychain(elsewhere, 'darwin')).not.toBeNull();
});
