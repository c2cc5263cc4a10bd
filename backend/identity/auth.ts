// The handlers that sign people in and out.
import { AppError, notFound } from '../../shared/errors.ts';
import type { authOperations } from '../../shared/identity.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Role } from '../../shared/permissions.ts';
import type { Database } from '../platform/database.ts';
import type { UserCredential } from '../platform/doors/credential.ts';
import { onPlatform, type HandlersOf, type Request } from '../platform/doors/handlers.ts';
import type { RateLimiter } from '../platform/limits.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant } from '../platform/tenants.ts';
import { deleteOtherDemos } from '../workspace/index.ts';
import { toSession, toUser, type Organizations } from './organizations.ts';
import { verifyPassword } from './passwords.ts';
import { findMembership, findMemberships, findPerson, findPersonByEmail, type Person } from './people.ts';
import { register, type RegisterOptions } from './register.ts';
import { insertSession, revokeSession, rotateRefreshToken } from './sessions.ts';
import type { Tokens } from './tokens.ts';

export interface AuthOptions extends RegisterOptions {
  database: Database;
  runInTenant: RunInTenant;
  organizations: Organizations;
  tokens: Tokens;
  /** Counts sign-ins by e-mail address, wherever they come from. */
  loginLimiter: RateLimiter;
  forgetSession: (id: string) => void;
}

function invalidCredentials(): AppError {
  return new AppError('invalid_credentials', 'The e-mail address or the password is wrong.');
}
function badRefreshToken(): AppError {
  return new AppError('unauthenticated', 'This refresh token is no longer valid. Sign in again.');
}

/** The table opens these operations to no key, so whoever comes here is a person. */
function personOf({ credential }: Request): UserCredential {
  if (credential?.kind !== 'user') throw new AppError('forbidden', 'Sign in as a person for this.');
  return credential;
}

function actorFor({ id, name }: { id: string; name: string }): Actor {
  return { kind: 'user', id, name };
}

export function createAuthHandlers(options: AuthOptions): HandlersOf<typeof authOperations> {
  const { database, runInTenant, organizations, tokens, forgetSession } = options;

  /** Leaves an entry about a session in the tenant's audit log; tokens never get there. */
  async function note(
    tenant: Tenant,
    who: { actor: Actor; origin: string },
    entry: { action: string; sessionId: string; after?: object },
  ) {
    await runInTenant(tenant, who, async (tx) => {
      tx.record({
        audit: { action: entry.action, entity: 'session', id: entry.sessionId, after: entry.after ?? null },
      });
    });
  }

  async function openSession(
    person: Person,
    where: { tenantId: string; role: Role },
    request: { origin: string; action: string },
  ) {
    const tenant = await organizations.tenantOf(where.tenantId);
    const opened = await insertSession(database.app, {
      userId: person.id,
      tenantId: where.tenantId,
      origin: request.origin,
    });
    await note(
      tenant,
      { actor: actorFor(person), origin: request.origin },
      { action: request.action, sessionId: opened.sessionId },
    );
    const organization = await organizations.read(tenant, where.role);
    return toSession(tokens, { user: toUser(person), organization }, opened);
  }

  return {
    register: onPlatform(async ({ origin }, input) => {
      const { person, tenant, opened } = await register(options, input, origin);
      if (input.demo) await deleteOtherDemos(options, tenant.id);
      const after = { user: toUser(person), organization: input.organizationName };
      await note(
        tenant,
        { actor: actorFor(person), origin },
        { action: 'auth.register', sessionId: opened.sessionId, after },
      );
      return toSession(
        tokens,
        { user: toUser(person), organization: await organizations.read(tenant, 'owner') },
        opened,
      );
    }),

    login: onPlatform(async ({ origin }, input) => {
      await options.loginLimiter.take(input.email.toLowerCase());
      const person = await findPersonByEmail(database.app, input.email);
      const fits = await verifyPassword(person?.password_hash, input.password);
      if (!person || !fits) throw invalidCredentials();
      const { organizationId } = input;
      const membership = organizationId
        ? await findMembership(database.app, person.id, organizationId)
        : (await findMemberships(database.app, person.id))[0];
      if (!membership && organizationId) throw notFound('organisation');
      if (!membership)
        throw new AppError(
          'forbidden',
          'You are a member of no organisation. Ask an owner or admin to invite you.',
        );
      return openSession(
        person,
        { tenantId: membership.tenant_id, role: membership.role },
        { origin, action: 'auth.login' },
      );
    }),

    refresh: onPlatform(async ({ origin }, { refreshToken }) => {
      const rotation = await database.app
        .transaction()
        .execute((tx) => rotateRefreshToken(tx, refreshToken, tokens));
      if (rotation === 'refused') throw badRefreshToken();
      if ('reused' in rotation) {
        const { session_id: sessionId, tenant_id: tenantId } = rotation.reused;
        forgetSession(sessionId);
        const who = { actor: { kind: 'system', id: null, name: 'Signalbox' } as const, origin };
        const after = { reason: 'refresh_token_reused' };
        await note(await organizations.tenantOf(tenantId), who, {
          action: 'auth.sessionRevoked',
          sessionId,
          after,
        });
        throw badRefreshToken();
      }
      const person = await findPerson(database.app, rotation.userId);
      if (!person) throw badRefreshToken();
      const organization = await organizations.read(
        await organizations.tenantOf(rotation.tenantId),
        rotation.role,
      );
      return toSession(tokens, { user: toUser(person), organization }, rotation);
    }),

    logout: onPlatform(async (request) => {
      const { tenant, sessionId, userId, name } = personOf(request);
      await revokeSession(database.app, sessionId, 'logout');
      forgetSession(sessionId);
      await note(
        tenant,
        { actor: actorFor({ id: userId, name }), origin: request.origin },
        { action: 'auth.logout', sessionId },
      );
      return null;
    }),

    switch: onPlatform(async (request, { organizationId }) => {
      const { userId } = personOf(request);
      const person = await findPerson(database.app, userId);
      const membership = await findMembership(database.app, userId, organizationId);
      if (!person || !membership) throw notFound('organisation');
      return openSession(
        person,
        { tenantId: organizationId, role: membership.role },
        { origin: request.origin, action: 'auth.switch' },
      );
    }),

    me: onPlatform(async (request) => {
      const { tenant, userId, role } = personOf(request);
      const person = await findPerson(database.app, userId);
      if (!person) throw new AppError('unauthenticated', 'This account is gone. Sign in again.');
      const all = await organizations.readAll(await findMemberships(database.app, userId));
      return {
        user: toUser(person),
        organization: await organizations.read(tenant, role),
        organizations: all,
      };
    }),
  };
}
