// What was decided of a bulk action beside its verb: over which tasks, to whom, for which reason.
import type { ReactNode } from 'react';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import { taskStates } from '../../shared/task.ts';
import { useAllAgents, useAllPlans } from '../app/all.ts';
import { Link } from '../app/Link.tsx';
import { formatPlural } from '../components/format.ts';
import { formatSpanWords } from '../components/span.ts';
import { stateWords } from '../components/state.ts';

type Row = [label: string, value: ReactNode];

/** Rows of fields; `linked`: the filter leads to the list, which a dialog would only cover. */
export function usePlanFacts(plan: Pick<BulkPlan, 'filter' | 'input'> | undefined, linked: boolean): Row[] {
  const { filter = {}, input = {} } = plan ?? {};
  const agents = useAllAgents(input.agentId !== undefined || filter.agentId !== undefined).rows;
  const plans = useAllPlans(filter.planId !== undefined).rows;
  const nameOf = (rows: readonly { id: string; name: string }[] | undefined, id: unknown, unknown: string): string =>
    rows?.find((row) => row.id === id)?.name ?? unknown;
  const words = filterWords(filter, { agent: (id) => nameOf(agents, id, 'one agent'), plan: (id) => nameOf(plans, id, 'one plan') });
  const given = nameOf(agents, input.agentId, 'an agent');
  const over = <Link key="over" to={{ place: 'tasks', search: searchOf(filter) }} title="Shows what matches it now">{words}</Link>;
  return [
    ['Over', linked && !('ids' in filter) ? over : words],
    ['To', input.agentId && (linked ? <Link key="to" to={{ place: 'agents', id: input.agentId }}>{given}</Link> : given)],
    ['Reason', input.reason],
  ];
}

type Filter = BulkPlan['filter'];

/** As the tasks' list keeps it in its address. */
export function searchOf({ attention, ids: _ids, ...filter }: Filter): Record<string, string> {
  const same = Object.entries(filter).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []));
  return { ...Object.fromEntries(same), ...(attention ? { view: 'attention' } : {}) };
}

interface Names {
  agent(id: string): string;
  plan(id: string): string;
}

/** `Failed tasks, of docs-writer, of one error group`. */
export function filterWords(filter: Filter, names: Names): string {
  if (Array.isArray(filter.ids)) return `${formatPlural(filter.ids.length, 'task')} chosen one by one`;
  const text = (key: string): string | null => (typeof filter[key] === 'string' ? filter[key] : null);
  const states = taskStates.filter((state) => text('state')?.split(',').includes(state));
  const span = (key: string, verb: string): string | null => {
    const given = text(key);
    return given === null ? null : `${verb} ${formatSpanWords(given)}`;
  };
  const some = (key: string, say: (value: string) => string): string | null => {
    const given = text(key);
    return given === null ? null : say(given);
  };
  const parts = [
    some('agentId', (id) => `of ${names.agent(id)}`),
    some('planId', (id) => (id === 'none' ? 'of no plan' : `of ${names.plan(id)}`)),
    some('queue', (queue) => `in the queue ${queue}`),
    some('scheduleId', () => 'of one schedule'),
    some('errorGroup', () => 'of one error group'),
    some('q', (words) => `“${words}”`),
    span('created', 'created'),
    span('started', 'attempt started'),
    span('ended', 'attempt ended'),
    span('counted', 'counted'),
    some('outcome', (outcomes) => `attempt ${outcomes.split(',').join(' or ').replaceAll('_', ' ')}`),
    some('chain', () => 'the last of each chain'),
  ].filter((part) => part !== null);
  const which = states.length > 0 ? `${states.map((state, index) => (index === 0 ? stateWords[state] : stateWords[state].toLowerCase())).join(' or ')} tasks` : null;
  const kind = filter.attention ? 'Tasks that need attention' : which;
  return [kind ?? (parts.length === 0 ? 'All tasks' : 'Tasks'), ...parts].join(', ').replace(/^Tasks, /, 'Tasks ');
}
