import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey, parseMasterKey, seal, unseal } from './vault.ts';

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

describe('a sealed secret', () => {
  const key = randomBytes(32);
  const place = { purpose: 'test', place: ['tenant', 'row'] };

  it('opens in its place, and is another text each time', () => {
    const [one, other] = [seal(key, 'sk-ü-1', place), seal(key, 'sk-ü-1', place)];
    expect(one).not.toEqual(other);
    expect(one.includes('sk-')).toBe(false);
    expect(unseal(key, one, place)).toBe('sk-ü-1');
    expect(unseal(key, new Uint8Array(other), place)).toBe('sk-ü-1');
  });

  it('opens with no other key, in no other place, and with no other byte', () => {
    const sealed = seal(key, 'sk-1', place);
    const refused = (run: () => string) => expect(run).toThrow(expect.objectContaining({ code: 'unavailable', details: { reason: 'secret_unreadable' } }));
    refused(() => unseal(randomBytes(32), sealed, place));
    refused(() => unseal(key, sealed, { ...place, place: ['tenant', 'other'] }));
    refused(() => unseal(key, sealed, { ...place, place: ['tenant","row'] }));
    refused(() => unseal(key, sealed, { ...place, purpose: 'other' }));
    for (let at = 0; at < sealed.length; at += 1) refused(() => unseal(key, Buffer.from(sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))), place));
    for (let length = 0; length < sealed.length; length += 1) refused(() => unseal(key, sealed.subarray(0, length), place));
  });
});
