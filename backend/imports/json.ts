// JSON with lines: every value knows where it stands, and every refusal where it happened and how to mend it.
import { refuse } from './source.ts';
import type { Structure } from './structure.ts';

export const DEEPEST_JSON = 64;

interface Scan {
  text: string;
  at: number;
  /** Lines of the members of each object and array. */
  lines: WeakMap<object, Map<string, number> | number[]>;
  line: number;
  lineStart: number;
  duplicates: { key: string; line: number }[];
}

/** Reads the text or refuses it with line, column and the fix. Values are JSON.parse's own. */
export function readJson(text: string): Structure {
  const scan: Scan = { text, at: 0, lines: new WeakMap(), line: 1, lineStart: 0, duplicates: [] };
  const value = readValue(scan, 0);
  skipSpace(scan);
  if (scan.at < text.length) throw failure(scan, 'there is text after the end. Remove it');
  return {
    value,
    duplicates: scan.duplicates,
    lineOf(path) {
      let line = 1;
      let current: unknown = value;
      for (const step of path) {
        if (typeof current !== 'object' || current === null) break;
        const lines = scan.lines.get(current);
        line = (Array.isArray(lines) ? lines[Number(step)] : lines?.get(String(step))) ?? line;
        current = (current as Record<string, unknown>)[String(step)];
      }
      return line;
    },
  };
}

function failure(scan: Scan, what: string): Error {
  return refuse(
    `The JSON does not parse: line ${scan.line}, column ${scan.at - scan.lineStart + 1}: ${what}.`,
  );
}

function skipSpace(scan: Scan): void {
  for (;;) {
    const character = scan.text[scan.at];
    if (character === '\n') {
      scan.line += 1;
      scan.lineStart = scan.at + 1;
    } else if (character !== ' ' && character !== '\t' && character !== '\r') return;
    scan.at += 1;
  }
}

function readValue(scan: Scan, depth: number): unknown {
  skipSpace(scan);
  const character = scan.text[scan.at];
  if (depth > DEEPEST_JSON)
    throw failure(scan, `values are nested deeper than ${DEEPEST_JSON} levels. Flatten them`);
  if (character === '{') return readObject(scan, depth);
  if (character === '[') return readArray(scan, depth);
  if (character === '"') return readString(scan);
  const word =
    /(?:true|false|null)(?![\p{L}\p{N}_])|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy;
  word.lastIndex = scan.at;
  const found = word.exec(scan.text)?.[0];
  if (found === undefined) throw failure(scan, hint(character, scan));
  scan.at += found.length;
  return JSON.parse(found);
}

function hint(character: string | undefined, scan: Scan): string {
  if (character === undefined) return 'the text ends too early. Close what is open with “}” or “]”';
  if (character === '}' || character === ']')
    return `a value is missing before “${character}”. Remove the comma before it, or add the value`;
  if (character === "'") return 'a text stands in single quotes. Use double quotes';
  if (character === '/' || character === '#') return 'JSON has no comments. Remove it';
  const word = /[^\s,:[\]{}"]{1,20}/uy;
  word.lastIndex = scan.at;
  return `“${word.exec(scan.text)?.[0] ?? character}” is no value. Put texts in double quotes`;
}

function readString(scan: Scan): string {
  const start = scan.at;
  for (let at = start + 1; ; at += 1) {
    const character = scan.text[at];
    if (character === '"') {
      scan.at = at + 1;
      break;
    }
    if (character === '\\') {
      at += 1;
      if (scan.text[at] !== '\n') continue;
    }
    if (character === undefined || scan.text[at] === '\n') {
      throw failure(
        scan,
        character === undefined
          ? 'this text is never closed. Close it with a double quote'
          : 'this text goes over the end of its line. Close it with a double quote; a line break is \\n',
      );
    }
  }
  try {
    return JSON.parse(scan.text.slice(start, scan.at)) as string;
  } catch {
    scan.at = start;
    throw failure(scan, 'this text has a backslash that means nothing, or a raw tab. Write \\\\ and \\t');
  }
}

function readObject(scan: Scan, depth: number): Record<string, unknown> {
  // Without a prototype, `__proto__` is a key like any other.
  const value = Object.create(null) as Record<string, unknown>;
  const lines = new Map<string, number>();
  scan.lines.set(value, lines);
  scan.at += 1;
  skipSpace(scan);
  if (scan.text[scan.at] === '}') {
    scan.at += 1;
    return value;
  }
  for (;;) {
    skipSpace(scan);
    if (scan.text[scan.at] !== '"') {
      const character = scan.text[scan.at];
      const isWord = character !== undefined && /[\p{L}\p{N}_$']/u.test(character);
      throw failure(
        scan,
        isWord ? 'a key stands without double quotes. Put it in double quotes' : hint(character, scan),
      );
    }
    const line = scan.line;
    const key = readString(scan);
    skipSpace(scan);
    if (scan.text[scan.at] !== ':')
      throw failure(scan, `a colon is missing after the key “${key.slice(0, 40)}”. Add it`);
    scan.at += 1;
    if (lines.has(key)) scan.duplicates.push({ key, line });
    value[key] = readValue(scan, depth + 1);
    lines.set(key, line);
    if (!hasNext(scan, '}')) return value;
  }
}

function readArray(scan: Scan, depth: number): unknown[] {
  const value: unknown[] = [];
  const lines: number[] = [];
  scan.lines.set(value, lines);
  scan.at += 1;
  skipSpace(scan);
  if (scan.text[scan.at] === ']') {
    scan.at += 1;
    return value;
  }
  for (;;) {
    skipSpace(scan);
    lines.push(scan.line);
    value.push(readValue(scan, depth + 1));
    if (!hasNext(scan, ']')) return value;
  }
}

function hasNext(scan: Scan, end: '}' | ']'): boolean {
  skipSpace(scan);
  const character = scan.text[scan.at];
  if (character === end || character === ',') {
    scan.at += 1;
    return character === ',';
  }
  if (character === undefined) throw failure(scan, `the text ends too early. Close it with “${end}”`);
  throw failure(scan, `a comma or “${end}” is missing here. Add it`);
}
