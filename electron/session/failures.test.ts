import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { failureKinds, failureOf, reasonOf, troubleOf } from './failures.ts';

const open: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server | TcpServer): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const caught = (url: string, timeoutMs = 5_000) =>
  fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then(
    () => expect.unreachable('it answered'),
    (cause: unknown) => failureOf(cause),
  );

test('what real peers do wrong is told apart, and whether they may have got the request', async () => {
  const gone = createTcpServer();
  const nobody = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  expect(await caught(`http://${nobody}/`)).toEqual({ kind: 'refused', sent: false });

  const silent = await listen(createTcpServer(() => undefined));
  expect(await caught(`http://${silent}/`, 100)).toEqual({ kind: 'timeout', sent: true });

  const rude = await listen(createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
  expect(await caught(`http://${rude}/`)).toEqual({ kind: 'cut', sent: true });

  const plain = await listen(createServer((_request, response) => response.end('hello')));
  expect(await caught(`https://${plain}/`)).toEqual({ kind: 'not_https', sent: false });

  expect(await caught('http://no-such-host.invalid/')).toEqual({ kind: 'no_name', sent: false });
});

test('certificates are known by their codes, what is not known may have been sent', () => {
  const withCode = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']) {
    expect(failureOf(withCode(code))).toEqual({ kind: 'certificate', sent: false });
  }
  const several = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
  expect(failureOf(new TypeError('fetch failed', { cause: several })).kind).toBe('refused');
  for (const odd of [null, 'x', new Error('x'), withCode('E_WHATEVER'), withCode('toString')]) {
    expect(failureOf(odd)).toEqual({ kind: 'unknown', sent: true });
  }
});

test('each has words of its own', () => {
  const reasons = failureKinds.map((kind) => reasonOf({ kind, sent: false }));
  expect(new Set(reasons).size).toBe(failureKinds.length);
  for (const kind of failureKinds) {
    const { title, message, action } = troubleOf({ kind, sent: false }, 'signalbox.example');
    expect(message).toMatch(/^signalbox\.example is away: .+\.$/);
    expect(title).toMatch(/^The server /);
    expect(action).toMatch(/\.$/);
  }
});
