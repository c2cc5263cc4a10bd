// Reads a file of tasks whole: what it would create, in parts that are sent one after the other, and what is refused.
// It runs in a worker, as a hundred thousand rows would hold the window up.
import { agentsByName, convertRow, type KnownAgent, type Refusal } from './convert.ts';
import { guessMapping, type ImportField, type Mapping } from './fields.ts';
import { readSource, type Source } from './source.ts';

/** A file that is larger is refused before it is read. */
export const IMPORT_FILE_LIMIT = 100_000_000;
/** Rows of one call, which the backend creates in one transaction; and the characters of its text. */
const PART_ROWS = 1_000;
const PART_TEXT = 2_000_000;
const SHOWN_REFUSALS = 200;
const SAMPLE_ROWS = 8;

export interface ReadRequest {
  file: File;
  agents: readonly KnownAgent[];
  /** Null: by the names of the columns. */
  mapping: Mapping | null;
}

export interface SampleRow {
  line: number;
  /** The task's fields as a person reads them. */
  values: Partial<Record<ImportField, string>>;
  refused: string | null;
}

export interface ReadFile {
  name: string;
  bytes: number;
  format: Source['format'];
  columns: { name: string; first: string }[];
  mapping: Mapping;
  rows: number;
  /** Rows that would be created. */
  good: number;
  /** Rows that are refused. */
  bad: number;
  /** The first of them, a field each. */
  refusals: Refusal[];
  sample: SampleRow[];
  parts: number;
  warnings: string[];
  /** The same for the same file read in the same way. */
  fingerprint: string;
}

export interface Part {
  ndjson: string;
  /** The line of the file behind each of its lines. */
  lines: number[];
}

export interface Reader {
  read(request: ReadRequest): Promise<ReadFile>;
  part(index: number): Promise<Part>;
  /** All that is refused, with the rows as they were: a CSV to mend. */
  refused(more: readonly Refusal[]): Promise<string>;
  close(): void;
}

export function createPlainReader(): Reader {
  let text = '';
  let source: Source = { format: 'csv', columns: [], rows: [] };
  let parts: Part[] = [];
  let refusals: Refusal[] = [];

  return {
    async read({ file, agents, mapping: asked }) {
      const decoded = await decode(file);
      text = decoded.text;
      source = readSource(text, file.name);
      const mapping = asked ?? guessMapping(source.columns);
      const known = agentsByName(agents);
      parts = [];
      refusals = [];
      const sample: SampleRow[] = [];
      let [good, lines, texts, length] = [0, [] as number[], [] as string[], 0];
      const endPart = (): void => {
        if (lines.length > 0) parts.push({ ndjson: texts.join('\n'), lines });
        [lines, texts, length] = [[], [], 0];
      };
      for (const row of source.rows) {
        const converted = convertRow(row, mapping, known);
        if (sample.length < SAMPLE_ROWS) sample.push(sampleOf(row.line, { converted, mapping, values: row.values, known }));
        if ('refusals' in converted) {
          refusals.push(...converted.refusals);
          continue;
        }
        const json = JSON.stringify(converted.input);
        if (lines.length === PART_ROWS || length + json.length > PART_TEXT) endPart();
        good += 1;
        lines.push(row.line);
        texts.push(json);
        length += json.length;
      }
      endPart();
      return {
        name: file.name,
        bytes: file.size,
        format: source.format,
        columns: source.columns.map((name, index) => ({ name, first: firstOf(source, index) })),
        mapping,
        rows: source.rows.length,
        good,
        bad: source.rows.length - good,
        refusals: refusals.slice(0, SHOWN_REFUSALS),
        sample,
        parts: parts.length,
        warnings: decoded.warnings,
        fingerprint: hashOf(`${file.name} ${JSON.stringify(mapping)} ${JSON.stringify(agents)} `, text),
      };
    },
    part(index) {
      const part = parts[index];
      return part ? Promise.resolve(part) : Promise.reject(new Error(`The file has no part ${index}.`));
    },
    refused: (more) => Promise.resolve(refusedCsv({ text, source }, [...refusals, ...more])),
    close() {
      [text, source, parts, refusals] = ['', { format: 'csv', columns: [], rows: [] }, [], []];
    },
  };
}

async function decode(file: File): Promise<{ text: string; warnings: string[] }> {
  const bytes = await file.arrayBuffer();
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warnings: [] };
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    return { text, warnings: ['The file is not in UTF-8; it was read as Windows-1252. Look whether accents are right.'] };
  }
}

interface Sampled {
  converted: ReturnType<typeof convertRow>;
  mapping: Mapping;
  values: readonly unknown[];
  known: ReadonlyMap<string, KnownAgent>;
}
function sampleOf(line: number, { converted, mapping, values, known }: Sampled): SampleRow {
  const input: Record<string, unknown> =
    'input' in converted ? converted.input : Object.fromEntries(mapping.flatMap((field, index) => (field ? [[field, values[index]]] : [])));
  const words = Object.entries(input).flatMap(([field, value]) => {
    const agent = field === 'agentId' && typeof value === 'string' ? known.get(value.toLowerCase())?.name : undefined;
    return value === undefined ? [] : [[field, agent ?? shownValue(value)]];
  });
  const refused = 'refusals' in converted ? converted.refusals.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' ') : null;
  return { line, values: Object.fromEntries(words) as SampleRow['values'], refused };
}

const shownValue = (value: unknown): string =>
  (Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);

function firstOf({ rows }: Source, column: number): string {
  for (const { values } of rows.slice(0, 100)) {
    const value = values[column];
    if (value !== undefined && value !== null && value !== '') return shownValue(value);
  }
  return '';
}

/** Quoted where it must be, and never a formula to whoever opens it in a spreadsheet. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function refusedCsv({ text, source }: { text: string; source: Source }, refusals: readonly Refusal[]): string {
  const rows = new Map(source.rows.map((row) => [row.line, row]));
  const lines = refusals.toSorted((a, b) => a.line - b.line).map(({ line, field, message }) => {
    const row = rows.get(line);
    return [String(line), field ?? '', message, row ? text.slice(row.from, row.to).trim() : ''].map(cell).join(',');
  });
  return `${['line,field,problem,row', ...lines].join('\r\n')}\r\n`;
}

/** 53 bits by cyrb53 (bryc, public domain): tells files of one person apart, and is no seal. */
function hashOf(head: string, text: string): string {
  let [h1, h2] = [0xdeadbeef, 0x41c6ce57];
  for (const part of [head, text]) {
    for (let index = 0; index < part.length; index += 1) {
      const unit = part.charCodeAt(index);
      h1 = Math.imul(h1 ^ unit, 2_654_435_761);
      h2 = Math.imul(h2 ^ unit, 1_597_334_677);
    }
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & h2) + (h1 >>> 0)).toString(16);
}
