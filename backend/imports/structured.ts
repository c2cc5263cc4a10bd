// Reads a plan from JSON or YAML: the plan's own shape, or the same with names that people give to fields.
import { DEFAULT_TIME_LIMIT_SECONDS, MAX_PLAN_TASKS } from '../../shared/plan.ts';
import type { PlannedPlan, PlannedTask } from '../../shared/plan.ts';
import { AppError } from '../../shared/errors.ts';
import type { FieldError } from '../../shared/errors.ts';
import { clamp, fit, HIGHEST_FLOOR, LONGEST_DAY, most, MOST } from './assemble.ts';
import { cycleText, withoutCycles } from './cycles.ts';
import { normal, slug } from './inline.ts';
import { durationOf } from './limits.ts';
import { UNTITLED } from './markdown.ts';
import { cleanValue, refuse } from './source.ts';
import type { Path, Structure } from './structure.ts';
import { quote } from './warnings.ts';
import type { Warnings } from './warnings.ts';

type Names = Record<string, readonly string[]>;

const planNames = {
  name: ['name', 'title', 'planname'],
  minActive: ['minactive', 'floor', 'minactiveagents', 'minimumactive', 'activeagents'],
  timeLimitSeconds: ['timelimitseconds'],
  timeLimit: ['timelimit', 'timelimitminutes', 'timebox'],
  tasks: ['tasks', 'agents', 'microtasks', 'steps'],
  successCriteria: ['successcriteria', 'criteria', 'deliverables', 'acceptancecriteria'],
} as const satisfies Names;

const taskNames = {
  key: ['key', 'id'],
  title: ['title', 'name'],
  agent: ['agent', 'agentname', 'assignee'],
  instructions: ['instructions', 'microtask', 'task', 'prompt', 'description'],
  output: ['output', 'deliverable', 'outputfile', 'report'],
  tools: ['tools', 'mcptools'],
  successCriteria: ['successcriteria', 'criteria', 'acceptancecriteria'],
  dependsOn: ['dependson', 'dependencies', 'depends', 'needs', 'after'],
  timeLimitSeconds: ['timelimitseconds'],
  timeLimit: ['timelimit', 'timelimitminutes', 'timebox'],
} as const satisfies Names;

interface Reading {
  structure: Structure;
  warnings: Warnings;
  errors: FieldError[];
  unknown: Set<string>;
}

/** A value and its path in the document as sent. */
interface Found {
  path: Path;
  value: unknown;
}

const MOST_ERRORS = 50;

export function readStructured(
  structure: Structure,
  name: string | undefined,
  warnings: Warnings,
): PlannedPlan {
  const reading: Reading = { structure, warnings, errors: [], unknown: new Set() };
  for (const { key, line } of structure.duplicates)
    warnings.add(line, `The key ${quote(key)} is given twice; the last one counts.`, 'duplicate-key');
  const root = rootOf(structure.value);
  const fields = fieldsOf(root, planNames, reading);
  const tasks = tasksOf(fields.tasks, reading);
  const limit = limitOf(fields, { path: root.path, otherwise: DEFAULT_TIME_LIMIT_SECONDS }, reading);
  const read = tasks.map((task) =>
    taskOf(task, { limit, isAgent: fields.tasks?.path.at(-1) === 'agents' }, reading),
  );
  const plan: PlannedPlan = {
    name: nameOf(name, fields.name, reading),
    minActive: numberOf(
      fields.minActive,
      { min: 0, max: HIGHEST_FLOOR, what: 'A floor', otherwise: 0 },
      reading,
    ),
    timeLimitSeconds: limit,
    tasks: connected(read, tasks, reading),
    successCriteria: textsOf(
      fields.successCriteria,
      { max: MOST.planCriteria, length: 1000, what: 'criteria' },
      reading,
    ),
  };
  if (reading.errors.length > 0) {
    const fieldErrors = reading.errors.slice(0, MOST_ERRORS);
    const first = fieldErrors[0]!;
    const more = reading.errors.length > 1 ? ` ${reading.errors.length} fields need a look.` : '';
    throw new AppError('validation_failed', `${first.path}: ${first.message}${more}`, {
      details: { fields: fieldErrors },
    });
  }
  return plan;
}

/** `{plan: {...}}`, as a preview is exported, the plan itself, or only its tasks. */
function rootOf(value: unknown): Found {
  if (Array.isArray(value)) return { path: [], value: { tasks: value } };
  if (!isRecord(value))
    throw refuse('The document is no plan. Write an object with "name" and a list of "tasks".');
  const inner = Object.hasOwn(value, 'plan') ? value['plan'] : undefined;
  return isRecord(inner) ? { path: ['plan'], value: inner } : { path: [], value };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Picks the known fields, whatever the case and the underscores of their names; tells once of each other. */
function fieldsOf<Known extends Names>(
  found: Found,
  names: Known,
  reading: Reading,
): Partial<Record<keyof Known, Found>> {
  const fields: Partial<Record<keyof Known, Found>> = {};
  if (!isRecord(found.value)) return fields;
  for (const [key, value] of Object.entries(found.value)) {
    const bare = key
      .slice(0, 100)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
    const known = Object.keys(names).find((field) => names[field]?.includes(bare)) as keyof Known | undefined;
    const path = [...found.path, key];
    const isFirst = known !== undefined && (fields[known] === undefined || key === known);
    if (isFirst && value !== null && value !== undefined) fields[known] = { path, value };
    else if (known === undefined && key !== 'warnings' && !reading.unknown.has(key)) {
      reading.unknown.add(key);
      reading.warnings.add(
        reading.structure.lineOf(path),
        `${quote(key)} is no field of a plan; it was left out.`,
        'unknown-field',
      );
    }
  }
  return fields;
}

function tasksOf(found: Found | undefined, reading: Reading): Found[] {
  if (found === undefined)
    throw refuse('No task was found in the document. Give the plan a list of "tasks".', 'tasks');
  const path = found.path;
  // `tasks: {a: {...}}`: the names are keys.
  const values = isRecord(found.value)
    ? Object.entries(found.value).map(([key, value]) => ({
        path: [...path, key],
        value: isRecord(value) && !('key' in value) ? { key, ...value } : value,
      }))
    : Array.isArray(found.value)
      ? found.value.map((value: unknown, index) => ({ path: [...path, index], value }))
      : [];
  if (values.length === 0)
    throw refuse(
      'No task was found in the document. Give the plan a list of "tasks" with at least one in it.',
      path.join('.'),
    );
  return most(
    values,
    { max: MAX_PLAN_TASKS, what: 'tasks', line: reading.structure.lineOf(path) },
    reading.warnings,
  );
}

function fail(reading: Reading, path: Path, message: string): void {
  reading.errors.push({ path: path.join('.'), message });
}

function taskOf(
  found: Found,
  plan: { limit: number; isAgent: boolean },
  reading: Reading,
): PlannedTask & { given: boolean } {
  if (!isRecord(found.value))
    fail(reading, found.path, 'Write a task as an object with "key", "title" and "agent".');
  const fields = fieldsOf(found, taskNames, reading);
  const line = reading.structure.lineOf(found.path);
  const named = plan.isAgent && fields.agent === undefined ? fields.title : undefined;
  const agent = lineText(named ?? fields.agent, { max: 80, what: 'The name of an agent' }, reading);
  const title =
    named === undefined ? lineText(fields.title, { max: 200, what: 'The title of a task' }, reading) : '';
  const instructions = longText(fields.instructions, { max: 200_000, what: 'The text of a task' }, reading);
  const output = longText(fields.output, { max: 500, what: 'An output' }, reading);
  const key = lineText(fields.key, { max: 120, what: 'A key' }, reading);
  const first = fit(
    instructions
      .split('\n')
      .find((text) => text.trim() !== '')
      ?.trim() ?? '',
    { max: 200, what: 'The title of a task', line },
    reading.warnings,
  );
  const shownTitle = title || first || agent || key;
  if (shownTitle === '' && isRecord(found.value))
    fail(reading, [...found.path, 'title'], 'Give the task a title.');
  if (agent === '')
    reading.warnings.add(
      line,
      `${quote(shownTitle)} names no agent; it goes to the coordinator.`,
      'coordinator',
    );
  return {
    key: key || slug(agent || title || first),
    given: key !== '',
    title: shownTitle,
    agent: agent === '' ? null : agent,
    instructions: instructions === '' && fields.instructions === undefined ? shownTitle : instructions,
    output: output === '' ? null : output,
    tools: textsOf(fields.tools, { max: MOST.tools, length: 500, what: 'tools' }, reading),
    successCriteria: textsOf(
      fields.successCriteria,
      { max: MOST.taskCriteria, length: 1000, what: 'criteria' },
      reading,
    ),
    dependsOn: textsOf(fields.dependsOn, { max: MOST.dependsOn, length: 200, what: 'dependencies' }, reading),
    timeLimitSeconds: limitOf(fields, { path: found.path, otherwise: plan.limit }, reading),
  };
}

function nameOf(given: string | undefined, found: Found | undefined, reading: Reading): string {
  const name = given ?? lineText(found, { max: 200, what: 'The name of the plan' }, reading);
  if (name === '') reading.warnings.add(0, `The plan has no name; it is called ${UNTITLED}.`);
  return name || UNTITLED;
}

function stringOf(found: Found | undefined, reading: Reading): string {
  if (found === undefined) return '';
  if (typeof found.value === 'string') {
    const text = cleanValue(found.value);
    if (text !== found.value)
      reading.warnings.add(
        reading.structure.lineOf(found.path),
        'Control characters were removed.',
        'control',
      );
    return text;
  }
  if (typeof found.value === 'number' || typeof found.value === 'boolean') return String(found.value);
  fail(reading, found.path, 'Write a text here.');
  return '';
}

function lineText(found: Found | undefined, bounds: { max: number; what: string }, reading: Reading): string {
  const text = stringOf(found, reading)
    .replace(/\s*[\r\n\t]\s*/g, ' ')
    .trim();
  return fit(text, { ...bounds, line: reading.structure.lineOf(found?.path ?? []) }, reading.warnings);
}

function longText(found: Found | undefined, bounds: { max: number; what: string }, reading: Reading): string {
  return fit(
    stringOf(found, reading),
    { ...bounds, line: reading.structure.lineOf(found?.path ?? []) },
    reading.warnings,
  );
}

/** A list of texts; one text alone is a list of one. */
function textsOf(
  found: Found | undefined,
  bounds: { max: number; length: number; what: string },
  reading: Reading,
): string[] {
  if (found === undefined) return [];
  if (!Array.isArray(found.value) && typeof found.value !== 'string') {
    fail(reading, found.path, 'Write a list of texts here.');
    return [];
  }
  const values: unknown[] = Array.isArray(found.value) ? found.value : [found.value];
  const texts = values.map((value, index) => {
    const path = Array.isArray(found.value) ? [...found.path, index] : found.path;
    return longText(
      { path, value: value ?? '' },
      { max: bounds.length, what: `One of the ${bounds.what}` },
      reading,
    );
  });
  const kept = texts.filter((text) => text.trim() !== '');
  return most(
    kept,
    { max: bounds.max, what: bounds.what, line: reading.structure.lineOf(found.path) },
    reading.warnings,
  );
}

function numberOf(
  found: Found | undefined,
  bounds: { min: number; max: number; what: string; otherwise: number },
  reading: Reading,
): number {
  if (found === undefined) return bounds.otherwise;
  const value =
    typeof found.value === 'string' && /^\s*-?\d{1,9}(?:\.\d+)?\s*$/.test(found.value)
      ? Number(found.value)
      : found.value;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    fail(reading, found.path, `Write a whole number from ${bounds.min} to ${bounds.max}.`);
    return bounds.otherwise;
  }
  return clamp(value, { ...bounds, line: reading.structure.lineOf(found.path) }, reading.warnings);
}

type LimitFields = { timeLimitSeconds?: Found; timeLimit?: Found };

/** `timeLimitSeconds: 900`, or `timeLimit: 15 min`; a bare number there is minutes. */
function limitOf(fields: LimitFields, at: { path: Path; otherwise: number }, reading: Reading): number {
  const bounds = { min: 1, max: LONGEST_DAY, what: 'A time limit in seconds', otherwise: at.otherwise };
  const { timeLimit } = fields;
  if (fields.timeLimitSeconds !== undefined || timeLimit === undefined)
    return numberOf(fields.timeLimitSeconds, bounds, reading);
  const seconds =
    typeof timeLimit.value === 'number'
      ? timeLimit.value * 60
      : typeof timeLimit.value === 'string'
        ? durationOf(timeLimit.value)
        : null;
  if (seconds === null) {
    fail(reading, timeLimit.path, 'Write a time limit such as "15 min", or "timeLimitSeconds": 900.');
    return at.otherwise;
  }
  return numberOf({ path: timeLimit.path, value: seconds }, bounds, reading);
}

/** Checks keys and dependencies, and drops what closes a cycle. */
function connected(
  tasks: readonly (PlannedTask & { given: boolean })[],
  found: readonly Found[],
  reading: Reading,
): PlannedTask[] {
  const keyed = uniqueKeys(tasks, found, reading);
  const keys = new Set(keyed.map(({ key }) => key));
  const others = new Map<string, Set<string>>();
  for (const { key, title, agent } of keyed) {
    for (const name of [key, title, agent ?? ''])
      others.set(normal(name), (others.get(normal(name)) ?? new Set()).add(key));
  }
  const resolved = keyed.map((task, index): PlannedTask => {
    const dependsOn = task.dependsOn.flatMap((name, place) => {
      if (keys.has(name)) return [name];
      const same = others.get(normal(name));
      if (same?.size === 1) return [...same];
      fail(
        reading,
        [...(found[index]?.path ?? []), 'dependsOn', place],
        `No task has the key ${quote(name)}. Write the key of one of the tasks.`,
      );
      return [];
    });
    return { ...task, dependsOn };
  });
  const places = new Map(keyed.map(({ key }, index) => [key, index]));
  return withoutCycles(resolved, (cycle, { task, on }) => {
    const line = reading.structure.lineOf([...(found[places.get(task) ?? 0]?.path ?? []), 'dependsOn']);
    if (cycle.length === 1)
      reading.warnings.add(line, `${quote(task)} depends on itself; that was left out.`, 'cycle');
    else
      reading.warnings.add(
        line,
        `${quote(task)} after ${quote(on)} closes a cycle and was left out: ${cycleText(cycle)}.`,
        'cycle',
      );
  });
}

/** A key that was given twice is refused, since dependencies name it; a derived one is counted up. */
function uniqueKeys(
  tasks: readonly (PlannedTask & { given: boolean })[],
  found: readonly Found[],
  reading: Reading,
): PlannedTask[] {
  const taken = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const [index, { key, given }] of tasks.entries()) {
    if (!given) continue;
    const first = taken.get(key);
    if (first === undefined) taken.set(key, index);
    else
      fail(
        reading,
        [...(found[index]?.path ?? []), 'key'],
        `The key ${quote(key)} is that of task ${first} already. Give each task a key of its own.`,
      );
  }
  return tasks.map(({ given, ...task }, index) => {
    if (given) return task;
    let key = task.key;
    for (let count = counts.get(task.key) ?? 2; taken.has(key); count += 1) {
      key = `${task.key}-${count}`;
      counts.set(task.key, count + 1);
    }
    taken.set(key, index);
    return { ...task, key };
  });
}
