// The filter of the tasks' list: between the route's search, the filter bar's tokens and what the backend is asked.
import { parseSpan } from '../../shared/schema.ts';
import { attemptOutcomes, needsAttention, taskStates, type TaskState, type TaskSummary } from '../../shared/task.ts';
import type { FilterField, FilterValue } from '../components/filter.ts';
import { stateWords } from '../components/state.ts';
import { formatSpanWords, recentSpans } from '../components/span.ts';
import { outcomeWords } from '../components/outcome.ts';

export type Search = Record<string, string | undefined>;

/** What the backend filters by. */
export interface TaskListInput {
  state?: string;
  attention?: true;
  agentId?: string;
  planId?: string;
  queue?: string;
  scheduleId?: string;
  chain?: 'last';
  errorGroup?: string;
  q?: string;
  created?: string;
  ended?: string;
  started?: string;
  counted?: string;
  outcome?: string;
  accountId?: string;
  limit: number;
}

const PAGE = 100;

export const views = ['all', 'attention', 'running', 'errors'] as const;
export type View = (typeof views)[number];

/** The quick view that a search stands for; null: a filter of its own. */
export function viewOf(search: Search): View | null {
  if (search.view === 'attention' || search.view === 'errors') return search.view;
  if (!search.state) return 'all';
  return search.state === 'running' ? 'running' : null;
}

/** The search of a quick view; who and what is filtered for stays. */
export function withView(search: Search, view: View): Search {
  const { state: _state, view: _view, errorGroup: _group, ...rest } = search;
  if (view === 'attention' || view === 'errors') return { ...rest, view };
  return view === 'running' ? { ...rest, state: 'running' } : rest;
}

export function listInput(search: Search): TaskListInput {
  const input: TaskListInput = { limit: PAGE };
  const state = knownStates(search.state).join(',');
  if (viewOf(search) === 'attention') input.attention = true;
  else if (state) input.state = state;
  return Object.assign(input, scopeOf(search));
}

/** The filter as a bulk action takes it: what the list shows, of any page. */
export function bulkFilter(search: Search): Record<string, unknown> {
  const { limit: _limit, ...filter } = listInput(search);
  return viewOf(search) === 'errors' ? { ...filter, state: 'failed' } : filter;
}

/** The filter without the state: what tasks.count is asked. Times and outcomes that are none are not asked for. */
export function scopeOf(search: Search): Omit<TaskListInput, 'state' | 'attention' | 'limit'> {
  const { agentId, planId, queue, scheduleId, errorGroup, accountId, q } = search;
  const outcome = attemptOutcomes.filter((known) => search.outcome?.split(',').includes(known)).join(',');
  return {
    ...(agentId && { agentId }),
    ...(planId && { planId }),
    ...(queue && { queue: queue.slice(0, 60) }),
    ...(scheduleId && { scheduleId }),
    ...(accountId && { accountId }),
    ...(search.chain === 'last' && { chain: search.chain }),
    ...(/^[0-9a-f]{32}$/.test(errorGroup ?? '') && { errorGroup }),
    ...(q && { q: q.slice(0, 200) }),
    ...Object.fromEntries([createdField, ...spanFields].flatMap(({ key }) => (spanOf(search[key]) ? [[key, search[key]]] : []))),
    ...(outcome && { outcome }),
  };
}

/** The times that a task's attempts are filtered by. */
const createdField = { key: 'created', label: 'Created' } as const;
const spanFields = [
  { key: 'ended', label: 'Attempt ended' },
  { key: 'started', label: 'Attempt started' },
  { key: 'counted', label: 'Counted as an execution' },
] as const;
const spanOf = (given: string | undefined) => (given === undefined ? null : parseSpan(given));
/** Whether the search asks for what attempts did, which a task that has none did not. */
const asksOfAttempts = (search: Search): boolean =>
  Boolean(search.outcome || search.accountId) || spanFields.some(({ key }) => spanOf(search[key]) !== null);

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
  return viewOf(search) !== 'all' || Boolean(search.agentId || search.planId || search.queue || search.scheduleId || search.chain === 'last' || search.errorGroup || search.q || spanOf(search.created)) || asksOfAttempts(search);
}

/** Whether a new task would stand in the list as it is filtered; free words only the backend can tell. */
export function wouldShow(search: Search, task: TaskSummary): boolean {
  if (search.q || search.scheduleId || asksOfAttempts(search)) return false;
  if (viewOf(search) === 'attention' && !needsAttention(task)) return false;
  const states = knownStates(search.state);
  return (
    (states.length === 0 || states.includes(task.state)) &&
    (!search.agentId || search.agentId === task.agentId) &&
    (!search.planId || search.planId === (task.planId ?? 'none')) &&
    (!search.queue || search.queue === task.queue) &&
    (search.chain !== 'last' || task.succeededBy === null) &&
    (!search.errorGroup || search.errorGroup === task.errorGroup) &&
    isWithin(search.created, task.createdAt)
  );
}

/** Whether a time lies in a span; everything does where none is given. */
function isWithin(span: string | undefined, time: string): boolean {
  const asked = spanOf(span);
  if (asked === null) return true;
  const at = Date.parse(time);
  return (asked.from === null || at >= Date.parse(asked.from)) && (asked.to === null || at < Date.parse(asked.to));
}

interface Named {
  id: string;
  name: string;
}
export interface FilterNames {
  agents: readonly Named[];
  plans: readonly Named[];
  queues: readonly { name: string }[];
  schedules: readonly Named[];
  accounts: readonly Named[];
  errorGroups: readonly { fingerprint: string; title: string }[];
}

/** `state:`, `agent:`, `plan:` and what attempts did when. A name that is not known yet shows as its id. */
export function filterFields({ agents, plans, queues, schedules, accounts, errorGroups }: FilterNames, now: number): FilterField[] {
  const named = (rows: readonly Named[]) => rows.map(({ id, name }) => ({ value: id, label: name }));
  const times = recentSpans(now);
  return [
    { key: 'state', label: 'State', multiple: true, values: taskStates.map((value) => ({ value, label: stateWords[value] })) },
    { key: 'agent', label: 'Agent', values: named(agents) },
    { key: 'plan', label: 'Plan', values: [...named(plans), { value: 'none', label: 'No plan' }] },
    { key: 'queue', label: 'Queue', values: queues.map(({ name }) => ({ value: name, label: name })) },
    { key: 'schedule', label: 'Schedule', values: named(schedules) },
    { key: 'provider', label: 'Provider account', values: [...named(accounts), { value: 'none', label: 'External agents' }] },
    { key: 'chain', label: 'Handoffs', values: [{ value: 'last', label: 'shown as one' }] },
    { key: 'error', label: 'Error', values: errorGroups.map(({ fingerprint, title }) => ({ value: fingerprint, label: title })) },
    ...[createdField, ...spanFields].map(({ key, label }) => ({ key, label, values: times, parse: readSpan, format: formatSpanWords })),
    { key: 'outcome', label: 'Attempt’s outcome', multiple: true, values: attemptOutcomes.map((value) => ({ value, label: outcomeWords[value] })) },
  ];
}

const readSpan = (text: string): string | null => (spanOf(text) ? text : null);

export function toFilter(search: Search): FilterValue {
  const { state, agentId: agent, planId: plan, queue, scheduleId: schedule, accountId: provider, chain, errorGroup: error, created, ended, started, counted, outcome, q } = search;
  return { state, agent, plan, queue, schedule, provider, chain, error, created, ended, started, counted, outcome, q };
}

/** A state chosen by hand ends the attention view. */
export function fromFilter(search: Search, filter: FilterValue): Search {
  const { view, ...rest } = search;
  const { agent, plan, schedule, provider, error, ...same } = filter;
  const next: Search = { ...rest, ...same, agentId: agent, planId: plan, scheduleId: schedule, accountId: provider, errorGroup: error };
  return view && !filter.state ? { ...next, view } : next;
}
