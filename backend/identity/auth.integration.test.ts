// Signing in and out over HTTP, on both databases.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBackend, type TestBackend } from '../testing/backend.ts';

describe.each(['pglite', 'postgres'] as const)('identity on %s', (dialect) => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
  });
  afterAll(() => backend.close());

  it('registers, knows who is signed in, and lets nobody in without a credential', async () => {
    const owner = await backend.register('Acme');
    expect(owner.organization).toMatchObject({ name: 'Acme', role: 'owner' });
    const me = await owner.api.do('auth.me');
    expect(me).toMatchObject({ user: owner.user, organizations: [owner.organization] });
    expect((await owner.api.do('agents.list')).items).toMatchObject([{ name: 'coordinator', builtIn: true }]);
    expect(await backend.api('').call('auth.me')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });
});
