// tRPC: one procedure for each operation. The router is built from the table, and typed from it.
import { initTRPC, TRPCError, type TRPCBuiltRouter } from '@trpc/server';
import type { TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server';
import type { z } from 'zod';
import { AppError, type ErrorCode, type Problem } from '../../../shared/errors.ts';
import type { Operation } from '../../../shared/operation.ts';
import type { NamedOperation } from '../../../shared/operations.ts';
import type { Execute } from './execute.ts';
import type { Request } from './handlers.ts';

export interface TrpcContext {
  request: Request;
}

type Definition<O extends Operation> = {
  input: z.input<O['input']>;
  output: z.output<O['output']>;
  meta: object;
};
type Procedure<O extends Operation> = O extends { kind: 'query' }
  ? TRPCQueryProcedure<Definition<O>>
  : TRPCMutationProcedure<Definition<O>>;
type RootTypes = {
  ctx: TrpcContext;
  meta: object;
  errorShape: { message: string; code: number; data: { code: string; httpStatus: number; problem: Problem } };
  transformer: false;
};

/** The router's type for a table of operations. */
export type RouterOf<Table extends Record<string, Record<string, Operation>>> = TRPCBuiltRouter<
  RootTypes,
  { [Noun in keyof Table]: { [Verb in keyof Table[Noun]]: Procedure<Table[Noun][Verb]> } }
>;

// The tRPC code whose HTTP status is the problem's, as far as tRPC has one.
const trpcCodes: Record<number, TRPCError['code']> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

export interface TrpcOptions {
  operations: NamedOperation[];
  execute: Execute;
  /** What a client may see of an error. */
  problemOf: (error: unknown) => Problem;
}

// What tRPC itself refuses before an operation is reached.
const refusals: Partial<Record<TRPCError['code'], [code: ErrorCode, message: string]>> = {
  PARSE_ERROR: ['malformed_request', 'The request is not valid JSON.'],
  BAD_REQUEST: ['malformed_request', 'The request cannot be read.'],
  NOT_FOUND: ['not_found', 'There is no such operation.'],
  METHOD_NOT_SUPPORTED: ['method_not_allowed', 'Queries are GET, mutations are POST.'],
  UNSUPPORTED_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  PAYLOAD_TOO_LARGE: ['payload_too_large', 'The body is larger than this operation takes.'],
};

/** The error behind tRPC's own: ours, a known refusal, or whatever it was. */
function causeOf(error: TRPCError): unknown {
  if (error.cause instanceof AppError) return error.cause;
  const refusal = refusals[error.code];
  return refusal ? new AppError(...refusal) : (error.cause ?? error);
}

/** An error of ours as tRPC needs it to answer with the right HTTP status. */
export function toTrpcError(cause: unknown): TRPCError {
  const status = cause instanceof AppError ? cause.status : 500;
  return new TRPCError({ code: trpcCodes[status] ?? 'INTERNAL_SERVER_ERROR', message: 'refused', cause });
}

/** Builds the router; the caller names the table's type, which this loop follows. */
export function createRouter<Table extends Record<string, Record<string, Operation>>>(
  options: TrpcOptions,
): RouterOf<Table> {
  const t = initTRPC.context<TrpcContext>().create({
    errorFormatter: ({ shape, error }) => {
      const problem = options.problemOf(causeOf(error));
      return {
        ...shape,
        message: problem.detail,
        data: { code: shape.data.code, httpStatus: problem.status, problem },
      };
    },
  });
  const run = async (name: string, input: unknown, ctx: TrpcContext) => {
    try {
      return await options.execute(name, input, ctx.request);
    } catch (cause) {
      throw toTrpcError(cause);
    }
  };
  const nouns: Record<string, Record<string, unknown>> = {};
  for (const { noun, verb, name, operation } of options.operations) {
    // Every door validates in execute, so the parser here only takes what came.
    const procedure = t.procedure.input((value: unknown) => value);
    const resolve = ({ input, ctx }: { input: unknown; ctx: TrpcContext }) => run(name, input ?? {}, ctx);
    (nouns[noun] ??= {})[verb] =
      operation.kind === 'query' ? procedure.query(resolve) : procedure.mutation(resolve);
  }
  const routers = Object.fromEntries(
    Object.entries(nouns).map(([noun, verbs]) => [noun, t.router(verbs as never)]),
  );
  return t.router(routers as never);
}
