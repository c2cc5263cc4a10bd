// Reads Mermaid flowcharts: nodes with their labels, and edges. A scanner that never goes back.
import { plain } from './inline.ts';
import { count, quote } from './warnings.ts';

export interface DiagramNode {
  id: string;
  label: string;
  line: number;
}

export interface DiagramEdge {
  from: string;
  to: string;
  line: number;
}

export interface Diagram {
  line: number;
  nodes: Map<string, DiagramNode>;
  edges: DiagramEdge[];
  problems: { line: number; message: string }[];
}

/** `A & B --> C & D` multiplies; more edges than a plan can hold are not a plan. */
const MOST_EDGES = 50_000;
const DEEPEST_GROUPS = 12;
const IGNORED = /^(?:style|classDef|class|linkStyle|click|direction|accTitle|accDescr|title)\b/;
const ID = /(?:[\p{L}\p{N}_]|[-./](?=[\p{L}\p{N}_]))+/uy;
const LINK = /<?(?:-\.+-?|-{2,}|={2,}|~{3,})/y;
const shapes: [string, string[]][] = [
  ['(((', [')))']],
  ['((', ['))']],
  ['([', ['])']],
  ['(', [')']],
  ['[[', [']]']],
  ['[(', [')]']],
  ['[/', ['/]', '\\]']],
  ['[\\', ['\\]', '/]']],
  ['[', [']']],
  ['{{', ['}}']],
  ['{', ['}']],
  ['>', [']']],
];

interface Scan {
  text: string;
  at: number;
  line: number;
}

interface Reading extends Diagram {
  /** Members of each subgraph by its id and its title. */
  groups: Map<string, Set<string>>;
  open: string[][];
}

/** Whether it is a flowchart at all; Mermaid has other kinds of diagrams. */
export function isFlowchart(value: string): boolean {
  return /^\s*(?:---[\s\S]{0,2000}?\n---\s*\n\s*)?(?:%%[^\n]{0,2000}\n\s*)*(?:graph|flowchart)\b/.test(
    value.slice(0, 8000),
  );
}

/** `line` is that of the fence; the diagram's first line is the next one. */
export function readMermaid(value: string, line: number): Diagram {
  const reading: Reading = { line, nodes: new Map(), edges: [], problems: [], groups: new Map(), open: [] };
  let started = false;
  for (const [index, text] of value.split('\n').entries()) {
    for (const statement of statementsOf(text)) {
      if (!started) {
        started = /^(?:graph|flowchart)\b/.test(statement);
        continue;
      }
      readStatement(statement, line + 1 + index, reading);
    }
  }
  reading.edges = expanded(reading);
  for (const name of reading.groups.keys()) {
    if (reading.nodes.get(name)?.label === name) reading.nodes.delete(name);
  }
  return { line, nodes: reading.nodes, edges: reading.edges, problems: reading.problems };
}

/** Statements end at a line's end or a semicolon outside of quotes and brackets; comments are left out. */
function statementsOf(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('%%')) return [];
  if (!trimmed.includes(';')) return [trimmed];
  const parts: string[] = [];
  let quoted = false;
  let depth = 0;
  let from = 0;
  for (let at = 0; at < trimmed.length; at += 1) {
    const character = trimmed[at]!;
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (character === ';' && depth === 0) {
      parts.push(trimmed.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, trimmed.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}

function readStatement(statement: string, line: number, reading: Reading): void {
  if (IGNORED.test(statement) && !/^\w+\s*(?:-|=|\[|\(|\{|&)/.test(statement)) return;
  if (/^end$/i.test(statement)) {
    reading.open.pop();
    return;
  }
  if (/^subgraph\b/.test(statement)) {
    openGroup(statement.slice('subgraph'.length).trim(), reading);
    return;
  }
  const scan: Scan = { text: statement, at: 0, line };
  let left = readNodes(scan, reading);
  while (left.length > 0) {
    skipSpaces(scan);
    if (scan.at >= statement.length) return;
    const arrow = readLink(scan);
    const right = arrow === null ? [] : readNodes(scan, reading);
    if (arrow === null || right.length === 0) break;
    if (arrow === 'both') {
      reading.problems.push({ line, message: 'An arrow in both directions was read from left to right.' });
    }
    if (arrow === 'none') {
      reading.problems.push({
        line,
        message: 'A line without an arrowhead names no order; it was not read as a dependency.',
      });
    } else if (arrow !== 'hidden') connect(left, right, { line, reading });
    left = right;
  }
  reading.problems.push({ line, message: `Not understood in the diagram: ${quote(statement)}.` });
}

function openGroup(rest: string, reading: Reading): void {
  const scan: Scan = { text: rest, at: 0, line: 0 };
  const id = match(ID, scan);
  const names = [plain(rest.replace(/^["'\s]+|["'\s]+$/g, ''))];
  if (id !== null) {
    skipSpaces(scan);
    const label = readShape(scan);
    if (label !== null) names.push(label);
    if (label !== null || scan.at >= rest.length) names.push(id);
  }
  const known = names.filter((name) => name !== '');
  for (const name of known) if (!reading.groups.has(name)) reading.groups.set(name, new Set());
  reading.open.push(reading.open.length < DEEPEST_GROUPS ? known : []);
}

function readNodes(scan: Scan, reading: Reading): string[] {
  const ids: string[] = [];
  for (;;) {
    skipSpaces(scan);
    const id = match(ID, scan);
    if (id === null) return ids;
    const label = readShape(scan);
    const known = reading.nodes.get(id);
    if (known === undefined) reading.nodes.set(id, { id, label: label ?? id, line: scan.line });
    else if (label !== null) known.label = label;
    for (const names of reading.open) for (const name of names) reading.groups.get(name)?.add(id);
    ids.push(id);
    if (scan.text.startsWith(':::', scan.at)) {
      scan.at += 3;
      match(ID, scan);
    }
    skipSpaces(scan);
    if (scan.text[scan.at] !== '&') return ids;
    scan.at += 1;
  }
}

function readShape(scan: Scan): string | null {
  if (scan.text.startsWith('@{', scan.at)) {
    const end = scan.text.indexOf('}', scan.at);
    const body = scan.text.slice(scan.at + 2, end === -1 ? undefined : end);
    scan.at = end === -1 ? scan.text.length : end + 1;
    const label = /\blabel:\s*(?:"([^"]*)"|([^,]*))/.exec(body);
    return label === null ? null : labelText(label[1] ?? label[2] ?? '');
  }
  const shape = shapes.find(([opener]) => scan.text.startsWith(opener, scan.at));
  if (shape === undefined) return null;
  const [opener, closers] = shape;
  let from = scan.at + opener.length;
  const quoted = /^\s*"/.exec(scan.text.slice(from, from + 20));
  if (quoted !== null) {
    const close = scan.text.indexOf('"', from + quoted[0].length);
    if (close !== -1) from = close + 1;
  }
  const ends = closers
    .map((closer) => ({ closer, at: scan.text.indexOf(closer, from) }))
    .filter(({ at }) => at !== -1);
  const end = ends.toSorted((a, b) => a.at - b.at)[0];
  const label = scan.text.slice(scan.at + opener.length, end?.at ?? scan.text.length);
  scan.at = end === undefined ? scan.text.length : end.at + end.closer.length;
  return labelText(label);
}

/** The first line of a label: what stands below it is detail. */
function labelText(raw: string): string {
  const first = raw
    .trim()
    .replace(/^"|"$/g, '')
    .split(/<br\s{0,3}\/?>|\\n/i)
    .find((part) => part.trim() !== '');
  return plain((first ?? '').replace(/#quot;/g, '"'));
}

/** Steps over one link with its text: an arrow, a line without one, or one that is not drawn. */
function readLink(scan: Scan): 'arrow' | 'both' | 'none' | 'hidden' | null {
  // `e1@-->` names an edge; the link itself follows.
  match(/[\p{L}\p{N}_]+@(?=[-=<])/uy, scan);
  if (/^[xo](?=--|==|-\.)/.test(scan.text.slice(scan.at, scan.at + 3))) scan.at += 1;
  const link = match(LINK, scan);
  if (link === null) return null;
  if (link.startsWith('~')) return 'hidden';
  let arrow = headAt(scan);
  const body = link.replace('<', '');
  const isOpen = !arrow && (body === '--' || body === '==' || /^-\.+$/.test(body));
  if (isOpen) {
    // `A -- text --> B`: the text runs to the second half of the link.
    const close = body.startsWith('=') ? '==' : body === '--' ? '--' : '.-';
    const end = scan.text.indexOf(close, scan.at);
    if (end === -1) return null;
    scan.at = end;
    match(/[-=.]+/y, scan);
    arrow = headAt(scan);
  }
  skipSpaces(scan);
  if (scan.text[scan.at] === '|') {
    const end = scan.text.indexOf('|', scan.at + 1);
    if (end === -1) return null;
    scan.at = end + 1;
  }
  if (!arrow) return 'none';
  return link.startsWith('<') ? 'both' : 'arrow';
}

function headAt(scan: Scan): boolean {
  const character = scan.text[scan.at];
  const isHead =
    character === '>' ||
    ((character === 'x' || character === 'o') && /^[xo][\s|]/.test(scan.text.slice(scan.at, scan.at + 2)));
  if (isHead) scan.at += 1;
  return isHead;
}

function connect(from: string[], to: string[], { line, reading }: { line: number; reading: Reading }): void {
  if (reading.edges.length + from.length * to.length > MOST_EDGES) {
    reading.problems.push({
      line,
      message: `The diagram has more than ${count(MOST_EDGES)} edges; those from here on were left out.`,
    });
    return;
  }
  for (const source of from) for (const target of to) reading.edges.push({ from: source, to: target, line });
}

/** An edge at a subgraph is one at each of its members. */
function expanded(reading: Reading): DiagramEdge[] {
  const edges: DiagramEdge[] = [];
  const membersOf = (id: string): string[] => {
    const group = reading.groups.get(id);
    if (group === undefined || group.size === 0) return [id];
    return [...group].filter((member) => member !== id && !reading.groups.has(member));
  };
  for (const { from, to, line } of reading.edges) {
    const sources = membersOf(from);
    const targets = membersOf(to);
    if (edges.length + sources.length * targets.length > MOST_EDGES) {
      reading.problems.push({
        line,
        message: 'The edges of the subgraphs are too many; those from here on were left out.',
      });
      break;
    }
    for (const source of sources)
      for (const target of targets) edges.push({ from: source, to: target, line });
  }
  return edges;
}

function skipSpaces(scan: Scan): void {
  while (scan.text[scan.at] === ' ' || scan.text[scan.at] === '\t') scan.at += 1;
}

function match(pattern: RegExp, scan: Scan): string | null {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text)?.[0] ?? null;
  if (found !== null) scan.at += found.length;
  return found;
}
