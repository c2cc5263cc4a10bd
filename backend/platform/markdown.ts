// Markdown that is put together from texts of others: what they wrote must not change the document around it.

/** One line of text: whatever would be markup, or the end of a table's cell, is shown as it is. */
export function inline(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, ' ')
      .trim()
      .replaceAll(/[\\`*[\]<>|~]/g, (sign) => `\\${sign}`)
      .replaceAll(/&(?=#?\w+;)/g, String.raw`\&`)
      // An underscore within a word is no markup, and names are full of them.
      .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\_`)
      // What would begin or end a heading, or begin a list or a rule.
      .replaceAll(/(?<=^| )#/g, String.raw`\#`)
      .replace(/^[+-]/, (sign) => `\\${sign}`)
      .replace(/^\d+(?=[.)])/, (digits) => `${digits}\\`)
  );
}

export function table(header: string[], body: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...body.map(line)];
}

/** Headings of a quoted text come below those of the report, which go three deep. */
const DEMOTED_BY = 3;
const DEEPEST = 6;

function heading(level: number, text: string): string {
  return `${'#'.repeat(Math.min(DEEPEST, level + DEMOTED_BY))} ${text}`.trimEnd();
}

/** Lowers each heading of a Markdown text, but not what stands in fenced code. */
export function demote(text: string): string[] {
  const shown: string[] = [];
  let fence: string | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const marker = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== null) {
      if (marker && marker[1]!.startsWith(fence) && marker[2]!.trim() === '') fence = null;
      shown.push(line);
      continue;
    }
    if (marker && !(marker[1]!.startsWith('`') && marker[2]!.includes('`'))) {
      fence = marker[1]!;
      shown.push(line);
      continue;
    }
    const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line);
    const before = shown.at(-1) ?? '';
    if (atx) shown.push(heading(atx[1]!.length, atx[2] ?? ''));
    else if (underline && /^ {0,3}[^\s#>|`~*+-]/.test(before))
      shown.splice(-1, 1, heading(underline[1]!.startsWith('=') ? 1 : 2, before.trim()));
    else shown.push(line);
  }
  return shown;
}

/** A text as a quotation: an open fence, a table or HTML in it ends with it. */
export function quote(text: string): string[] {
  return demote(text.trimEnd()).map((line) => `> ${line}`.trimEnd());
}
