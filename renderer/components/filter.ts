// The language of the filter bar: `state:running,queued agent:writer words of the title`.

/** What a token may name. */
export interface FilterField {
  key: string;
  /** In the suggestions: "State". */
  label: string;
  /** What the value may be; absent: any text. */
  values?: readonly { value: string; label: string }[];
  /** Takes other texts than those values too, and answers the value; null: it is none. */
  parse?(text: string): string | null;
  /** How a value reads that is not among those. */
  format?(value: string): string;
  /** Several values, separated by commas. */
  multiple?: boolean;
}

/** Field to value (several joined by commas), and `q` for the free words. What a route's search holds. */
export type FilterValue = Record<string, string | undefined>;

export interface ParsedToken {
  key: string;
  value: string;
}

/** Splits at blanks, but not inside double quotes. */
function words(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** Reads one word as a token of a known field; null: free words. A value is kept only where the field knows it. */
export function parseToken(word: string, fields: readonly FilterField[]): ParsedToken | null {
  const colon = word.indexOf(':');
  if (colon <= 0) return null;
  const field = fields.find((known) => known.key === word.slice(0, colon).toLowerCase());
  if (!field) return null;
  const given = word.slice(colon + 1).replaceAll('"', '');
  const asked = field.multiple ? given.split(',') : [given];
  const found = asked.flatMap((one) => knownValue(field, one.trim()));
  if (found.length === 0) return null;
  return { key: field.key, value: [...new Set(found)].join(',') };
}

function knownValue(field: FilterField, asked: string): string[] {
  if (asked === '') return [];
  if (!field.values) return [asked];
  const lower = asked.toLowerCase();
  const match = field.values.find(({ value, label }) => value.toLowerCase() === lower || label.toLowerCase() === lower);
  const value = match?.value ?? field.parse?.(asked) ?? null;
  return value === null ? [] : [value];
}

/** The whole text of a filter; unknown tokens stay as words of `q`. */
export function parseFilter(text: string, fields: readonly FilterField[]): FilterValue {
  const value: FilterValue = {};
  const free: string[] = [];
  for (const word of words(text)) {
    const token = parseToken(word, fields);
    if (!token) free.push(word.replaceAll('"', ''));
    else {
      const known = fields.find((field) => field.key === token.key);
      value[token.key] = known?.multiple ? merge(value[token.key], token.value) : token.value;
    }
  }
  if (free.length > 0) value.q = free.join(' ');
  return value;
}

/** The union of two comma lists, in the order in which they came. */
export function merge(before: string | undefined, added: string): string {
  return [...new Set([...(before ? before.split(',') : []), ...added.split(',')])].join(',');
}

/** The text that parses back to the value. */
export function formatFilter(value: FilterValue, fields: readonly FilterField[]): string {
  const tokens = fields.flatMap(({ key }) => (value[key] ? [formatToken(key, value[key])] : []));
  return [...tokens, ...(value.q ? [value.q] : [])].join(' ');
}

function formatToken(key: string, value: string): string {
  return /\s/.test(value) ? `${key}:"${value}"` : `${key}:${value}`;
}

/** The label that a person reads for a value: an agent's name for its id. */
export function valueLabel(field: FilterField, value: string): string {
  return value
    .split(field.multiple ? ',' : '\u0000')
    .map((one) => field.values?.find((known) => known.value === one)?.label ?? field.format?.(one) ?? one)
    .join(', ');
}

export interface Suggestion {
  /** What the draft becomes. */
  text: string;
  label: string;
  /** Whether choosing it ends the token, or only begins it. */
  complete: boolean;
}

const MOST = 9;

/** What could follow the word being typed: fields, then the values of the field. */
export function suggest(draft: string, fields: readonly FilterField[], value: FilterValue): Suggestion[] {
  const colon = draft.indexOf(':');
  const field = colon > 0 ? fields.find((known) => known.key === draft.slice(0, colon).toLowerCase()) : undefined;
  if (!field) {
    const typed = draft.toLowerCase();
    return fields
      .filter(({ key, label }) => key.startsWith(typed) || label.toLowerCase().startsWith(typed))
      .map(({ key, label }) => ({ text: `${key}:`, label, complete: false }));
  }
  const given = draft.slice(colon + 1);
  const comma = field.multiple ? given.lastIndexOf(',') : -1;
  const before = given.slice(0, comma + 1);
  const typed = given.slice(comma + 1).toLowerCase();
  const taken = new Set([...(value[field.key]?.split(',') ?? []), ...before.split(',')]);
  return (field.values ?? [])
    .filter((known) => !taken.has(known.value))
    .filter((known) => known.value.toLowerCase().includes(typed) || known.label.toLowerCase().includes(typed))
    .slice(0, MOST)
    .map((known) => ({ text: `${field.key}:${before}${known.value}`, label: known.label, complete: true }));
}
