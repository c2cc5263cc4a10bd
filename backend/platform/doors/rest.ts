// REST: one route for each operation that declares one.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/errors.ts';
import type { RestDoor } from '../../../shared/operation.ts';
import type { NamedOperation } from '../../../shared/operations.ts';
import type { Authenticate, Credential } from './credential.ts';
import type { Execute } from './execute.ts';
import type { Request } from './handlers.ts';

export interface DoorOptions {
  operations: NamedOperation[];
  execute: Execute;
  authenticate: Authenticate;
  /** Aborts when this node drains: whoever waits for work is answered. */
  stopping: AbortSignal;
}

const DEFAULT_BODY_LIMIT = 2_000_000;

async function credentialOf(request: FastifyRequest, authenticate: Authenticate): Promise<Credential | null> {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const bearer = /^Bearer (\S{1,4096})$/i.exec(header)?.[1];
  if (!bearer)
    throw new AppError('unauthenticated', 'Write the header as "Authorization: Bearer <token or key>".');
  return authenticate(bearer);
}

/** The request as the handlers see it; its signal aborts when the answer is sent or the client goes away. */
export async function toRequest(
  { request, reply, isPublic }: { request: FastifyRequest; reply: FastifyReply; isPublic: boolean },
  options: Pick<DoorOptions, 'authenticate' | 'stopping'>,
): Promise<Request> {
  const gone = new AbortController();
  // Of the answer, not of the connection: a connection that is kept alive serves many requests.
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, options.stopping]);
  const key = request.headers['idempotency-key'];
  // Signing in must work with an old token still in the header.
  const credential = isPublic ? null : await credentialOf(request, options.authenticate);
  const common = { credential, origin: request.ip, signal };
  if (typeof key !== 'string') return common;
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(key)) {
    throw new AppError('validation_failed', 'Idempotency-Key: use 1 to 200 printable ASCII characters.', {
      details: { fields: [{ path: 'Idempotency-Key', message: 'Use 1 to 200 printable ASCII characters.' }] },
    });
  }
  return { ...common, idempotencyKey: key };
}

/** A body of NDJSON, apart from a JSON document that is a text. */
class Lines {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Query or body, with the path's parameters over it. */
function inputOf(request: FastifyRequest, rest: RestDoor): unknown {
  const { body } = request;
  if (body instanceof Lines !== (rest.body !== undefined)) {
    throw new AppError('unsupported_media_type', `Send the body as ${rest.body ?? 'application/json'}.`);
  }
  if (body instanceof Lines) return { ...(request.params as object), ndjson: body.text };
  const given =
    request.method === 'GET' || request.method === 'DELETE' ? request.query : (request.body ?? {});
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new AppError('malformed_request', 'Send a JSON object as the body.');
  }
  return { ...given, ...(request.params as object) };
}

/** The methods that a path takes: what a 405 must say. */
export function allowedMethods(operations: NamedOperation[], path: string): string[] {
  const methods = operations.flatMap(({ operation: { rest } }) => {
    const pattern = rest && new RegExp(`^${rest.path.replaceAll(/:\w+/g, '[^/]+')}$`);
    return pattern?.test(path) ? [rest!.method] : [];
  });
  return [...new Set(methods)];
}

function toLines(output: unknown): string {
  return (output as { items: unknown[] }).items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

export function addRestRoutes(app: FastifyInstance, options: DoorOptions): void {
  app.addContentTypeParser(['application/x-ndjson', 'application/ndjson'], { parseAs: 'string' }, (_request, body, done) =>
    done(null, new Lines(String(body))),
  );
  for (const { name, operation } of options.operations) {
    const { rest } = operation;
    if (!rest) continue;
    app.route({
      method: rest.method,
      url: rest.path,
      bodyLimit: operation.bodyLimit ?? DEFAULT_BODY_LIMIT,
      async handler(request, reply) {
        const asked = await toRequest(
          { request, reply, isPublic: operation.permission === 'public' },
          options,
        );
        const output = await options.execute(name, inputOf(request, rest), asked);
        if (rest.status === 204 || output === null) return reply.code(204).send();
        if (rest.mediaType === 'application/x-ndjson')
          return reply.code(rest.status).type(`${rest.mediaType}; charset=utf-8`).send(toLines(output));
        if (rest.mediaType)
          return reply.code(rest.status).type(`${rest.mediaType}; charset=utf-8`).send(output);
        return reply.code(rest.status).type('application/json; charset=utf-8').send(JSON.stringify(output));
      },
    });
  }
}
