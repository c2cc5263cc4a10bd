// From usage to the tasks that are behind it: exactly those which a bar or a row counts.
import { formatSpan } from '../../shared/schema.ts';
import type { UsageGroup, UsageMetric } from '../../shared/usage.ts';
import type { Target } from '../app/routes.ts';

interface Behind {
  from: string;
  until: string;
  metric: UsageMetric;
  by: UsageGroup;
  /** Of the group; null: all of the span. */
  key: string | null;
}

/** Executions are counted when a task is first claimed; all else is of attempts that ended. */
export function tasksBehind({ from, until, metric, by, key }: Behind): Target {
  const span = formatSpan({ from, to: until });
  const search: Record<string, string> = metric === 'executions' ? { counted: span } : { ended: span };
  // What is drawn together has no filter of its own: the whole span is shown.
  if (key !== null && key !== 'other') {
    if (by === 'agent') search.agentId = key;
    if (by === 'plan') search.planId = key;
    if (by === 'account') search.accountId = key;
    if (by === 'state') search.outcome = key;
  }
  return { place: 'tasks', search };
}
