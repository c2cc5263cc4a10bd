// REST: one route for each operation that declares one.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import type { NamedOperation } from '../../../shared/operations.ts';
import type { Authenticate, Credential } from './credential.ts';
import type { Execute } from './execute.ts';
import type { Request } from './handlers.ts';

export interface DoorOptions {
  operations: NamedOperation[];
  execute: Execute;
  authenticate: Authenticate;
}

const DEFAULT_BODY_LIMIT = 2_000_000;

async function credentialOf(request: FastifyRequest, authenticate: Authenticate): Promise<Credential | null> {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const bearer = /^Bearer (\S{1,4096})$/i.exec(header)?.[1];
  if (!bearer) throw new AppError('unauthenticated', 'Write the header as "Authorization: Bearer <token or key>".');
  return authenticate(bearer);
}

/** The request as the handlers see it; its signal aborts when the client goes away. */
export async function toRequest(request: FastifyRequest, authenticate: Authenticate): Promise<Request> {
  const aborted = new AbortController();
  request.raw.socket.once('close', () => aborted.abort());
  const key = request.headers['idempotency-key'];
  const credential = await credentialOf(request, authenticate);
  const common = { credential, origin: request.ip, signal: aborted.signal };
  if (typeof key !== 'string') return common;
  if (key.length === 0 || key.length > 200) {
    throw new AppError('validation_failed', 'Idempotency-Key: use 1 to 200 characters.', {
      details: { fields: [{ path: 'Idempotency-Key', message: 'Use 1 to 200 characters.' }] },
    });
  }
  return { ...common, idempotencyKey: key };
}

/** Query or body, with the path's parameters over it. */
function inputOf(request: FastifyRequest): unknown {
  const given = request.method === 'GET' || request.method === 'DELETE' ? request.query : (request.body ?? {});
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new AppError('malformed_request', 'Send a JSON object as the body.');
  }
  return { ...given, ...(request.params as object) };
}

export function addRestRoutes(app: FastifyInstance, options: DoorOptions): void {
  for (const { name, operation } of options.operations) {
    const { rest } = operation;
    if (!rest) continue;
    app.route({
      method: rest.method,
      url: rest.path,
      bodyLimit: operation.bodyLimit ?? DEFAULT_BODY_LIMIT,
      async handler(request, reply) {
        const output = await options.execute(name, inputOf(request), await toRequest(request, options.authenticate));
        if (rest.status === 204 || output === null) return reply.code(204).send();
        if (rest.mediaType) return reply.code(rest.status).type(`${rest.mediaType}; charset=utf-8`).send(output);
        return reply.code(rest.status).type('application/json; charset=utf-8').send(JSON.stringify(output));
      },
    });
  }
}
