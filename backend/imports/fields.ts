// The words that plans are written with: what a label, a heading and a table column mean.
import { normal } from './inline.ts';

export type FieldKind =
  'key' | 'agent' | 'title' | 'task' | 'tools' | 'output' | 'criteria' | 'depends' | 'limit' | 'floor';

const labels: Record<FieldKind, readonly string[]> = {
  key: ['id|key|task id|task key|ref'],
  agent: [
    'agent|agent name|assigned agent|assigned to|assignee|owner|worker|run by|who|responsible|role',
    'performed by',
  ],
  title: ['title|name|task name|task title'],
  task: [
    'micro task|microtask|micro tasks|task|task description|mission|mandate|goal|objective|instructions',
    'instruction|prompt|description|assignment|job|work|what|what to do|action|brief|to do|todo|current task',
  ],
  tools: ['mcp tools|mcp tool|mcp|tools|tool|tooling|tools to use|mcp servers|allowed tools|toolset'],
  output: [
    'output|outputs|output file|deliverable|deliverables|report|artifact|artifacts|artefact|artefacts|result',
    'results|deliver to|delivers|produces|expected output|output path|writes',
  ],
  criteria: [
    'success criteria|success criterion|acceptance criteria|acceptance criterion|acceptance|criteria',
    'done when|definition of done|exit criteria|complete when|completion criteria|completed when|success',
    'verification',
    'success when|checks',
  ],
  depends: [
    'depends on|depends|dependencies|dependency|depends upon|requires|required|blocked by|needs',
    'prerequisites|prerequisite|waits for|wait for|after|follows|predecessors|predecessor|runs after',
    'needs input from|input from',
  ],
  limit: [
    'time limit|limit|time|timebox|time box|timeboxed|max time|maximum time|timeout|duration|time budget',
    'time allowed|max duration|maximum duration|time limit minutes|time limit seconds',
  ],
  floor: [
    'min active|minimum active|minimum active agents|min active agents|active agents|floor|minimum agents',
    'agents active|minimum running|min running',
  ],
};

const kinds = new Map<string, FieldKind>(
  Object.entries(labels).flatMap(([kind, lists]) =>
    lists.flatMap((list) => list.split('|').map((word) => [word, kind as FieldKind] as const)),
  ),
);

const repeated: ReadonlySet<FieldKind> = new Set(['tools', 'output', 'criteria', 'depends']);

/** What a label names, whatever its case, pictures and markup; null when it is none of ours. */
export function fieldKind(label: string): FieldKind | null {
  if (label.length > 80) return null;
  const words = normal(label);
  const known = kinds.get(words);
  if (known !== undefined) return known;
  // "Output 2" is an output; "Agent 2" and "agent-2" are names.
  const counted = /\s\d+$/.test(label.trim()) ? kinds.get(words.replace(/ \d+$/, '')) : undefined;
  return counted !== undefined && repeated.has(counted) ? counted : null;
}

/** Kinds that only a task has; the others stand in the head of a plan as well. */
export const taskOnly: ReadonlySet<FieldKind> = new Set(['task', 'tools', 'agent']);

export type SectionClass = 'tasks' | 'criteria' | 'dependencies' | 'other';

/** Any of the words, as whole words of a name in normal form. */
function anyOf(...lists: string[]): RegExp {
  return new RegExp(`\\b(?:${lists.join('|')})\\b`);
}

const CRITERIA = anyOf(
  '(?:success|acceptance|exit|completion) criteri(?:a|on)|acceptance|deliverables?|outcomes?',
  'done when|completed? when|completed? if|definition of done|finished when',
);
const GROUP = '(?:wave|phase|stage|step|batch|round|sprint|iteration|week|day|part|track|milestone|group)s?';
const COUNTED_GROUP = new RegExp(`^${GROUP} (?:\\d+|[ivx]+|[a-z]|one|two|three|four|five|six)\\b`);
const DEPENDENCIES = anyOf(
  'dependenc(?:y|ies)|depends|execution order|order of (?:work|execution)',
  '(?:task|work|workflow|execution|plan|agent) graph',
);
const OTHER = anyOf(
  'protocols?|hand ?offs?|communications?|coordination|overview|summary|background|context|status|timeline',
  'budget|costs?|risks?|rules?|metrics?|notes?|principles?|guidelines?|about|introduction|references?',
  'factors?|appendix|glossary|contacts?|escalations?|scope|assumptions?|flow|goals?|objectives?',
  'configuration|schedule|settings|never wait|always|floor|constraints?',
  'strategy|reporting|next actions?|how (?:to|we|it|the)',
);
const TASKS = anyOf(
  'waves?|phases?|stages?|steps?|batch(?:es)?|rounds?|agents?|(?:micro ?)?tasks?|deployments?|work items?',
  'queue|assignments?|backlog|roster|team|workstreams?|follow ups?|jobs?|actions?|activities|work packages?',
);

/** What a section's heading says about what stands below it; null when it says nothing. */
export function sectionClass(title: string): SectionClass | null {
  const words = normal(title.slice(0, 300));
  if (CRITERIA.test(words)) return 'criteria';
  if (COUNTED_GROUP.test(words)) return 'tasks';
  if (DEPENDENCIES.test(words)) return 'dependencies';
  if (OTHER.test(words)) return 'other';
  return TASKS.test(words) ? 'tasks' : null;
}

/** A wave, a phase, a stage: a group that a dependency may name as a whole. */
export function isGroup(title: string): boolean {
  return COUNTED_GROUP.test(normal(title.slice(0, 300)));
}
