// The state machine as a property on a real PostgreSQL, by one walker and by a crowd at once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { seededRandom } from '../providers/index.ts';
import { crowdedWalk, randomWalk } from './testing/random-walk.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('postgres');
});
afterAll(() => test.close());

describe('tasks on PostgreSQL', () => {
  it('keep every invariant under random operations', async () => {
    for (const seed of [1, 2, 3]) await randomWalk(test, seededRandom(`walk:${seed}`), 120);
  });

  it('keep every invariant when a crowd works at once', async () => {
    for (const seed of [1, 2, 3]) {
      const walk = await crowdedWalk(test, seededRandom(`crowd:${seed}`), { walkers: 12, steps: 40 });
      expect(walk.tasks.length).toBeGreaterThan(20);
    }
  });
});
