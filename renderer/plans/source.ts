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
