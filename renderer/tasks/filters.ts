// The filter of the tasks' list: between the route's search, the filter bar's tokens and what the backend is asked.
import { needsAttention, taskStates, type TaskState, type TaskSummary } from '../../shared/task.ts';
import type { FilterField, FilterValue } from '../components/filter.ts';
import { stateWords } from '../components/state.ts';

export type Search = Record<string, string | undefined>;

/** What the backend filters by. */
export interface TaskListInput {
  state?: string;
  attention?: true;
  agentId?: string;
  planId?: string;
  q?: string;
  limit: number;
}

const PAGE = 100;

export const views = ['all', 'attention', 'running'] as const;
export type View = (typeof views)[number];

/** The quick view that a search stands for; null: a filter of its own. */
export function viewOf(search: Search): View | null {
  if (search.view === 'attention') return 'attention';
  if (!search.state) return 'all';
  return search.state === 'running' ? 'running' : null;
}

/** The search of a quick view; who and what is filtered for stays. */
export function withView(search: Search, view: View): Search {
  const { state: _state, view: _view, ...rest } = search;
  if (view === 'attention') return { ...rest, view };
  return view === 'running' ? { ...rest, state: 'running' } : rest;
}

export function listInput(search: Search): TaskListInput {
  const input: TaskListInput = { limit: PAGE };
  const state = knownStates(search.state).join(',');
  if (viewOf(search) === 'attention') input.attention = true;
  else if (state) input.state = state;
  return Object.assign(input, scopeOf(search));
}

/** The filter without the state: what tasks.count is asked. */
export function scopeOf(search: Search): { agentId?: string; planId?: string; q?: string } {
  const { agentId, planId, q } = search;
  return { ...(agentId && { agentId }), ...(planId && { planId }), ...(q && { q: q.slice(0, 200) }) };
}

function knownStates(given: string | undefined): TaskState[] {
  return taskStates.filter((state) => given?.split(',').includes(state));
}

/** How many tasks the search matches, by the counts of its states. */
export function matching(search: Search, counts: Partial<Record<TaskState, number>>): number {
  const states = knownStates(search.state);
  return total(counts, states.length > 0 ? states : taskStates);
}

export function total(counts: Partial<Record<TaskState, number>>, states: readonly TaskState[] = taskStates): number {
  return states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

export function isFiltered(search: Search): boolean {
  return viewOf(search) !== 'all' || Boolean(search.agentId || search.planId || search.q);
}

/** Whether a new task would stand in the list as it is filtered; free words only the backend can tell. */
export function wouldShow(search: Search, task: TaskSummary): boolean {
  if (search.q) return false;
  if (viewOf(search) === 'attention' && !needsAttention(task)) return false;
  const states = knownStates(search.state);
  return (
    (states.length === 0 || states.includes(task.state)) &&
    (!search.agentId || search.agentId === task.agentId) &&
    (!search.planId || search.planId === task.planId)
  );
}

interface Named {
  id: string;
  name: string;
}

/** `state:`, `agent:` and `plan:`. A name that is not known yet shows as its id. */
export function filterFields(agents: readonly Named[], plans: readonly Named[]): FilterField[] {
  const named = (rows: readonly Named[]) => rows.map(({ id, name }) => ({ value: id, label: name }));
  return [
    { key: 'state', label: 'State', multiple: true, values: taskStates.map((value) => ({ value, label: stateWords[value] })) },
    { key: 'agent', label: 'Agent', values: named(agents) },
    { key: 'plan', label: 'Plan', values: named(plans) },
  ];
}

export function toFilter(search: Search): FilterValue {
  return { state: search.state, agent: search.agentId, plan: search.planId, q: search.q };
}

/** A state chosen by hand ends the attention view. */
export function fromFilter(search: Search, filter: FilterValue): Search {
  const { view, ...rest } = search;
  const next: Search = { ...rest, state: filter.state, agentId: filter.agent, planId: filter.plan, q: filter.q };
  return view && !filter.state ? { ...next, view } : next;
}
