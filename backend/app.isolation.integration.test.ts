// Isolation: every operation with the ids of another organisation, one after the other. It answers 404, shows
// nothing of the other, and changes nothing there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations, type NamedOperation } from '../shared/operations.ts';
import { row, rows, sql } from './platform/database.ts';
import { systemCaller } from './platform/tenant-transaction.ts';
import { openTestBackend, type Answer, type Api, type TestBackend } from './testing/backend.ts';
import { idsOf, openWorld, planWithNewAgents, sampleFor, type World } from './testing/world.ts';

/**
 * The input with one id of `own` replaced by the one of `other`, for each place where there is one; and all
 * at once.
 */
function replaced(input: Record<string, unknown>, own: World, other: World): Record<string, unknown>[] {
  const pairs = Object.keys(own.ids).map(
    (name) => [own.ids[name as keyof World['ids']], other.ids[name as keyof World['ids']]] as const,
  );
  pairs.push([own.leaseToken, other.leaseToken]);
  const text = JSON.stringify(input);
  const one = pairs
    .filter(([mine]) => text.includes(mine))
    .map(([mine, theirs]) => text.replaceAll(mine, theirs));
  const all = pairs.reduce((changed, [mine, theirs]) => changed.replaceAll(mine, theirs), text);
  // Another's lease token alone names nothing: its own task answers that the lease is lost.
  return [...new Set([...one, all])]
    .filter((changed) => changed !== text && idsOf(other).some((id) => changed.includes(id)))
    .map((changed) => JSON.parse(changed) as Record<string, unknown>);
}

async function snapshot(backend: TestBackend, world: World): Promise<Record<string, string>> {
  return backend.test.runInTenant(world.tenant, systemCaller, async ({ db }) => {
    const tables = await rows(
      db,
      sql<{
        name: string;
      }>`select tablename as name from pg_tables
        -- What is sampled by the clock changes by itself.
        where schemaname = ${world.tenant.schema} and tablename <> 'metric_samples' order by 1`,
    );
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const held = await row(
        db,
        sql<{
          text: string | null;
        }>`select string_agg(t::text, '\n' order by t::text) as text from ${sql.table(name)} t`,
      );
      found[name] = held?.text ?? '';
    }
    return found;
  });
}

describe.each(['pglite', 'postgres'] as const)('isolation on %s', (dialect) => {
  let backend: TestBackend;
  let own: World;
  let other: World;
  let before: Record<string, string>;

  beforeAll(async () => {
    backend = await openTestBackend(dialect, { leaseSeconds: 3_600 });
    own = await openWorld(backend, 'Attacker');
    other = await openWorld(backend, 'Victim');
    before = await snapshot(backend, other);
  });
  afterAll(() => backend.close());

  function showsNothing(answer: Answer): void {
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain('Victim');
    if (answer.status < 400) for (const id of idsOf(other)) expect(text).not.toContain(id);
  }

  async function attack(api: Api, { name, operation }: NamedOperation, refusals: number[]): Promise<void> {
    const inputs = [await sampleFor(own, name), ...(name === 'plans.create' ? [planWithNewAgents(own)] : [])];
    for (const changed of inputs.flatMap((input) => replaced(input, own, other))) {
      const answer = await api.call(name, changed);
      // A list that is filtered by another's id is an empty list.
      const emptyList =
        operation.kind === 'query' && !operation.rest!.path.includes(':id') && answer.status === 200;
      // Of many, each line is refused by itself.
      const items = operation.rest!.body === undefined ? [] : (answer.body as { error?: { code: string } }[]);
      for (const item of items) expect(item.error?.code).toBe('not_found');
      if (!emptyList && items.length === 0)
        expect([name, changed, answer.status]).toEqual([
          name,
          changed,
          refusals.includes(answer.status) ? answer.status : 404,
        ]);
      showsNothing(answer);
    }
  }

  it('has ids to try in every operation that takes some', async () => {
    const tried: string[] = [];
    for (const { name } of allOperations)
      if (replaced(await sampleFor(own, name), own, other).length > 0) tried.push(name);
    const withId = allOperations
      // The checklists are everybody's.
      .filter(({ name, operation }) => operation.rest?.path.includes(':id') && name !== 'checklists.get')
      .map(({ name }) => name);
    expect(tried).toEqual(
      expect.arrayContaining([
        ...withId,
        'auth.switch',
        'auth.login',
        'keys.create',
        'tasks.create',
        'work.claim',
        'agents.create',
      ]),
    );
  });

  it.each(allOperations)('$name finds nothing of another organisation', async (named) => {
    // A filter that names another's finds no task to plan for.
    const nothing = named.name === 'bulkPlans.create' ? [409] : [];
    await attack(own.owner.api, named, nothing);
    // A key that is bound to one agent is told so, whatever other agent it names.
    if (named.operation.scope !== null)
      await attack(own.key, named, named.name === 'work.claim' ? [403] : nothing);
    const api = named.name === 'auth.logout' ? backend.api((await own.login()).accessToken) : own.owner.api;
    if (named.operation.kind === 'query')
      showsNothing(await api.call(named.name, await sampleFor(own, named.name)));
    expect(await snapshot(backend, other)).toEqual(before);
  });
});
