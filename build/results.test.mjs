// The closing line of `npm test`: it must never say that all is well when something failed.
import { describe, expect, test } from 'vitest';
import {
  closingLine,
  playwrightCounts,
  playwrightFailures,
  stepCode,
  stepCounts,
  vitestCounts,
  vitestFailures,
} from './results.mjs';

describe('what the runners report', () => {
  test('a test file that cannot be loaded counts as one failure', () => {
    const report = {
      numPassedTests: 4,
      numFailedTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    };
    expect(vitestCounts(report)).toEqual({ passed: 4, failed: 2 });
  });

  test('a flaky end-to-end test has passed, an error outside of tests has failed', () => {
    expect(playwrightCounts({ stats: { expected: 3, flaky: 1, unexpected: 2 }, errors: [] })).toEqual({
      passed: 4,
      failed: 2,
    });
    expect(playwrightCounts({ stats: { expected: 3, flaky: 0, unexpected: 0 }, errors: [{}] })).toEqual({
      passed: 3,
      failed: 1,
    });
  });
});

describe('what failed', () => {
  test('vitest: each failed test by its file and name, and a file that cannot be loaded', () => {
    const report = {
      testResults: [
        {
          name: '/somewhere/a.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'failed', fullName: 'a room holds', failureMessages: ['\u001B[31mexpected 1\u001B[39m'] },
            { status: 'passed', fullName: 'a room opens', failureMessages: [] },
          ],
        },
        { name: '/somewhere/b.test.ts', status: 'failed', message: 'cannot find c.ts', assertionResults: [] },
        { name: '/somewhere/d.test.ts', status: 'passed', message: '', assertionResults: [] },
      ],
    };
    expect(vitestFailures(report)).toEqual([
      { test: 'a.test.ts > a room holds', message: 'expected 1' },
      { test: 'b.test.ts', message: 'cannot find c.ts' },
    ]);
  });

  test('Playwright: by file, groups and title, with what each attempt said; and errors outside of tests', () => {
    const spec = (title, status, errors) => ({ title, tests: [{ status, results: [{ errors }] }] });
    const report = {
      errors: [{ message: 'no such fixture' }],
      suites: [
        {
          title: 'keys.spec.ts',
          specs: [spec('one', 'expected', []), spec('two', 'unexpected', [{ message: 'first' }, { message: 'then' }])],
          suites: [{ title: 'a group', specs: [spec('three', 'unexpected', [{ message: 'x'.repeat(4_000) }])] }],
        },
      ],
    };
    const failures = playwrightFailures(report);
    expect(failures.map(({ test: name }) => name)).toEqual([
      'keys.spec.ts > two',
      'keys.spec.ts > a group > three',
      'outside of a test',
    ]);
    expect(failures[0].message).toBe('first\nthen');
    expect(failures[1].message).toHaveLength(3_004);
  });
});

describe('the sum', () => {
  test('a failed step without a failed test counts as one failure', () => {
    expect(stepCounts({ code: 2 })).toEqual({ passed: 0, failed: 1 });
    expect(stepCounts({ code: 1, counts: { passed: 7, failed: 3 } })).toEqual({ passed: 7, failed: 3 });
    expect(stepCounts({ code: 0, counts: { passed: 7, failed: 0 } })).toEqual({ passed: 7, failed: 0 });
  });

  test('a step has failed when a test did, or none ran, whatever its runner exits with', () => {
    expect(stepCode({ exit: 0, counted: true, counts: { passed: 7, failed: 2 } })).toBe(1);
    expect(stepCode({ exit: 0, counted: true, counts: { passed: 0, failed: 0 } })).toBe(1);
    expect(stepCode({ exit: 0, counted: true })).toBe(1);
    expect(stepCode({ exit: 3, counted: true, counts: { passed: 7, failed: 2 } })).toBe(3);
    expect(stepCode({ exit: 0, counted: true, counts: { passed: 7, failed: 0 } })).toBe(0);
    expect(stepCode({ exit: 0, counted: false })).toBe(0);
  });

  test('is one line over all steps', () => {
    expect(
      closingLine([
        { passed: 2, failed: 0 },
        { passed: 0, failed: 1 },
        { passed: 5, failed: 0 },
      ]),
    ).toBe('7 passed, 1 failed');
  });
});
