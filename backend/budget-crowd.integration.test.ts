// Budgets against a scan of what was really used, on PostgreSQL: fifty claimants over connections of their own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from './platform/testing/database.ts';
import { seededRandom } from './providers/index.ts';
import { budgetCrowd } from './testing/budget-crowd.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('postgres');
});
afterAll(() => test.close());

describe('budgets on PostgreSQL', () => {
  it.each([1, 2])('hold under fifty claimants at once (seed %i)', async (seed) => {
    const report = await budgetCrowd(test, seededRandom(`budgets:${seed}`), { claimants: 50, steps: 10, rounds: 4 });
    expect(report.attempts).toBeGreaterThan(80);
    expect(report.stops).toBeGreaterThan(0);
  }, 180_000);
});
