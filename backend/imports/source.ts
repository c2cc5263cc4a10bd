// The text as it was sent, made safe to read: measured, repaired, free of control characters. Lines stay.
import { AppError } from '../../shared/errors.ts';
import { PLAN_TEXT_LIMIT } from '../../shared/schema.ts';
import { repairEncoding } from './encoding.ts';
import { markerAt, maskLine } from './mask.ts';
import { collectWarnings, count, quote } from './warnings.ts';
import type { Warnings } from './warnings.ts';

export interface Source {
  lines: string[];
  warnings: Warnings;
}

/** Markdown of more lines is no plan (5,000 tasks take some 40,000), and would take many seconds to read. */
export const MOST_LINES = 150_000;
/** Longer lines are cut in Markdown. */
export const LONGEST_LINE = 20_000;
/** Lists in lists, quotes in quotes. */
export const DEEPEST_NESTING = 12;
/**
 * What the Markdown parser is given at most, in microseconds as measured: 20 a line, 0.5 a character it sees,
 * 10 a list or quote marker, 6 a column of a table. 5 MB of ordinary writing take some 2.5 s by this measure.
 */
const MOST_WORK = 4_000_000;
/** In any format; five million empty lines would take seconds before anybody looks at them. */
const MOST_LINES_OF_ANY = 500_000;

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Marks that reorder what is shown, separators that some programs count as lines, and mask.ts' own mark. */
const INVISIBLE = /[\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufdd0\ufeff]/g;

/** A refusal that says where and what to do. */
export function refuse(message: string, path = 'text'): AppError {
  return new AppError('validation_failed', message, { details: { fields: [{ path, message }] } });
}

/** Refuses what is too large before anything is read, then cleans line by line. */
export function openSource(text: string): Source {
  if (text.length > PLAN_TEXT_LIMIT || Buffer.byteLength(text, 'utf8') > PLAN_TEXT_LIMIT) {
    throw new AppError(
      'payload_too_large',
      'A plan is at most 5 MB. Split the document, or leave out what is not part of the plan.',
      {
        details: { limit: PLAN_TEXT_LIMIT },
      },
    );
  }
  const lineCount = countLines(text);
  if (lineCount > MOST_LINES_OF_ANY) throw tooManyLines(lineCount, MOST_LINES_OF_ANY);
  const sent = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const warnings = collectWarnings(sent.length);
  const repaired = repairEncoding(sent);
  for (const { line, from, to } of repaired.repairs) {
    warnings.add(
      line,
      `Text in a broken encoding was repaired: ${quote(cleanValue(from), 24)} reads ${quote(to, 24)}.`,
      'repaired',
    );
  }
  for (const line of repaired.broken) {
    const lost = repaired.lines[line - 1]?.includes('\uFFFD')
      ? 'Characters were lost before this text came here'
      : 'Text looks broken and cannot be repaired without guessing';
    warnings.add(line, `${lost}; it is left as it is.`, 'broken');
  }
  return { lines: repaired.lines.map((line, index) => clean(line, index + 1, warnings)), warnings };
}

function countLines(text: string): number {
  let total = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) total += 1;
  }
  return total;
}

function tooManyLines(lines: number, limit: number): AppError {
  return refuse(
    `The document has ${count(lines)} lines; at most ${count(limit)} can be read. Leave out what is no plan.`,
  );
}

function clean(line: string, number: number, warnings: Warnings): string {
  const wellFormed = line.toWellFormed();
  const cleaned = wellFormed.replace(CONTROL, '').replace(INVISIBLE, '');
  if (cleaned !== line) warnings.add(number, 'Control characters were removed.', 'control');
  return cleaned;
}

/** Removes what a value from JSON or YAML escapes may still carry. */
export function cleanValue(value: string): string {
  return value.toWellFormed().replace(CONTROL, '').replace(INVISIBLE, '');
}

/** Cuts or refuses what would make a Markdown parser slow: line count, line length, depth. */
export function boundMarkdown(lines: readonly string[], warnings: Warnings): string[] {
  if (lines.length > MOST_LINES) throw tooManyLines(lines.length, MOST_LINES);
  const stack: number[] = [];
  let work = 0;
  return lines.map((line, index) => {
    const cut = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE).toWellFormed() : line;
    if (cut !== line) {
      warnings.add(
        index + 1,
        `The line is longer than ${count(LONGEST_LINE)} characters; the rest of it was left out.`,
        'cut',
      );
    }
    const { depth, markers } = nestingOf(cut, stack);
    if (depth > DEEPEST_NESTING) {
      throw refuse(
        `Line ${index + 1}: lists or quotes are nested deeper than ${DEEPEST_NESTING} levels. Flatten them.`,
      );
    }
    work += 20 + maskLine(cut).shown.length * 0.5 + markers * 10 + pipesIn(cut) * 6;
    if (work > MOST_WORK) {
      throw refuse(
        `Line ${index + 1}: up to here the document has more lists, quotes and tables than can be read at ` +
          'once. Split it, or send the plan as JSON.',
      );
    }
    return cut;
  });
}

function pipesIn(line: string): number {
  let pipes = 0;
  for (let at = line.indexOf('|'); at !== -1; at = line.indexOf('|', at + 1)) pipes += 1;
  return pipes;
}

/** How deep the line's list items and quotes are; `stack` holds the indents of the open items. */
function nestingOf(line: string, stack: number[]): { depth: number; markers: number } {
  let quotes = 0;
  let markers = 0;
  let column = 0;
  for (let at = 0; at < line.length;) {
    const character = line[at]!;
    if (character === ' ' || character === '\t') {
      column += character === '\t' ? 4 - (column % 4) : 1;
      at += 1;
      continue;
    }
    if (character === '>') {
      quotes += 1;
      markers += 1;
      column += 1;
      at += 1;
      continue;
    }
    const marker = markerAt(line, at);
    if (marker === 0) break;
    while (stack.length > 0 && stack.at(-1)! >= column) stack.pop();
    stack.push(column);
    markers += 1;
    column += marker;
    at += marker;
  }
  return { depth: quotes + stack.length, markers };
}
