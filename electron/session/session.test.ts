import { expect, test } from 'vitest';
import { AppError, toProblem, type ErrorCode } from '../../shared/errors.ts';
import type { Session as Tokens } from '../../shared/identity.ts';
import type { RpcRequest, RpcResponse, SessionStatus } from '../../shared/ipc.ts';
import type { BackendClient } from './backend-client.ts';
import { answerRpc } from './rpc.ts';
import { createSession } from './session.ts';
import type { TokenStore } from './token-store.ts';

const organization = {
  id: '01980000-0000-7000-8000-000000000001',
  name: 'Northern Line',
  role: 'admin' as const,
  createdAt: '2025-06-01T08:00:00.000Z',
};
const user = { id: '01980000-0000-7000-8000-000000000002', name: 'Ada', email: 'ada@example.com' };
const me = { user, organization, organizations: [organization] };
const list: RpcRequest = { path: 'agents.list', type: 'query', input: {} };

type Answer = (request: RpcRequest, token: string | null) => RpcResponse | Promise<RpcResponse>;

function failure(code: ErrorCode): RpcResponse {
  return { ok: false, problem: toProblem(new AppError(code, code)) };
}

/** Refuses one path and leaves the others to the backend. */
function unavailable(path: string): Answer {
  return (request) => (request.path === path ? failure('unavailable') : (undefined as never));
}

/** Issues `access-1`, `access-2` … and takes only the latest; `me` and reads need it. */
function createBackend() {
  const state = { issued: 0, refreshes: 0, revoked: false, refuse: null as Answer | null };
  const calls: string[] = [];
  const issue = (): RpcResponse => {
    state.issued += 1;
    const tokens: Tokens = {
      user,
      organization,
      accessToken: `access-${state.issued}`,
      refreshToken: `refresh-${state.issued}`,
      expiresIn: 900,
    };
    return { ok: true, data: tokens };
  };
  const answer: Answer = (request, token) => {
    if (request.path === 'auth.login') return issue();
    if (request.path === 'auth.refresh') {
      state.refreshes += 1;
      return state.revoked ? failure('unauthenticated') : issue();
    }
    if (token !== `access-${state.issued}` || state.revoked) return failure('unauthenticated');
    if (request.path === 'auth.me') return { ok: true, data: me };
    return { ok: true, data: token };
  };
  const client: BackendClient = {
    async call(request, { token }) {
      calls.push(request.path);
      await Promise.resolve();
      return (await state.refuse?.(request, token)) ?? answer(request, token);
    },
  };
  return { state, calls, client };
}

function setUp(remembered: string | null = null) {
  const backend = createBackend();
  const saved: (string | null)[] = [remembered];
  const tokens: TokenStore = {
    remembers: true,
    load: () => saved.at(-1) ?? null,
    save: (token) => void saved.push(token),
    clear: () => void saved.push(null),
  };
  const statuses: SessionStatus[] = [];
  const time = { now: 0 };
  const session = createSession({
    client: backend.client,
    tokens,
    now: () => time.now,
    wait: () => Promise.resolve(),
    onChange: (status) => statuses.push(status),
  });
  return { ...backend, saved, statuses, session, time };
}

test('signing in answers who it is and no token, and keeps the refresh token', async () => {
  const { session, saved } = setUp();
  const answer = await session.signIn('auth.login', { email: 'ada@example.com', password: 'a long one' });
  expect(answer).toMatchObject({ ok: true, data: { user: { name: 'Ada' } } });
  expect(JSON.stringify([answer, session.status()])).not.toMatch(/access-|refresh-/);
  expect(saved.at(-1)).toBe('refresh-1');
  expect(session.status()).toMatchObject({ state: 'signed_in', remembered: true });
});

test('a refused token is renewed once, by one flight for all calls that met it', async () => {
  const { session, state } = setUp();
  await session.signIn('auth.login', {});
  // The backend forgets the token, as after a rotation of its keys.
  state.issued += 1;
  const answers = await Promise.all([session.call(list), session.call(list), session.call(list)]);
  expect(answers).toEqual(Array.from({ length: 3 }, () => ({ ok: true, data: 'access-3' })));
  expect(state.refreshes).toBe(1);
});

test('a token is renewed a minute before it expires, not earlier', async () => {
  const { session, state, time } = setUp();
  await session.signIn('auth.login', {});
  time.now = 839_000;
  await session.call(list);
  expect(state.refreshes).toBe(0);
  time.now = 841_000;
  expect(await session.call(list)).toEqual({ ok: true, data: 'access-2' });
  expect(state.refreshes).toBe(1);
});

test('a remembered session is taken up again', async () => {
  const { session, statuses, saved } = setUp('refresh-0');
  expect(session.status()).toEqual({ state: 'unknown' });
  await session.restore();
  expect(statuses).toHaveLength(1);
  expect(session.status()).toMatchObject({ state: 'signed_in', me });
  expect(saved.at(-1)).toBe('refresh-1');
});

test('without a remembered session the person is asked to sign in, without a hint', async () => {
  const { session } = setUp();
  await session.restore();
  expect(session.status()).toEqual({ state: 'signed_out', hint: null });
});

test('a lost answer to the renewal is asked for again with the same token', async () => {
  const { session, state, calls } = setUp('refresh-0');
  const sent: unknown[] = [];
  state.refuse = (request) => {
    if (request.path !== 'auth.refresh') return undefined as never;
    sent.push(request.input);
    return sent.length < 3 ? failure('unavailable') : (undefined as never);
  };
  expect(await session.call(list)).toEqual({ ok: true, data: 'access-1' });
  expect(sent).toEqual(Array.from({ length: 3 }, () => ({ refreshToken: 'refresh-0' })));
  expect(calls.filter((path) => path === 'auth.refresh')).toHaveLength(3);
});

test('an unreachable backend ends no session', async () => {
  const { session, state, saved } = setUp();
  await session.signIn('auth.login', {});
  state.issued += 1;
  state.refuse = unavailable('auth.refresh');
  expect(await session.call(list)).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
  expect(session.status()).toMatchObject({ state: 'signed_in' });
  expect(saved.at(-1)).toBe('refresh-1');
  state.refuse = null;
  expect(await session.call(list)).toMatchObject({ ok: true });
});

test('a revoked session is over: signed out with a hint, nothing kept, no further call', async () => {
  const { session, state, saved, calls } = setUp();
  await session.signIn('auth.login', {});
  state.revoked = true;
  expect(await session.call(list)).toMatchObject({ ok: false, problem: { code: 'unauthenticated' } });
  expect(session.status()).toEqual({ state: 'signed_out', hint: 'Your session has ended. Sign in again.' });
  expect(saved.at(-1)).toBeNull();
  const before = calls.length;
  expect(await session.call(list)).toMatchObject({ ok: false, problem: { code: 'unauthenticated' } });
  expect(calls).toHaveLength(before);
});

test('signing out during a renewal is not undone by its answer', async () => {
  const { session, state, saved } = setUp();
  await session.signIn('auth.login', {});
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  state.issued += 1;
  state.refuse = async (request) => {
    if (request.path === 'auth.refresh') await gate;
    return undefined as never;
  };
  const call = session.call(list);
  await new Promise(setImmediate);
  state.refuse = unavailable('auth.logout');
  const signedOut = session.signOut();
  openGate();
  await Promise.all([call, signedOut]);
  expect(session.status()).toMatchObject({ state: 'signed_out' });
  expect(saved.at(-1)).toBeNull();
});

test('who signs out is asked for the password of the same address next, unless a backup takes its place', async () => {
  const { session } = setUp();
  await session.signIn('auth.login', {});
  await session.signOut();
  expect(session.status()).toEqual({ state: 'signed_out', hint: user.email });
  await session.signIn('auth.login', {});
  await session.signOut('');
  expect(session.status()).toEqual({ state: 'signed_out', hint: null });
});

test('signing out ends the session here even when the backend cannot be told, and says so', async () => {
  const { session, state, saved } = setUp();
  await session.signIn('auth.login', {});
  state.refuse = () => failure('unavailable');
  expect(await session.signOut()).toEqual({ ok: true, data: null });
  const hint: unknown = expect.stringContaining('could not be told');
  expect(session.status()).toMatchObject({ state: 'signed_out', hint });
  expect(saved.at(-1)).toBeNull();
});

test('a window may call what the table declares, as it declares it, and nothing of auth', async () => {
  const { session, client, calls } = setUp();
  await session.signIn('auth.login', {});
  const before = calls.length;
  const ask = (path: string, type: RpcRequest['type']) =>
    answerRpc({ client, session }, { path, type, input: {} });
  for (const [path, type] of [
    ['auth.refresh', 'mutation'],
    ['auth.login', 'mutation'],
    ['auth.me', 'query'],
    ['agents.list', 'mutation'],
    ['agents.drop', 'query'],
    ['constructor.name', 'query'],
  ] as const) {
    expect(await ask(path, type)).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  }
  expect(calls).toHaveLength(before);
  expect(await ask('agents.list', 'query')).toEqual({ ok: true, data: 'access-1' });
});

test('what is public is called without a token', async () => {
  const { session, client, state } = setUp();
  const seen: (string | null)[] = [];
  state.refuse = (_request, token) => {
    seen.push(token);
    return { ok: true, data: { status: 'accepted' } };
  };
  const join: RpcRequest = { path: 'waitlist.join', type: 'mutation', input: { email: 'a@example.com' } };
  await answerRpc({ client, session }, join);
  expect(seen).toEqual([null]);
});
