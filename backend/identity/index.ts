// Identity: people, organisations, sessions, API keys and the waitlist; what other rooms may use.
import type { BillingPlan } from '../../shared/billing.ts';
import type { authOperations, keyOperations, waitlistOperations } from '../../shared/identity.ts';
import type { Clock } from '../platform/clock.ts';
import { sql, type Database } from '../platform/database.ts';
import type { Authenticate } from '../platform/doors/credential.ts';
import { onPlatform, type HandlersOf } from '../platform/doors/handlers.ts';
import { createRateLimiter, type RateLimit } from '../platform/limits.ts';
import type { RunInTenant } from '../platform/tenant-transaction.ts';
import type { Tenants } from '../platform/tenants.ts';
import { createAuthHandlers } from './auth.ts';
import { createAuthenticator } from './authenticate.ts';
import { createKeyHandlers } from './keys.ts';
import { createOrganizations } from './organizations.ts';
import { createTokens } from './tokens.ts';

export { hashPassword } from './passwords.ts';
export { insertMembership, insertPerson } from './people.ts';

export interface IdentityOptions {
  database: Database;
  tenants: Tenants;
  runInTenant: RunInTenant;
  masterKey: Uint8Array;
  /** Of a new organisation. */
  defaultPlan: BillingPlan;
  alone: boolean;
  clock: Clock;
  /** Milliseconds that only go forward; a test's own. */
  elapsed?: (() => number) | undefined;
  /** Sign-ins to one e-mail address, from wherever they come. */
  loginLimit?: RateLimit;
}

export interface Identity {
  authenticate: Authenticate;
  handlers: {
    auth: HandlersOf<typeof authOperations>;
    keys: HandlersOf<typeof keyOperations>;
    waitlist: HandlersOf<typeof waitlistOperations>;
  };
}

const defaultLoginLimit: RateLimit = { points: 10, seconds: 60 };

function createWaitlistHandlers(database: Database): HandlersOf<typeof waitlistOperations> {
  return {
    join: onPlatform(async (_request, { email }) => {
      await sql`insert into platform.waitlist (email) values (${email.toLowerCase()}) on conflict do nothing`.execute(
        database.app,
      );
      return { status: 'accepted' };
    }),
  };
}

export function createIdentity(options: IdentityOptions): Identity {
  const { database, tenants, runInTenant, clock } = options;
  const tokens = createTokens(options.masterKey, clock);
  const { authenticate, forgetSession, forgetKey } = createAuthenticator({
    database,
    tenants,
    runInTenant,
    tokens,
    clock,
    elapsed: options.elapsed,
  });
  const auth = createAuthHandlers({
    ...options,
    tokens,
    organizations: createOrganizations(tenants, runInTenant),
    loginLimiter: createRateLimiter(options.loginLimit ?? defaultLoginLimit),
    forgetSession,
  });
  return {
    authenticate,
    handlers: { auth, keys: createKeyHandlers(forgetKey), waitlist: createWaitlistHandlers(database) },
  };
}
