// Which words of a text lead out of the console, and which addresses are never opened.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressesIn, outsideAddress, readOutside, splitAddresses } from './outside.ts';

const found = (text: string): string[] => addressesIn(text).map(({ address }) => address);

test('an address ends where the sentence around it goes on', () => {
  expect(found('See https://ci.example.com/runs/41, and (https://ci.example.com/runs/42).')).toEqual([
    'https://ci.example.com/runs/41',
    'https://ci.example.com/runs/42',
  ]);
  expect(found('<https://a.example/x> "https://b.example/y" [c](https://c.example/z)')).toEqual(['https://a.example/x', 'https://b.example/y', 'https://c.example/z']);
  expect(found('https://en.example.org/wiki/Port_(harbour)!')).toEqual(['https://en.example.org/wiki/Port_(harbour)']);
  expect(found('HTTP://[::1]:8080/a?b[]=1#c and\nhttps://d.example')).toEqual(['http://[::1]:8080/a?b[]=1#c', 'https://d.example/']);
  expect(found('[https://a.example](https://a.example)')).toEqual(['https://a.example/']);
  expect(found('none: http:// https://? xhttps://a.example ftp://a.example www.a.example')).toEqual([]);
});

test('nothing but the web is opened, and nothing that says another host than it has', () => {
  for (const text of [
    'javascript:alert(1)', 'file:///etc/passwd', 'signalbox://northwind/tasks', 'data:text/html,x', 'mailto:a@b.example', 'smb://a/b',
    'https:a.example', 'https:/a.example', ' https://a.example', 'https://a.example/\u202egnp', 'https://a.example\\@b.example', 'https://a b',
    'https://bank.example@elsewhere.example', 'https://u:p@a.example', 'https://', 'https://a.example/\n', `https://a.example/${'x'.repeat(2_000)}`,
  ]) {
    expect(readOutside(text), text).toBeNull();
    expect(outsideAddress.safeParse(text).success, text).toBe(false);
  }
  expect(readOutside('https://аpple.example/')).toBe('https://xn--pple-43d.example/');
});

test('the parts of any text are the text, and what leads somewhere is an address by itself', () => {
  const alphabet = ['https://', 'http://', 'a.example', '/', ')', '(', '[', ']', '](', '.', ' ', '\n', '@', '?', 'é', '\u202e', '"'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 24 }).map((all) => all.join('')), (text) => {
      const parts = splitAddresses(text);
      expect(parts.map((part) => part.text).join('')).toBe(text);
      for (const part of parts) if (part.address !== undefined) expect(readOutside(part.text)).toBe(part.address);
    }),
    { numRuns: 500 },
  );
});
