// A task while it is read: what the document says of it, before names become keys and texts instructions.
import type { FieldKind } from './fields.ts';
import { plain } from './inline.ts';
import type { Block, Item, Line } from './outline.ts';

/** One field of a task: the text after its label and whatever is listed below it. */
export interface Field {
  kind: FieldKind | null;
  label: string;
  line: number;
  value: string;
  entries: Line[];
}

export interface Draft {
  line: number;
  /** The heading or the name in front of the description, without its number. */
  name: string;
  number: string | null;
  id: string | null;
  agent: string | null;
  title: string;
  /** The micro-task as written. */
  task: string;
  /** What stands in the task without a label of ours, as written. */
  notes: string[];
  tools: Line[];
  output: string | null;
  criteria: Line[];
  dependsOn: Line[];
  limitSeconds: number | null;
  limitLine: number | null;
  /** The titles of the sections around it: a dependency may name a whole wave. */
  groups: string[];
}

export function newDraft(line: number, name: string, groups: string[]): Draft {
  return {
    line,
    name,
    groups,
    number: null,
    id: null,
    agent: null,
    title: '',
    task: '',
    notes: [],
    tools: [],
    output: null,
    criteria: [],
    dependsOn: [],
    limitSeconds: null,
    limitLine: null,
  };
}

/** An item with all that is nested in it, as Markdown. */
export function itemText(item: Item): string {
  const head = item.lines.map(({ text }) => text).join('\n');
  const below = item.blocks.map((block) => indented(blockText(block))).filter((text) => text.trim() !== '');
  return [head, ...below].filter((text) => text !== '').join('\n');
}

/** A block as Markdown again: what a task's instructions carry on. */
export function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.lines.map(({ text }) => text).join('\n');
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered ? `${item.number ?? index + 1}.` : '-'} ${itemText(item)}`)
        .join('\n');
    case 'code':
      return `\`\`\`${block.language}\n${block.value}\n\`\`\``;
    case 'table':
      return block.rows.map((row) => `| ${row.map(({ text }) => text).join(' | ')} |`).join('\n');
  }
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Each item of a block as one entry; of a paragraph, each line. */
export function entriesOf(blocks: readonly Block[]): Line[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'list') return block.items.map((item) => ({ text: itemText(item), line: item.line }));
    if (block.kind === 'paragraph') return block.lines.filter(({ text }) => plain(text) !== '');
    if (block.kind === 'table')
      return block.rows
        .slice(1)
        .map((row) => ({ text: row.map(({ text }) => text).join(' · '), line: row[0]?.line ?? block.line }));
    return [{ text: block.value, line: block.line }];
  });
}
