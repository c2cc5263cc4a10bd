// From a point of a line to the tasks behind it.
import { formatSpan } from '../../shared/schema.ts';
import type { Target } from '../app/routes.ts';
import type { Line } from './panels.ts';

/** The tasks whose attempts began or ended in the span before `until`; for what stands at a moment, those of now. */
export function tasksUnder({ tasks }: Pick<Line, 'tasks'>, until: number, spanMs: number): Target | null {
  if (!tasks) return null;
  if ('state' in tasks) return { place: 'tasks', search: { state: tasks.state } };
  const span = formatSpan({ from: new Date(until - spanMs).toISOString(), to: new Date(until).toISOString() });
  return { place: 'tasks', search: 'started' in tasks ? { started: span } : { ended: span, outcome: tasks.ended } };
}
