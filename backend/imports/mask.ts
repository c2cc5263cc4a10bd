// Hides what a line says from the Markdown parser, which needs only how the line begins, and takes a
// microsecond for each character. What was hidden comes back by the line's number.
/** A noncharacter; cleaning has taken it out of the document. */
export const HIDDEN = '\ufdd0';

/** Fences, rules, underlines of headings and of tables: what is structure by itself. */
const STRUCTURE = /^(?:`{3}|~{3}|[-=*_:#\s]+$)/;
const HEADING = /^#{1,6}[ \t]/;

export interface Masked {
  shown: string;
  hidden: string;
}

/** The line with its text replaced, and the text. Lines of tables stay as they are. */
export function maskLine(line: string): Masked {
  if (line.includes('|')) return { shown: line, hidden: '' };
  let at = 0;
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t' || line[at] === '>') at += 1;
    const marker = at < line.length ? markerAt(line, at) : 0;
    if (marker === 0) break;
    at += marker;
  }
  const rest = line.slice(at, at + 8);
  const opening = HEADING.exec(rest)?.[0].length ?? 0;
  const text = line.slice(at + opening);
  if (text.trim() === '' || STRUCTURE.test(text.slice(0, 400))) return { shown: line, hidden: '' };
  const start = at + opening + (text.length - text.trimStart().length);
  // Spaces at the end stay: two of them break a line.
  const end = line.trimEnd().length;
  return { shown: line.slice(0, start) + HIDDEN + line.slice(end), hidden: line.slice(start, end) };
}

/** The width of a list marker at that place, or 0. */
export function markerAt(line: string, at: number): number {
  const character = line[at]!;
  let end = at + 1;
  if (character >= '0' && character <= '9') {
    while (end < at + 10 && line[end]! >= '0' && line[end]! <= '9') end += 1;
    if (line[end] !== '.' && line[end] !== ')') return 0;
    end += 1;
  } else if (character !== '-' && character !== '*' && character !== '+') {
    return 0;
  }
  return end >= line.length || line[end] === ' ' || line[end] === '\t' ? end - at : 0;
}
