// What arrives broken, too large, or at the wrong door: a problem document each time, and the process stays
// up.
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { errorStatus, type Problem } from '../shared/errors.ts';
import { allOperations } from '../shared/operations.ts';
import { sql } from './platform/database.ts';
import { newId } from './platform/ids.ts';
import { openTestBackend, type TestBackend } from './testing/backend.ts';

interface Raw {
  method?: string;
  path: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
}
interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** As fetch would, but with any Host, any body and any path. */
function sendRaw(
  url: string,
  token: string,
  { method = 'POST', path, body, headers = {} }: Raw,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const json =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const all = { ...(token && { authorization: `Bearer ${token}` }), ...json, ...headers };
    const asked = httpRequest({ hostname, port, method, path, headers: all }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe.each(['pglite', 'postgres'] as const)('requests on %s', (dialect) => {
  let backend: TestBackend;
  let token: string;
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
    token = (await backend.register()).accessToken;
  });
  afterAll(() => backend.close());
  afterEach(async () => {
    expect((await fetch(`${backend.url}/health`)).status).toBe(200);
  });

  const send = (raw: Raw) => sendRaw(backend.url, token, raw);

  function problemOf(answer: RawAnswer): Problem {
    expect(answer.headers['content-type']).toBe('application/problem+json');
    const problem = JSON.parse(answer.text) as Problem;
    expect(problem).toMatchObject({ type: `urn:signalbox:error:${problem.code}`, status: answer.status });
    expect(errorStatus[problem.code]).toBe(answer.status);
    expect(problem.detail.length).toBeGreaterThan(10);
    expect(answer.text).not.toMatch(/\bat .*\.ts:|select |insert |pglite|node_modules/i);
    return problem;
  }

  const task = (rest: object) => JSON.stringify({ title: 'x', ...rest });
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  it.each<[string, Raw, number, string?]>([
    ['broken JSON', { path: '/api/tasks', body: '{"title": "x"' }, 400],
    ['no JSON at all', { path: '/api/tasks', body: 'title=x' }, 400],
    ['an empty body that claims to be JSON', { path: '/api/tasks', body: '' }, 400],
    ['an array', { path: '/api/tasks', body: '[]' }, 400],
    ['a string', { path: '/api/tasks', body: '"x"' }, 400],
    ['null', { path: '/api/tasks', body: 'null' }, 422, 'title'],
    ['JSON in a broken encoding', { path: '/api/tasks', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }, 400],
    ['a prototype', { path: '/api/tasks', body: '{"title":"x","__proto__":{"admin":true}}' }, 400],
    ['a constructor', { path: '/api/tasks', body: '{"title":"x","constructor":{"prototype":{}}}' }, 400],
    ['200,000 levels', { path: '/api/tasks', body: nested }, 400],
    ['200,000 levels in a field', { path: '/api/tasks', body: `{"title":${nested}}` }, 422, 'title'],
    [
      'a body that is too large',
      { path: '/api/agents', body: JSON.stringify({ name: 'x'.repeat(3_000_000) }) },
      413,
    ],
    ['no content type', { path: '/api/tasks', body: task({}), headers: { 'content-type': '' } }, 415],
    ['text', { path: '/api/tasks', body: task({}), headers: { 'content-type': 'text/plain' } }, 415],
    [
      'a form',
      {
        path: '/api/tasks',
        body: 'title=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      415,
    ],
    ['XML', { path: '/api/tasks', body: '<task/>', headers: { 'content-type': 'application/xml' } }, 415],
    ['a field that is missing', { path: '/api/tasks', body: '{}' }, 422, 'title'],
    ['a number for a text', { path: '/api/tasks', body: '{"title":7}' }, 422, 'title'],
    ['a priority out of range', { path: '/api/tasks', body: task({ priority: 10 }) }, 422, 'priority'],
    ['a priority as text', { path: '/api/tasks', body: task({ priority: '5' }) }, 422, 'priority'],
    ['an id that is none', { path: '/api/tasks', body: task({ agentId: 'x' }) }, 422, 'agentId'],
    [
      'an id deep inside that is none',
      { path: '/api/tasks', body: task({ dependsOn: [newId(), 'x'] }) },
      422,
      'dependsOn.1',
    ],
    ['a time that is none', { path: '/api/tasks', body: task({ runAt: 'tomorrow' }) }, 422, 'runAt'],
    [
      'a time that no database holds',
      { path: '/api/tasks', body: task({ runAt: '0000-01-01T00:00:00Z' }) },
      422,
    ],
    ['NUL in a line', { path: '/api/tasks', body: task({ title: 'a\u0000b' }) }, 422, 'title'],
    ['NUL in a text', { path: '/api/tasks', body: task({ instructions: 'a\u0000b' }) }, 422, 'instructions'],
    ['half a character', { path: '/api/tasks', body: '{"title":"\\ud800"}' }, 422, 'title'],
    ['NUL in a search', { method: 'GET', path: '/api/tasks?q=a%00b' }, 422, 'q'],
    [
      'NUL in a password',
      { path: '/api/auth/login', body: '{"email":"a@example.com","password":"a\\u0000b"}' },
      422,
      'password',
    ],
    ['NUL in a path', { method: 'GET', path: '/api/tasks/%00' }, 422, 'id'],
    ['an id in the path that is none', { method: 'GET', path: '/api/tasks/1%27%20or%201=1' }, 422, 'id'],
    ['a path that cannot be decoded', { method: 'GET', path: '/api/tasks/%ff' }, 400],
    ['an id twice', { method: 'GET', path: '/api/tasks?agentId=1&agentId=2' }, 422, 'agentId'],
    ['a limit of none', { method: 'GET', path: '/api/tasks?limit=0' }, 422, 'limit'],
    ['a limit beyond the most', { method: 'GET', path: '/api/tasks?limit=201' }, 422, 'limit'],
    ['a limit that is no number', { method: 'GET', path: '/api/tasks?limit=many' }, 422, 'limit'],
    ['a cursor that is none', { method: 'GET', path: '/api/tasks?cursor=!' }, 422, 'cursor'],
    [
      'a cursor of another shape',
      { method: 'GET', path: `/api/tasks?cursor=${Buffer.from('["a","b"]').toString('base64url')}` },
      422,
      'cursor',
    ],
    [
      'a cursor with no id in it',
      {
        method: 'GET',
        path: `/api/tasks?cursor=${Buffer.from(`["${'-'.repeat(36)}"]`).toString('base64url')}`,
      },
      422,
    ],
    ['a cursor with SQL in it', { method: 'GET', path: `/api/keys?cursor=x` }, 404],
    [
      'an Idempotency-Key that is too long',
      { path: '/api/tasks', body: task({}), headers: { 'idempotency-key': 'x'.repeat(201) } },
      422,
      'Idempotency-Key',
    ],
    ['an unknown path', { method: 'GET', path: '/api/nothing' }, 404],
    ['an unknown method of a known path', { method: 'PUT', path: `/api/tasks/${newId()}` }, 405],
    ['a method that another path has', { method: 'DELETE', path: '/api/tasks' }, 405],
    [
      'a header that is no bearer',
      { method: 'GET', path: '/api/tasks', headers: { authorization: 'Basic eDp4' } },
      401,
    ],
    [
      'a bearer with spaces',
      { method: 'GET', path: '/api/tasks', headers: { authorization: 'Bearer a b' } },
      401,
    ],
    [
      'a bearer of 5,000 characters',
      { method: 'GET', path: '/api/tasks', headers: { authorization: `Bearer ${'x'.repeat(5_000)}` } },
      401,
    ],
  ])('%s', async (...[, raw, status, field]) => {
    const problem = problemOf(await send(raw));
    expect([problem.status, problem.detail]).toEqual([status, problem.detail]);
    if (field !== undefined) expect(problem.fields?.map((refused) => refused.path)).toContain(field);
  });

  it('names the limit of a text or body that is too large', async () => {
    // Three bytes a character: the limit is one of bytes.
    const text = '€'.repeat(333_334);
    const refused = problemOf(await send({ path: '/api/tasks', body: task({ instructions: text }) }));
    expect(refused).toMatchObject({ status: 413, limit: 1_000_000, fields: [{ path: 'instructions' }] });
    expect((await send({ path: '/api/tasks', body: task({ instructions: text.slice(1) }) })).status).toBe(201);
    const body = problemOf(await send({ path: '/api/agents', body: 'x'.repeat(2_000_001) }));
    expect(body).toMatchObject({ status: 413, limit: 2_000_000 });
    expect(body.detail).toContain('2,000,000');
  });

  it('says which methods a path takes', async () => {
    const answer = await send({ method: 'PATCH', path: '/api/tasks' });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, POST');
  });

  it('takes a body in pieces, and drops who goes away in the middle', async () => {
    const { hostname, port } = new URL(backend.url);
    await new Promise<void>((resolve) => {
      const asked = httpRequest({
        hostname,
        port,
        method: 'POST',
        path: '/api/tasks',
        headers: {
          'content-type': 'application/json',
          'content-length': '1000',
          authorization: `Bearer ${token}`,
        },
      });
      asked.on('error', () => resolve());
      asked.write('{"title":');
      setTimeout(() => asked.destroy(), 50);
    });
  });

  it.each<[string, Raw, number]>([
    ['an operation that is not there', { method: 'GET', path: '/trpc/tasks.nothing' }, 404],
    ['a query sent as a mutation', { path: '/trpc/tasks.list', body: '{}' }, 405],
    ['broken JSON', { path: '/trpc/tasks.create', body: '{' }, 400],
    ['a broken input in the URL', { method: 'GET', path: '/trpc/tasks.list?input=%7B' }, 400],
    ['a wrong field', { path: '/trpc/tasks.create', body: '{"title":""}' }, 422],
    [
      'a batch of too many',
      { method: 'GET', path: `/trpc/${Array(101).fill('tasks.count').join(',')}?batch=1&input=%7B%7D` },
      400,
    ],
  ])('tRPC: %s', async (_, raw, status) => {
    const answer = await send(raw);
    const body = JSON.parse(answer.text) as
      { error: { data: { problem: Problem } } } | { error: { data: { problem: Problem } } }[];
    const { problem } = (Array.isArray(body) ? body[0]! : body).error.data;
    expect([answer.status, problem.status]).toEqual([status, status]);
    expect(answer.text).not.toMatch(/\bat .*\.ts:|node_modules/);
  });

  it('opens no door to a page of another origin', async () => {
    const answer = await send({
      method: 'OPTIONS',
      path: '/api/tasks',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('an embedded backend', () => {
  it('answers to the names of this machine alone', async () => {
    const backend = await openTestBackend('pglite');
    const send = (raw: Raw) => sendRaw(backend.url, '', raw);
    for (const host of ['evil.example', 'evil.example:4180', '127.0.0.1.evil.example', '169.254.169.254']) {
      expect([host, (await send({ method: 'GET', path: '/health', headers: { host } })).status]).toEqual([
        host,
        403,
      ]);
      expect(
        (await send({ method: 'GET', path: '/socket.io/?EIO=4&transport=polling', headers: { host } }))
          .status,
      ).toBeGreaterThanOrEqual(400);
    }
    for (const host of ['127.0.0.1', 'localhost:4180', '[::1]:4180']) {
      expect((await send({ method: 'GET', path: '/health', headers: { host } })).status).toBe(200);
    }
    await backend.close();
  });
});

describe('limits of requests', () => {
  it('answers 429 with Retry-After to one address that signs in too often, and to a tenant that asks too much', async () => {
    const backend = await openTestBackend('pglite', {
      limits: { public: { points: 3, seconds: 60 }, tenant: { points: 3, seconds: 60 } },
    });
    const owner = await backend.register();
    const login = () => backend.api('').call('auth.login', { email: 'a@example.com', password: 'guess' });
    for (let tried = 0; tried < 3; tried += 1) expect((await login()).status).toBe(401);
    const refused = await login();
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    for (let asked = 0; asked < 3; asked += 1) expect((await owner.api.call('auth.me')).status).toBe(200);
    expect((await owner.api.call('auth.me')).status).toBe(429);
    await backend.close();
  });
});

describe('what is no operation', () => {
  it('describes every REST operation in OpenAPI', async () => {
    const backend = await openTestBackend('pglite');
    const document = (await (await fetch(`${backend.url}/api/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<
        string,
        Record<
          string,
          {
            operationId: string;
            parameters: { name: string; in: string }[];
            responses: object;
            security: object[];
          }
        >
      >;
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    const expected = allOperations.filter(({ operation }) => operation.rest !== null);
    expect(described.map(({ operation }) => operation.operationId).toSorted()).toEqual(
      expected.map(({ name }) => name).toSorted(),
    );
    for (const { path, operation } of described) {
      const inPath = operation.parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => `{${name}}`);
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(Object.keys(operation.responses)).toContain('default');
    }
    const { name, operation } = expected[0]!;
    expect(document.paths[operation.rest!.path]?.[operation.rest!.method.toLowerCase()]?.operationId).toBe(
      name,
    );
    await backend.close();
  });

  it('tells liveness and readiness, and unreadiness when the database is newer', async () => {
    const backend = await openTestBackend('pglite');
    expect(await (await fetch(`${backend.url}/health`)).json()).toEqual({
      status: 'ok',
      version: '0.0.0-test',
    });
    expect((await fetch(`${backend.url}/ready`)).status).toBe(200);
    await backend.test.database.asOwner(async (tx) => {
      await sql`insert into platform.migrations (version, name, checksum) values (999, 'later', 'x')`.execute(
        tx,
      );
    });
    const unready = await fetch(`${backend.url}/ready`);
    expect([unready.status, unready.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect((await fetch(`${backend.url}/health`)).status).toBe(200);
    await backend.close();
  });

  it('shows metrics on this machine when embedded, with the names of the contract', async () => {
    const backend = await openTestBackend('pglite', { plan: 'starter' });
    const owner = await backend.register();
    const agent = (await owner.api.do('agents.create', { name: 'a', kind: 'external' })) as { id: string };
    await owner.api.do('tasks.create', { title: 'x', agentId: agent.id });
    const { task, lease } = (await owner.api.do('work.claim', { agentId: agent.id })) as {
      task: { id: string };
      lease: { token: string };
    };
    await owner.api.do('work.complete', { id: task.id, leaseToken: lease.token, output: 'done' });
    const answer = await fetch(`${backend.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    const tenant = `tenant_id="${owner.organization.id}"`;
    expect(text).toContain(`agent_executions_total{${tenant}} 1`);
    expect(text).toContain(`agent_executions_duration_seconds_count{${tenant}} 1`);
    expect(text).toContain(`usage_quota_remaining{${tenant}} 999`);
    expect(text).toContain(`tasks_by_state{${tenant},state="succeeded"} 1`);
    expect(text).toMatch(/task_claim_latency_seconds_count 1/);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="POST",route="\/api\/tasks",status="201"\} 1/,
    );
    expect(text).not.toContain(task.id);
    await backend.close();
  });

  it('shows metrics of a server to the bearer of the token alone', async () => {
    const backend = await openTestBackend('pglite', {
      embedded: false,
      metricsToken: 'a-long-metrics-token',
    });
    const ask = (authorization?: string) =>
      fetch(`${backend.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    expect((await ask()).status).toBe(401);
    expect((await ask('Bearer wrong')).status).toBe(401);
    expect((await ask('Bearer a-long-metrics-token')).status).toBe(200);
    await backend.close();
    const closed = await openTestBackend('pglite', { embedded: false });
    expect((await fetch(`${closed.url}/metrics`, { headers: { authorization: 'Bearer x' } })).status).toBe(
      401,
    );
    await closed.close();
  });
});
