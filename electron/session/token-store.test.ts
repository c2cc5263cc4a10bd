import { expect, test } from 'vitest';
import type { JsonStore } from '../native/store.ts';
import type { Keychain } from './keychain.ts';
import { createTokenStore, type SavedSession } from './token-store.ts';

const keychain: Keychain = {
  encrypt: (text) => Buffer.from(text).toString('base64'),
  decrypt: (encrypted) => Buffer.from(encrypted, 'base64').toString(),
};

function memoryStore(): JsonStore<SavedSession> & { value: SavedSession } {
  const store = {
    value: {} as SavedSession,
    read: () => store.value,
    write: (value: SavedSession) => {
      store.value = value;
    },
  };
  return store;
}

test('the token comes back encrypted from the store, for the backend that issued it only', () => {
  const store = memoryStore();
  createTokenStore({ store, keychain, server: 'embedded:/a' }).save('refresh-1');
  expect(JSON.stringify(store.value)).not.toContain('refresh-1');
  expect(createTokenStore({ store, keychain, server: 'embedded:/a' }).load()).toBe('refresh-1');
  expect(createTokenStore({ store, keychain, server: 'https://other.example' }).load()).toBeNull();
});

test('without a keychain nothing is kept', () => {
  const store = memoryStore();
  const tokens = createTokenStore({ store, keychain: null, server: 'embedded:/a' });
  tokens.save('refresh-1');
  expect(store.value).toEqual({});
  expect(tokens.remembers).toBe(false);
});

test('a keychain that was locked meanwhile forgets the session instead of failing the sign-in', () => {
  const locked: Keychain = {
    encrypt: () => {
      throw new Error('locked');
    },
    decrypt: () => {
      throw new Error('locked');
    },
  };
  const store = memoryStore();
  store.value = { server: 'embedded:/a', refreshToken: 'eA==' };
  const tokens = createTokenStore({ store, keychain: locked, server: 'embedded:/a' });
  expect(tokens.load()).toBeNull();
  tokens.save('refresh-2');
  expect(tokens.remembers).toBe(false);
});
