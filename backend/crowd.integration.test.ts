// The engine against a model of it, on PostgreSQL: fifty claimants at once, over connections of their own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from './platform/testing/database.ts';
import { seededRandom } from './providers/index.ts';
import { crowdRounds } from './testing/crowd.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('postgres');
});
afterAll(() => test.close());

describe('fifty claimants at once on PostgreSQL', () => {
  it.each([1, 2])('break no limit, no order and no quota (seed %i)', async (seed) => {
    const report = await crowdRounds(test, seededRandom(`crowd:${seed}`), { claimants: 50, steps: 8, rounds: 3, executions: 60 });
    // What ran short, whatever the order: the last execution was taken, and not one more.
    expect(report.executions).toBe(60);
  }, 180_000);

  it('break none where they wait for work, and some starts as it is created', async () => {
    const options = { claimants: 18, steps: 6, rounds: 2, executions: 200, patient: true };
    const report = await crowdRounds(test, seededRandom('crowd:patient'), options);
    expect(report.together).toBeGreaterThan(0);
  }, 180_000);
});
