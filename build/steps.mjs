// The steps of `npm test` and `npm run check`: what each one runs and how its tests are counted.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  closingLine,
  playwrightCounts,
  playwrightFailures,
  stepCode,
  stepCounts,
  vitestCounts,
  vitestFailures,
} from './results.mjs';
import { say, sayBlock, seconds } from './output.mjs';
import { cache, folder, readJson, resultsFolder, root } from './paths.mjs';
import { packageScript, run, wasInterrupted } from './process.mjs';

/** The commands of the steps; `report` is where the step's runner writes its counts. */
export function typesStep() {
  return { name: 'types', args: [packageScript('typescript', 'tsc'), '-b'] };
}

export function lintStep() {
  return { name: 'lint', args: [packageScript('oxlint', 'oxlint')] };
}

export function vitestStep(project, extra = []) {
  const report = path.join(resultsFolder, `${project}.json`);
  const args = [
    packageScript('vitest', 'vitest'),
    'run',
    '--project',
    // Those that draw in a document are a project of their own.
    `${project}*`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...extra,
  ];
  const reader = { count: vitestCounts, failures: vitestFailures };
  // What one test file, or one backend that a test starts, has compiled, the next need not.
  return { name: project, args, report, ...reader, env: { NODE_COMPILE_CACHE: path.join(cache, 'compiled') } };
}

export function buildStep() {
  return { name: 'build', args: [path.join(root, 'build/app.mjs')] };
}

export function playwrightStep(name, extra = []) {
  const report = path.join(resultsFolder, `${name}.json`);
  const args = [packageScript('@playwright/test', 'playwright'), 'test', '--reporter=list,json', ...extra];
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  return { name, args, env, report, count: playwrightCounts, failures: playwrightFailures };
}

/** Each worker has one of the session's desktops. */
export function endToEndStep({ desktops }, extra = []) {
  return playwrightStep('end-to-end', [`--workers=${desktops}`, ...extra, '--project', 'end-to-end*']);
}

/** Each story is drawn in a window of its own project; three at a time, as each waits a sixth of its time for frames. */
export function storiesStep(extra = []) {
  return playwrightStep('stories', [...extra, '--workers=3', '--project', 'stories']);
}

/**
 * Runs one step; its output is shown as it comes when the step is alone, and in one piece when others run
 * beside it.
 * @param {{ name: string, args: string[], env?: object, report?: string, count?: Function, failures?: Function }} step
 * @param {{ node: string, env: object, beside?: boolean }} context
 */
export async function runStep(step, context) {
  const started = Date.now();
  folder(resultsFolder);
  if (step.report !== undefined) rmSync(step.report, { force: true });
  say(context.beside ? `-- ${step.name}: started` : `-- ${step.name}`);
  const env = { ...context.env, ...step.env };
  const { code: exit, output } = await run([context.node, ...step.args], {
    env,
    output: context.beside ? 'capture' : 'show',
  });
  const report = step.report === undefined ? undefined : readJson(step.report);
  const counts = report === undefined ? undefined : step.count(report);
  const code = stepCode({ exit, counted: step.report !== undefined, counts });
  // Some tools colour what they write in CI whatever they are told.
  if (context.beside) sayBlock(stripVTControlCharacters(output).trim());
  if (code !== exit && !counts?.failed) say(`${step.name} ran no test.`);
  const verdict = code === 0 ? 'passed' : `FAILED (exit code ${code})`;
  const tests = counts === undefined ? '' : `, ${counts.passed} tests passed, ${counts.failed} failed`;
  say(`-- ${step.name}: ${verdict} in ${seconds(Date.now() - started)}${tests}\n`);
  const failures = report === undefined ? [] : step.failures(report);
  return { name: step.name, code, counts: stepCounts({ code, counts }), failures };
}

/** Runs steps one after the other; each runs even when one before it failed, so that all is told at once. */
export async function runInOrder(steps, context) {
  const done = [];
  for (const step of steps) {
    if (wasInterrupted()) break;
    done.push(await runStep(step, context));
  }
  return done;
}

/**
 * Prints which steps failed and why, and, as the very last line, the counts; answers the exit code. Of a long output often
 * its end alone is kept, so what failed is said there once more.
 */
export function close(done) {
  const failed = done.filter((step) => step.code !== 0).map((step) => step.name);
  if (wasInterrupted()) say('Stopped before the end.');
  for (const { name, failures = [] } of done) {
    for (const { test, message } of failures) say(`-- failed in ${name}: ${test}\n${message}\n`);
  }
  if (failed.length > 0) say(`Failed: ${failed.join(', ')}.`);
  say(closingLine(done.map((step) => step.counts)));
  return failed.length > 0 || wasInterrupted() ? 1 : 0;
}
