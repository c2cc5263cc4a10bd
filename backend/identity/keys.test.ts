// API keys: what they may be made with, what they open, and what ends them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../shared/identity.ts';
import { row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { systemCaller, type TenantTransaction } from '../platform/tenant-transaction.ts';
import { openTestIdentity, type TestIdentity } from './testing.ts';
import { hashSecret, newKeyText, parseKeyText } from './tokens.ts';

let world: TestIdentity;
let owner: Session;
beforeAll(async () => {
  world = await openTestIdentity();
  owner = await world.register();
});
afterAll(() => world.close());

interface Made {
  id: string;
  key: string;
  prefix: string;
}
const make = (input: object, bearer = owner.accessToken) =>
  world.run('keys.create', { name: 'Robot', ...input }, bearer) as Promise<Made>;
const ask = (key: string) => world.identity.authenticate(key);
const refused = { code: 'unauthenticated', status: 401 };

async function inTenant<Result>(work: (tx: TenantTransaction) => Promise<Result>): Promise<Result> {
  return world.test.runInTenant((await world.test.tenants.find(owner.organization.id))!, systemCaller, work);
}

async function makeAgent(status: 'active' | 'retired'): Promise<string> {
  const id = newId();
  await inTenant(({ db }) =>
    sql`insert into agents (id, name, kind, status) values (${id}, ${`agent ${id}`}, 'external', ${status})`.execute(
      db,
    ),
  );
  return id;
}

describe('the text of a key', () => {
  it('names its tenant and itself, and is read back', () => {
    const [tenantId, keyId] = [newId(), newId()];
    const { key, secret, prefix } = newKeyText(tenantId, keyId);
    expect(parseKeyText(key)).toEqual({ tenantId, keyId, secret });
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(key.slice(prefix.length)).toBe(`_${secret}`);
    expect(key.startsWith(prefix)).toBe(true);
  });
});

describe('making a key', () => {
  it('shows the key once; the database and the audit log never have it', async () => {
    const made = await make({ scopes: ['tasks:read', 'tasks:read'] });
    expect(made.key).toMatch(/^sbx_[0-9a-f]{64}_[\w-]{43}$/);
    const { secret } = parseKeyText(made.key)!;
    const kept = await inTenant(async ({ db }) =>
      JSON.stringify([
        await rows(db, sql`select * from api_keys`),
        await rows(db, sql`select * from audit`),
        await rows(db, sql`select * from events`),
      ]),
    );
    expect(kept).toContain(hashSecret(secret));
    expect(kept).not.toContain(secret);
    const listed = (await world.run('keys.list', {}, owner.accessToken)) as { items: object[] };
    expect(listed.items[0]).toMatchObject({
      id: made.id,
      prefix: made.prefix,
      scopes: ['tasks:read'],
      agentId: null,
      lastUsedAt: null,
    });
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect(made.key.startsWith(`${made.prefix}_`)).toBe(true);
  });

  it('binds the scope "agent" to an agent that is there and not retired', async () => {
    const field = { fields: [expect.objectContaining({ path: 'agentId' }) as unknown] };
    await expect(make({ scopes: ['agent'] })).rejects.toMatchObject({ status: 422, details: field });
    await expect(make({ scopes: ['agent'], agentId: newId() })).rejects.toMatchObject({ status: 404 });
    await expect(make({ scopes: ['agent'], agentId: await makeAgent('retired') })).rejects.toMatchObject({
      status: 422,
      details: field,
    });
    const agentId = await makeAgent('active');
    expect(await ask((await make({ scopes: ['agent'], agentId })).key)).toMatchObject({
      kind: 'key',
      agentId,
      scopes: ['agent'],
    });
  });

  it('wants an end in the future, and at least one scope that exists', async () => {
    await expect(
      make({ scopes: ['tasks:read'], expiresAt: new Date(0).toISOString() }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(make({ scopes: [] })).rejects.toMatchObject({ status: 422 });
    await expect(make({ scopes: ['everything'] })).rejects.toMatchObject({ status: 422 });
  });

  it('is for people: no key makes, lists or revokes keys', async () => {
    const { id, key } = await make({ scopes: ['tasks:read', 'tasks:write', 'agents:write'] });
    await expect(make({ scopes: ['tasks:read'] }, key)).rejects.toMatchObject({ status: 403 });
    await expect(world.run('keys.list', {}, key)).rejects.toMatchObject({ status: 403 });
    await expect(world.run('keys.revoke', { id }, key)).rejects.toMatchObject({ status: 403 });
  });
});

describe('using a key', () => {
  it('is refused with a changed secret, of another tenant, or that nobody made', async () => {
    const { id, key } = await make({ scopes: ['tasks:read'] });
    const other = await world.register();
    const flipped = `${key.slice(0, -2)}${key.at(-2) === 'A' ? 'B' : 'A'}${key.at(-1)}`;
    const moved = newKeyText(other.organization.id, id).key.slice(0, -43) + key.slice(-43);
    for (const text of [
      flipped,
      moved,
      newKeyText(owner.organization.id, newId()).key,
      newKeyText(newId(), id).key,
      'sbx_',
      'sbx_x_y',
    ]) {
      await expect(ask(text)).rejects.toMatchObject(refused);
    }
    expect(await ask(key)).toMatchObject({ keyId: id });
  });

  it('ends at once when it is revoked, and when its time is over', async () => {
    const revoked = await make({ scopes: ['tasks:read'] });
    await ask(revoked.key);
    await world.run('keys.revoke', { id: revoked.id }, owner.accessToken);
    await expect(ask(revoked.key)).rejects.toMatchObject(refused);
    await expect(world.run('keys.revoke', { id: revoked.id }, owner.accessToken)).rejects.toMatchObject({
      status: 404,
    });
    const brief = await make({
      scopes: ['tasks:read'],
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
    await ask(brief.key);
    world.wait(60_000);
    await expect(ask(brief.key)).rejects.toMatchObject(refused);
  });

  it('notes its last use at most once a minute', async () => {
    const { id, key } = await make({ scopes: ['tasks:read'] });
    const lastUsed = async () =>
      (await inTenant(({ db }) =>
        row(db, sql<{ at: Date | null }>`select last_used_at as at from api_keys where id = ${id}`),
      ))!.at;
    await ask(key);
    const first = await lastUsed();
    expect(first).not.toBeNull();
    world.wait(2_000);
    await ask(key);
    expect(await lastUsed()).toEqual(first);
    await inTenant(({ db }) =>
      sql`update api_keys set last_used_at = last_used_at - interval '61 seconds' where id = ${id}`.execute(
        db,
      ),
    );
    world.wait(2_000);
    await ask(key);
    expect((await lastUsed())!.getTime()).toBeGreaterThanOrEqual(first!.getTime());
  });

  it('is not used by a wrong secret', async () => {
    const { id, key } = await make({ scopes: ['tasks:read'] });
    await expect(ask(key.slice(0, -43) + 'A'.repeat(43))).rejects.toMatchObject(refused);
    expect(
      await inTenant(({ db }) => row(db, sql`select last_used_at from api_keys where id = ${id}`)),
    ).toEqual({ last_used_at: null });
  });

  it('has the present role of whoever made it, and ends with their membership', async () => {
    const { user, organization, accessToken } = await world.register();
    const { key } = await make({ scopes: ['tasks:read'] }, accessToken);
    expect(await ask(key)).toMatchObject({ role: 'owner' });
    const { app } = world.test.database;
    await sql`update platform.memberships set role = 'member' where user_id = ${user.id} and tenant_id = ${organization.id}`.execute(
      app,
    );
    world.wait(2_000);
    expect(await ask(key)).toMatchObject({ role: 'member' });
    await sql`delete from platform.memberships where user_id = ${user.id}`.execute(app);
    world.wait(2_000);
    await expect(ask(key)).rejects.toMatchObject(refused);
  });
});

describe('the list of keys', () => {
  it('goes on where the page before ended, newest first', async () => {
    const { accessToken } = await world.register();
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1)
      made.unshift((await make({ scopes: ['tasks:read'] }, accessToken)).id);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = (await world.run('keys.list', { limit: 2, ...(cursor && { cursor }) }, accessToken)) as {
        items: { id: string }[];
        nextCursor: string | null;
      };
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made);
  });
});
