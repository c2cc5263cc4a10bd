// Identity on a PGlite of its own, for its unit tests: operations as people call them, with a clock that is
// turned by hand.
import { randomBytes } from 'node:crypto';
import type { Session } from '../../shared/identity.ts';
import { allOperations } from '../../shared/operations.ts';
import type { Credential } from '../platform/doors/credential.ts';
import { createExecute } from '../platform/doors/execute.ts';
import type { RateLimit } from '../platform/limits.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { createIdentity, type Identity } from './index.ts';

export interface TestIdentity {
  test: TestDatabase;
  identity: Identity;
  /** Turns the clock of the process forward; the database keeps its own. */
  wait(milliseconds: number): void;
  /** Runs an operation as whoever a bearer token or key is; none: as nobody. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the operation answers
  run(name: string, input?: object, bearer?: string): Promise<any>;
  register(email?: string): Promise<Session>;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';
const unlimited: RateLimit = { points: 1_000_000, seconds: 60 };

export async function openTestIdentity(loginLimit: RateLimit = unlimited): Promise<TestIdentity> {
  const test = await openTestDatabase('pglite');
  const { database, tenants, runInTenant } = test;
  let offset = 0;
  const clock = { now: () => new Date(Date.now() + offset) };
  const identity = createIdentity({
    database,
    tenants,
    runInTenant,
    masterKey: randomBytes(32),
    alone: true,
    defaultPlan: 'starter',
    clock,
    elapsed: () => performance.now() + offset,
    loginLimit,
  });
  const execute = createExecute({
    operations: allOperations.filter(({ noun }) => noun in identity.handlers),
    handlers: identity.handlers,
    runInTenant,
    limits: { tenant: unlimited, public: unlimited },
  });
  const run: TestIdentity['run'] = async (name, input = {}, bearer = '') => {
    const credential: Credential | null = bearer === '' ? null : await identity.authenticate(bearer);
    return execute(name, input, { credential, origin: '203.0.113.7', signal: new AbortController().signal });
  };
  return {
    test,
    identity,
    wait: (milliseconds) => void (offset += milliseconds),
    run,
    register: (email = `${crypto.randomUUID()}@example.com`) =>
      run('auth.register', {
        organizationName: 'Acme',
        name: 'Owner',
        email,
        password: PASSWORD,
      }) as Promise<Session>,
    close: () => test.close(),
  };
}
