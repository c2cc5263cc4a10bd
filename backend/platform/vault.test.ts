import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey, parseMasterKey } from './vault.ts';

describe('the master key', () => {
  it('is 32 bytes in base64, with or without a line end', () => {
    const key = randomBytes(32);
    expect(parseMasterKey(`${key.toString('base64')}\n`)).toEqual(key);
  });

  it.each([
    '',
    'short',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    randomBytes(32).toString('hex'),
  ])('refuses anything else without repeating it (%#)', (text) => {
    expect(() => parseMasterKey(text)).toThrow('32 bytes in base64');
    if (text !== '') expect(() => parseMasterKey(text)).not.toThrow(text);
  });

  it('gives each purpose a key of its own, the same each time', () => {
    const master = randomBytes(32);
    expect(deriveKey(master, 'one')).toEqual(deriveKey(master, 'one'));
    expect(deriveKey(master, 'one')).not.toEqual(deriveKey(master, 'two'));
    expect(deriveKey(master, 'one')).not.toEqual(deriveKey(randomBytes(32), 'one'));
  });
});
