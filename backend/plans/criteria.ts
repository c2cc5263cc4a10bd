// Success criteria of a plan: ticked by what its tasks have done, and by nothing else.
import type { planCriterion, PlanNode } from '../../shared/plan.ts';
import { SIMULATOR_NOTICE } from '../../shared/provider.ts';
import type { z } from 'zod';

export type Criterion = z.infer<typeof planCriterion>;
type Carrier = Pick<PlanNode, 'key' | 'state' | 'simulated' | 'successCriteria'>;

const normal = (text: string) => text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
const NAMED = 5;

function evidenceOf(carriers: Carrier[], whole: boolean): string {
  const named = carriers
    .slice(0, NAMED)
    .map(({ key }) => key)
    .join(', ');
  const more = carriers.length > NAMED ? ` and ${carriers.length - NAMED} more` : '';
  const one = carriers.length === 1;
  const who =
    whole && !one
      ? `All ${carriers.length} tasks succeeded: ${named}${more}.`
      : `${one ? 'Task' : 'Tasks'} ${named}${more} succeeded.`;
  return carriers.some((task) => task.simulated) ? `${who} ${SIMULATOR_NOTICE}` : who;
}

/** A criterion that tasks carry in the same words is met when all of those succeeded; any other, with the plan. */
export function tickCriteria(texts: string[], tasks: Carrier[]): Criterion[] {
  const carried = new Map<string, Carrier[]>();
  for (const task of tasks) {
    for (const criterion of new Set(task.successCriteria.map(normal))) {
      carried.set(criterion, [...(carried.get(criterion) ?? []), task]);
    }
  }
  return texts.map((text) => {
    const own = carried.get(normal(text));
    const carriers = own ?? tasks;
    const met = carriers.length > 0 && carriers.every((task) => task.state === 'succeeded');
    return { text, met, evidence: met ? evidenceOf(carriers, own === undefined) : null };
  });
}
