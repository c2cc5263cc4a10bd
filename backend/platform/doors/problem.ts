// Errors on their way out: every one becomes a problem document; what we did not expect is logged, not shown.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { AppError, asAppError, toProblem, type Problem } from '../../../shared/errors.ts';
import type { Log } from '../log.ts';

// Fastify's own errors that a client can cause, by their code.
const fastifyErrors: Record<string, (error: FastifyError) => AppError> = {
  FST_ERR_CTP_INVALID_JSON_BODY: () =>
    new AppError('malformed_request', 'The body is not valid JSON. Check quotes, commas and brackets.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    new AppError(
      'malformed_request',
      'The body is empty. Send a JSON object, or leave out the Content-Type header.',
    ),
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new AppError('payload_too_large', 'The body is larger than this operation takes.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new AppError('unsupported_media_type', 'Send the body as application/json.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new AppError('malformed_request', 'The Content-Length does not match the body.'),
};

// A value that passed the schema and that PostgreSQL cannot hold: nothing was changed, and trying again is no
// help.
const refusedValues: Record<string, string> = {
  '22021': 'A text holds a character that cannot be stored, such as NUL. Remove it.',
  '22P05': 'A text holds a character that cannot be stored, such as NUL. Remove it.',
  '22P02': 'A value is not of the form that is needed, such as an id or a cursor.',
  '22003': 'A number is too large.',
  '22008': 'A time is outside of what can be stored.',
};

/** What the client may see of a thrown error; an unknown cause is logged here, once. */
export function problemOf(error: unknown, log: Log): Problem {
  const known = toKnown(error);
  if (known.code === 'internal') log.error({ err: known.cause ?? known }, 'unexpected error');
  return toProblem(known);
}

function toKnown(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = (error as { code?: string } | null)?.code;
  const known = code === undefined ? undefined : fastifyErrors[code];
  if (known) return known(error as FastifyError);
  const refused = code === undefined ? undefined : refusedValues[code];
  if (refused) return new AppError('validation_failed', refused, { cause: error });
  const status = (error as { statusCode?: number } | null)?.statusCode;
  if (!(error instanceof ZodError) && status !== undefined && status >= 400 && status < 500) {
    return new AppError('malformed_request', 'The request cannot be read.', { cause: error });
  }
  // The handler of a request: an unknown path, a database that is away.
  if (['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '53300'].includes(code ?? '')) {
    return new AppError('unavailable', 'The database cannot be reached. Nothing was changed; try again.', {
      cause: error,
    });
  }
  if (code === '53100') {
    return new AppError(
      'unavailable',
      'The disk is full. Nothing was changed; free some space and try again.',
      { cause: error },
    );
  }
  return asAppError(error);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { retryAfterSeconds } = problem;
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds));
  // As bytes: to a text Fastify adds a charset, which this media type does not have.
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** Fastify's error handler and the answer to what no route takes. `allowed` names the methods of a path. */
export function problemHandlers(log: Log, allowed: (path: string) => string[]) {
  return {
    onError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
      const problem = problemOf(error, log);
      const limit = request.routeOptions.bodyLimit;
      if (problem.code !== 'payload_too_large' || problem['limit'] !== undefined) return sendProblem(reply, problem);
      const detail = `The body is larger than the ${limit.toLocaleString('en')} bytes that this operation takes.`;
      return sendProblem(reply, { ...problem, detail, limit });
    },
    onNotFound(request: FastifyRequest, reply: FastifyReply) {
      const path = request.url.split('?')[0]!;
      const methods = allowed(path);
      if (methods.length > 0) {
        const message = `${path.slice(0, 200)} takes ${methods.join(' and ')}, not ${request.method}.`;
        return sendProblem(
          reply.header('allow', methods.join(', ')),
          toProblem(new AppError('method_not_allowed', message)),
        );
      }
      return sendProblem(
        reply,
        toProblem(new AppError('not_found', `There is nothing at ${request.method} ${path.slice(0, 200)}.`)),
      );
    },
  };
}
