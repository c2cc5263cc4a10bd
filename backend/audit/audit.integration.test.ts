// The audit over HTTP on both databases: search, one entry, what is in it, and verification; nothing of another tenant.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditShown } from '../../shared/audit.ts';
import { sql } from '../platform/database.ts';
import { openTestBackend, type TestBackend } from '../testing/backend.ts';

describe.each(['pglite', 'postgres'] as const)('the audit on %s', (dialect) => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await openTestBackend(dialect);
  });
  afterAll(() => backend.close());

  async function setup() {
    const owner = await backend.register();
    const agent = (await owner.api.do('agents.create', { name: 'lamp-checker', kind: 'external' })) as { id: string };
    await owner.api.do('agents.update', { id: agent.id, concurrency: 4 });
    for (const title of ['Check the port lamp', 'Check the stern lamp']) await owner.api.do('tasks.create', { title, agentId: agent.id });
    const search = async (filter: object) => ((await owner.api.do('audit.search', filter)) as { items: AuditShown[] }).items;
    return { owner, agent, search };
  }

  it('is searched newest first by who, what, which thing, when and words', async () => {
    const { owner, agent, search } = await setup();
    const all = await search({});
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => all.length - index));
    expect((await search({ entityId: agent.id })).map(({ action, name }) => [action, name])).toEqual([['agents.update', 'lamp-checker'], ['agents.create', 'lamp-checker']]);
    expect(await search({ action: 'agents.update' })).toMatchObject([{ before: { concurrency: 1 }, after: { concurrency: 4 }, actor: { name: 'Owner' } }]);
    expect((await search({ q: 'STERN' })).map(({ name }) => name)).toEqual(['Check the stern lamp']);
    expect(await search({ entity: 'task', actor: 'own' })).toHaveLength(2);
    expect(await search({ at: '../2020-01-01T00:00:00Z' })).toEqual([]);
    expect(await search({ at: '2020-01-01T00:00:00Z/..' })).toHaveLength(all.length);
    expect((await owner.api.call('audit.search', { at: 'yesterday' })).body.fields[0].path).toBe('at');
    expect(await owner.api.do('audit.get', { seq: all[0]!.seq })).toEqual(all[0]);
    expect((await owner.api.call('audit.get', { seq: 99_999 })).status).toBe(404);
    const facets = await owner.api.do('audit.facets');
    expect(facets.actions).toContainEqual({ entity: 'agent', action: 'agents.update' });
    expect(facets.actors).toContain('Owner');
  });

  it('goes on with its cursor, with nothing twice and nothing left out', async () => {
    const { owner } = await setup();
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = (await owner.api.do('audit.search', { limit: 2, ...(cursor !== undefined && { cursor }) })) as { items: AuditShown[]; nextCursor: string | null };
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const { seq: head } = (await owner.api.do('audit.head')) as { seq: number };
    expect(seen).toEqual(Array.from({ length: head }, (_, index) => head - index));
  });

  it('verifies its chain, and says where it was altered', async () => {
    const { owner } = await setup();
    const { seq: head } = (await owner.api.do('audit.head')) as { seq: number };
    expect(await owner.api.do('audit.verify')).toEqual({ verifiedTo: head, head, done: true, broken: null });
    const tenant = (await backend.test.tenants.find(owner.organization.id))!;
    await backend.test.database.asOwner(async (tx) => {
      await sql.raw(`alter table "${tenant.schema}".audit no force row level security`).execute(tx);
      await sql.raw(`set local role ${backend.test.installation.ownerRole}`).execute(tx);
      await sql.raw(`update "${tenant.schema}".audit set origin = 'elsewhere' where seq = 3`).execute(tx);
    });
    expect(await owner.api.do('audit.verify')).toMatchObject({ verifiedTo: 2, done: true, broken: { seq: 3 } });
  });

  it('is closed to whoever may not read it', async () => {
    const { owner } = await setup();
    const member = await backend.addMember(owner.organization.id, 'member');
    for (const name of ['audit.search', 'audit.facets', 'audit.verify']) expect((await member.api.call(name)).status).toBe(403);
    expect((await member.api.call('audit.get', { seq: 1 })).status).toBe(403);
  });
});
