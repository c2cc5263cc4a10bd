// Plans from documents: what people and programs wrote becomes a preview, and creates nothing.
import { AppError } from '../../shared/errors.ts';
import { plannedPlan } from '../../shared/plan.ts';
import type { PlannedPlan, PlanPreview } from '../../shared/plan.ts';
import { detectFormat } from './detect.ts';
import type { PlanFormat } from './detect.ts';
import { plain } from './inline.ts';
import { readJson } from './json.ts';
import { readMarkdown } from './markdown.ts';
import { openSource, refuse } from './source.ts';
import type { Source } from './source.ts';
import { readStructured } from './structured.ts';
import { readYaml } from './yaml.ts';

export type { PlanFormat } from './detect.ts';

export interface PlanDocument {
  text: string;
  /** Detected when absent. */
  format?: PlanFormat | undefined;
  /** Wins over the document's own. */
  name?: string | undefined;
}

/**
 * Reads a plan. Pure: the same document gives the same preview, and nothing in it is run or fetched.
 * Throws `payload_too_large` above 5 MB of UTF-8, `validation_failed` where no task can be read.
 */
export function readPlan(input: PlanDocument): PlanPreview {
  const source = openSource(input.text);
  const name = input.name === undefined ? undefined : plain(input.name) || undefined;
  if (!source.lines.some((line) => line.trim() !== '')) throw refuse('The document is empty.');
  const plan = planOf(source, input.format ?? detectFormat(source.lines), name);
  return { plan: checked(plan), warnings: source.warnings.list() };
}

function planOf(source: Source, format: PlanFormat, name: string | undefined): PlannedPlan {
  switch (format) {
    case 'markdown':
      return readMarkdown(source, name);
    case 'json':
      return readStructured(readJson(source.lines.join('\n')), name, source.warnings);
    case 'yaml':
      return readStructured(readYaml(source.lines.join('\n')), name, source.warnings);
  }
}

/** What leaves here is a plan by the schema that creating one asks for. */
function checked(plan: PlannedPlan): PlannedPlan {
  const result = plannedPlan.safeParse(plan);
  if (result.success) return result.data;
  const fields = result.error.issues
    .slice(0, 50)
    .map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new AppError(
    'validation_failed',
    `The plan cannot be used as it is: ${fields[0]?.path ?? ''}: ${fields[0]?.message ?? ''}`,
    { details: { fields } },
  );
}
