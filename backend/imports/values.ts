// What a field's value says: a list of tools, of criteria, of names.
import { limitIn } from './limits.ts';
import { plain, splitOutside, unnumber } from './inline.ts';
import type { Draft, Field } from './draft.ts';
import { countOf, durationOf } from './limits.ts';
import type { Line } from './outline.ts';
import type { Warnings } from './warnings.ts';
import { quote } from './warnings.ts';

const NOTHING =
  /^(?:none|no|nothing|n\/?a|nil|null|not applicable|no dependencies|-+|–|—|∅|independent)?[.!]?$/i;

/** Puts a field where it belongs in the task; what has no place of its own stays in the instructions. */
export function applyField(draft: Draft, field: Field, warnings: Warnings): void {
  const whole = wholeText(field);
  switch (field.kind) {
    case 'key':
      draft.id ??= plain(field.value);
      break;
    case 'agent':
      readAgent(draft, field, warnings);
      break;
    case 'title':
      draft.title = plain(field.value) || draft.title;
      break;
    case 'task': {
      draft.task = draft.task === '' ? whole : `${draft.task}\n${whole}`;
      draft.limitSeconds ??= limitIn(field.value).seconds;
      break;
    }
    case 'tools':
      draft.tools.push(...listed(field).filter(({ text }) => !NOTHING.test(plain(text))));
      break;
    case 'output':
      draft.output =
        [draft.output, ...listedWhole(field)].filter((text) => text !== null && text !== '').join('\n') ||
        null;
      break;
    case 'criteria':
      draft.criteria.push(...criteriaOf(field));
      break;
    case 'depends':
      draft.dependsOn.push(...namesOf(field));
      break;
    case 'limit':
      readLimit(draft, field, warnings);
      break;
    default:
      draft.notes.push(
        field.entries.length > 0 || field.value !== '' ? `${field.label}: ${whole}` : field.label,
      );
      warnings.add(
        field.line,
        `${quote(field.label)} is no field of a task; it was kept in the instructions.`,
        'unknown-field',
      );
  }
}

function readAgent(draft: Draft, field: Field, warnings: Warnings): void {
  const [first = '', ...others] = splitOutside(field.value || (field.entries[0]?.text ?? ''), /[,;]/);
  const name = plain(first).replace(/^@/, '');
  if (NOTHING.test(name) || /^(?:tbd|tba|unassigned|any|anyone|\?+)$/i.test(name)) return;
  draft.agent = name;
  if (others.length > 0 || field.entries.length > (field.value === '' ? 1 : 0)) {
    warnings.add(
      field.line,
      `A task has one agent; ${quote(name)} was taken, the others were left out.`,
      'agents',
    );
  }
}

function readLimit(draft: Draft, field: Field, warnings: Warnings): void {
  const text = plain(field.value || (field.entries[0]?.text ?? ''));
  const bare = /^\d{1,9}$/.test(text) ? Number(text) : null;
  const unit = /second/i.test(field.label) ? 1 : 60;
  const seconds = bare === null ? durationOf(text) : bare * unit;
  if (seconds !== null) {
    draft.limitSeconds = seconds;
    draft.limitLine = field.line;
    if (bare !== null && unit === 60 && !/minute/i.test(field.label)) {
      warnings.add(field.line, `A time limit without a unit, ${quote(text)}, was read as minutes.`, 'limit');
    }
    return;
  }
  draft.notes.push(`${field.label}: ${text}`);
  warnings.add(
    field.line,
    `${quote(text)} is no time limit in seconds, minutes or hours; it was kept in the instructions.`,
    'limit',
  );
}

/** The floor that a field of the plan's head names. */
export function floorOf(field: Field): number | null {
  return countOf(plain(field.value));
}

/** The field as the document has it: the value, then its list. */
export function wholeText(field: Field): string {
  const below = field.entries.map(({ text }) => `- ${text.replaceAll('\n', '\n  ')}`);
  return [field.value, ...below].filter((text) => text !== '').join('\n');
}

function listedWhole(field: Field): string[] {
  return [field.value, ...field.entries.map(({ text }) => text)]
    .map((text) => plain(text))
    .filter((text) => text !== '');
}

/** The entries of a list, or the parts of one line: "`a`, `b`". */
function listed(field: Field): Line[] {
  const inline = splitOutside(field.value, /[,;]/).map((text) => ({ text, line: field.line }));
  return [...inline, ...field.entries];
}

const TOOL = new RegExp(
  String.raw`^(?:(?:use|using|call|run|invoke|query|via|with)\s+)?(?:the\s+)?` +
    String.raw`([\p{L}\p{N}][\p{L}\p{N}_.:/-]{0,199})(?=[\s,;:]|$)\s*[:–—-]?\s*`,
  'iu',
);

/**
 * "`mcp__x__y` for z" as the tool and what it is for; an entry without a tool's name stays as it is.
 * At most one leading verb ("Use", "Run") goes: the name stands first, where a program looks for it.
 */
export function toolText(entry: string): string {
  const text = plain(entry);
  const match = TOOL.exec(text);
  const name = match?.[1] ?? '';
  const ticked = entry.includes(`\`${name}\``);
  if (match === null || name === '' || !(ticked || name.startsWith('mcp__'))) return text;
  const purpose = text.slice(match[0].length).trim();
  return purpose === '' ? name : `${name}: ${purpose}`;
}

// A part that begins so goes on with the sentence before it.
const CONTINUES = new RegExp(
  `^(?:${[
    'includ\\w*|such|e\\.?g|i\\.?e|or|but|which|who|where|when|with|without|for|if|as|so|because|while|after',
    'before|especially|except|unless|until|than|to|by|in|on|of|at|from|namely|respectively|not',
  ].join('|')})\\b`,
  'i',
);

function criteriaOf(field: Field): Line[] {
  return [...splitCriteria(field.value).map((text) => ({ text, line: field.line })), ...field.entries];
}

/** "Validate a, identify b, assess c" is three criteria; a sentence with a comma in it is one. */
export function splitCriteria(value: string): string[] {
  const sentences = splitOutside(value, /;/);
  if (sentences.length !== 1) return sentences;
  const parts = splitOutside(value, /,/).map((part) => part.replace(/^and\s+/i, ''));
  const splits =
    parts.length > 1 &&
    parts.every((part) => /^[\p{L}\p{N}`*$"“]/u.test(part) && /\S\s+\S/.test(part) && !CONTINUES.test(part));
  return splits ? parts : sentences;
}

/** The names in "a, b and c", in a list, or in "a → b". Nothing for "none". */
export function namesOf(field: Pick<Field, 'value' | 'entries' | 'line'>): Line[] {
  const lines = [{ text: field.value, line: field.line }, ...field.entries];
  return lines.flatMap(({ text, line }) =>
    splitOutside(text.replace(/\s+(?:and|und|et)\s+/gi, ', '), /[,;&\n]/)
      .map((part) => ({ text: unnumber(plain(part)).name || plain(part), line }))
      .filter((part) => !NOTHING.test(part.text)),
  );
}
