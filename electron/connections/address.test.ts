import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkServer, readAddress } from './address.ts';

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server, scheme = 'http'): Promise<string> {
  servers.push(server);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (listener: RequestListener) => listening(createServer(listener));
const answering = (answers: Record<string, [number, unknown]>) =>
  serve((request, response) => {
    const [status, body] = answers[request.url ?? ''] ?? [404, 'nothing here'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
const check = (url: string, version = '0.1.0') => checkServer(url, { fetch, version });
const healthy: [number, unknown] = [200, { status: 'ok', version: '0.1.4' }];

test.each([
  ['signalbox.example.com', 'https://signalbox.example.com'],
  ['https://signalbox.example.com/', 'https://signalbox.example.com'],
  ['signalbox.example.com:8443', 'https://signalbox.example.com:8443'],
  ['localhost:4180', 'http://localhost:4180'],
  ['http://127.0.0.1:4180', 'http://127.0.0.1:4180'],
  ['[::1]:4180', 'http://[::1]:4180'],
  ['  HTTPS://Signalbox.Example  ', 'https://signalbox.example'],
])('%s means %s', (written, origin) => {
  expect(readAddress(written)).toBe(origin);
});

test.each([
  ['http://signalbox.example.com', /not encrypted/],
  ['http://127.0.0.1.evil.example', /not encrypted/],
  ['ftp://signalbox.example.com', /begins with https/],
  ['file:///etc/passwd', /no address|begins with https/],
  ['https://ada:secret@signalbox.example.com', /name and password/],
  ['https://signalbox.example.com/console', /without a path: https:\/\/signalbox.example.com/],
  ['https://signalbox.example.com/?x=1', /without a path/],
  ['not an address', /no address/],
])('%s is refused in words', (written, words) => {
  expect(() => readAddress(written)).toThrow(words);
});

test('a Signalbox that is ready is taken; another patch of the same series too', async () => {
  await check(await answering({ '/health': healthy, '/ready': [200, { status: 'ready' }] }));
});

test('what answers but is none is told apart from what is not there', async () => {
  await expect(check(await answering({ '/health': [200, 'hello'] }))).rejects.toThrow(/not a Signalbox server/);
  await expect(check(await answering({}))).rejects.toThrow(/not a Signalbox server/);
  const gone = await answering({});
  for (const server of servers.splice(0)) server.close();
  await expect(check(gone)).rejects.toThrow(/Nothing answers/);
  const unknown = { fetch: () => Promise.reject(new TypeError('failed', { cause: { code: 'ENOTFOUND' } })), version: '0.1.0' };
  await expect(checkServer('https://nowhere.invalid', unknown)).rejects.toThrow(/no server with the name nowhere.invalid/);
});

test('another series is refused with who must update', async () => {
  const newer = await answering({ '/health': [200, { status: 'ok', version: '0.3.0' }] });
  await expect(check(newer)).rejects.toThrow(/Signalbox 0.3.0, this console is 0.1.0. Update the console/);
  const older = await answering({ '/health': [200, { status: 'ok', version: '1.9.0' }] });
  await expect(check(older, '2.0.0')).rejects.toThrow(/Ask who runs the server/);
  const same = await answering({ '/health': [200, { status: 'ok', version: '2.7.0' }], '/ready': [200, {}] });
  await check(same, '2.0.0');
});

test('one that is not ready says why', async () => {
  const url = await answering({ '/health': healthy, '/ready': [503, { detail: 'The database does not answer.' }] });
  await expect(check(url)).rejects.toThrow(/not ready: The database does not answer\./);
});

test('one that sends on to elsewhere is not followed', async () => {
  const url = await serve((_request, response) => response.writeHead(302, { location: 'https://elsewhere.example/health' }).end());
  await expect(check(url)).rejects.toThrow(/sends on to https:\/\/elsewhere.example/);
});

test('a certificate that nobody vouches for is refused, and HTTP where HTTPS was asked is said', async () => {
  const pem = readFileSync(join(import.meta.dirname, 'testing/self-signed.pem'));
  const listener: RequestListener = (_request, response) => response.end('{"status":"ok","version":"0.1.0"}');
  const url = await listening(createTlsServer({ key: pem, cert: pem }, listener), 'https');
  await expect(check(url)).rejects.toThrow(/certificate of 127.0.0.1:\d+ is not one that this computer trusts/);
  const plain = await answering({ '/health': healthy });
  await expect(check(plain.replace('http:', 'https:'))).rejects.toThrow(/does not speak HTTPS|cannot be reached/);
});
