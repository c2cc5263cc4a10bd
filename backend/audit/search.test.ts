// The search of the audit log against a plain look through all of it, its pages and bounds, and verification in steps.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../shared/actor.ts';
import { auditOperations, type AuditEntry, type AuditFilter, type AuditShown } from '../../shared/audit.ts';
import { parseSpan } from '../../shared/schema.ts';
import { sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace, type HandlerWorkspace } from '../platform/testing/workspace.ts';
import { auditHandlers } from './index.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

const people = ['Ada Park', 'Grace Oduya', 'Signalbox', 'lamp-checker'].map((name): Actor => ({ kind: 'user', id: newId(), name }));
const kinds = [
  ['task', 'tasks.claimed'],
  ['task', 'tasks.succeeded'],
  ['agent', 'agents.update'],
  ['key', 'keys.create'],
] as const;

interface Written {
  who: number;
  kind: number;
  thing: number;
  text: string;
}

async function write(workspace: HandlerWorkspace, entries: Written[], ids: string[]): Promise<void> {
  await workspace.run(async (tx) => {
    for (const { who, kind, thing, text } of entries) {
      const [entity, action] = kinds[kind]!;
      tx.record({ audit: { action, entity, id: ids[thing]!, actor: people[who]!, before: null, after: { note: text } } });
    }
  });
}

async function search(workspace: HandlerWorkspace, filter: AuditFilter, limit = 50) {
  const items: AuditShown[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await workspace.call(auditOperations.search, auditHandlers.search, { ...filter, limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...(page.items as AuditShown[]));
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined);
  return { items, pages };
}

/** What the search must find, said as plainly as it can be. */
function matches(entry: AuditEntry, filter: AuditFilter): boolean {
  const span = filter.at ? parseSpan(filter.at)! : null;
  const text = JSON.stringify(entry).toLowerCase();
  return (
    (!filter.actor || entry.actor.name.toLowerCase().includes(filter.actor.toLowerCase())) &&
    (!filter.action || filter.action.split(',').includes(entry.action)) &&
    (!filter.entity || filter.entity.split(',').includes(entry.entity)) &&
    (!filter.entityId || entry.entityId === filter.entityId) &&
    (!span?.from || entry.at >= new Date(span.from).toISOString()) &&
    (!span?.to || entry.at < new Date(span.to).toISOString()) &&
    (filter.q ?? '').split(' ').every((word) => text.includes(word.toLowerCase()))
  );
}

describe('a search', () => {
  it('finds exactly what a look through the whole log finds, newest first', async () => {
    const workspace = await makeHandlerWorkspace(test);
    const ids = Array.from({ length: 5 }, newId);
    const pick = (count: number) => fc.integer({ min: 0, max: count - 1 });
    const written = fc.sample(
      fc.record({ who: pick(4), kind: pick(4), thing: pick(5), text: fc.constantFrom('red lamp', 'blue_lamp', '100% done', 'ünïcode') }),
      { numRuns: 240, seed: 7 },
    );
    for (let start = 0; start < written.length; start += 40) await write(workspace, written.slice(start, start + 40), ids);
    const all = ((await workspace.call(auditOperations.list, auditHandlers.list, { limit: 200 })).items as AuditEntry[]).concat(
      (await workspace.call(auditOperations.list, auditHandlers.list, { after: 200, limit: 200 })).items,
    );
    expect(all).toHaveLength(240);
    const times = [all[60]!.at, all[150]!.at];
    const filter = fc.record(
      {
        actor: fc.constantFrom('ada', 'Grace Oduya', 'o', 'nobody'),
        action: fc.constantFrom('tasks.claimed', 'agents.update,keys.create', 'plans.create'),
        entity: fc.constantFrom('task', 'agent,key', 'plan'),
        entityId: fc.constantFrom(ids[0]!, newId()),
        at: fc.constantFrom(`${times[0]}/${times[1] === times[0] ? '..' : times[1]}`, `../${times[1]}`, `${times[0]}/..`),
        q: fc.constantFrom('red', 'LAMP park', '100%', '_lamp', 'ünïcode', 'tasks.claimed', 'zzz'),
      },
      { requiredKeys: [] },
    );
    for (const asked of fc.sample(filter, { numRuns: 60, seed: 11 })) {
      const { items } = await search(workspace, asked, 30);
      const wanted = all.filter((entry) => matches(entry, asked as AuditFilter)).toReversed();
      expect(items.map(({ seq }) => seq), JSON.stringify(asked)).toEqual(wanted.map(({ seq }) => seq));
    }
  });

  it('names what an entry is about, and finds it by that name', async () => {
    const workspace = await makeHandlerWorkspace(test);
    const task = newId();
    await workspace.run(async (tx) => {
      await sql`insert into tasks (id, title, state, wait_reason, time_limit_seconds, created_by)
        values (${task}, 'Check the port lamp', 'waiting', 'approval', 900, '{}')`.execute(tx.db);
      tx.record({ audit: { action: 'tasks.created', entity: 'task', id: task, after: { state: 'waiting' } } });
      tx.record({ audit: { action: 'plans.create', entity: 'plan', id: newId(), after: { name: 'Night shift' } } });
    });
    const byTitle = await search(workspace, { q: 'port lamp' });
    expect(byTitle.items).toMatchObject([{ name: 'Check the port lamp', entityId: task }]);
    expect((await search(workspace, { q: 'night' })).items).toMatchObject([{ name: 'Night shift' }]);
    await workspace.run(async (tx) => {
      tx.record({ audit: { action: 'reviews.look', entity: 'review_item', id: newId(), after: { ref: 'ISO-06' } } });
    });
    expect((await search(workspace, { q: 'iso-06' })).items).toMatchObject([{ name: 'ISO-06' }]);
    const entry = await workspace.call(auditOperations.get, auditHandlers.get, { seq: 1 });
    expect(entry).toMatchObject({ seq: 1, name: 'Check the port lamp', before: null, after: { state: 'waiting' } });
    await expect(workspace.call(auditOperations.get, auditHandlers.get, { seq: 99 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('looks at a bounded number of entries a call, says how far it came, and goes on', async () => {
    const workspace = await makeHandlerWorkspace(test);
    await write(workspace, [{ who: 0, kind: 3, thing: 0, text: 'the needle' }], [newId()]);
    // A long log of the engine's, written at once: the search reads no hashes.
    await workspace.run(({ db }) => sql`insert into audit (seq, at, actor, origin, action, entity, entity_id, before, after, hash)
      select n, now(), '{"kind":"system","id":null,"name":"Signalbox"}', 'system', 'tasks.claimed', 'task', ${newId()}, null, '{}', repeat('0', 64)
      from generate_series(2, 45000) n`.execute(db));
    await workspace.run(({ db }) => sql`update head set audit_seq = 45000`.execute(db));
    const first = await workspace.call(auditOperations.search, auditHandlers.search, { q: 'needle' });
    expect(first.items).toEqual([]);
    expect(first.searchedTo).toBe(25_001);
    expect(first.nextCursor).not.toBeNull();
    const all = await search(workspace, { q: 'needle' });
    expect([all.items.map(({ seq }) => seq), all.pages]).toEqual([[1], 3]);
    // By an index it is found at once.
    for (const filter of [{ entity: 'key' }, { action: 'keys.create' }, { actor: 'ada' }, { actor: 'Ada', q: 'needle' }]) {
      const found = await search(workspace, filter);
      expect([found.items.map(({ seq }) => seq), found.pages], JSON.stringify(filter)).toEqual([[1], 1]);
    }
    expect(await workspace.call(auditOperations.facets, auditHandlers.facets, {})).toEqual({
      actions: [{ entity: 'key', action: 'keys.create' }, { entity: 'task', action: 'tasks.claimed' }],
      actors: ['Ada Park', 'Signalbox'],
    });
  });
});

describe('verification in steps', () => {
  const check = (workspace: HandlerWorkspace, after: number) => workspace.call(auditOperations.verify, auditHandlers.verify, { after });

  it('comes to the head of an empty, a short and a long log', async () => {
    const workspace = await makeHandlerWorkspace(test);
    expect(await check(workspace, 0)).toEqual({ verifiedTo: 0, head: 0, done: true, broken: null });
    const entry = { who: 0, kind: 0, thing: 0, text: 'x' };
    for (let round = 0; round < 6; round += 1) await write(workspace, Array.from({ length: 1_000 }, () => entry), [newId()]);
    await write(workspace, [entry], [newId()]);
    const first = await check(workspace, 0);
    expect(first).toEqual({ verifiedTo: 5_000, head: 6_001, done: false, broken: null });
    expect(await check(workspace, first.verifiedTo)).toEqual({ verifiedTo: 6_001, head: 6_001, done: true, broken: null });
  });

  it('says the first entry that does not fit', async () => {
    const workspace = await makeHandlerWorkspace(test);
    await write(workspace, Array.from({ length: 10 }, () => ({ who: 1, kind: 1, thing: 0, text: 'x' })), [newId()]);
    await test.database.asOwner((tx) => sql.raw(`update "${workspace.tenant.schema}".audit set origin = 'elsewhere' where seq = 7`).execute(tx));
    expect(await check(workspace, 0)).toMatchObject({ verifiedTo: 6, done: true, broken: { seq: 7 } });
    expect(await check(workspace, 7)).toMatchObject({ verifiedTo: 10, broken: null });
    expect(await check(workspace, 11)).toMatchObject({ done: true, broken: { seq: 11 } });
  });
});
