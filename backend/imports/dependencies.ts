// Which task waits for which: from the Mermaid graph, from "Depends on" fields, from sentences that say so.
import { MAX_PLAN_TASKS } from '../../shared/plan.ts';
import type { Draft } from './draft.ts';
import { newDraft } from './draft.ts';
import { isSlug, normal, plain, slug, splitLabel } from './inline.ts';
import type { Diagram, DiagramNode } from './mermaid.ts';
import type { Line } from './outline.ts';
import { referencesTo } from './references.ts';
import type { References } from './references.ts';
import { namesOf } from './values.ts';
import { count, quote } from './warnings.ts';
import type { Warnings } from './warnings.ts';

export interface PlacedDiagram {
  diagram: Diagram;
  /** It stands under a heading about dependencies or tasks. */
  expected: boolean;
}

export interface DraftEdge {
  task: Draft;
  on: Draft;
  line: number;
}

export interface Dependencies {
  /** Those of the document and those that only the graph names. */
  drafts: Draft[];
  keys: Map<Draft, string>;
  edges: DraftEdge[];
}

const TERMINAL = /^(?:start|begin|end|stop|done|finish|finished|complete|completed|go)$/;

/** Unique keys in the order of the tasks: `name`, `name-2`. */
export function keysOf(drafts: readonly Draft[], warnings: Warnings): Map<Draft, string> {
  const keys = new Map<Draft, string>();
  const taken = new Set<string>();
  const next = new Map<string, number>();
  for (const draft of drafts) {
    const base = slug(
      [draft.id, draft.name, draft.title, draft.agent, draft.task].find((name) => plain(name ?? '') !== '') ??
        '',
    );
    let key = base;
    for (let number = next.get(base) ?? 2; taken.has(key); number += 1) {
      key = `${base}-${number}`;
      next.set(base, number + 1);
    }
    if (key !== base)
      warnings.add(
        draft.line,
        `The name ${quote(draft.name || base)} is used before; this task has the key ${quote(key)}.`,
        'duplicate',
      );
    taken.add(key);
    keys.set(draft, key);
  }
  return keys;
}

/** Resolves all names; what cannot be resolved gets a warning and no edge. */
export function dependenciesOf(
  drafts: readonly Draft[],
  sources: { diagrams: readonly PlacedDiagram[]; relations: readonly Line[] },
  warnings: Warnings,
): Dependencies {
  const written = keysOf(drafts, warnings);
  const references = referencesTo(drafts, written);
  const edges: DraftEdge[] = [];
  const added: Draft[] = [];
  for (const placed of sources.diagrams) {
    const read = readDiagram(placed, { drafts, references }, warnings);
    edges.push(...read.edges);
    added.push(...read.added);
  }
  const all = [...drafts, ...added];
  const keys = added.length === 0 ? written : keysOf(all, warnings);
  const complete = added.length === 0 ? references : referencesTo(all, keys);
  for (const draft of all) edges.push(...fieldEdges(draft, complete, warnings));
  edges.push(...relationEdges(sources.relations, complete, warnings));
  if (edges.length === 0 && all.length > 1) {
    warnings.add(
      0,
      'The document names no dependencies: every task may start at once. The order of waves or phases ' +
        'makes none wait for another; add a Mermaid graph or "Depends on" fields if it should.',
    );
  }
  return { drafts: all, keys, edges };
}

/** Edges between the tasks that the nodes mean; nodes that mean none become tasks of their own. */
function readDiagram(
  { diagram, expected }: PlacedDiagram,
  known: { drafts: readonly Draft[]; references: References },
  warnings: Warnings,
): { edges: DraftEdge[]; added: Draft[] } {
  const { references } = known;
  const nodes = [...diagram.nodes.values()];
  const exact = nodes.some(
    (node) => references.find(node.label).length > 0 || references.find(node.id).length > 0,
  );
  if (!exact && (known.drafts.length > 0 || !expected)) {
    warnings.add(
      diagram.line,
      'This diagram names none of the tasks; it was not read as their dependencies.',
    );
    return { edges: [], added: [] };
  }
  for (const { line, message } of diagram.problems) warnings.add(line, message, 'diagram');
  const added = new Map<string, Draft>();
  const meant = new Map<string, Draft>();
  for (const node of nodes) {
    const found = added.get(normal(node.label)) ?? taskOf(node, references, warnings);
    if (found !== undefined) meant.set(node.id, found);
    else if (isTerminal(node, diagram)) {
      warnings.add(
        node.line,
        `${quote(node.label)} only marks where the graph begins or ends; it is no task.`,
        'diagram',
      );
    } else if (known.drafts.length + added.size >= MAX_PLAN_TASKS) {
      warnings.add(
        diagram.line,
        `A plan has at most ${count(MAX_PLAN_TASKS)} tasks; more nodes of the graph were left out.`,
      );
      break;
    } else {
      const draft = fromNode(node, known.drafts.length > 0, warnings);
      added.set(normal(node.label), draft);
      meant.set(node.id, draft);
    }
  }
  const edges = diagram.edges.flatMap(({ from, to, line }): DraftEdge[] => {
    const on = meant.get(from);
    const task = meant.get(to);
    return on === undefined || task === undefined ? [] : [{ task, on, line }];
  });
  return { edges, added: [...added.values()] };
}

function taskOf(node: DiagramNode, references: References, warnings: Warnings): Draft | undefined {
  const short = node.label.split(/[:(–—]/)[0] ?? '';
  const [exact] =
    [node.label, node.id, short].map((name) => references.find(name)).find((found) => found.length === 1) ??
    [];
  if (exact !== undefined) {
    if (references.isAmbiguous(node.label))
      warnings.add(
        node.line,
        `Several tasks are called ${quote(node.label)}; the first of them was taken.`,
        'ambiguous',
      );
    return exact;
  }
  const [guessed] = references.guess(node.label);
  if (guessed !== undefined)
    warnings.add(node.line, `${quote(node.label)} was read as the task ${quote(guessed.name)}.`, 'guess');
  return guessed;
}

function isTerminal(node: DiagramNode, diagram: Diagram): boolean {
  if (!TERMINAL.test(normal(node.label))) return false;
  return (
    !diagram.edges.some(({ to }) => to === node.id) || !diagram.edges.some(({ from }) => from === node.id)
  );
}

function fromNode(node: DiagramNode, besides: boolean, warnings: Warnings): Draft {
  const draft = newDraft(node.line, node.label, []);
  if (isSlug(node.label)) draft.agent = node.label;
  draft.title = node.label;
  if (besides) {
    warnings.add(
      node.line,
      `${quote(node.label)} stands only in the graph: it became a task whose instructions are its name.`,
      'graph-only',
    );
  }
  return draft;
}

function fieldEdges(task: Draft, references: References, warnings: Warnings): DraftEdge[] {
  return task.dependsOn.flatMap(({ text, line }) => {
    const found = resolved(text, line, { references, warnings });
    return found.filter((on) => on !== task || found.length === 1).map((on) => ({ task, on, line }));
  });
}

function resolved(text: string, line: number, at: { references: References; warnings: Warnings }): Draft[] {
  const name = text.replace(/\s*\([^()]{0,200}\)\s*$/, '');
  const found = at.references.guess(text).length > 0 ? at.references.guess(text) : at.references.guess(name);
  if (found.length === 0) {
    at.warnings.add(line, `No task is called ${quote(text)}; this dependency was left out.`, 'unknown-name');
  } else if (at.references.isAmbiguous(name)) {
    at.warnings.add(
      line,
      `Several tasks are called ${quote(name)}; the first of them was taken.`,
      'ambiguous',
    );
  } else if (
    found.length === 1 &&
    at.references.find(text).length === 0 &&
    at.references.find(name).length === 0
  ) {
    at.warnings.add(line, `${quote(text)} was read as the task ${quote(found[0]!.name)}.`, 'guess');
  }
  return found;
}

const WAITS =
  'depends (?:up)?on|requires|needs|waits for|follows|runs after|starts after|is blocked by|after|←|<-+';
const SENTENCE = new RegExp(`^(.{1,200}?)\\s+(?:${WAITS})\\s+(.+)$`, 'isu');
const ARROW = /\s*(?:→|⇒|-{1,2}>|=+>)\s*/u;

/** "b depends on a", "a → b → c", "b: a, c" where dependencies are listed. */
function relationEdges(relations: readonly Line[], references: References, warnings: Warnings): DraftEdge[] {
  return relations.flatMap(({ text, line }): DraftEdge[] => {
    const flat = plain(text.slice(0, 4000));
    const steps = flat.split(ARROW).filter((step) => step !== '');
    const sentence =
      steps.length > 1 ? null : (SENTENCE.exec(flat.replace(/\.$/, '')) ?? namedList(text, references));
    const at = { references, warnings };
    if (steps.length > 1) {
      const chain = steps.map((step) =>
        namesOf({ value: step, entries: [], line }).flatMap((name) => resolved(name.text, line, at)),
      );
      return chain
        .slice(1)
        .flatMap((tasks, index) =>
          tasks.flatMap((task) => (chain[index] ?? []).map((on) => ({ task, on, line }))),
        );
    }
    if (sentence === null) return [];
    const tasks = resolved(sentence[1], line, at);
    return namesOf({ value: sentence[2], entries: [], line }).flatMap((name) =>
      resolved(name.text, line, at).flatMap((on) => tasks.map((task) => ({ task, on, line }))),
    );
  });
}

function namedList(text: string, references: References): [string, string, string] | null {
  const labelled = splitLabel(text);
  if (labelled === null || references.find(labelled.label).length === 0) return null;
  return [text, labelled.label, labelled.value];
}
