// A whole backend for a test: a node with every door, on a database of its own, reached over HTTP.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Operation } from '../../shared/operation.ts';
import type { Session } from '../../shared/identity.ts';
import { allOperations } from '../../shared/operations.ts';
import type { Role } from '../../shared/permissions.ts';
import { settlers, type Foundation } from '../handlers.ts';
import { hashPassword, insertMembership, insertPerson } from '../identity/index.ts';
import { startNode } from '../node.ts';
import { systemClock } from '../platform/clock.ts';
import type { Problem } from '../../shared/errors.ts';
import { newId } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createRunInTenant } from '../platform/tenant-transaction.ts';
import { openTestDatabase, type Dialect, type TestDatabase } from '../platform/testing/database.ts';

export type { Dialect };

/** What came back: the status, and the body as an object (an answer or a problem document). */
export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the operation answers
  body: any;
}

export interface Api {
  token: string;
  /** Calls an operation by its name over REST; any status is an answer. */
  call(name: string, input?: object, headers?: Record<string, string>): Promise<Answer>;
  /** The same, and throws unless it succeeded; answers the body. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  do(name: string, input?: object, headers?: Record<string, string>): Promise<any>;
}

export interface TestBackend {
  url: string;
  test: TestDatabase;
  foundation: Foundation;
  api(token: string): Api;
  /** A new organisation with its owner, over the door that people use. */
  register(organizationName?: string): Promise<Session & { api: Api; password: string }>;
  /** Another member of an organisation, signed in. */
  addMember(organizationId: string, role: Role): Promise<Session & { api: Api; password: string }>;
  /** Another node over the same PostgreSQL, with connections of its own. */
  another(): Promise<TestBackend>;
  close(): Promise<void>;
}

export interface TestBackendOptions {
  plan?: Foundation['defaultPlan'];
  leaseSeconds?: number;
  providerAddresses?: Foundation['providerAddresses'];
  limits?: { tenant: { points: number; seconds: number }; public: { points: number; seconds: number } };
  loginLimit?: { points: number; seconds: number };
  embedded?: boolean;
  metricsToken?: string;
  masterKey?: Buffer;
}

const unlimited = { points: 1_000_000, seconds: 60 };
const byName = new Map(allOperations.map(({ name, operation }) => [name, operation]));

/** Method, URL and body of an operation over REST. */
export function toRest(operation: Operation, input: Record<string, unknown>) {
  const { method, path, body } = operation.rest!;
  const rest = { ...input };
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  if (body !== undefined) return { method, path: filled, body: String(rest['ndjson']), mediaType: body };
  const mediaType = 'application/json';
  if (method === 'POST' || method === 'PATCH') return { method, path: filled, body: JSON.stringify(rest), mediaType };
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return { method, path: query === '' ? filled : `${filled}?${query}`, body: undefined, mediaType };
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('ndjson')) return text.trim().split('\n').map((line): unknown => JSON.parse(line));
  return type.includes('json') ? (JSON.parse(text) as unknown) : text;
}

export function createApi(url: string, token: string): Api {
  const call: Api['call'] = async (name, input = {}, headers = {}) => {
    const operation = byName.get(name);
    if (!operation?.rest) throw new Error(`No operation ${name} over REST.`);
    const { method, path, body, mediaType } = toRest(operation, input as Record<string, unknown>);
    const response = await fetch(`${url}${path}`, {
      method,
      body: body ?? null,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': mediaType }),
        ...headers,
      },
    });
    return { status: response.status, headers: response.headers, body: await readBody(response) };
  };
  return {
    token,
    call,
    async do(name, input, headers) {
      const answer = await call(name, input, headers);
      if (answer.status >= 400)
        throw new Error(`${name} answered ${answer.status}: ${(answer.body as Problem).detail}`);
      return answer.body as unknown;
    },
  };
}

/** Opens a node on a database of its own, or on the PostgreSQL of another. */
export async function openTestBackend(
  dialect: Dialect,
  options: TestBackendOptions = {},
  urls: TestDatabase['urls'] = null,
): Promise<TestBackend> {
  const metrics = createMetrics(systemClock);
  const test = await openTestDatabase(dialect, urls ?? undefined, metrics.query);
  const masterKey = options.masterKey ?? randomBytes(32);
  const foundation: Foundation = {
    ...test,
    runInTenant: createRunInTenant(test.database, test.installation.appLogin, {
      settlers,
      observe: metrics.observe,
    }),
    clock: systemClock,
    log: createLog('fatal'),
    masterKey,
    checklistsDir: join(import.meta.dirname, '../../resources/checklists'),
    defaultPlan: options.plan ?? 'enterprise',
    leaseSeconds: options.leaseSeconds ?? 30,
    providerAddresses: options.providerAddresses ?? 'private',
    alone: dialect === 'pglite',
    loginLimit: options.loginLimit ?? unlimited,
  };
  const node = await startNode({
    foundation,
    metrics,
    settings: {
      version: '0.0.0-test',
      embedded: options.embedded ?? dialect === 'pglite',
      metricsToken: options.metricsToken,
      limits: options.limits ?? { tenant: unlimited, public: unlimited },
    },
    listen: { host: '127.0.0.1', port: 0, orFree: false },
    versions: test.versions,
  });
  return {
    url: node.url,
    test,
    foundation,
    api: (token) => createApi(node.url, token),
    ...createPeople(node.url, test),
    another: () => openTestBackend(dialect, { ...options, masterKey }, test.urls),
    async close() {
      await node.stop();
      await test.close();
    },
  };
}

function createPeople(url: string, test: TestDatabase): Pick<TestBackend, 'register' | 'addMember'> {
  const open = createApi(url, '');
  const password = 'correct horse battery';
  const signedIn = (session: Session) => ({ ...session, api: createApi(url, session.accessToken), password });
  return {
    async register(organizationName = 'Test Works') {
      const email = `owner-${newId()}@example.com`;
      return signedIn(
        (await open.do('auth.register', { organizationName, name: 'Owner', email, password })) as Session,
      );
    },
    async addMember(organizationId, role) {
      const person = {
        id: newId(),
        email: `${role}-${newId()}@example.com`,
        name: `Some ${role}`,
        password_hash: await hashPassword(password),
      };
      await insertPerson(test.database.app, person);
      await insertMembership(test.database.app, person.id, { tenant_id: organizationId, role });
      return signedIn((await open.do('auth.login', { email: person.email, password })) as Session);
    },
  };
}
