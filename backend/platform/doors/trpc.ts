// tRPC: one procedure for each operation. The router is built from the table, and typed from it.
import { initTRPC, TRPCError, type TRPCBuiltRouter } from '@trpc/server';
import type { TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server';
import type { z } from 'zod';
import { AppError, type Problem } from '../../../shared/errors.ts';
import type { Operation } from '../../../shared/operation.ts';
import type { NamedOperation } from '../../../shared/operations.ts';
import type { Execute } from './execute.ts';
import type { Request } from './handlers.ts';

export interface TrpcContext {
  request: Request;
}

type Definition<O extends Operation> = { input: z.input<O['input']>; output: z.output<O['output']>; meta: object };
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

/** Builds the router; the caller names the table's type, which this loop follows. */
export function createRouter<Table extends Record<string, Record<string, Operation>>>(options: TrpcOptions): RouterOf<Table> {
  const t = initTRPC.context<TrpcContext>().create({
    errorFormatter: ({ shape, error }) => {
      const problem = options.problemOf(error.cause ?? error);
      return { ...shape, message: problem.detail, data: { code: shape.data.code, httpStatus: problem.status, problem } };
    },
  });
  const run = async (name: string, input: unknown, ctx: TrpcContext) => {
    try {
      return await options.execute(name, input, ctx.request);
    } catch (cause) {
      const status = cause instanceof AppError ? cause.status : 500;
      throw new TRPCError({ code: trpcCodes[status] ?? 'INTERNAL_SERVER_ERROR', message: name, cause });
    }
  };
  const nouns: Record<string, Record<string, unknown>> = {};
  for (const { noun, verb, name, operation } of options.operations) {
    // Every door validates in execute, so the parser here only takes what came.
    const procedure = t.procedure.input((value: unknown) => value);
    const resolve = ({ input, ctx }: { input: unknown; ctx: TrpcContext }) => run(name, input ?? {}, ctx);
    (nouns[noun] ??= {})[verb] = operation.kind === 'query' ? procedure.query(resolve) : procedure.mutation(resolve);
  }
  const routers = Object.fromEntries(Object.entries(nouns).map(([noun, verbs]) => [noun, t.router(verbs as never)]));
  return t.router(routers as never) as unknown as RouterOf<Table>;
}
