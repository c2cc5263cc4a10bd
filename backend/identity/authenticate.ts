// Turns the text behind `Bearer` into a credential: an access token's session, or an API key, as they stand
// now.
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Authenticate, KeyCredential, UserCredential } from '../platform/doors/credential.ts';
import { createTimedCache } from '../platform/timed-cache.ts';
import { systemCaller, type RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenant, Tenants } from '../platform/tenants.ts';
import { findKey, touchKey, type KeyRow } from './keys.ts';
import { findMembership, type Membership } from './people.ts';
import { findSessionState, type SessionState } from './sessions.ts';
import { hashSecret, KEY_PREFIX, parseKeyText, sameHash, type Tokens } from './tokens.ts';

/**
 * How old the answer to "is this session or key still good" may be; a logout is felt within it on every node.
 */
const CHECK_MS = 2_000;

export interface AuthenticateOptions {
  database: Database;
  tenants: Tenants;
  runInTenant: RunInTenant;
  tokens: Tokens;
  clock: Clock;
  /** Milliseconds that only go forward; a test's own. */
  elapsed?: (() => number) | undefined;
}

export interface Authenticator {
  authenticate: Authenticate;
  /** This process looks anew at its next request. */
  forgetSession(id: string): void;
  forgetKey(tenantId: string, keyId: string): void;
}

interface KnownKey {
  key: KeyRow;
  creator: Membership | undefined;
}

function unauthenticated(message: string): AppError {
  return new AppError('unauthenticated', message);
}
const badToken = () =>
  unauthenticated('This access token is not valid or has run out. Refresh it, or sign in again.');
const badKey = () =>
  unauthenticated('This API key is not valid: it is unknown, revoked or past its end. Make a new one.');

export function createAuthenticator(options: AuthenticateOptions): Authenticator {
  const { database, tenants, runInTenant, tokens, clock } = options;
  const sessions = createTimedCache<SessionState | undefined>(CHECK_MS, options.elapsed);
  const keys = createTimedCache<KnownKey | undefined>(CHECK_MS, options.elapsed);

  async function byToken(token: string): Promise<UserCredential> {
    const claims = await tokens.readAccess(token);
    if (!claims) throw badToken();
    const { sessionId } = claims;
    const state = await sessions.get(sessionId, () => findSessionState(database.app, sessionId));
    if (!state || state.user_id !== claims.userId || state.tenant_id !== claims.organizationId)
      throw badToken();
    if (state.revoked || state.role === null) throw unauthenticated('This session has ended. Sign in again.');
    const tenant = await tenants.find(state.tenant_id);
    if (!tenant) throw badToken();
    return { kind: 'user', tenant, userId: state.user_id, sessionId, role: state.role, name: state.name };
  }

  async function loadKey(tenant: Tenant, keyId: string, secretHash: string): Promise<KnownKey | undefined> {
    const key = await runInTenant(tenant, systemCaller, async (tx) => {
      const found = await findKey(tx, keyId);
      if (found && found.revoked_at === null && sameHash(found.secret_hash, secretHash))
        await touchKey(tx, keyId);
      return found;
    });
    return key && { key, creator: await findMembership(database.app, key.created_by, tenant.id) };
  }

  async function byKey(text: string): Promise<KeyCredential> {
    const parts = parseKeyText(text);
    const tenant = parts && (await tenants.find(parts.tenantId));
    if (!parts || !tenant) throw badKey();
    const secretHash = hashSecret(parts.secret);
    // The tenant is part of the name: a forged text must not find what was loaded from another schema.
    const known = await keys.get(`${tenant.id} ${parts.keyId}`, () =>
      loadKey(tenant, parts.keyId, secretHash),
    );
    if (!known || !sameHash(known.key.secret_hash, secretHash) || known.key.revoked_at !== null)
      throw badKey();
    const { key, creator } = known;
    if (key.expires_at !== null && key.expires_at <= clock.now()) throw badKey();
    if (!creator)
      throw unauthenticated('Whoever made this API key has left the organisation. Make a new key.');
    return {
      kind: 'key',
      tenant,
      keyId: key.id,
      role: creator.role,
      name: key.name,
      scopes: key.scopes,
      agentId: key.agent_id,
    };
  }

  return {
    authenticate: (bearer) => (bearer.startsWith(KEY_PREFIX) ? byKey(bearer) : byToken(bearer)),
    forgetSession: (id) => sessions.drop(id),
    forgetKey: (tenantId, keyId) => keys.drop(`${tenantId} ${keyId}`),
  };
}
