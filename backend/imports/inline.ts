// Inline Markdown as plain text, by linear replacements: inline markup is only taken off, never evaluated.

const IMAGE_OR_LINK = /!?\[([^[\]]{0,300})\]\([^()\s]{0,1000}(?:\s"[^"]{0,200}")?\)/g;
const BREAK = /<br\s{0,3}\/?>/gi;
const TAG =
  /<\/?(?:a|b|i|u|s|em|strong|code|kbd|su[bp]|span|p|div|details|summary|mark)(?:\s[^<>]{0,200})?\/?>/gi;
const STRONG = /\*\*|~~|(?<![\p{L}\p{N}_])__(?=\S)|(?<=\S)__(?![\p{L}\p{N}_])/gu;
const STAR = /(?<![\p{L}\p{N}*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\p{L}\p{N}*])/gu;
const UNDERSCORE = /(?<![\p{L}\p{N}_])_(?=[^\s_])|(?<=[^\s_])_(?![\p{L}\p{N}_])/gu;
const ESCAPE = /\\([!-/:-@[-`{-~])/g;
const ENTITY = /&(amp|lt|gt|quot|apos|nbsp|#39);/g;
const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
};

/** One line of plain text. What stands in backticks is kept to the letter. */
export function plain(markdown: string): string {
  return markdown
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? piece : unmark(piece)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

function unmark(piece: string): string {
  return piece
    .replace(IMAGE_OR_LINK, '$1')
    .replace(BREAK, ' ')
    .replace(TAG, '')
    .replace(STRONG, '')
    .replace(STAR, '')
    .replace(UNDERSCORE, '')
    .replace(ESCAPE, '$1')
    .replace(ENTITY, (_, name: string) => entities[name] ?? ' ');
}

/** What two names are compared by: letters and digits only, in lower case. */
export function normal(value: string): string {
  return plain(value.slice(0, 1000))
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** A key out of a name: `Final Report` is `final-report`. */
export function slug(value: string): string {
  const letters = [...normal(value).replaceAll(' ', '-')].slice(0, 100).join('');
  return (
    letters
      .slice(0, 100)
      .toWellFormed()
      .replace(/^-+|-+$/g, '') || 'task'
  );
}

/** `release-manager`, `qa_lead`, `infra.bot`: written as programs are named. */
export function isSlug(value: string): boolean {
  return value.length <= 80 && /^[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)+$/u.test(value) && /\p{L}/u.test(value);
}

const COUNTED = /^(?:#\s?)?(\d{1,4}(?:\.\d{1,3}){0,3})\s?[.):–—-]\s*(?=\S)/u;
const DECORATION = /^[^\p{L}\p{N}*_`"'“«([<#@/.]+/u;

/** Takes off the number and the pictures before a name: `🔍 3. security-auditor`. */
export function unnumber(value: string): { number: string | null; name: string } {
  const text = value.replace(DECORATION, '');
  const match = COUNTED.exec(text);
  if (match === null) return { number: null, name: text.trim() };
  return { number: match[1]!, name: text.slice(match[0].length).replace(DECORATION, '').trim() };
}

export interface Labelled {
  label: string;
  value: string;
  bold: boolean;
}

/** `**Label**: value`, `**Label:** value`, `Label: value`, `**Label** - value`; null without a label. */
export function splitLabel(line: string): Labelled | null {
  const text = line.trim().replace(DECORATION, '');
  for (const mark of ['**', '__', '*', '`']) {
    if (!text.startsWith(mark)) continue;
    const end = text.indexOf(mark, mark.length);
    if (end <= mark.length || end > 160) return null;
    const inner = text.slice(mark.length, end).trim();
    const rest = text.slice(end + mark.length);
    if (/[:：]$/.test(inner)) return { label: plain(inner.slice(0, -1)), value: rest.trim(), bold: true };
    const separator = /^\s*(?:[:：]|[–—→](?=\s|$)|->|-(?=\s))/u.exec(rest);
    if (separator !== null)
      return { label: plain(inner), value: rest.slice(separator[0].length).trim(), bold: true };
    return rest.trim() === '' ? { label: plain(inner), value: '', bold: true } : null;
  }
  const colon = text.search(/[:：](?=\s|$)/u);
  if (colon < 1 || colon > 60) return null;
  const label = plain(text.slice(0, colon));
  if (label === '' || label.split(' ').length > 6 || /[.!?;,]/.test(label.slice(0, -1))) return null;
  return { label, value: text.slice(colon + 1).trim(), bold: false };
}

/** Splits at the separators that stand outside of backticks, quotes and brackets. */
export function splitOutside(value: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let ticked = false;
  let from = 0;
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at]!;
    if (character === '`') ticked = !ticked;
    else if (ticked) continue;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && separator.test(character)) {
      // 4,300 is one number.
      if (character === ',' && /\d/.test(value[at - 1] ?? '') && /\d/.test(value[at + 1] ?? '')) continue;
      parts.push(value.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(value.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
