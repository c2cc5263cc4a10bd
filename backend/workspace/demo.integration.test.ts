// The demo workspace: one at a time, only where the backend is embedded, and deleted with all that is in it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../shared/identity.ts';
import { row, rows, sql } from '../platform/database.ts';
import { openTestBackend, type TestBackend } from '../testing/backend.ts';
import { openWorld } from '../testing/world.ts';

const demo = (email: string) => ({ organizationName: 'Demo', name: 'Guest', email, password: 'correct horse battery', demo: true });

describe('on an embedded database', () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await openTestBackend('pglite');
  });
  afterAll(() => backend.close());

  it('is marked, replaced by the next one, and leaves other workspaces alone', async () => {
    const own = await backend.register('Own');
    const first = (await backend.api('').do('auth.register', demo('first@demo.example'))) as Session;
    expect(first.organization.demo).toBe(true);
    expect(own.organization.demo).toBeUndefined();
    const second = (await backend.api('').do('auth.register', demo('second@demo.example'))) as Session;
    expect((await backend.api(first.accessToken).call('workspace.get')).status).toBe(401);
    expect(await backend.api(second.accessToken).do('workspace.get')).toMatchObject({ demo: true });
    expect((await backend.test.tenants.all()).map(({ id }) => id).toSorted()).toEqual(
      [own.organization.id, second.organization.id].toSorted(),
    );
    expect((await own.api.call('workspace.deleteDemo')).body).toMatchObject({ code: 'conflict' });
    expect((await backend.api(second.accessToken).call('workspace.deleteDemo')).status).toBe(204);
    expect((await backend.api('').call('auth.login', { email: 'second@demo.example', password: 'correct horse battery' })).status).toBe(401);
    expect(await own.api.do('workspace.get')).toMatchObject({ name: 'Own' });
    // Nobody's session, member or person of it is left.
    const left = await rows(backend.test.database.app, sql<{ email: string }>`select email from platform.users`);
    expect(left.map(({ email }) => email)).toEqual([own.user.email]);
    // The application's own role is the session's still.
    expect(await row(backend.test.database.app, sql`select current_user::text as name`)).toEqual({ name: 'signalbox_app' });
  });
});

describe('on a server', () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await openTestBackend('postgres');
  });
  afterAll(() => backend.close());

  it('is refused, and taking a workspace away takes its schema and role with it', async () => {
    expect((await backend.api('').call('auth.register', demo('demo@demo.example'))).status).toBe(403);
    const world = await openWorld(backend, 'Gone');
    const { tenant } = world;
    await backend.test.tenants.remove(tenant, async (tx) => {
      await sql`delete from platform.users where id = ${world.owner.user.id}`.execute(tx);
    });
    const found = await row(backend.test.database.app, sql`
      select (select count(*)::int from pg_namespace where nspname = ${tenant.schema}) as schemas,
        (select count(*)::int from pg_roles where rolname = ${tenant.role}) as roles,
        (select count(*)::int from platform.tenants where id = ${tenant.id}) as tenants`);
    expect(found).toEqual({ schemas: 0, roles: 0, tenants: 0 });
    await expect(
      backend.test.runInTenant(tenant, { actor: { kind: 'system', id: null, name: 'Signalbox' }, origin: 'system' }, async () => {}),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
