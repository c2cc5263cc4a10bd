// Calls the backend's tRPC door; whatever goes wrong comes back as a problem, never as an exception.
import { createTRPCUntypedClient, httpLink, TRPCClientError } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import { AppError, errorStatus, toProblem, type ErrorCode, type Problem } from '../../shared/errors.ts';
import type { RpcRequest, RpcResponse } from '../../shared/ipc.ts';

/** A plan of 5,000 tasks is created well within this; beyond, the connection is taken for dead. */
const TIMEOUT_MS = 60_000;

export interface CallOptions {
  token: string | null;
  timeoutMs?: number;
}

export interface BackendClient {
  call(request: RpcRequest, options: CallOptions): Promise<RpcResponse>;
}

export interface BackendClientParts {
  /** The backend's address now; null while it is not there. */
  url(): string | null;
  fetch: typeof fetch;
}

interface CallContext {
  token: string | null;
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
    async call(request, { token, timeoutMs = TIMEOUT_MS }) {
      const url = parts.url();
      if (url === null) return refused('unavailable', 'The backend is not ready yet. Nothing was changed.');
      const client = clientFor(url);
      const context: CallContext = { token };
      const options = { context: { ...context }, signal: AbortSignal.timeout(timeoutMs) };
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

/** Untyped: main forwards paths, the renderer's link has the types. */
function createClient(url: string, fetcher: typeof fetch) {
  return createTRPCUntypedClient<AnyTRPCRouter>({
    links: [
      httpLink({
        url: `${url}/trpc`,
        fetch: fetcher,
        headers({ op }) {
          const { token } = op.context as unknown as CallContext;
          return token === null ? {} : { authorization: `Bearer ${token}` };
        },
      }),
    ],
  });
}

/** An answer that is a problem. */
export function refused(code: ErrorCode, detail: string): { ok: false; problem: Problem } {
  return { ok: false, problem: toProblem(new AppError(code, detail)) };
}

/** The problem that the backend sent, or what can be said when it sent none. */
export function problemOf(error: unknown, type: RpcRequest['type']): Problem {
  const data = error instanceof TRPCClientError ? (error.data as { problem?: unknown } | null) : undefined;
  const carried = carriedProblem.safeParse(data?.problem);
  if (carried.success) return carried.data;
  if (data !== undefined && data !== null) {
    return toProblem(new AppError('internal', 'The backend could not do this and gave no reason.'));
  }
  const doubt = type === 'mutation' ? ' It may or may not have been done; look before you repeat it.' : '';
  return toProblem(new AppError('unavailable', `The backend cannot be reached.${doubt}`));
}
