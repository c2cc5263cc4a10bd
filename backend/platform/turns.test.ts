// Turns at the database: what a tenant with much to do leaves to the others, over random histories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** Asks for turns, and notes in which order they came. */
function watch(connections: number) {
  const turns = createTurns(connections);
  const came: { tenant: string; giveBack: () => void }[] = [];
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    came,
    waiting: turns.waiting,
    async ask(tenant: string, times = 1) {
      for (let time = 0; time < times; time += 1) void turns.take(tenant).then((giveBack) => came.push({ tenant, giveBack }));
      await settled();
    },
    async end(index: number) {
      came.splice(index, 1)[0]!.giveBack();
      await settled();
    },
    count: (tenant: string) => came.filter((one) => one.tenant === tenant).length,
  };
}

describe('turns at the database', () => {
  it('leave half of the connections to others, however long the line of one tenant is', async () => {
    const { ask, count, waiting } = watch(10);
    await ask('large', 400);
    expect(count('large')).toBe(5);
    expect(waiting()).toBe(395);
    await ask('small');
    expect(count('small')).toBe(1);
  });

  it('leave one connection to the platform, and are one where there is only one', async () => {
    const many = watch(10);
    for (const tenant of ['a', 'b', 'c', 'd']) await many.ask(tenant, 5);
    expect(many.came).toHaveLength(9);
    const one = watch(1);
    await one.ask('a', 2);
    await one.ask('b');
    expect(one.came.map(({ tenant }) => tenant)).toEqual(['a']);
    await one.end(0);
    // The other goes before the second turn of the first.
    expect(one.came.map(({ tenant }) => tenant)).toEqual(['b']);
  });

  it('go to the tenant that uses the fewest, and among equals to the one that waits longest', async () => {
    const { ask, end, came, count } = watch(5);
    await ask('a', 3);
    await ask('b', 3);
    expect([count('a'), count('b')]).toEqual([2, 2]);
    await ask('c');
    await ask('d');
    await end(came.findIndex(({ tenant }) => tenant === 'b'));
    expect(came.at(-1)!.tenant).toBe('c');
    await end(came.findIndex(({ tenant }) => tenant === 'a'));
    expect(came.at(-1)!.tenant).toBe('d');
  });

  it('are not waited for without an end', async () => {
    const turns = createTurns(2, 20);
    const giveBack = await turns.take('a');
    await expect(turns.take('a')).rejects.toMatchObject({ code: '53300' });
    giveBack();
    // Whoever left is not served any more: the turn goes to the next who asks.
    (await turns.take('a'))();
  });

  it('are never too many, and come to everybody who asked', async () => {
    const step = fc.record({ tenant: fc.constantFrom('a', 'b', 'c', 'd'), ends: fc.boolean(), which: fc.nat(100) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 80 }), async (connections, steps) => {
        const { ask, end, came, count } = watch(connections);
        let [asked, ended] = [0, 0];
        for (const { tenant, ends, which } of steps) {
          if (ends && came.length > 0) {
            await end(which % came.length);
            ended += 1;
          } else {
            await ask(tenant);
            asked += 1;
          }
          expect(came.length).toBeLessThanOrEqual(Math.max(1, connections - 1));
          for (const one of ['a', 'b', 'c', 'd']) expect(count(one)).toBeLessThanOrEqual(Math.max(1, Math.floor(connections / 2)));
        }
        while (came.length > 0) {
          await end(0);
          ended += 1;
        }
        expect(ended).toBe(asked);
      }),
      { numRuns: 40 },
    );
  });
});
