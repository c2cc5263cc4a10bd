// Reads a plan that people wrote in Markdown: headings or lists of tasks with fields, and a Mermaid graph.
import type { PlannedPlan } from '../../shared/plan.ts';
import { assemblePlan } from './assemble.ts';
import { dependenciesOf } from './dependencies.ts';
import type { PlacedDiagram } from './dependencies.ts';
import { sectionClass } from './fields.ts';
import { normal, plain } from './inline.ts';
import { isFlowchart, readMermaid } from './mermaid.ts';
import { outlineOf } from './outline.ts';
import type { Block, Section } from './outline.ts';
import { readSections } from './sections.ts';
import { boundMarkdown, refuse } from './source.ts';
import type { Source } from './source.ts';

export const UNTITLED = 'Imported plan';

export function readMarkdown({ lines, warnings }: Source, name: string | undefined): PlannedPlan {
  const { text, title } = withoutFrontMatter(withoutComments(boundMarkdown(lines, warnings)));
  const root = outlineOf(text);
  const diagrams = diagramsIn(root, warnings);
  const names = diagrams.flatMap(({ diagram }) =>
    [...diagram.nodes.values()].map(({ label }) => normal(label)),
  );
  const found = readSections(root, new Set(names.filter((label) => label !== '')), warnings);
  const read = dependenciesOf(found.drafts, { diagrams, relations: found.relations }, warnings);
  if (read.drafts.length === 0) throw refuse(NO_TASK);
  const heading = root.children[0]?.title ?? '';
  if (name === undefined && heading === '' && title === null) {
    warnings.add(0, `The document has no heading; the plan is called ${UNTITLED}.`);
  }
  return assemblePlan({ ...found, name: name ?? (heading || title || UNTITLED) }, read, warnings);
}

const NO_TASK =
  'No task was found in the document. Write each task under a heading with its agent’s name and a list ' +
  'with "MICRO-TASK: …", or as "1. **agent-name**: what it does" under a heading such as "Tasks".';

/** Comments go, lines stay. A comment opens a line, or is whole inside of one. */
function withoutComments(lines: readonly string[]): string[] {
  let inside = false;
  const last = lines.findLastIndex((line) => line.includes('-->'));
  return lines.map((line, index) => {
    let rest = line;
    if (inside) {
      const end = rest.indexOf('-->');
      if (end === -1) return '';
      inside = false;
      rest = rest.slice(end + 3);
    }
    rest = rest.replace(/<!--(?:(?!-->|<!--).){0,2000}-->/g, '');
    if (!rest.trimStart().startsWith('<!--') || last <= index) return rest;
    inside = true;
    return '';
  });
}

/** `---`, `title: x`, `---` at the top. */
function withoutFrontMatter(lines: readonly string[]): { text: string[]; title: string | null } {
  const end =
    lines[0]?.trimEnd() === '---'
      ? lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line))
      : -1;
  const head = lines.slice(1, Math.max(1, end));
  if (end === -1 || !head.every((line) => /^(?:[\w-]+\s*:|\s|#|-\s|$)/.test(line)))
    return { text: [...lines], title: null };
  const title = head
    .map((line) => /^(?:title|name)\s*:\s*(.+)$/i.exec(line)?.[1])
    .find((found) => found !== undefined);
  const text = lines.map((line, index) => (index <= end ? '' : line));
  return { text, title: title === undefined ? null : plain(title.replace(/^["']|["']$/g, '')) };
}

function diagramsIn(root: Section, warnings: Source['warnings']): PlacedDiagram[] {
  const placed: PlacedDiagram[] = [];
  const visitBlock = (block: Block, section: Section): void => {
    if (block.kind === 'list')
      for (const item of block.items) for (const inner of item.blocks) visitBlock(inner, section);
    if (block.kind !== 'code') return;
    const isChart = isFlowchart(block.value);
    if (block.language === 'mermaid' && !isChart) {
      warnings.add(
        block.line,
        'This diagram is no Mermaid flowchart ("graph TD" or "flowchart LR"); it was not read.',
      );
    }
    if (!isChart || (block.language !== 'mermaid' && block.language !== '')) return;
    const about = sectionClass(section.title);
    const expected =
      about === 'dependencies' ||
      about === 'tasks' ||
      /\b(?:plan|workflow|pipeline|graph|order)\b/i.test(section.title);
    placed.push({ diagram: readMermaid(block.value, block.line), expected });
  };
  const visit = (section: Section): void => {
    for (const block of section.blocks) visitBlock(block, section);
    for (const child of section.children) visit(child);
  };
  visit(root);
  return placed;
}
