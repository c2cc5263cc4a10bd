import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { AppError, toProblem } from '../../shared/errors.ts';
import { createBackendClient } from './backend-client.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serve(answer: (request: IncomingMessage, body: string) => { status: number; body: string }) {
  const started = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { status, body: text } = answer(request, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  server = started;
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const query = { path: 'agents.list', type: 'query', input: { limit: 5 } } as const;

test('a query carries its input as plain JSON and the token as a bearer', async () => {
  const seen: { url: string | undefined; token: string | undefined; method: string | undefined }[] = [];
  const url = await serve(({ url: path, headers, method }) => {
    seen.push({ url: path, token: headers.authorization, method });
    return { status: 200, body: '{"result":{"data":{"items":[]}}}' };
  });
  const client = createBackendClient({ url: () => url, fetch });
  expect(await client.call(query, { token: 'abc' })).toEqual({ ok: true, data: { items: [] } });
  expect(await client.call(query, { token: null })).toMatchObject({ ok: true });
  expect(seen[0]).toEqual({
    url: `/trpc/agents.list?input=${encodeURIComponent('{"limit":5}')}`,
    token: 'Bearer abc',
    method: 'GET',
  });
  expect(seen[1]?.token).toBeUndefined();
});

test('the problem of the backend passes as it is', async () => {
  const conflict = new AppError('version_conflict', 'Somebody changed it.', { details: { version: 3 } });
  const problem = toProblem(conflict);
  const data = { code: 'CONFLICT', httpStatus: 409, problem };
  const url = await serve(() => ({
    status: 409,
    body: JSON.stringify({ error: { message: 'x', code: -32009, data } }),
  }));
  const client = createBackendClient({ url: () => url, fetch });
  const mutation = { path: 'agents.update', type: 'mutation', input: {} } as const;
  expect(await client.call(mutation, { token: 'abc' })).toEqual({ ok: false, problem });
});

test('an answer that is no answer of the backend is a plain problem, without its text', async () => {
  const url = await serve(() => ({ status: 502, body: '<html>proxy secret</html>' }));
  const answer = await createBackendClient({ url: () => url, fetch }).call(query, { token: 'abc' });
  expect(answer).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
  expect(JSON.stringify(answer)).not.toContain('proxy secret');
});

test('an error without a problem is internal, without its text', async () => {
  const data = { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500 };
  const body = JSON.stringify({ error: { message: 'stack secret', code: -32603, data } });
  const url = await serve(() => ({ status: 500, body }));
  const answer = await createBackendClient({ url: () => url, fetch }).call(query, { token: 'abc' });
  expect(answer).toMatchObject({ ok: false, problem: { code: 'internal' } });
  expect(JSON.stringify(answer)).not.toContain('stack secret');
});

test('a backend that is not there was sent nothing; one that broke off leaves a change in doubt, under its key', async () => {
  const keys: unknown[] = [];
  const url = await serve(({ method, headers }) => {
    keys.push(headers['idempotency-key']);
    if (method === 'POST') server?.closeAllConnections();
    return { status: 200, body: '{"result":{"data":{}}}' };
  });
  const client = createBackendClient({ url: () => url, fetch });
  const change = { path: 'agents.create', type: 'mutation', input: {} } as const;
  const cut = await client.call(change, { token: 'abc', idempotencyKey: 'k-1' });
  expect(cut).toMatchObject({ problem: { code: 'unavailable', lost: true, inDoubt: true } });
  expect(cut).toMatchObject({ problem: { detail: expect.stringContaining('done once only') } });
  await client.call(query, { token: 'abc' });
  expect(keys).toEqual(['k-1', undefined]);

  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  const read = await client.call(query, { token: 'abc' });
  const refused = await client.call(change, { token: 'abc' });
  expect(read).toMatchObject({ ok: false, problem: { code: 'unavailable', status: 503 } });
  expect(refused).toMatchObject({ problem: { detail: expect.stringContaining('Nothing was changed') } });
  expect(refused).not.toHaveProperty('problem.inDoubt');
  const none = createBackendClient({ url: () => null, whyAway: () => 'The server is away since 10:00.', fetch });
  expect(await none.call(query, { token: null })).toMatchObject({
    problem: { code: 'unavailable', detail: 'The server is away since 10:00. Nothing was changed.' },
  });
});

test('one that does not answer is given up after its time, with what that means', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  server = silent;
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const client = createBackendClient({ url: () => url, fetch });
  const change = { path: 'agents.create', type: 'mutation', input: {} } as const;
  const [read, made] = await Promise.all([
    client.call(query, { token: 'abc', timeoutMs: 100 }),
    client.call(change, { token: 'abc', timeoutMs: 100 }),
  ]);
  expect(read).toMatchObject({ problem: { detail: expect.stringContaining('does not answer in time') } });
  expect(read).not.toHaveProperty('problem.inDoubt');
  expect(made).toMatchObject({ problem: { inDoubt: true } });
});

test('a proxy that answers in its place is said, and none of its text', async () => {
  const proxy = createServer((_request, response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>secret</h1>'));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  server = proxy;
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const answer = await createBackendClient({ url: () => url, fetch }).call(query, { token: 'abc' });
  expect(answer).toMatchObject({ problem: { code: 'unavailable', detail: expect.stringContaining('maintenance') } });
  expect(JSON.stringify(answer)).not.toContain('secret');
});
