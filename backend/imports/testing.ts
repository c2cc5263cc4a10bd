// What the tests of this folder share.
import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import type { PlannedTask, PlanPreview } from '../../shared/plan.ts';
import { readPlan } from './index.ts';
import type { PlanDocument } from './index.ts';

export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}

/** `dependency > task` for each edge, by keys. */
export function edgesOf({ plan }: PlanPreview): string[] {
  return plan.tasks.flatMap(({ key, dependsOn }) => dependsOn.map((on) => `${on} > ${key}`));
}

export function taskNamed({ plan }: PlanPreview, key: string): PlannedTask {
  const task = plan.tasks.find((each) => each.key === key);
  if (task === undefined)
    throw new Error(`No task ${key} among ${plan.tasks.map((each) => each.key).join(', ')}`);
  return task;
}

export function warningsAt({ warnings }: PlanPreview, line: number): string {
  return warnings
    .filter((warning) => warning.line === line)
    .map(({ message }) => message)
    .join('\n');
}

/** The refusal of a document; a document that is read fails the test. */
export function refusalOf(input: PlanDocument): AppError {
  try {
    readPlan(input);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The document was read.');
}
