// A Markdown document as sections of blocks with their lines: remark's tree, flattened to what plans need.
import type { List, ListItem, Nodes, Root, RootContent, Table } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Data, Processor } from 'unified';
import { plain } from './inline.ts';
import { HIDDEN, maskLine } from './mask.ts';
import type { Masked } from './mask.ts';

/** One line of inline Markdown, as written, and where it stands. */
export interface Line {
  text: string;
  line: number;
}

export interface Item {
  line: number;
  number: number | null;
  lines: Line[];
  blocks: Block[];
}

export type Block =
  | { kind: 'paragraph'; line: number; lines: Line[] }
  | { kind: 'list'; line: number; ordered: boolean; items: Item[] }
  | { kind: 'code'; line: number; language: string; value: string }
  | { kind: 'table'; line: number; rows: Line[][] };

export interface Section {
  /** 1 to 6 of a heading, 7 of a bold line that stands for one, 0 of the document. */
  level: number;
  /** As written; plain text is `title`. */
  heading: string;
  title: string;
  line: number;
  blocks: Block[];
  children: Section[];
}

// Only blocks are remark's here: inline markup is read by inline.ts, in linear time, and HTML is only text.
const withoutInline = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'definition',
  'hardBreakEscape',
  'htmlFlow',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink',
  'strikethrough',
  'wwwAutolink',
  'protocolAutolink',
  'emailAutolink',
  'gfmFootnoteCall',
  'gfmFootnoteDefinition',
  'codeIndented',
  'tasklistCheck',
];

const parser = unified().use(remarkParse).use(remarkGfm).use(blocksOnly).freeze();

function blocksOnly(this: Processor): void {
  const data: Data = this.data();
  (data.micromarkExtensions ??= []).push({ disable: { null: withoutInline } });
  // Literal links are found by a second walk over all text, for nothing here.
  data.fromMarkdownExtensions = data.fromMarkdownExtensions
    ?.flat()
    .filter((extension) => extension.transforms === undefined);
}

/**
 * From so many lines on a piece ends where a block does: some constructs cost the square of a piece's length,
 * and each piece costs a third of a millisecond.
 */
const PIECE_LINES = 60;
const LONGEST_PIECE = 400;
const LONGEST_TABLE = 6_000;

interface Piece {
  first: number;
  lines: string[];
}

/** Pieces that parse to the same blocks as the whole would: cut at headings, and where blocks end. */
export function piecesOf(lines: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let current: Piece = { first: 1, lines: [] };
  let fence: string | null = null;
  for (const [index, line] of lines.entries()) {
    const size = current.lines.length;
    if (fence === null && size > 0 && mayCut(line, lines[index - 1] ?? '', size)) {
      pieces.push(current);
      current = { first: index + 1, lines: [] };
    }
    current.lines.push(line);
    fence = fenceAfter(line, fence);
  }
  pieces.push(current);
  return pieces;
}

function mayCut(line: string, before: string, size: number): boolean {
  if (size < PIECE_LINES) return false;
  if (/^#{1,6}(?:\s|$)/.test(line)) return true;
  const margin = line !== '' && !/^\s/.test(line);
  if (
    margin &&
    (before.trim() === '' || /^(?:[-*+]|\d{1,9}[.)])\s/.test(line) || /^(?:-+|=+)\s*$/.test(before))
  )
    return true;
  return size >= (line.startsWith('|') ? LONGEST_TABLE : LONGEST_PIECE);
}

/** The open fence after this line. Only fences at the margin count: they end every other block. */
function fenceAfter(line: string, fence: string | null): string | null {
  const marks = /^(`{3,}|~{3,})([^\n]*)$/.exec(line);
  if (marks === null) return fence;
  const [, mark = '', info = ''] = marks;
  if (fence === null) return mark.startsWith('`') && info.includes('`') ? null : mark;
  return mark[0] === fence[0] && mark.length >= fence.length && info.trim() === '' ? null : fence;
}

/** Reads lines into sections; the root (level 0) holds what is above all headings. `mask` is for tests. */
export function outlineOf(lines: readonly string[], mask: (line: string) => Masked = maskLine): Section {
  const root: Section = { level: 0, heading: '', title: '', line: 1, blocks: [], children: [] };
  const open: Section[] = [root];
  const enter = (level: number, heading: string, line: number) => {
    while (open.at(-1)!.level >= level) open.pop();
    const section: Section = { level, heading, title: plain(heading), line, blocks: [], children: [] };
    open.at(-1)!.children.push(section);
    open.push(section);
  };
  for (const piece of piecesOf(lines)) {
    const masked = piece.lines.map((line) => mask(line));
    const text: Text = { first: piece.first, hidden: masked.map(({ hidden }) => hidden) };
    const tree: Root = parser.parse(masked.map(({ shown }) => shown).join('\n'));
    for (const node of flattened(tree.children)) {
      const line = lineOf(node, text);
      if (node.type === 'heading') {
        enter(node.depth, headingText(node, text), line);
        continue;
      }
      const bold = node.type === 'paragraph' ? boldLine(textOf(node, text)) : null;
      if (bold !== null) {
        enter(7, bold, line);
        continue;
      }
      const block = blockOf(node, text);
      if (block !== null) open.at(-1)!.blocks.push(block);
    }
  }
  return root;
}

/** A paragraph that is one bold line, without a colon: a heading to whoever wrote it. */
function boldLine(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length > 200 || trimmed.includes('\n') || !/^\*\*[^*]+\*\*$|^__[^_]+__$/.test(trimmed))
    return null;
  const inner = trimmed.slice(2, -2).trim();
  return inner === '' || /[:：]$/.test(inner) ? null : inner;
}

/** What stands in quotes is read like the rest. */
function flattened(nodes: readonly RootContent[]): RootContent[] {
  return nodes.flatMap((node) => (node.type === 'blockquote' ? flattened(node.children) : [node]));
}

/** Where a piece begins in the document, and what was hidden of each of its lines. */
interface Text {
  first: number;
  hidden: string[];
}

function lineOf(node: Nodes, text: Text): number {
  return (node.position?.start.line ?? 1) + text.first - 1;
}

/** Inline text as written; `offset` is how far below the node's first line its text begins. */
function textOf(node: Nodes, text: Text, offset = 0): string {
  const start = (node.position?.start.line ?? 1) - 1 + offset;
  return rawText(node)
    .split('\n')
    .map((line, index) => line.replace(HIDDEN, () => text.hidden[start + index] ?? ''))
    .join('\n');
}

function rawText(node: Nodes): string {
  if (node.type === 'break') return '\n';
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => rawText(child)).join('') : '';
}

function headingText(node: Nodes, text: Text): string {
  return textOf(node, text)
    .replaceAll('\n', ' ')
    .replace(/[ \t]+#{1,20}[ \t]*$/, '')
    .trim();
}

function linesOf(node: Nodes, text: Text): Line[] {
  const start = lineOf(node, text);
  return textOf(node, text)
    .split('\n')
    .map((line, index) => ({ text: line.trim(), line: start + index }));
}

function blockOf(node: RootContent, text: Text): Block | null {
  const line = lineOf(node, text);
  switch (node.type) {
    case 'paragraph':
      return { kind: 'paragraph', line, lines: linesOf(node, text) };
    case 'list':
      return { kind: 'list', line, ordered: node.ordered === true, items: itemsOf(node, text) };
    case 'code':
      return { kind: 'code', line, language: (node.lang ?? '').toLowerCase(), value: textOf(node, text, 1) };
    case 'table':
      return { kind: 'table', line, rows: rowsOf(node, text) };
    case 'heading':
      // Inside of a list item: a line like any other.
      return { kind: 'paragraph', line, lines: [{ text: headingText(node, text), line }] };
    default:
      return null;
  }
}

function itemsOf(list: List, text: Text): Item[] {
  return list.children.map((item, index) =>
    itemOf(item, text, list.ordered === true ? (list.start ?? 1) + index : null),
  );
}

function itemOf(item: ListItem, text: Text, number: number | null): Item {
  const [head, ...rest] = flattened(item.children);
  const opens = head?.type === 'paragraph' || head?.type === 'heading';
  const first = opens ? blockOf(head, text) : null;
  const blocks = (opens || head === undefined ? rest : [head, ...rest]).map((node) => blockOf(node, text));
  return {
    line: lineOf(item, text),
    number,
    lines:
      first?.kind === 'paragraph'
        ? first.lines.map((line, index) => (index === 0 ? unchecked(line) : line))
        : [],
    blocks: blocks.filter((block) => block !== null),
  };
}

/** `[ ] text` as `text`: whether a box is ticked says nothing about what a plan will do. */
function unchecked(line: Line): Line {
  return { ...line, text: line.text.replace(/^\[[ xX]\]\s+/, '') };
}

function rowsOf(table: Table, text: Text): Line[][] {
  return table.children.map((row) =>
    row.children.map((cell) => ({ text: textOf(cell, text).trim(), line: lineOf(row, text) })),
  );
}
