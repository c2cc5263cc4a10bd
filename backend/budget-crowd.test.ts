// Budgets against a scan of what was really used, on PGlite: many claimants at once, and one alone with a check after each step.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from './platform/testing/database.ts';
import { seededRandom } from './providers/index.ts';
import { budgetCrowd } from './testing/budget-crowd.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase('pglite');
});
afterAll(() => test.close());

describe('budgets', () => {
  it('hold under a crowd that spends, reports, fails, hands off, is cancelled and falls silent', async () => {
    const report = await budgetCrowd(test, seededRandom('budgets:1'), { claimants: 20, steps: 12, rounds: 3 });
    expect(report.attempts).toBeGreaterThan(50);
    expect(report.stops).toBeGreaterThan(0);
  }, 180_000);

  it('add up after every single step', async () => {
    const report = await budgetCrowd(test, seededRandom('budgets:2'), { claimants: 1, steps: 1, rounds: 120 });
    expect(report.attempts).toBeGreaterThan(10);
  }, 180_000);
});
