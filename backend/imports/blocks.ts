// Finds the labelled fields in a section's blocks, and what stands there without a label.
import { blockText, entriesOf, itemText } from './draft.ts';
import type { Field } from './draft.ts';
import { fieldKind } from './fields.ts';
import { plain, splitLabel } from './inline.ts';
import type { Block, Item, Line, Section } from './outline.ts';

export interface Labelled {
  fields: Field[];
  /** Everything else, as Markdown. */
  loose: Line[];
}

/** A label that is ours, or one in bold, opens a field; other lines go on with what stood before. */
export function fieldsOf(blocks: readonly Block[]): Labelled {
  const found: Labelled = { fields: [], loose: [] };
  let open: Field | null = null;
  for (const block of blocks) {
    if (open !== null && takesBlock(block)) {
      const { kept, after } = withoutFields(block);
      open.entries.push(...entriesOf([kept]));
      open = null;
      if (after.length > 0) readLines(after, found);
      continue;
    }
    if (block.kind === 'paragraph') readLines(block.lines, found);
    else if (block.kind === 'list') for (const item of block.items) readItem(item, found);
    else found.loose.push({ text: blockText(block), line: block.line });
    const last: Field | undefined = found.fields.at(-1);
    open = block.kind === 'paragraph' && last !== undefined && isOpen(last, block) ? last : null;
  }
  return found;
}

/** "**Tools:**" with nothing after it: what follows is its value. */
function isOpen(field: Field, block: Block & { kind: 'paragraph' }): boolean {
  return (
    field.value === '' &&
    field.entries.length === 0 &&
    field.line === block.lines.findLast(({ text }) => text !== '')?.line
  );
}

function takesBlock(block: Block): boolean {
  if (block.kind === 'paragraph') return block.lines.every(({ text }) => fieldAt({ text, line: 0 }) === null);
  return (
    block.kind !== 'list' ||
    !block.items.some((item) => item.lines[0] !== undefined && knownAt(item.lines[0]))
  );
}

/** "Output: x" right below a list goes on with its last item in Markdown, but not for whoever wrote it. */
function withoutFields(block: Block): { kept: Block; after: Line[] } {
  if (block.kind !== 'list') return { kept: block, after: [] };
  const after: Line[] = [];
  const items = block.items.map((item) => {
    const cut = item.lines.findIndex((line, index) => index > 0 && knownAt(line));
    if (cut === -1) return item;
    after.push(...item.lines.slice(cut));
    return { ...item, lines: item.lines.slice(0, cut) };
  });
  return { kept: { ...block, items }, after };
}

function knownAt(line: Line): boolean {
  const field = fieldAt(line);
  return field !== null && field.kind !== null;
}

/** The field that a line opens, if it opens one. */
export function fieldAt(line: Line): Field | null {
  const labelled = splitLabel(line.text);
  if (labelled === null) return null;
  const kind = fieldKind(labelled.label);
  if (kind === null && !labelled.bold) return null;
  return { kind, label: labelled.label, line: line.line, value: labelled.value, entries: [] };
}

function readLines(lines: readonly Line[], found: Labelled): void {
  let current: Field | null = null;
  const loose: Line[] = [];
  for (const line of lines) {
    const field = fieldAt(line);
    if (field !== null) {
      found.fields.push(field);
      current = field;
    } else if (current !== null) {
      current.value = `${current.value}\n${line.text}`.trim();
    } else loose.push(line);
  }
  if (loose.length > 0)
    found.loose.push({ text: loose.map(({ text }) => text).join('\n'), line: loose[0]!.line });
}

function readItem(item: Item, found: Labelled): void {
  const [first, ...rest] = item.lines;
  const field = first === undefined ? null : fieldAt(first);
  if (field === null) {
    found.loose.push({ text: `- ${itemText(item)}`, line: item.line });
    return;
  }
  found.fields.push(field);
  let current = field;
  for (const line of rest) {
    const next = fieldAt(line);
    if (next !== null) {
      found.fields.push(next);
      current = next;
    } else current.value = `${current.value}\n${line.text}`.trim();
  }
  current.entries.push(...entriesOf(item.blocks));
}

/** A section whose heading is a field's label: `##### Tools`. */
export function sectionField(section: Section): Field | null {
  const kind = section.children.length === 0 ? fieldKind(section.title.replace(/[:：]$/, '')) : null;
  if (kind === null) return null;
  const lists = section.blocks.some((block) => block.kind === 'list');
  const value = lists ? '' : section.blocks.map((block) => blockText(block)).join('\n\n');
  return {
    kind,
    label: plain(section.title),
    line: section.line,
    value,
    entries: lists ? entriesOf(section.blocks) : [],
  };
}
