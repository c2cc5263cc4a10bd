// A file of tasks as rows: CSV by the papaparse package, or NDJSON. What cannot be read is a row too, and says why.
import Papa from 'papaparse';

export interface SourceRow {
  /** Where it begins in the file; the first line is 1. */
  line: number;
  /** By column; what the row does not have is undefined. */
  values: readonly unknown[];
  /** Why it cannot be read. */
  problem?: string;
  /** Where its text stands. */
  from: number;
  to: number;
}

export interface Source {
  format: 'csv' | 'ndjson';
  columns: string[];
  rows: SourceRow[];
}

/** Beyond this a file has no columns but something else. */
const MOST_COLUMNS = 100;

export function readSource(text: string, fileName: string): Source {
  return isNdjson(text, fileName) ? readNdjson(text) : readCsv(text);
}

function isNdjson(text: string, fileName: string): boolean {
  if (/\.(ndjson|jsonl|json)$/i.test(fileName)) return true;
  if (/\.(csv|tsv)$/i.test(fileName)) return false;
  return /^\s*[{[]/.test(text.slice(0, 1_000));
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function readCsv(text: string): Source {
  const rows: SourceRow[] = [];
  let columns: string[] | null = null;
  let from = 0;
  let line = 1;
  Papa.parse<string[]>(text, {
    step: ({ data, errors, meta }) => {
      const [start, begins, to] = [from, line, meta.cursor];
      line += countLines(text, start, to);
      from = to;
      if (data.every((value) => value.trim() === '')) return;
      if (columns === null) {
        columns = namesOf(data);
        return;
      }
      const problem = csvProblem(data, errors, columns.length);
      rows.push({ line: begins, values: data, from: start, to, ...(problem !== null && { problem }) });
    },
  });
  return { format: 'csv', columns: columns ?? [], rows };
}

/** Columns without a name, and of the same name, can be told apart all the same. */
function namesOf(head: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return head.slice(0, MOST_COLUMNS).map((given, index) => {
    const name = given.trim() === '' ? `Column ${index + 1}` : given.trim();
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function csvProblem(data: readonly string[], errors: readonly Papa.ParseError[], width: number): string | null {
  if (errors.some(({ type }) => type === 'Quotes')) return 'A quotation mark is not closed, or stands inside a value. Double it: "".';
  const more = data.slice(width).some((value) => value.trim() !== '');
  return more ? `It has ${data.length} values, and there are ${width} columns. Quote a value that holds the separator.` : null;
}

function readNdjson(text: string): Source {
  const columns: string[] = [];
  const at = new Map<string, number>();
  const rows: SourceRow[] = [];
  let line = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    line += 1;
    const row = ndjsonRow(text.slice(from, to), { columns, at });
    if (row !== null) rows.push({ line, from, to, ...row });
    from = to + 1;
  }
  return { format: 'ndjson', columns, rows };
}

interface Known {
  columns: string[];
  at: Map<string, number>;
}

function ndjsonRow(text: string, { columns, at }: Known): Pick<SourceRow, 'values' | 'problem'> | null {
  if (text.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { values: [], problem: 'It is not valid JSON. Write one task as one JSON object a line.' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { values: [], problem: 'It is not a JSON object. Write one task as one JSON object a line.' };
  }
  const values: unknown[] = [];
  for (const [name, member] of Object.entries(value)) {
    let index = at.get(name);
    if (index === undefined) {
      if (columns.length === MOST_COLUMNS) continue;
      index = columns.push(name) - 1;
      at.set(name, index);
    }
    values[index] = member;
  }
  return { values };
}
