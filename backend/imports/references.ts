// Finds the task that a name means: its key, its heading, its agent, its title, its number, or a whole wave.
import type { Draft } from './draft.ts';
import { isGroup } from './fields.ts';
import { normal } from './inline.ts';

export interface References {
  /** All tasks that the name means: one, or those of a wave; none when it is unknown. */
  find(name: string): Draft[];
  /** As `find`, and besides whatever a shortened or extended name can only mean. */
  guess(name: string): Draft[];
  /** The name is that of more than one task, and none has it as its own key. */
  isAmbiguous(name: string): boolean;
}

/** Looking through all tasks for a part of a name is for people's documents, not for hostile ones. */
const MOST_GUESSES = 500;
const NUMBER = /^(?:(?:task|agent|step|no|number|item|job) )?(\d{1,4}(?: \d{1,3}){0,3})$/;

/** `keys` are those the drafts will have in the plan. */
export function referencesTo(drafts: readonly Draft[], keys: ReadonlyMap<Draft, string>): References {
  const byName = new Map<string, Set<Draft>>();
  const byKey = new Map<string, Draft>();
  const byNumber = new Map<string, Set<Draft>>();
  const byGroup = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = normal(keys.get(draft) ?? '');
    if (!byKey.has(key)) byKey.set(key, draft);
    for (const name of [draft.id, draft.name, draft.agent, draft.title])
      enter(byName, normal(name ?? ''), draft);
    enter(byNumber, normal(draft.number ?? ''), draft);
    for (const group of draft.groups) {
      const title = normal(group);
      const members = byGroup.get(title);
      if (members === undefined) byGroup.set(title, [draft]);
      else members.push(draft);
    }
  }
  const names = drafts.map((draft) => ({ draft, name: normal(draft.name) }));
  let guesses = 0;
  const find = (name: string): Draft[] => {
    const wanted = normal(name);
    if (wanted === '') return [];
    const exact = byKey.get(wanted) ?? byName.get(wanted)?.values().next().value;
    if (exact !== undefined) return [exact];
    const number = NUMBER.exec(wanted)?.[1];
    const numbered = number === undefined ? undefined : byNumber.get(number);
    if (numbered?.size === 1) return [...numbered];
    return groupOf(wanted, byGroup);
  };
  return {
    find,
    guess(name) {
      const found = find(name);
      const wanted = normal(name);
      if (found.length > 0 || wanted.length < 4 || guesses >= MOST_GUESSES) return found;
      guesses += 1;
      const similar = names.filter(({ name }) => isPartOf(wanted, name));
      return similar.length === 1 ? [similar[0]!.draft] : [];
    },
    isAmbiguous(name) {
      const wanted = normal(name);
      return !byKey.has(wanted) && (byName.get(wanted)?.size ?? 0) > 1;
    },
  };
}

function enter(index: Map<string, Set<Draft>>, name: string, draft: Draft): void {
  if (name === '') return;
  const known = index.get(name);
  if (known === undefined) index.set(name, new Set([draft]));
  else known.add(draft);
}

function groupOf(wanted: string, groups: ReadonlyMap<string, Draft[]>): Draft[] {
  const exact = groups.get(wanted);
  if (exact !== undefined) return exact;
  if (!isGroup(wanted)) return [];
  const named = [...groups].filter(([title]) => title.startsWith(`${wanted} `));
  return named.length === 1 ? named[0]![1] : [];
}

/** "integration" for "integration analyst", or "report of the integration analyst". */
function isPartOf(wanted: string, name: string): boolean {
  if (name.length < 4) return false;
  return ` ${name} `.includes(` ${wanted} `) || (name.includes(' ') && ` ${wanted} `.includes(` ${name} `));
}
