// The engine against a model of it, on PGlite: fifty claimants at once. More seeds: `npm run prove -- crowd`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from './platform/testing/database.ts';
import { seededRandom } from './providers/index.ts';
import { crowdRounds } from './testing/crowd.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

describe('fifty claimants at once', () => {
  it('break no limit, no order and no quota, and leave nothing undone that could be done', async () => {
    const report = await crowdRounds(test, seededRandom('crowd:1'), { claimants: 50, steps: 6, rounds: 2, executions: 60 });
    // The month's executions were what ran short: the last of them was taken, and not one more.
    expect(report.executions).toBe(60);
  }, 180_000);
});
