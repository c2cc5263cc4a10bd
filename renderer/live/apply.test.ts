// The live cache: what events make of loaded data is what loading it afresh would give.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Budget } from '../../shared/budget.ts';
import type { BulkPlan } from '../../shared/bulk-plan.ts';
import type { LiveEvent } from '../../shared/events.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Overview } from '../../shared/overview.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Review, ReviewSummary } from '../../shared/review.ts';
import { taskStates, type TaskDetails, type TaskSummary } from '../../shared/task.ts';
import { agents, findings, makeDetails, makeTask, overview, plan, tasks } from '../stories/fixtures.ts';
import type { Schedule } from '../../shared/schedule.ts';
import { budgets } from '../stories/budgetFixtures.ts';
import { plannedBulk } from '../stories/bulkFixtures.ts';
import { schedules } from '../stories/scheduleFixtures.ts';
import { decided, review } from '../stories/reviewFixtures.ts';
import { applyEvents, type CacheEntry } from './apply.ts';
import type { Listed, Page } from './rows.ts';

let seq = 0;
const eventOf = (entity: LiveEvent['entity'], row: { id: string; version: number }): LiveEvent => ({
  seq: (seq += 1),
  at: '2026-11-20T17:42:00.000Z',
  type: `${entity}.changed`,
  entity,
  id: row.id,
  version: row.version,
  data: row,
});
const taskEvent = (task: TaskSummary): LiveEvent => eventOf('task', task);
const entry = (path: string, data: unknown, input: Record<string, unknown> = {}): CacheEntry => ({ path, input, data });

/** What the backend answers: rows under a filter, newest first, cut into pages. */
function load(rows: Map<string, TaskSummary>, input: Record<string, unknown>, pages: number): Listed<TaskSummary> {
  const size = 4;
  const states = typeof input.state === 'string' ? input.state.split(',') : null;
  const matching = [...rows.values()]
    .filter((row) => (!states || states.includes(row.state)) && (!input.agentId || row.agentId === input.agentId))
    .sort((a, b) => (a.id > b.id ? -1 : 1));
  const cut = Array.from({ length: pages }, (_, index) => ({
    items: matching.slice(index * size, (index + 1) * size),
    nextCursor: matching.length > (index + 1) * size ? String(index + 1) : null,
  }));
  return { pages: cut.filter((page, index) => index === 0 || page.items.length > 0), pageParams: [] };
}
const rowsOf = (listed: Listed<TaskSummary>): TaskSummary[] =>
  'pages' in listed ? listed.pages.flatMap((page) => page.items) : listed.items;

const change = fc.record({
  index: fc.nat({ max: 24 }),
  state: fc.constantFrom(...taskStates),
  agent: fc.nat({ max: 2 }),
});
const filter = fc.constantFrom<Record<string, unknown>>(
  {},
  { state: 'running' },
  { state: 'queued,failed' },
  { agentId: agents[1]?.id },
  { agentId: agents[0]?.id, state: 'succeeded,waiting' },
);

describe('a list', () => {
  test('patched by events equals the list loaded afresh, as far as it was loaded', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), filter, fc.integer({ min: 1, max: 4 }), (changes, input, pages) => {
        const rows = new Map(Array.from({ length: 16 }, (_, index) => makeTask(index)).map((row) => [row.id, row]));
        const before = load(rows, input, pages);
        const loadedWhole = 'pages' in before && before.pages.at(-1)?.nextCursor === null;
        const end = rowsOf(before).at(-1)?.id;
        const events = changes.map(({ index, state, agent }) => {
          const base = makeTask(index);
          const old = rows.get(base.id) ?? base;
          const row = { ...old, state, agentId: agents[agent]?.id ?? null, version: (rows.get(base.id)?.version ?? 0) + 1 };
          rows.set(row.id, row);
          return taskEvent(row);
        });
        const patched = applyEvents(entry('tasks.list', before, input), events);
        const afresh = rowsOf(load(rows, input, 100)).filter((row) => loadedWhole || (end !== undefined && row.id >= end));
        expect(rowsOf(patched.data as Listed<TaskSummary>)).toEqual(afresh);
        expect(patched.stale).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps its identity, and that of its rows, where nothing changed', () => {
    const page: Page<TaskSummary> = { items: tasks.slice(0, 5), nextCursor: 'more' };
    const stale = { ...(tasks[2] as TaskSummary), title: 'An older title', version: 2 };
    expect(applyEvents(entry('tasks.list', page), [taskEvent(stale)]).data).toBe(page);
    const newer = { ...stale, version: 9 };
    const patched = applyEvents(entry('tasks.list', page), [taskEvent(newer), taskEvent(stale)]).data as Page<TaskSummary>;
    expect(patched.items[2]).toEqual(newer);
    expect(patched.items[1]).toBe(page.items[1]);
    expect(patched.items[3]).toBe(page.items[3]);
  });

  test('is marked where only the backend can tell whether a row belongs', () => {
    const page: Page<TaskSummary> = { items: tasks.slice(0, 5), nextCursor: null };
    const other = makeTask(90, { version: 1 });
    const patched = applyEvents(entry('tasks.list', page, { q: 'torque' }), [taskEvent(other)]);
    expect(patched).toEqual({ data: page, stale: true });
  });

  test('of attempts in a span is marked where an attempt may lie in it, and left alone where none can', () => {
    const ended = '2026-11-20T16:00:00Z/2026-11-20T17:00:00Z';
    const page: Page<TaskSummary> = { items: [], nextCursor: null };
    const before = { createdAt: '2026-11-20T15:00:00.000Z', version: 1 };
    const stale = (task: TaskSummary) => applyEvents(entry('tasks.list', page, { ended }), [taskEvent(task)]);
    expect(stale(makeTask(90, { ...before, state: 'succeeded', attempt: 1 }))).toEqual({ data: page, stale: true });
    expect(stale(makeTask(90, { ...before, state: 'running', attempt: 2 })).stale).toBe(true);
    expect(stale(makeTask(90, { ...before, state: 'running', attempt: 1 })).stale).toBe(false);
    expect(stale(makeTask(90, { ...before, state: 'queued', attempt: 0 })).stale).toBe(false);
    expect(stale(makeTask(90, { ...before, state: 'succeeded', attempt: 1, createdAt: '2026-11-20T17:00:00Z' })).stale).toBe(false);
  });

  test('is marked where the order may have changed', () => {
    const page = { items: agents, nextCursor: null };
    const renamed = { ...agents[0], name: 'zeta', version: 99 } as (typeof agents)[number];
    expect(applyEvents(entry('agents.list', page), [eventOf('agent', renamed)]).stale).toBe(true);
  });

  test('loses an agent that is retired, unless retired ones are asked for', () => {
    const page = { items: agents, nextCursor: null };
    const retired = { ...agents[0], status: 'retired', version: 99 } as (typeof agents)[number];
    const shown = applyEvents(entry('agents.list', page), [eventOf('agent', retired)]).data as typeof page;
    expect(shown.items).toHaveLength(agents.length - 1);
    const all = applyEvents(entry('agents.list', page, { includeRetired: true }), [eventOf('agent', retired)]).data;
    expect((all as typeof page).items).toHaveLength(agents.length);
  });
});

describe('details', () => {
  test('take the newer row, keep the long texts and are marked for their attempts', () => {
    const details = makeDetails(tasks[0] as TaskSummary);
    const next = { ...(tasks[0] as TaskSummary), state: 'succeeded' as const, version: 8 };
    const patched = applyEvents(entry('tasks.details', details, { id: next.id }), [taskEvent(next)]);
    const { task } = patched.data as TaskDetails;
    expect(task).toMatchObject({ state: 'succeeded', version: 8, instructions: details.task.instructions });
    expect(patched.stale).toBe(true);
  });

  test('of another task stay as they are, and follow their neighbours', () => {
    const details = makeDetails(tasks[0] as TaskSummary);
    expect(applyEvents(entry('tasks.details', details), [taskEvent(makeTask(50, { version: 9 }))])).toEqual({ data: details, stale: false });
    const neighbour = { ...(details.dependencies[0] as TaskSummary), state: 'cancelled' as const, version: 9 };
    const patched = applyEvents(entry('tasks.details', details), [taskEvent(neighbour)]).data as TaskDetails;
    expect(patched.dependencies[0]?.state).toBe('cancelled');
    expect(patched.task).toBe(details.task);
  });

  test('take a finding once', () => {
    const details = makeDetails(tasks[0] as TaskSummary, { findings: [] });
    const finding = { ...(findings[0] as Finding), taskId: details.task.id };
    const event = eventOf('finding', finding);
    const patched = applyEvents(entry('tasks.details', details), [event, event]).data as TaskDetails;
    expect(patched.findings).toEqual([finding]);
  });
});

describe('a plan', () => {
  test('moves the node, and only it', () => {
    const node = plan.tasks[2];
    if (!node) throw new Error('The plan has no third node.');
    const { key: _key, dependsOn: _dependsOn, output: _output, successCriteria: _criteria, ...row } = node;
    const patched = applyEvents(entry('plans.get', plan), [taskEvent({ ...row, state: 'failed', version: 9 })]);
    const { tasks: nodes } = patched.data as Plan;
    expect(nodes[2]).toMatchObject({ key: node.key, dependsOn: node.dependsOn, state: 'failed' });
    expect(nodes[1]).toBe(plan.tasks[1]);
    expect(patched.stale).toBe(true);
  });

  test('shows the successor of a handed-off task in its place, whatever comes late from the one before', () => {
    const node = plan.tasks[2];
    if (!node) throw new Error('The plan has no third node.');
    const successor = makeTask(300, { planId: plan.id, planKey: node.key, handoffs: 1, state: 'queued', version: 1 });
    const late = { ...makeTask(0), id: node.id, planId: plan.id, planKey: node.key, handoffs: 0, version: 40 };
    const patched = applyEvents(entry('plans.get', plan), [taskEvent(successor), taskEvent(late)]).data as Plan;
    expect(patched.tasks[2]).toMatchObject({ id: successor.id, key: node.key, dependsOn: node.dependsOn, output: null });
  });

  test('keeps tasks of other plans out', () => {
    const stranger = makeTask(301, { planId: null, planKey: plan.tasks[0]?.key ?? null, version: 9 });
    expect(applyEvents(entry('plans.get', plan), [taskEvent(stranger)])).toEqual({ data: plan, stale: false });
  });

  test('lists an urgent finding twice', () => {
    const finding = { ...(findings[0] as Finding), id: '01ffffff-0000-7000-8000-000000000000' };
    const patched = applyEvents(entry('plans.get', plan), [eventOf('finding', finding)]).data as Plan;
    expect([patched.findings[0], patched.urgentIssues[0]]).toEqual([finding, finding]);
  });
});

describe('the overview', () => {
  const lane = overview.lanes[0];
  const agentId = lane?.agent.id ?? '';
  const running = makeTask(400, { agentId, state: 'running', attempt: 1, startedAt: '2026-11-20T17:41:00.000Z', version: 2 });
  const blocksOf = (data: unknown) => (data as Overview).lanes[0]?.blocks ?? [];

  test('shows a block when a task starts and ends it when it ends', () => {
    const started = applyEvents(entry('overview.get', overview), [taskEvent(running)]);
    expect(blocksOf(started.data)[0]).toMatchObject({ taskId: running.id, state: 'running', finishedAt: null });
    expect(started.stale).toBe(true);
    const finishedAt = '2026-11-20T17:41:50.000Z';
    const ended = applyEvents(entry('overview.get', started.data), [
      taskEvent({ ...running, state: 'succeeded', finishedAt, version: 3 }),
    ]);
    expect(blocksOf(ended.data)[0]).toMatchObject({ state: 'succeeded', finishedAt });
  });

  test('ends the block of a failed attempt at the time of the event, and begins another', () => {
    const { data } = applyEvents(entry('overview.get', overview), [
      taskEvent(running),
      taskEvent({ ...running, state: 'queued', finishedAt: null, version: 3 }),
      taskEvent({ ...running, attempt: 2, startedAt: '2026-11-20T17:41:55.000Z', version: 4 }),
    ]);
    expect(blocksOf(data).slice(0, 2)).toMatchObject([
      { attempt: 2, state: 'running', finishedAt: null },
      { attempt: 1, state: 'queued', finishedAt: '2026-11-20T17:42:00.000Z' },
    ]);
  });

  test('leaves other lanes alone', () => {
    const { data } = applyEvents(entry('overview.get', overview), [taskEvent(running)]);
    expect((data as Overview).lanes[1]).toBe(overview.lanes[1]);
  });
});

test('usage is fetched anew when an attempt begins or ends, and for nothing else', () => {
  const of = (type: string, path: string) => applyEvents(entry(path, {}), [{ ...taskEvent(makeTask(1)), type }]).stale;
  for (const path of ['usage.month', 'usage.series', 'usage.breakdown', 'usage.forecast']) {
    expect(['task.claimed', 'task.succeeded', 'task.lease_expired'].every((type) => of(type, path))).toBe(true);
    expect(['task.created', 'task.progress', 'task.queued'].some((type) => of(type, path))).toBe(false);
  }
});

describe('a review', () => {
  const { items: _items, ...summary } = review;
  const [item, other] = review.items as [Review['items'][number], Review['items'][number]];
  const stateOf = ({ section: _s, text: _t, level: _l, guidance: _g, evidence: _e, ...state }: Review['items'][number]) => state;

  test('takes a newer item, keeps the words of the checklist, and needs no fetching', () => {
    const next = { ...decided(item, { verdict: 'fail', note: 'Seen' }), version: item.version + 1 };
    const event = eventOf('review_item', stateOf(next));
    const patched = applyEvents(entry('reviews.get', review, { id: review.id }), [event, event]);
    const { items } = patched.data as Review;
    expect(items[0]).toEqual({ ...item, ...stateOf(next) });
    expect(items[0]?.guidance).toBe(item.guidance);
    expect([items[1] === other, patched.stale]).toEqual([true, false]);
    const late = { ...stateOf(item), note: 'Late' };
    expect(applyEvents(entry('reviews.get', patched.data), [eventOf('review_item', late)]).data).toBe(patched.data);
  });

  test('leaves the items of another review alone', () => {
    const next = { ...stateOf(item), reviewId: tasks[0]?.id ?? '', version: 99 };
    expect(applyEvents(entry('reviews.get', review), [eventOf('review_item', next)])).toEqual({ data: review, stale: false });
  });

  test('takes its counters, in the list and by itself, and leaves the list of the open ones when it is submitted', () => {
    const counted: ReviewSummary = { ...summary, version: summary.version + 1, counts: { ...summary.counts, passed: 99 } };
    const page: Page<ReviewSummary> = { items: [summary], nextCursor: null };
    const listed = applyEvents(entry('reviews.list', page, { state: 'open' }), [eventOf('review', counted)]);
    expect(listed).toEqual({ data: { ...page, items: [counted] }, stale: false });
    expect((applyEvents(entry('reviews.get', review), [eventOf('review', counted)]).data as Review).counts.passed).toBe(99);
    const submitted = { ...counted, version: counted.version + 1, state: 'submitted' as const };
    expect(applyEvents(entry('reviews.list', page, { state: 'open' }), [eventOf('review', submitted)]).data).toEqual({ ...page, items: [] });
    expect(applyEvents(entry('reviews.report', '# Report', { id: review.id }), [eventOf('review', counted)]).stale).toBe(true);
    expect(applyEvents(entry('overview.get', overview), [eventOf('review', counted)]).stale).toBe(true);
  });
});

test('an event without data marks what it may touch', () => {
  const removed: LiveEvent = { ...taskEvent(makeTask(1)), data: null };
  expect(applyEvents(entry('tasks.list', { items: [], nextCursor: null }), [removed]).stale).toBe(true);
  expect(applyEvents(entry('agents.list', { items: [], nextCursor: null }), [removed]).stale).toBe(false);
});

describe('schedules and queues', () => {
  test('how the task of a last run stands is patched; what a queue holds is asked for again', () => {
    const listed = { items: schedules, nextCursor: null };
    const last = schedules[0] as Schedule;
    const task = { ...makeTask(0, { state: 'failed' }), id: last.lastTaskId ?? '' };
    const patched = applyEvents(entry('schedules.list', listed), [taskEvent(task)]);
    expect(patched.stale).toBe(false);
    expect((patched.data as typeof listed).items.map(({ lastState }) => lastState).slice(0, 2)).toEqual(['failed', null]);
    const other = applyEvents(entry('schedules.list', listed), [taskEvent({ ...task, id: 'another' })]);
    expect(other.data).toBe(listed);
    expect(applyEvents(entry('queues.list', { items: [], nextCursor: null }), [taskEvent(task)]).stale).toBe(true);
  });
});

test('provider accounts are fetched anew when they, their prices, who runs on them, or what they cost changes', () => {
  const stale = (entity: LiveEvent['entity'], type: string): boolean => {
    const event = { ...eventOf(entity, { id: 'x', version: 2 }), type };
    return applyEvents(entry('providers.get', {}, { id: 'x' }), [event]).stale;
  };
  expect([stale('provider', 'provider.cooling'), stale('price', 'price.set'), stale('task', 'task.succeeded'), stale('agent', 'agent.updated')]).toEqual([true, true, true, true]);
  expect([stale('task', 'task.progressed'), stale('agent', 'agent.presence_changed'), stale('finding', 'finding.reported')]).toEqual([false, false, false]);
  expect(applyEvents(entry('prices.list', {}), [eventOf('price', { id: 'p', version: 1 })]).stale).toBe(true);
});

test('budgets are patched in their lists and details; one that is removed leaves the lists, and whom it stopped is fetched', () => {
  const [whole, , ofAgent] = budgets;
  const list = entry('budgets.list', { items: [whole, ofAgent], nextCursor: null });
  const spent: Budget = { ...ofAgent!, version: 9_000, spent: '4.95' };
  const patched = applyEvents(list, [eventOf('budget', spent)]);
  expect(patched).toMatchObject({ stale: false, data: { items: [{ id: whole!.id }, { spent: '4.95' }] } });
  const removed = { ...ofAgent!, version: 9_001, removedAt: '2026-11-20T17:00:00.000Z' };
  expect((applyEvents(list, [eventOf('budget', removed)]).data as { items: Budget[] }).items.map(({ id }) => id)).toEqual([whole!.id]);
  // Of an agent: its own and the workspace's, not another's.
  const other = entry('budgets.list', { items: [whole], nextCursor: null }, { agentId: 'somebody-else' });
  expect((applyEvents(other, [eventOf('budget', { ...ofAgent!, version: 9_002 })]).data as { items: Budget[] }).items).toHaveLength(1);
  const stops = (id: string) => applyEvents(entry('budgets.stops', {}, { id }), [eventOf('budget', ofAgent!)]).stale;
  expect([stops(ofAgent!.id), stops(whole!.id)]).toEqual([true, false]);
  expect(applyEvents(entry('tasks.why', {}), [eventOf('budget', ofAgent!)]).stale).toBe(true);
});

test('a bulk plan comes into the list of the confirmed ones when it is executed, and not before', () => {
  const confirmed = entry('bulkPlans.list', { items: [], nextCursor: null }, { confirmed: true });
  const after = (plan: BulkPlan, from = confirmed) => (applyEvents(from, [eventOf('bulk_plan', plan)]).data as { items: BulkPlan[] }).items;
  expect(after(plannedBulk)).toEqual([]);
  expect(after({ ...plannedBulk, state: 'running', version: 2 })).toHaveLength(1);
  expect(after(plannedBulk, entry('bulkPlans.list', { items: [], nextCursor: null }))).toHaveLength(1);
});
