// Permissions: every operation by every role, every scope of a key, and nobody, as the one table says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations, type NamedOperation } from '../shared/operations.ts';
import { may, roles, scopes, type Role, type Scope } from '../shared/permissions.ts';
import { sql } from './platform/database.ts';
import { openTestBackend, type Api, type TestBackend } from './testing/backend.ts';
import { openWorld, sampleFor, type World } from './testing/world.ts';

const guarded = allOperations.filter(({ operation }) => operation.permission !== 'public');
const open = allOperations.filter(({ operation }) => operation.permission === 'public');

function roleMay(role: Role, { operation }: NamedOperation): boolean {
  const { permission } = operation;
  return permission === 'public' || permission === 'authenticated' || may(role, permission);
}

interface Outcome {
  status: number;
  code: string | undefined;
}

interface Door {
  url: string;
  token: string;
}

/** The same operation through the other door. */
async function callTrpc(
  { url: base, token }: Door,
  { name, operation }: NamedOperation,
  input: object,
): Promise<Outcome> {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' };
  const query = operation.kind === 'query';
  const url = `${base}/trpc/${name}${query ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''}`;
  const response = await fetch(
    url,
    query ? { headers } : { method: 'POST', headers, body: JSON.stringify(input) },
  );
  const body = (await response.json()) as { error?: { data: { problem: { code: string; status: number } } } };
  if (body.error) expect(body.error.data.problem.status).toBe(response.status);
  return { status: response.status, code: body.error?.data.problem.code };
}

async function callRest(api: Api, { name }: NamedOperation, input: object): Promise<Outcome> {
  const answer = await api.call(name, input);
  return { status: answer.status, code: (answer.body as { code?: string } | null)?.code };
}

describe.each(['pglite', 'postgres'] as const)('permissions on %s', (dialect) => {
  let backend: TestBackend;
  let world: World;
  const people = {} as Record<Role, Api>;
  const keysByScope = {} as Record<Scope, Api>;
  const keysByRole = {} as Record<Role, Api>;

  beforeAll(async () => {
    backend = await openTestBackend(dialect, { leaseSeconds: 3_600 });
    world = await openWorld(backend, 'World');
    const { organization, agent } = world.ids;
    for (const role of roles) {
      people[role] = (await backend.addMember(organization, role)).api;
      // Made by an admin, who has another role by the time the key is used.
      const creator = await backend.addMember(organization, 'admin');
      const { key } = (await creator.api.do('keys.create', {
        name: role,
        scopes: [...scopes],
        agentId: agent,
      })) as { key: string };
      await sql`update platform.memberships set role = ${role} where user_id = ${creator.user.id}`.execute(
        backend.test.database.app,
      );
      keysByRole[role] = backend.api(key);
    }
    for (const scope of scopes) {
      const { key } = (await world.owner.api.do('keys.create', {
        name: scope,
        scopes: [scope],
        agentId: agent,
      })) as { key: string };
      keysByScope[scope] = backend.api(key);
    }
  });
  afterAll(() => backend.close());

  it.each(guarded)('$name is refused to nobody signed in', async (named) => {
    const input = await sampleFor(world, named.name);
    const refused = { status: 401, code: 'unauthenticated' };
    expect(await callRest(backend.api(''), named, input)).toEqual(refused);
    expect(await callTrpc({ url: backend.url, token: '' }, named, input)).toEqual(refused);
    expect(await callRest(backend.api('made-up'), named, input)).toEqual(refused);
  });

  it.each(open)('$name is open to everybody, with an old token too', async (named) => {
    for (const token of ['', 'made-up']) {
      const rest = await callRest(backend.api(token), named, await sampleFor(world, named.name));
      const trpc = await callTrpc({ url: backend.url, token }, named, await sampleFor(world, named.name));
      expect([named.name, rest.status < 300, trpc.status < 300]).toEqual([named.name, true, true]);
    }
  });

  it.each(guarded)('$name is for the roles of the table alone', async (named) => {
    for (const role of roles) {
      const token =
        named.name === 'auth.logout'
          ? (await backend.addMember(world.ids.organization, role)).accessToken
          : people[role].token;
      const input = await sampleFor(world, named.name);
      const rest = await callRest(backend.api(token), named, input);
      expect([role, rest.status === 403, rest.status]).toEqual([role, !roleMay(role, named), rest.status]);
      expect([role, rest.status === 401 || rest.status >= 500]).toEqual([role, false]);
      const trpc =
        named.name === 'auth.logout' ? rest : await callTrpc({ url: backend.url, token }, named, input);
      expect([role, trpc.status === 403]).toEqual([role, rest.status === 403]);
    }
  });

  it.each(guarded)('$name is for keys with its scope alone', async (named) => {
    for (const scope of scopes) {
      const outcome = await callRest(keysByScope[scope], named, await sampleFor(world, named.name));
      expect([scope, outcome.status === 403]).toEqual([scope, named.operation.scope !== scope]);
      expect([scope, outcome.status === 401 || outcome.status >= 500]).toEqual([scope, false]);
    }
  });

  it.each(guarded.filter(({ operation }) => operation.scope !== null))(
    '$name by a key is no more than its maker may do now',
    async (named) => {
      for (const role of roles) {
        const outcome = await callRest(keysByRole[role], named, await sampleFor(world, named.name));
        expect([role, outcome.status === 403]).toEqual([role, !roleMay(role, named)]);
      }
    },
  );
});
