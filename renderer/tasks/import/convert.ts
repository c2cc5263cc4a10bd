// A row of a file as the task that it would create, or why it would not: by line and field, with what mends it. Pure.
import { taskInput } from '../../../shared/task.ts';
import type { ImportField, Mapping } from './fields.ts';
import type { SourceRow } from './source.ts';

export interface Refusal {
  line: number;
  /** Null: the row as a whole. */
  field: string | null;
  message: string;
}

export interface KnownAgent {
  id: string;
  name: string;
  status: string;
}

export type Converted = { input: Record<string, unknown> } | { refusals: Refusal[] };

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is wrong with a value where the schema's own words are those of a program. */
const fixes: Partial<Record<string, string>> = {
  title: 'Write a title.',
  instructions: 'Write a text.',
  capabilities: 'Write names, separated by semicolons.',
  priority: 'Write a whole number from 0 to 9.',
  queue: 'Write the name of a queue, at most 60 characters.',
  runAt: 'Write a time such as 2026-11-20T14:00:00Z.',
  timeLimitSeconds: 'Write whole seconds, at most 86,400 (a day).',
  maxAttempts: 'Write a whole number from 1 to 100.',
  kind: 'Write “work” or “approval”.',
  dependsOn: 'Write ids of tasks, separated by spaces.',
  retry: 'Write a policy such as {"initialSeconds": 10, "factor": 2}.',
};

export function convertRow(row: SourceRow, mapping: Mapping, agents: ReadonlyMap<string, KnownAgent>): Converted {
  const { line } = row;
  if (row.problem !== undefined) return { refusals: [{ line, field: null, message: row.problem }] };
  const input: Record<string, unknown> = {};
  const refusals: Refusal[] = [];
  for (const [index, field] of mapping.entries()) {
    const value = row.values[index];
    if (field === null || value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) continue;
    if (field !== 'agentId') input[field] = typeof value === 'string' ? read[field](value) : value;
    else {
      const agent = agentOf(value, agents);
      if (typeof agent === 'string') refusals.push({ line, field, message: agent });
      else input.agentId = agent.id;
    }
  }
  if (input.title === undefined) refusals.push({ line, field: 'title', message: 'Write a title.' });
  else refusals.push(...checked(input, line));
  if (input.agentId !== undefined && Array.isArray(input.capabilities) && input.capabilities.length > 0) {
    refusals.push({ line, field: 'capabilities', message: 'Leave them out where an agent is given.' });
  }
  return refusals.length > 0 ? { refusals } : { input };
}

function checked(input: Record<string, unknown>, line: number): Refusal[] {
  const { error } = taskInput.safeParse(input);
  return (error?.issues ?? []).map(({ path, message, code }) => {
    const field = path[0] === undefined ? null : String(path[0]);
    const ours = code === 'custom' || (code === 'too_big' && typeof input[field ?? ''] === 'string') || /^(Write|Remove|Shorten|List)/.test(message);
    return { line, field, message: ours ? message : ((field === null ? undefined : fixes[field]) ?? message) };
  });
}

const same = (text: string): unknown => text;
const trimmed = (text: string): unknown => text.trim();
const listOf = (separators: RegExp) => (text: string): unknown =>
  text.split(separators).map((part) => part.trim()).filter((part) => part !== '');
/** A figure; a text that is none is left for the schema to refuse. */
const figure = (text: string): unknown => (Number.isNaN(Number(text)) ? text : Number(text));
const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** How a text of a CSV is read as each field. */
const read: Record<Exclude<ImportField, 'agentId'>, (text: string) => unknown> = {
  title: trimmed,
  instructions: same,
  capabilities: listOf(/[;,|]/),
  priority: figure,
  queue: trimmed,
  runAt: trimmed,
  timeLimitSeconds: figure,
  maxAttempts: figure,
  kind: (text) => text.trim().toLowerCase(),
  dependsOn: listOf(/[\s;,|]+/),
  retry: json,
};

/** The agent of that name or id, or why there is none. */
function agentOf(value: unknown, agents: ReadonlyMap<string, KnownAgent>): KnownAgent | string {
  if (typeof value !== 'string') return 'Write the name of an agent.';
  const asked = value.trim();
  const agent = agents.get(asked.toLowerCase());
  if (agent?.status === 'retired') return `${agent.name} is retired. Name another agent.`;
  if (agent) return agent;
  if (uuid.test(asked)) return 'There is no agent with this id. Use the name of one that is there.';
  return `There is no agent “${asked.slice(0, 60)}”. Create it first, or use the name of one that is there.`;
}

/** By name and by id, whatever the case. */
export function agentsByName(agents: readonly KnownAgent[]): Map<string, KnownAgent> {
  return new Map(agents.flatMap((agent) => [[agent.id.toLowerCase(), agent] as const, [agent.name.toLowerCase(), agent] as const]));
}
