import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy, developmentPolicy, resolveAppPath, serveApp } from './app-protocol.ts';

const root = '/app/out/renderer';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-page-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<title>Signalbox</title>');
  writeFileSync(join(folder, 'page/assets/main.js'), 'start();');
  writeFileSync(join(folder, 'page/assets/notes.key'), 'secret');
  writeFileSync(join(folder, 'outside.js'), 'secret');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const get = (address: string, method = 'GET') => serveApp(join(folder, 'page'), { url: address, method });

test('files of the page, and the page for each place in it', () => {
  expect(resolveAppPath(root, 'app://signalbox/')).toBe(`${root}/index.html`);
  expect(resolveAppPath(root, 'app://signalbox/tasks')).toBe(`${root}/index.html`);
  expect(resolveAppPath(root, 'app://signalbox/assets/main.js?v=1#x')).toBe(`${root}/assets/main.js`);
  expect(resolveAppPath(root, 'app://signalbox/assets/a%20b.js')).toBe(`${root}/assets/a b.js`);
});

test('nothing outside of the folder, however it is written', () => {
  for (const path of [
    '..%2f..%2fpackage.json',
    '%2e%2e%2f%2e%2e%2fpackage.json',
    'assets/..%2f..%2f..%2fsecret.js',
    '..%5c..%5cpackage.json',
    'assets/main.js%00.html',
    '%E0%A4%A.js',
  ]) {
    expect(resolveAppPath(root, `app://signalbox/${path}`)).toBeNull();
  }
  // Dots that the address parser resolves itself stay at the root of the page.
  expect(resolveAppPath(root, 'app://signalbox/../../package.json')).toBe(`${root}/package.json`);
  // A folder whose name begins like ours is another one.
  expect(resolveAppPath(root, 'app://signalbox/..%2frenderer-evil/x.js')).toBeNull();
});

test('no other host and no other scheme', () => {
  expect(resolveAppPath(root, 'app://other/index.html')).toBeNull();
  expect(resolveAppPath(root, 'file:///etc/passwd.html')).toBeNull();
  expect(resolveAppPath(root, 'https://signalbox/index.html')).toBeNull();
  expect(resolveAppPath(root, 'not an address')).toBeNull();
});

test('a file comes with its type and the policy', async () => {
  const answer = await get('app://signalbox/assets/main.js');
  expect(answer.statusCode).toBe(200);
  expect(answer.data.toString()).toBe('start();');
  expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(answer.headers['content-security-policy']).toBe(contentSecurityPolicy);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

test('what is missing, outside, of an unknown type or not a GET is not found', async () => {
  for (const answer of [
    await get('app://signalbox/assets/none.js'),
    await get('app://signalbox/..%2foutside.js'),
    await get('app://signalbox/assets/notes.key'),
    await get('app://signalbox/assets/main.js', 'POST'),
  ]) {
    expect(answer.statusCode).toBe(404);
    expect(answer.data.length).toBe(0);
    expect(answer.headers['content-security-policy']).toBe(contentSecurityPolicy);
  }
});

test('another first page is served once, under the same policy, and only in place of the page', async () => {
  let first: string | null = '<p>what was shown last</p>';
  const take = (): string | null => {
    const taken = first;
    first = null;
    return taken;
  };
  const ask = (address: string) => serveApp(join(folder, 'page'), { url: address, method: 'GET' }, take);
  expect((await ask('app://signalbox/assets/main.js')).data.toString()).toBe('start();');
  const page = await ask('app://signalbox/');
  expect(page.data.toString()).toBe('<p>what was shown last</p>');
  expect(page.headers['content-security-policy']).toBe(contentSecurityPolicy);
  expect((await ask('app://signalbox/')).data.toString()).not.toContain('shown last');
});

test('the policy lets the page reach nothing and run only its own scripts', () => {
  const directives = new Map(
    contentSecurityPolicy.split('; ').map((directive) => {
      const [name, ...values] = directive.split(' ');
      return [name, values.join(' ')];
    }),
  );
  expect(directives.get('default-src')).toBe("'none'");
  expect(directives.get('script-src')).toBe("'self'");
  expect(directives.get('connect-src')).toBe("'none'");
  expect(contentSecurityPolicy).not.toContain('unsafe-eval');
  expect(developmentPolicy('http://localhost:5173')).toContain("connect-src 'self' ws://localhost:5173");
});
