// Makes the plan of what was read: keys for names, instructions from the parts, every value within its limit.
import { DEFAULT_TIME_LIMIT_SECONDS, MAX_PLAN_TASKS } from '../../shared/plan.ts';
import type { PlannedPlan, PlannedTask } from '../../shared/plan.ts';
import { cycleText, withoutCycles } from './cycles.ts';
import type { Dependencies } from './dependencies.ts';
import type { Draft } from './draft.ts';
import { plain } from './inline.ts';
import { limitIn } from './limits.ts';
import type { Line } from './outline.ts';
import { toolText } from './values.ts';
import { count, quote, shorten } from './warnings.ts';
import type { Warnings } from './warnings.ts';

export const LONGEST_DAY = 86_400;
export const HIGHEST_FLOOR = 1000;
export const MOST = { tools: 200, taskCriteria: 200, planCriteria: 500, dependsOn: 500 } as const;

/** A number inside its bounds; a warning when it was not. */
export function clamp(
  value: number,
  bounds: { min: number; max: number; what: string; line: number },
  warnings: Warnings,
): number {
  const { min, max, what, line } = bounds;
  const clamped = Math.min(max, Math.max(min, Math.round(value)));
  if (clamped !== value)
    warnings.add(line, `${what} of ${value} is out of range; ${clamped} was taken.`, 'clamped');
  return clamped;
}

/** A text inside its bound; a warning when it was cut. */
export function fit(
  value: string,
  bounds: { max: number; what: string; line: number },
  warnings: Warnings,
): string {
  if (value.length <= bounds.max) return value;
  warnings.add(
    bounds.line,
    `${bounds.what} is longer than ${count(bounds.max)} characters and was cut: ${quote(value, 40)}.`,
    'cut',
  );
  return shorten(value, bounds.max);
}

/** At most so many, each once; a warning for the rest. */
export function most<Value>(
  values: readonly Value[],
  bounds: { max: number; what: string; line: number },
  warnings: Warnings,
): Value[] {
  const unique = [...new Set(values)];
  if (unique.length > bounds.max) {
    warnings.add(bounds.line, `More than ${bounds.max} ${bounds.what}; the rest were left out.`, 'too-many');
  }
  return unique.slice(0, bounds.max);
}

export interface PlanWords {
  name: string;
  criteria: readonly Line[];
  floors: readonly { value: number; line: number }[];
  limits: readonly { value: number; line: number }[];
}

export function assemblePlan(words: PlanWords, read: Dependencies, warnings: Warnings): PlannedPlan {
  const limit = firstOf(words.limits, 'time limit', warnings);
  const floor = firstOf(words.floors, 'floor', warnings);
  const timeLimitSeconds =
    limit === null ? DEFAULT_TIME_LIMIT_SECONDS : limitOf(limit.value, limit.line, warnings);
  if (read.drafts.length > MAX_PLAN_TASKS) {
    warnings.add(
      read.drafts[MAX_PLAN_TASKS]?.line ?? 0,
      `A plan has at most ${count(MAX_PLAN_TASKS)} tasks; those from here on were left out.`,
    );
  }
  const drafts = read.drafts.slice(0, MAX_PLAN_TASKS);
  const dependsOn = dependsOnOf(drafts, read, warnings);
  const tasks = drafts.map((draft) =>
    taskOf(draft, { key: read.keys.get(draft) ?? '', timeLimitSeconds }, warnings),
  );
  const graph = tasks.map((task, index) => ({ ...task, dependsOn: dependsOn.get(drafts[index]!) ?? [] }));
  return {
    name: fit(plain(words.name), { max: 200, what: 'The name of the plan', line: 0 }, warnings),
    minActive:
      floor === null
        ? 0
        : clamp(floor.value, { min: 0, max: HIGHEST_FLOOR, what: 'A floor', line: floor.line }, warnings),
    timeLimitSeconds,
    tasks: broken(graph, read, warnings),
    successCriteria: criteriaTexts(words.criteria, MOST.planCriteria, warnings),
  };
}

function firstOf(
  found: PlanWords['floors'],
  what: string,
  warnings: Warnings,
): { value: number; line: number } | null {
  const [first, ...others] = found.toSorted((a, b) => a.line - b.line);
  const other = others.find(({ value }) => value !== first?.value);
  if (first !== undefined && other !== undefined) {
    warnings.add(
      other.line,
      `The document names more than one ${what}; that of line ${first.line} was taken.`,
    );
  }
  return first ?? null;
}

function limitOf(seconds: number, line: number, warnings: Warnings): number {
  return clamp(seconds, { min: 1, max: LONGEST_DAY, what: 'A time limit in seconds', line }, warnings);
}

function dependsOnOf(drafts: readonly Draft[], read: Dependencies, warnings: Warnings): Map<Draft, string[]> {
  const kept = new Set(drafts);
  const all = new Map<Draft, Set<string>>();
  for (const { task, on } of read.edges) {
    if (!kept.has(task) || !kept.has(on)) continue;
    const keys = all.get(task) ?? new Set<string>();
    all.set(task, keys.add(read.keys.get(on)!));
  }
  return new Map(
    [...all].map(([task, keys]) => [
      task,
      most([...keys], { max: MOST.dependsOn, what: 'dependencies', line: task.line }, warnings),
    ]),
  );
}

function broken(tasks: PlannedTask[], read: Dependencies, warnings: Warnings): PlannedTask[] {
  const lines = new Map(
    read.edges.map(({ task, on, line }) => [`${read.keys.get(task)}\n${read.keys.get(on)}`, line]),
  );
  return withoutCycles(tasks, (cycle, { task, on }) => {
    const line = lines.get(`${task}\n${on}`) ?? 0;
    if (cycle.length === 1)
      warnings.add(line, `${quote(task)} depends on itself; that was left out.`, 'cycle');
    else
      warnings.add(
        line,
        `${quote(task)} after ${quote(on)} closes a cycle and was left out: ${cycleText(cycle)}.`,
        'cycle',
      );
  });
}

function taskOf(
  draft: Draft,
  plan: { key: string; timeLimitSeconds: number },
  warnings: Warnings,
): PlannedTask {
  const { line } = draft;
  const title = titleOf(draft);
  const agent =
    draft.agent === null || draft.agent === ''
      ? null
      : fit(draft.agent, { max: 80, what: 'The name of an agent', line }, warnings);
  if (agent === null)
    warnings.add(line, `${quote(title)} names no agent; it goes to the coordinator.`, 'coordinator');
  const tools = draft.tools.map((tool) =>
    fit(toolText(tool.text), { max: 500, what: 'A tool', line: tool.line }, warnings),
  );
  return {
    key: plan.key,
    title: fit(title, { max: 200, what: 'The title of a task', line }, warnings),
    agent,
    instructions: fit(
      instructionsOf(draft, title, warnings),
      { max: 200_000, what: 'The text of a task', line },
      warnings,
    ),
    output: draft.output === null ? null : fit(draft.output, { max: 500, what: 'An output', line }, warnings),
    tools: most(
      tools.filter((tool) => tool !== ''),
      { max: MOST.tools, what: 'tools', line },
      warnings,
    ),
    successCriteria: criteriaTexts(draft.criteria, MOST.taskCriteria, warnings),
    dependsOn: [],
    timeLimitSeconds:
      draft.limitSeconds === null
        ? plan.timeLimitSeconds
        : limitOf(draft.limitSeconds, draft.limitLine ?? line, warnings),
  };
}

/** The title that the document gives, or else the first sentence of the micro-task without its limit. */
function titleOf(draft: Draft): string {
  if (plain(draft.title) !== '') return plain(draft.title);
  const first = draft.task.split('\n').find((text) => plain(text) !== '') ?? '';
  const text = plain(limitIn(first).rest.replace(/^[-*+]\s+/, ''));
  const sentence = text.length > 120 ? (/^.{20,190}?[.!?](?=\s)/u.exec(text)?.[0] ?? text) : text;
  return sentence || plain(draft.name) || plain(draft.agent ?? '') || 'Task';
}

/** The parts as the document has them; the labels are the only words that are ours. */
function instructionsOf(draft: Draft, title: string, warnings: Warnings): string {
  const parts = [
    draft.task,
    ...draft.notes,
    list('Tools', draft.tools),
    draft.output === null ? '' : `Output: ${draft.output}`,
    list('Success criteria', draft.criteria),
  ];
  if (draft.task === '' && draft.notes.length === 0) {
    if (draft.title === '')
      warnings.add(
        draft.line,
        `${quote(title)} says no micro-task; its instructions are what else it says.`,
        'no-task',
      );
    parts.unshift(title);
  }
  return parts.filter((part) => part.trim() !== '').join('\n\n');
}

function list(label: string, lines: readonly Line[]): string {
  return lines.length === 0 ? '' : `${label}:\n${lines.map(({ text }) => `- ${text}`).join('\n')}`;
}

function criteriaTexts(lines: readonly Line[], max: number, warnings: Warnings): string[] {
  const texts = lines.map(({ text, line }) =>
    fit(plain(text), { max: 1000, what: 'A criterion', line }, warnings),
  );
  return most(
    texts.filter((text) => text !== ''),
    { max, what: 'criteria', line: lines[0]?.line ?? 0 },
    warnings,
  );
}
