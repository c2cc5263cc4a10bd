// Which addresses may be called, under each policy, in every way in which an address can be written.
import { describe, expect, test } from 'vitest';
import { checkHost, guardedLookup, mayReach } from './addresses.ts';

const internet = ['8.8.8.8', '104.18.6.192', '2606:4700::6812:6c0', '::ffff:8.8.8.8'];
const inside = ['127.0.0.1', '127.8.9.1', '10.0.0.5', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '0.0.0.0', '::1', '::', 'fd12:3456::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:5', '2002:a00:5::', '::127.0.0.1', '224.0.0.1', '255.255.255.255'];
const linkLocal = ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '100.100.100.200', '168.63.129.16'];

describe('addresses', () => {
  test.each(internet)('%s is the internet', (address) => {
    expect((['public', 'private', 'any'] as const).map((policy) => mayReach(address, policy))).toEqual([true, true, true]);
  });
  test.each(inside)('%s is inside', (address) => {
    expect((['public', 'private', 'any'] as const).map((policy) => mayReach(address, policy))).toEqual([false, true, true]);
  });
  test.each(linkLocal)('%s is of the link', (address) => {
    expect((['public', 'private', 'any'] as const).map((policy) => mayReach(address, policy))).toEqual([false, false, true]);
  });
  test.each(['2130706433', '0x7f.1', '017700000001', '127.1'])('%s, as a URL writes it, is this computer', (host) => {
    expect(() => checkHost(new URL(`http://${host}/v1`).hostname, 'public')).toThrow(/not an address that may be called/);
  });
  test('in brackets are looked at too', () => {
    expect(() => checkHost('[::1]', 'public')).toThrow();
    expect(() => checkHost('[::1]', 'private')).not.toThrow();
  });
  test('behind a name are looked at when it is resolved', async () => {
    const resolve = (policy: 'public' | 'private') =>
      new Promise((done) => {
        guardedLookup(policy)('localhost', { all: true }, (error, found) => done(error ?? found));
      });
    expect(await resolve('public')).toMatchObject({ code: 'provider_address_refused' });
    expect(await resolve('private')).toEqual(expect.arrayContaining([expect.objectContaining({ family: 4, address: '127.0.0.1' })]));
  });
});
