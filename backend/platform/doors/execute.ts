// The one way through which every door goes: limits, permission, input, the handler in its transaction,
// output.
import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { NamedOperation } from '../../../shared/operations.ts';
import { may } from '../../../shared/permissions.ts';
import { createRateLimiter, type RateLimit, type RateLimiter } from '../limits.ts';
import { atOnce, type RunInTenant, type TenantTransaction } from '../tenant-transaction.ts';
import { actorOf, type Credential } from './credential.ts';
import { fieldErrors, unstorable } from './fields.ts';
import type { Handler, Request, SignedInRequest } from './handlers.ts';
import { once } from './once.ts';

export type Execute = (name: string, input: unknown, request: Request) => Promise<unknown>;

export interface ExecuteOptions {
  operations: NamedOperation[];
  handlers: Record<string, Record<string, Handler>>;
  runInTenant: RunInTenant;
  limits: RateLimits;
  /** Throws while nothing may be changed, such as on a full disk; not asked for what only keeps a session alive. */
  beforeChange?: (() => void) | undefined;
}

/** A few bytes each, without which nobody could even read any more. */
const ALWAYS_TAKEN = new Set(['auth.login', 'auth.refresh', 'auth.logout']);

/**
 * `tenant`: all requests of one tenant; `public`: one address, over the operations that need no credential.
 */
export interface RateLimits {
  tenant: RateLimit;
  public: RateLimit;
}
export const defaultRateLimits: RateLimits = {
  tenant: { points: 30_000, seconds: 60 },
  public: { points: 30, seconds: 60 },
};

/** The error of a text that passed its limit in bytes, as `largeText` of the schemas notes it. */
function tooLarge(error: z.ZodError): AppError | undefined {
  for (const [index, issue] of error.issues.entries()) {
    const limit = issue.code === 'custom' ? issue.params?.['limit'] : undefined;
    if (typeof limit !== 'number') continue;
    const field = fieldErrors(error)[index]!;
    return new AppError('payload_too_large', `${field.path}: ${field.message}`, {
      details: { limit, fields: [field] },
    });
  }
  return undefined;
}

function parseInput(operation: NamedOperation['operation'], input: unknown): unknown {
  const parsed = operation.input.safeParse(input);
  const fields = parsed.success ? unstorable(parsed.data) : fieldErrors(parsed.error);
  if (parsed.success && fields.length === 0) return parsed.data;
  const large = parsed.error && tooLarge(parsed.error);
  if (large) throw large;
  const named = fields.map((field) => `${field.path}: ${field.message}`).join(' ');
  throw new AppError('validation_failed', named.slice(0, 2_000), {
    details: { fields: fields.slice(0, 100) },
  });
}

/** Throws unless the credential may do the operation: the role must carry it, and a key its scope too. */
export function authorize(named: NamedOperation, credential: Credential | null): void {
  const { operation, name } = named;
  if (operation.permission === 'public') return;
  if (credential === null) {
    throw new AppError('unauthenticated', 'Sign in, or send an API key as "Authorization: Bearer <key>".');
  }
  if (credential.kind === 'key') {
    if (operation.scope === null)
      throw new AppError('forbidden', `No API key may do ${name}. Sign in instead.`);
    if (!credential.scopes.includes(operation.scope)) {
      throw new AppError(
        'forbidden',
        `This API key lacks the scope ${operation.scope}, which ${name} needs.`,
      );
    }
  }
  if (operation.permission === 'authenticated') return;
  if (!may(credential.role, operation.permission)) {
    throw new AppError('forbidden', `The role ${credential.role} may not do ${name}. Ask an owner or admin.`);
  }
}

export function createExecute(options: ExecuteOptions): Execute {
  const byName = new Map(options.operations.map((named) => [named.name, named]));
  const limiters = {
    tenant: createRateLimiter(options.limits.tenant),
    public: createRateLimiter(options.limits.public),
  };
  for (const { noun, verb, name } of options.operations) {
    if (!options.handlers[noun]?.[verb]) throw new Error(`The operation ${name} has no handler.`);
  }
  return async (name, input, request) => {
    const named = byName.get(name);
    if (!named) throw new AppError('not_found', `There is no operation ${name}.`);
    await takeLimit(limiters, named, request);
    authorize(named, request.credential);
    const parsed = parseInput(named.operation, input);
    if (named.operation.kind === 'mutation' && !ALWAYS_TAKEN.has(name)) options.beforeChange?.();
    const handler = options.handlers[named.noun]![named.verb]!;
    return run({ named, handler }, parsed, request);
  };

  async function run({ named, handler }: Found, input: unknown, request: Request): Promise<unknown> {
    const { operation, name } = named;
    if (handler.where === 'platform') return operation.output.parse(await handler.run(request, input));
    const { credential, idempotencyKey: key } = request;
    if (!credential) throw new Error('A handler in a tenant transaction needs a credential.');
    const caller = { actor: actorOf(credential), origin: request.origin };
    const whole = (tx: TenantTransaction) => {
      const work = async () => operation.output.parse(await handler.run(tx, input, request as SignedInRequest));
      if (key === undefined || operation.kind === 'query') return work();
      return once(tx, { operation: name, key, input, secretAnswer: operation.secretAnswer === true }, work);
    };
    return options.runInTenant(credential.tenant, caller, handler.atOnce ? atOnce(whole) : whole);
  }
}

interface Found {
  named: NamedOperation;
  handler: Handler;
}

async function takeLimit(
  limiters: Record<'tenant' | 'public', RateLimiter>,
  named: NamedOperation,
  request: Request,
): Promise<void> {
  if (named.operation.permission === 'public') await limiters.public.take(`${named.name} ${request.origin}`);
  else if (request.credential) await limiters.tenant.take(request.credential.tenant.id);
}
