// Registering, signing in, and what ends a session.
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../shared/identity.ts';
import { row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { systemCaller } from '../platform/tenant-transaction.ts';
import { insertMembership } from './index.ts';
import { openTestIdentity, PASSWORD, type TestIdentity } from './testing.ts';

let world: TestIdentity;
beforeAll(async () => {
  world = await openTestIdentity();
});
afterAll(() => world.close());

async function auditOf(session: Session) {
  const tenant = (await world.test.tenants.find(session.organization.id))!;
  return world.test.runInTenant(tenant, systemCaller, ({ db }) =>
    rows(
      db,
      sql<{
        action: string;
        origin: string;
        text: string;
      }>`select action, origin, (actor, before, after)::text as text from audit order by seq`,
    ),
  );
}

describe('registering', () => {
  it('makes the organisation with its coordinator, on the default plan, and signs its owner in', async () => {
    const session = await world.register();
    expect(session).toMatchObject({ organization: { name: 'Acme', role: 'owner' }, expiresIn: 900 });
    const tenant = (await world.test.tenants.find(session.organization.id))!;
    const made = await world.test.runInTenant(tenant, systemCaller, ({ db }) =>
      row(
        db,
        sql`select w.plan, a.name, a.kind, a.built_in, a.provider_account_id from workspace w, agents a`,
      ),
    );
    expect(made).toEqual({
      plan: 'starter',
      name: 'coordinator',
      kind: 'hosted',
      built_in: true,
      provider_account_id: null,
    });
  });

  it('refuses an address that is taken, in whatever case, and leaves nothing behind', async () => {
    await world.register('taken@example.com');
    const count = () =>
      row(world.test.database.app, sql`select count(*)::int as tenants from platform.tenants`);
    const before = await count();
    await expect(world.register('Taken@Example.com')).rejects.toMatchObject({
      code: 'email_taken',
      status: 409,
    });
    expect(await count()).toEqual(before);
  });

  it('keeps the password as argon2id with 19 MiB, 2 passes and 1 lane', async () => {
    const { user } = await world.register();
    const kept = await row(
      world.test.database.app,
      sql<{ hash: string }>`select password_hash as hash from platform.users where id = ${user.id}`,
    );
    expect(kept?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('signing in', () => {
  it('takes the right password, and answers the same to a wrong one and to an unknown address', async () => {
    const { user } = await world.register();
    const session = (await world.run('auth.login', {
      email: user.email.toUpperCase(),
      password: PASSWORD,
    })) as Session;
    expect(session.user).toEqual(user);
    const wrong = (email: string) =>
      world.run('auth.login', { email, password: 'wrong' }).then(
        () => undefined,
        (error: unknown) => error,
      );
    const [known, unknown] = [await wrong(user.email), await wrong('nobody@example.com')];
    expect(known).toMatchObject({ code: 'invalid_credentials', status: 401 });
    expect(unknown).toEqual(known);
  });

  it('limits sign-ins to one address, whatever its case and wherever they come from', async () => {
    const limited = await openTestIdentity({ points: 2, seconds: 60 });
    const attempt = (email: string) => limited.run('auth.login', { email, password: 'guess' });
    await expect(attempt('a@example.com')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(attempt('A@example.com')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(attempt('a@Example.com')).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(attempt('b@example.com')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await limited.close();
  });

  it('opens the organisation that is asked for, and only one that the person is a member of', async () => {
    const [one, other] = [await world.register(), await world.register()];
    const login = (organizationId: string) =>
      world.run('auth.login', {
        email: one.user.email,
        password: PASSWORD,
        organizationId,
      }) as Promise<Session>;
    await expect(login(other.organization.id)).rejects.toMatchObject({ code: 'not_found' });
    await insertMembership(world.test.database.app, one.user.id, {
      tenant_id: other.organization.id,
      role: 'viewer',
    });
    expect((await login(other.organization.id)).organization).toMatchObject({
      id: other.organization.id,
      role: 'viewer',
    });
    const switched = (await world.run(
      'auth.switch',
      { organizationId: other.organization.id },
      one.accessToken,
    )) as Session;
    expect(switched.organization.id).toBe(other.organization.id);
    expect(await world.run('auth.me', {}, switched.accessToken)).toMatchObject({
      organization: { id: other.organization.id, role: 'viewer' },
      organizations: expect.arrayContaining([
        expect.objectContaining({ id: one.organization.id, role: 'owner' }),
      ]) as unknown,
    });
    await expect(
      world.run('auth.switch', { organizationId: newId() }, one.accessToken),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('writes who came and went into the audit log, and never a password or token', async () => {
    const first = await world.register();
    const second = (await world.run('auth.login', {
      email: first.user.email,
      password: PASSWORD,
    })) as Session;
    await world.run('auth.logout', {}, second.accessToken);
    const entries = await auditOf(first);
    expect(entries.map((entry) => entry.action)).toEqual(['auth.register', 'auth.login', 'auth.logout']);
    expect(entries.every((entry) => entry.origin === '203.0.113.7')).toBe(true);
    const all = entries.map((entry) => entry.text).join();
    for (const secret of [PASSWORD, first.accessToken, first.refreshToken, second.refreshToken])
      expect(all).not.toContain(secret);
  });
});

describe('an access token', () => {
  it('runs out after 15 minutes', async () => {
    const session = await world.register();
    const brief = await openTestIdentity();
    const own = await brief.register();
    brief.wait(15 * 60_000 + 1_000);
    await expect(brief.run('auth.me', {}, own.accessToken)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await brief.close();
    expect(await world.run('auth.me', {}, session.accessToken)).toMatchObject({ user: session.user });
  });

  it('is refused when it is of another key, of no key, or changed', async () => {
    const { accessToken } = await world.register();
    const [head, body, signature] = accessToken.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    expect(Object.keys(claims).toSorted()).toEqual(['exp', 'iat', 'organization_id', 'role', 'sid', 'sub']);
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32));
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    const changed = `${head}.${Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url')}.${signature}`;
    for (const token of [forged, none, changed, `${accessToken}x`, 'x', '']) {
      await expect(world.identity.authenticate(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  it('counts for the role that its person has now, within 2 s', async () => {
    const { accessToken, user, organization } = await world.register();
    expect(await world.identity.authenticate(accessToken)).toMatchObject({ role: 'owner' });
    await sql`update platform.memberships set role = 'viewer' where user_id = ${user.id}`.execute(
      world.test.database.app,
    );
    world.wait(2_000);
    expect(await world.identity.authenticate(accessToken)).toMatchObject({
      role: 'viewer',
      tenant: { id: organization.id },
    });
    await sql`delete from platform.memberships where user_id = ${user.id}`.execute(world.test.database.app);
    world.wait(2_000);
    await expect(world.identity.authenticate(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is worth nothing after the logout', async () => {
    const { accessToken, refreshToken } = await world.register();
    await world.run('auth.logout', {}, accessToken);
    await expect(world.identity.authenticate(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(world.run('auth.refresh', { refreshToken })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('the waitlist', () => {
  it('answers the same whether or not it knows the address', async () => {
    const first = await world.run('waitlist.join', { email: 'later@example.com' });
    expect(await world.run('waitlist.join', { email: 'Later@example.com' })).toEqual(first);
    const kept = await rows(world.test.database.app, sql`select email from platform.waitlist`);
    expect(kept).toEqual([{ email: 'later@example.com' }]);
  });
});
