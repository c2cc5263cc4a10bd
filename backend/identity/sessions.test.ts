// Refresh tokens: each is used once, a lost answer is given again, and a stolen one ends the family.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../shared/identity.ts';
import { row, rows, sql } from '../platform/database.ts';
import { systemCaller } from '../platform/tenant-transaction.ts';
import { openTestIdentity, type TestIdentity } from './testing.ts';
import { hashSecret } from './tokens.ts';

let world: TestIdentity;
beforeAll(async () => {
  world = await openTestIdentity();
});
afterAll(() => world.close());

const refresh = (refreshToken: string) => world.run('auth.refresh', { refreshToken }) as Promise<Session>;
const refused = { code: 'unauthenticated', status: 401 };

/** Makes the use of a token longer ago. */
async function age(refreshToken: string, seconds: number): Promise<void> {
  await sql`update platform.refresh_tokens set used_at = used_at - make_interval(secs => ${seconds}::int)
    where hash = ${hashSecret(refreshToken)}`.execute(world.test.database.app);
}

async function isEnded(session: Session): Promise<boolean> {
  world.wait(2_000);
  return world.identity.authenticate(session.accessToken).then(
    () => false,
    () => true,
  );
}

describe('a refresh token', () => {
  it('gives a new pair for the same session, again and again', async () => {
    let session = await world.register();
    const seen = new Set([session.refreshToken]);
    for (let turn = 0; turn < 3; turn += 1) {
      const next = await refresh(session.refreshToken);
      expect(next).toMatchObject({ user: session.user, organization: session.organization, expiresIn: 900 });
      seen.add(next.refreshToken);
      session = next;
    }
    expect(seen.size).toBe(4);
    expect(await world.run('auth.me', {}, session.accessToken)).toMatchObject({ user: session.user });
  });

  it('gives the same successor again within 10 s while that is unused: the answer was lost', async () => {
    const session = await world.register();
    const answers = await Promise.all([1, 2, 3].map(() => refresh(session.refreshToken)));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    await age(session.refreshToken, 8);
    expect((await refresh(session.refreshToken)).refreshToken).toBe(answers[0]!.refreshToken);
    expect(await isEnded(session)).toBe(false);
  });

  it('ends the family when it comes again after 10 s', async () => {
    const session = await world.register();
    const next = await refresh(session.refreshToken);
    await age(session.refreshToken, 11);
    await expect(refresh(session.refreshToken)).rejects.toMatchObject(refused);
    await expect(refresh(next.refreshToken)).rejects.toMatchObject(refused);
    expect(await isEnded(session)).toBe(true);
  });

  it('ends the family when it comes again after its successor was used, however soon', async () => {
    const session = await world.register();
    const next = await refresh(session.refreshToken);
    const last = await refresh(next.refreshToken);
    await expect(refresh(session.refreshToken)).rejects.toMatchObject(refused);
    await expect(refresh(last.refreshToken)).rejects.toMatchObject(refused);
    expect(await isEnded(session)).toBe(true);
    const tenant = (await world.test.tenants.find(session.organization.id))!;
    const noted = await world.test.runInTenant(tenant, systemCaller, ({ db }) =>
      rows(db, sql`select action, after from audit where action = 'auth.sessionRevoked'`),
    );
    expect(noted).toEqual([{ action: 'auth.sessionRevoked', after: { reason: 'refresh_token_reused' } }]);
  });

  it('ends nobody else', async () => {
    const [victim, other] = [await world.register(), await world.register()];
    await refresh(victim.refreshToken);
    await age(victim.refreshToken, 11);
    await expect(refresh(victim.refreshToken)).rejects.toMatchObject(refused);
    expect(await isEnded(other)).toBe(false);
    expect((await refresh(other.refreshToken)).user).toEqual(other.user);
  });

  it('runs out after 30 days, and is refused when nobody made it', async () => {
    const session = await world.register();
    const days = await row(
      world.test.database.app,
      sql<{ days: number }>`
      select extract(day from expires_at - created_at)::int as days from platform.refresh_tokens where hash = ${hashSecret(session.refreshToken)}`,
    );
    expect(days).toEqual({ days: 30 });
    await sql`update platform.refresh_tokens set expires_at = now() where hash = ${hashSecret(session.refreshToken)}`.execute(
      world.test.database.app,
    );
    await expect(refresh(session.refreshToken)).rejects.toMatchObject(refused);
    await expect(refresh('made-up')).rejects.toMatchObject(refused);
  });

  it('is kept as a hash alone', async () => {
    const session = await world.register();
    const next = await refresh(session.refreshToken);
    const kept = JSON.stringify(
      await rows(world.test.database.app, sql`select * from platform.refresh_tokens`),
    );
    expect(kept).toContain(hashSecret(session.refreshToken));
    for (const { refreshToken } of [session, next]) expect(kept).not.toContain(refreshToken);
  });
});
