// The one error class of the boundary. Its `code` is stable: clients switch on it, never on the text.

/** Every stable error code and the HTTP status that carries it (RFC 9457 `status`). */
export const errorStatus = {
  malformed_request: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  lease_lost: 409,
  version_conflict: 409,
  transition_not_allowed: 409,
  plan_limit_reached: 409,
  idempotency_mismatch: 409,
  email_taken: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  quota_exceeded: 429,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorStatus;

/** One field that was refused: its path in the input (`tasks.0.title`), and what to do about it. */
export interface FieldError {
  path: string;
  message: string;
}

/** What a problem document carries beside the standard members; only values that are safe to show. */
export interface ErrorDetails {
  fields?: FieldError[];
  resetsAt?: string;
  retryAfterSeconds?: number;
  limit?: number | string;
  plan?: string;
  [key: string]: unknown;
}

/** The error that crosses a boundary: `message` is written for the person who reads it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** RFC 9457 problem document, as REST answers it and as tRPC carries it in `data.problem`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  fields?: FieldError[];
  [key: string]: unknown;
}

/** A resource that is not there, or is another tenant's: the two must look the same. */
export function notFound(noun: string): AppError {
  return new AppError('not_found', `No such ${noun}. It may have been deleted, or the id is of another workspace.`);
}

/** Wraps whatever was thrown, once; an AppError passes as it is. */
export function asAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('internal', 'Something went wrong on our side. Nothing was changed.', { cause });
}

/** Turns an error into the document a client sees. Unknown causes never reach it. */
export function toProblem(error: AppError): Problem {
  return {
    ...error.details,
    type: `urn:signalbox:error:${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: error.status,
    code: error.code,
    detail: error.message,
  };
}

/** Closes an exhaustive switch: a new member of the union does not compile until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
