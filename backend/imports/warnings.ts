// What the reader tells the person about: one message a place, in the order of the document, never too many.
import type { PlanWarning } from '../../shared/plan.ts';

/** Of one kind; a document with more of them is told how many more there are. */
const MOST_OF_A_KIND = 50;

export interface Warnings {
  /** `line` counts from 1; 0 is the document as a whole. `kind` groups what may come in thousands. */
  add(line: number, message: string, kind?: string): void;
  list(): PlanWarning[];
}

/** A collector whose lines never leave the document of `lineCount` lines. */
export function collectWarnings(lineCount: number): Warnings {
  const kept: PlanWarning[] = [];
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  return {
    add(line, message, kind = 'other') {
      const place = Math.min(Math.max(0, Math.trunc(line)), lineCount);
      const identity = `${place}\n${message}`;
      if (seen.has(identity)) return;
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      if (number > MOST_OF_A_KIND) return;
      seen.add(identity);
      kept.push({ line: place, message });
    },
    list() {
      const more = [...counts.values()].reduce(
        (sum, number) => sum + Math.max(0, number - MOST_OF_A_KIND),
        0,
      );
      const all =
        more === 0
          ? kept
          : [...kept, { line: 0, message: `${more} more warnings like these are not listed.` }];
      return all.toSorted((a, b) => a.line - b.line);
    },
  };
}

/** A piece of the document inside a message: one line, at most `max` characters. */
export function quote(value: string, max = 60): string {
  const oneLine = value
    .slice(0, max * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return `“${shorten(oneLine, max)}”`;
}

/** `1,000`, as it stands in messages. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Cuts at `max` UTF-16 units, never through a surrogate pair, and shows the cut with an ellipsis. */
export function shorten(value: string, max: number): string {
  if (value.length <= max) return value;
  return `${value
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trimEnd()}…`;
}
