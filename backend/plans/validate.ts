// What a plan must hold before anything is created: unique keys, dependencies that are in it, and no circle.
import { AppError, type FieldError } from '../../shared/errors.ts';
import type { PlannedTask } from '../../shared/plan.ts';

type Node = Pick<PlannedTask, 'key' | 'dependsOn'>;

const MOST_FIELDS = 100;

function refuse(fields: FieldError[]): AppError {
  const shown = fields.slice(0, MOST_FIELDS);
  const named = shown.map(({ path, message }) => `${path}: ${message}`).join(' ');
  return new AppError('validation_failed', named.slice(0, 2_000), { details: { fields: shown } });
}

/** Throws `validation_failed` naming each field that is wrong. */
export function checkGraph(tasks: Node[]): void {
  const positions = new Map<string, number>();
  const fields: FieldError[] = [];
  for (const [index, { key }] of tasks.entries()) {
    const before = positions.get(key);
    if (before === undefined) positions.set(key, index);
    else
      fields.push({
        path: `tasks.${index}.key`,
        message: `Choose another key; task ${before + 1} has “${key}” already.`,
      });
  }
  for (const [index, task] of tasks.entries()) {
    for (const [at, on] of task.dependsOn.entries()) {
      if (positions.has(on)) continue;
      fields.push({
        path: `tasks.${index}.dependsOn.${at}`,
        message: `No task of this plan has the key “${on}”.`,
      });
    }
  }
  if (fields.length > 0) throw refuse(fields);
  const circle = findCircle(tasks, positions);
  if (circle === null) return;
  const [first, second] = circle as [number, number];
  const at = tasks[first]!.dependsOn.indexOf(tasks[second]!.key);
  const words = circle.slice(0, 12).map((index) => tasks[index]!.key);
  const shown = circle.length > 12 ? [...words, '…'] : words;
  throw refuse([
    {
      path: `tasks.${first}.dependsOn.${at}`,
      message: `These tasks wait for each other: ${shown.join(' → ')}. Remove one of these dependencies.`,
    },
  ]);
}

/** Kahn's algorithm; then any way along what is left comes round. It begins and ends with the same task. */
function findCircle(tasks: Node[], positions: Map<string, number>): number[] | null {
  const needs = tasks.map((task) => [...new Set(task.dependsOn)].map((key) => positions.get(key)!));
  const open = needs.map((on) => on.length);
  const dependents = tasks.map((): number[] => []);
  for (const [index, on] of needs.entries()) for (const one of on) dependents[one]!.push(index);
  const free = open.flatMap((count, index) => (count === 0 ? [index] : []));
  const left = new Set(tasks.keys());
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    left.delete(next);
    for (const dependent of dependents[next]!) {
      open[dependent]! -= 1;
      if (open[dependent] === 0) free.push(dependent);
    }
  }
  const [start] = left;
  if (start === undefined) return null;
  const way: number[] = [];
  const seen = new Map<number, number>();
  for (let at = start; ; at = needs[at]!.find((on) => left.has(on))!) {
    const before = seen.get(at);
    way.push(at);
    if (before !== undefined) return way.slice(before);
    seen.set(at, way.length - 1);
  }
}
