// The person's session: signs in and out, keeps the tokens in this process, renews them one flight at a time.
import { AppError, asAppError, toProblem } from '../../shared/errors.ts';
import { me as meSchema, session as sessionSchema } from '../../shared/identity.ts';
import type { Me, Session as Tokens } from '../../shared/identity.ts';
import type { RpcRequest, RpcResponse, SessionStatus } from '../../shared/ipc.ts';
import { refused, type BackendClient } from './backend-client.ts';
import { createRepeatKeys } from './repeat.ts';
import type { TokenStore } from './token-store.ts';

/** Renewed this long before it expires, so that no call is made with a token about to be refused. */
const MARGIN_MS = 60_000;
/** A lost answer may be asked for again within 10 s: three tries of 2.5 s, with pauses, stay within. */
const REFRESH_TIMEOUT_MS = 2_500;
const REFRESH_PAUSES_MS = [250, 1_000];

const ENDED = 'Your session has ended. Sign in again.';
const UNREACHABLE = 'The backend could not be reached to take up your session. Sign in.';
const NOT_TOLD = 'Signed out on this computer. The backend could not be told; it ends there by itself.';
const UNREADABLE = 'The backend answered a session that cannot be read.';

export interface SessionParts {
  client: BackendClient;
  tokens: TokenStore;
  /** Milliseconds that only go forward: how long a token lives is told by the backend, not by this clock. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
  onChange(status: SessionStatus): void;
}

export interface Session {
  status(): SessionStatus;
  /** Once the backend is ready: takes up the remembered session, if there is one. */
  restore(): Promise<void>;
  signIn(path: 'auth.login' | 'auth.register', input: unknown): Promise<RpcResponse>;
  /** `hint` is what the person reads next, if the backend could be told. */
  signOut(hint?: string): Promise<RpcResponse>;
  /** A token good for at least a moment; null when nobody is signed in. Throws AppError when unreachable. */
  accessToken(): Promise<string | null>;
  /** A token other than the one just refused; null when the session is over. Throws like accessToken. */
  renewed(refusedToken: string): Promise<string | null>;
  /** Calls the backend as the person; a refused token is renewed once. */
  call(request: RpcRequest): Promise<RpcResponse>;
}

interface Access {
  token: string;
  expiresAt: number;
}

/** A session over one backend. */
export function createSession(parts: SessionParts): Session {
  let status: SessionStatus = { state: 'unknown' };
  let refreshToken: string | null = parts.tokens.load();
  let access: Access | null = null;
  let flight: Promise<string | null> | null = null;
  const repeats = createRepeatKeys(parts.now);
  /** Rises with every sign-in and sign-out: an answer of an earlier one comes too late. */
  let era = 0;

  function setStatus(next: SessionStatus): void {
    status = next;
    parts.onChange(next);
  }

  function adopt(tokens: Tokens): string {
    refreshToken = tokens.refreshToken;
    access = { token: tokens.accessToken, expiresAt: parts.now() + tokens.expiresIn * 1000 };
    parts.tokens.save(tokens.refreshToken);
    return tokens.accessToken;
  }

  function end(hint: string | null): void {
    era += 1;
    refreshToken = null;
    access = null;
    flight = null;
    repeats.clear();
    parts.tokens.clear();
    setStatus({ state: 'signed_out', hint });
  }

  function signedIn(me: Me): void {
    setStatus({ state: 'signed_in', me, remembered: parts.tokens.remembers });
  }

  async function fetchMe(tokens: Tokens): Promise<Me> {
    const answer = await parts.client.call(
      { path: 'auth.me', type: 'query', input: {} },
      { token: tokens.accessToken },
    );
    const me = meSchema.safeParse(answer.ok ? answer.data : null);
    if (me.success) return me.data;
    return { user: tokens.user, organization: tokens.organization, organizations: [tokens.organization] };
  }

  async function refresh(token: string): Promise<string | null> {
    const started = era;
    const request: RpcRequest = { path: 'auth.refresh', type: 'mutation', input: { refreshToken: token } };
    for (let attempt = 0; ; attempt += 1) {
      const answer = await parts.client.call(request, { token: null, timeoutMs: REFRESH_TIMEOUT_MS });
      if (era !== started) return null;
      if (answer.ok) {
        const tokens = sessionSchema.safeParse(answer.data);
        if (!tokens.success) throw new AppError('internal', UNREADABLE);
        const fresh = adopt(tokens.data);
        await announce(tokens.data, started);
        return fresh;
      }
      if (answer.problem.status === 401) {
        end(ENDED);
        return null;
      }
      const pause = REFRESH_PAUSES_MS[attempt];
      if (answer.problem.code !== 'unavailable' || pause === undefined) {
        throw new AppError(answer.problem.code, answer.problem.detail);
      }
      await parts.wait(pause);
      if (era !== started) return null;
    }
  }

  /** Says who is signed in: always after a restart, later only when a role or an organisation changed. */
  async function announce(tokens: Tokens, started: number): Promise<void> {
    if (status.state === 'signed_in' && status.me.organization.role === tokens.organization.role) return;
    const me = await fetchMe(tokens);
    if (era === started) signedIn(me);
  }

  function renew(): Promise<string | null> {
    if (flight !== null) return flight;
    if (refreshToken === null) return Promise.resolve(null);
    const started = refresh(refreshToken).finally(() => {
      if (flight === started) flight = null;
    });
    flight = started;
    return started;
  }

  async function accessToken(): Promise<string | null> {
    if (access !== null && access.expiresAt - parts.now() > MARGIN_MS) return access.token;
    return renew();
  }

  async function renewed(refusedToken: string): Promise<string | null> {
    // Another call may have renewed it already.
    if (access !== null && access.token !== refusedToken) return access.token;
    return renew();
  }

  async function call(request: RpcRequest): Promise<RpcResponse> {
    try {
      const token = await accessToken();
      if (token === null) return refused('unauthenticated', 'Sign in first.');
      const idempotencyKey = repeats.take(request);
      const send = async (bearer: string) => {
        const answer = await parts.client.call(request, { token: bearer, idempotencyKey });
        repeats.settle(request, idempotencyKey, answer);
        return answer;
      };
      const answer = await send(token);
      if (answer.ok || answer.problem.code !== 'unauthenticated') return answer;
      const next = await renewed(token);
      return next === null ? answer : await send(next);
    } catch (cause) {
      return { ok: false, problem: toProblem(asAppError(cause)) };
    }
  }

  async function restore(): Promise<void> {
    if (status.state === 'signed_in') return;
    if (refreshToken === null) {
      if (status.state === 'unknown') setStatus({ state: 'signed_out', hint: null });
      return;
    }
    try {
      await accessToken();
    } catch {
      setStatus({ state: 'signed_out', hint: UNREACHABLE });
    }
  }

  async function signIn(path: 'auth.login' | 'auth.register', input: unknown): Promise<RpcResponse> {
    const answer = await parts.client.call({ path, type: 'mutation', input }, { token: null });
    if (!answer.ok) return answer;
    const tokens = sessionSchema.safeParse(answer.data);
    if (!tokens.success) return refused('internal', UNREADABLE);
    era += 1;
    flight = null;
    adopt(tokens.data);
    const me = await fetchMe(tokens.data);
    signedIn(me);
    return { ok: true, data: me };
  }

  async function signOut(given?: string): Promise<RpcResponse> {
    const token = access?.token ?? null;
    // Who signs out has a workspace here: the next screen asks for the password, not for another workspace.
    const own = status.state === 'signed_in' && status.me.organization.demo !== true ? status.me.user.email : null;
    let hint = given === '' ? null : (given ?? own);
    if (token !== null || refreshToken !== null) {
      const answer = await call({ path: 'auth.logout', type: 'mutation', input: {} });
      if (!answer.ok && answer.problem.status !== 401) {
        hint = NOT_TOLD;
      }
    }
    end(hint);
    return { ok: true, data: null };
  }

  return { status: () => status, restore, signIn, signOut, accessToken, renewed, call };
}
