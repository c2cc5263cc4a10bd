// Calls the backend's tRPC door; whatever goes wrong comes back as a problem, never as an exception.
import { createTRPCUntypedClient, httpLink, TRPCClientError } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import { AppError, errorStatus, toProblem, type ErrorCode, type Problem } from '../../shared/errors.ts';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';
import { AnsweredInstead, failureOf, failureOfStatus, reasonOf } from './failures.ts';

/** Nothing that is read takes so long; beyond, the connection is taken for dead. */
const READ_TIMEOUT_MS = 30_000;
/** A plan of 5,000 tasks is created well within this. */
const CHANGE_TIMEOUT_MS = 60_000;

export interface CallOptions {
  token: string | null;
  timeoutMs?: number;
  /** A change sent again under the same key is made once. */
  idempotencyKey?: string | null;
}

export interface BackendClient {
  call(request: RpcRequest, options: CallOptions): Promise<RpcResponse>;
}

export interface BackendClientParts {
  /** The backend's address now; null while it is not there. */
  url(): string | null;
  /** Why it is not there, as the end of a sentence; for whoever asks all the same. */
  whyAway?(): string | null;
  fetch: typeof fetch;
}

interface CallContext {
  token: string | null;
  idempotencyKey: string | null;
}

const codes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];
const carriedProblem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.enum(codes),
  detail: z.string(),
});

/** A client of plain JSON: a transformer costs several times what it carries. */
export function createBackendClient(parts: BackendClientParts): BackendClient {
  const clients = new Map<string, ReturnType<typeof createClient>>();

  function clientFor(url: string) {
    const known = clients.get(url);
    if (known !== undefined) return known;
    // The address changes only when the backend came back on another port.
    clients.clear();
    const made = createClient(url, parts.fetch);
    clients.set(url, made);
    return made;
  }

  return {
    async call(request, { token, timeoutMs, idempotencyKey = null }) {
      const url = parts.url();
      if (url === null) return refused('unavailable', `${parts.whyAway?.() ?? 'The backend is not ready yet.'} Nothing was changed.`);
      const client = clientFor(url);
      const context: CallContext = { token, idempotencyKey };
      const limit = timeoutMs ?? (request.type === 'query' ? READ_TIMEOUT_MS : CHANGE_TIMEOUT_MS);
      const options = { context: { ...context }, signal: AbortSignal.timeout(limit) };
      try {
        const data =
          request.type === 'query'
            ? await client.query(request.path, request.input, options)
            : await client.mutation(request.path, request.input, options);
        return { ok: true, data };
      } catch (error) {
        return { ok: false, problem: problemOf(error, request.type) };
      }
    },
  };
}

/** What a proxy answers in the backend's place is a failure, and none of its text is read. */
async function fetchAnswer(fetcher: typeof fetch, address: string, options: RequestInit): Promise<Response> {
  const answer = await fetcher(address, options);
  const failure = failureOfStatus(answer.status);
  if (failure === null || /json/.test(answer.headers.get('content-type') ?? '')) return answer;
  await answer.body?.cancel();
  throw new AnsweredInstead(failure);
}

/** Untyped: main forwards paths, the renderer's link has the types. */
function createClient(url: string, fetcher: typeof fetch) {
  return createTRPCUntypedClient<AnyTRPCRouter>({
    links: [
      httpLink({
        url: `${url}/trpc`,
        fetch: (address, options) => fetchAnswer(fetcher, address as string, options as RequestInit),
        headers({ op }) {
          const { token, idempotencyKey } = op.context as unknown as CallContext;
          return {
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
          };
        },
      }),
    ],
  });
}

/** An answer that is a problem. */
export function refused(code: ErrorCode, detail: string): { ok: false; problem: Problem } {
  return { ok: false, problem: toProblem(new AppError(code, detail)) };
}

/** The problem that the backend sent, or what can be said when it sent none. `lost`: whether it is still there? */
export function problemOf(error: unknown, type: RpcRequest['type']): Problem {
  const data = error instanceof TRPCClientError ? (error.data as { problem?: unknown } | null) : undefined;
  const carried = carriedProblem.safeParse(data?.problem);
  if (carried.success) return carried.data;
  if (data !== undefined && data !== null) {
    return toProblem(new AppError('internal', 'The backend could not do this and gave no reason.'));
  }
  const failure = failureOf(error);
  const inDoubt = type === 'mutation' && failure.sent;
  const outcome = inDoubt
    ? 'It may or may not have been done. Send it again as it is: it is done once only.'
    : type === 'mutation'
      ? 'Nothing was changed.'
      : '';
  const detail = `The backend cannot be reached: ${reasonOf(failure)}. ${outcome}`.trim();
  return toProblem(new AppError('unavailable', detail, { details: { lost: true, ...(inDoubt ? { inDoubt } : {}) } }));
}
