// Who does a task and what it is called: from its heading, the name before its description, or its fields.
import type { Draft } from './draft.ts';
import { isSlug, normal, plain, splitLabel, unnumber } from './inline.ts';
import { limitIn } from './limits.ts';

export interface Head {
  number: string | null;
  id: string | null;
  name: string;
  /** What stands behind the name on the same line. */
  description: string;
  /** "Agent 3: name" and "Task 3: name" say which of the two a name is. */
  says: 'agent' | 'task' | null;
  limitSeconds: number | null;
}

const AGENT_PREFIX = /^(?:sub-?)?agent\s*(?:#?\s?([\p{L}\p{N}]{1,4}))?\s*(?:[:.–—]|-(?=\s))\s*(\S.*)$/iu;
const TASK_WORD = '(?:micro-?\\s?task|task|step|work item|job|ticket)';
const TASK_PREFIX = new RegExp(
  `^${TASK_WORD}\\s*(?:#?\\s?([\\p{L}\\p{N}.]{1,8}?))?\\s*(?:[:.–—]|-(?=\\s))\\s*(\\S.*)$`,
  'iu',
);
const ID_PREFIX = /^([A-Z]{1,5}-?\d{1,4}[a-z]?)\s*(?:[:.–—]|-(?=\s))\s*(\S.*)$/u;

/** Reads a heading or the first line of a list item. */
export function headOf(text: string): Head {
  const counted = unnumber(text.slice(0, 2000));
  const outer = unmarked(counted.name);
  const inner = counted.number === null ? unnumber(outer) : { number: counted.number, name: outer };
  const limited = limitIn(inner.name);
  const head: Head = {
    number: inner.number,
    id: null,
    name: limited.rest,
    description: '',
    says: null,
    limitSeconds: limited.seconds,
  };
  const bare = plain(head.name);
  if (isSlug(bare)) return { ...head, name: bare };
  const agent = AGENT_PREFIX.exec(head.name);
  const task = agent === null ? TASK_PREFIX.exec(head.name) : null;
  const id = agent === null && task === null ? ID_PREFIX.exec(head.name) : null;
  if (agent !== null)
    Object.assign(head, { says: 'agent', number: agent[1] ?? head.number, name: agent[2]! });
  if (task !== null) Object.assign(head, { says: 'task', number: task[1] ?? head.number, name: task[2]! });
  if (id !== null) Object.assign(head, { id: id[1]!, name: id[2]! });
  return described(head);
}

/** `**1. name**` as `1. name`, when the bold ends where the text does. */
function unmarked(text: string): string {
  const match = /^(\*\*|__)([^*_].*)\1$/s.exec(text);
  return match !== null && !match[2]!.includes(match[1]!) ? match[2]! : text;
}

/** Parts "name: description" and "name — description" where the name is written as one. */
function described(head: Head): Head {
  const labelled = splitLabel(head.name);
  if (
    labelled !== null &&
    labelled.value !== '' &&
    (labelled.bold || isSlug(labelled.label) || head.says === 'agent')
  ) {
    return { ...head, name: labelled.label, description: labelled.value };
  }
  const dash = /^(`?[\p{L}\p{N}_.-]{1,80}`?)\s+(?:[–—]|-{1,2})\s+(\S.*)$/su.exec(head.name);
  if (dash !== null && (isSlug(plain(dash[1]!)) || dash[1]!.startsWith('`'))) {
    return { ...head, name: plain(dash[1]!), description: dash[2]! };
  }
  return { ...head, name: plain(head.name).replace(/\s*[:：]$/, '') };
}

/** Settles agent and title once all fields are read. `hint`: what a name without a sign is here. */
export function settleNames(draft: Draft, head: Head, hint: 'agent' | 'task'): void {
  draft.number ??= head.number;
  draft.id ??= head.id;
  draft.limitSeconds ??= head.limitSeconds;
  if (draft.agent !== null) {
    if (normal(draft.agent) !== normal(head.name) && draft.title === '') draft.title = head.name;
    return;
  }
  const short = head.name !== '' && head.name.split(' ').length <= 5;
  if (head.says === 'agent' || (head.says === null && isSlug(head.name))) draft.agent = head.name;
  else if (head.says === null && hint === 'agent' && short && draft.task !== '') draft.agent = head.name;
  else if (draft.title === '') draft.title = head.name;
}
