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

test('a backend that is not there is unavailable, and a change is then in doubt', async () => {
  const url = await serve(() => ({ status: 200, body: '{}' }));
  const client = createBackendClient({ url: () => url, fetch });
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  const read = await client.call(query, { token: 'abc' });
  const change = await client.call({ path: 'agents.create', type: 'mutation', input: {} }, { token: 'abc' });
  expect(read).toMatchObject({ ok: false, problem: { code: 'unavailable', status: 503 } });
  expect(change).toMatchObject({ problem: { detail: expect.stringContaining('may or may not') } });
  const none = createBackendClient({ url: () => null, fetch });
  expect(await none.call(query, { token: null })).toMatchObject({ problem: { code: 'unavailable' } });
});
