// When the packages count as installed, and which Node counts as new enough.
import { describe, expect, test } from 'vitest';
import { installStamp, isOlder, plainText, sameAsLock } from './packages.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/one': { version: '1.0.0' },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  },
};

describe('installed packages', () => {
  test('are those of the lock file when all but foreign optional ones are there', () => {
    expect(sameAsLock(lock, { packages: { 'node_modules/one': { version: '1.0.0' } } })).toBe(true);
  });

  test('are not when one is missing, is of another version, or nothing is known', () => {
    expect(sameAsLock(lock, { packages: {} })).toBe(false);
    expect(sameAsLock(lock, { packages: { 'node_modules/one': { version: '1.0.1' } } })).toBe(false);
    expect(sameAsLock(lock, undefined)).toBe(false);
    const wrong = {
      'node_modules/one': { version: '1.0.0' },
      'node_modules/for-another-system': { version: '2.0.0' },
    };
    expect(sameAsLock(lock, { packages: wrong })).toBe(false);
  });

  test('are stamped by lock file and system', () => {
    expect(installStamp('a', 'linux-x64')).toEqual(installStamp('a', 'linux-x64'));
    expect(installStamp('a', 'linux-x64')).not.toEqual(installStamp('b', 'linux-x64'));
    expect(installStamp('a', 'linux-x64')).not.toEqual(installStamp('a', 'linux-arm64'));
  });
});

test('versions compare by number, not by text', () => {
  expect(isOlder('20.19.4', [22, 18])).toBe(true);
  expect(isOlder('22.9.0', [22, 18])).toBe(true);
  expect(isOlder('22.18.0', [22, 18])).toBe(false);
  expect(isOlder('24.0.0', [22, 18])).toBe(false);
});

test('colours are off where no terminal is, unless somebody forces them', () => {
  expect(plainText({}, { isTTY: false })).toEqual({ NO_COLOR: '1' });
  expect(plainText({ FORCE_COLOR: '1' }, { isTTY: false })).toEqual({});
  expect(plainText({}, { isTTY: true })).toEqual({});
});
