// The lines of a document and the warnings that belong to them.
import type { PlanWarning } from '../../shared/plan.ts';

/** As a warning counts them: from 1, whatever ends them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** The line that a warning belongs to: 0 is the document as a whole, beyond the end is the last one. */
export function clampLine(line: number, lineCount: number): number {
  return Math.max(0, Math.min(line, lineCount));
}

/** Warnings in the order of the document, those of the whole first. */
export function inOrder(warnings: readonly PlanWarning[]): PlanWarning[] {
  return [...warnings].sort((a, b) => a.line - b.line);
}

export interface WarningGroup {
  /** What they have in common: the message without its quotations. */
  gist: string;
  warnings: PlanWarning[];
}

/** From so many that say the same of different lines on, they are shown as one. */
const MANY = 3;

/** Warnings that say the same are put together, at the place of the first of them. */
export function groupWarnings(warnings: readonly PlanWarning[]): WarningGroup[] {
  const groups = new Map<string, PlanWarning[]>();
  for (const warning of inOrder(warnings)) {
    const gist = gistOf(warning.message);
    groups.set(gist, [...(groups.get(gist) ?? []), warning]);
  }
  return [...groups].flatMap(([gist, members]) =>
    members.length < MANY
      ? members.map((warning) => ({ gist: warning.message, warnings: [warning] }))
      : [{ gist, warnings: members }],
  );
}

/** `Text … was repaired: “â€œ” reads ““”.` and its like are one kind: what is quoted is of the line alone. */
function gistOf(message: string): string {
  const colon = message.search(/: “/);
  return colon > 0 ? `${message.slice(0, colon)}.` : message.replaceAll(/“[^”]*”/g, '“…”');
}
