import { expect, test } from 'vitest';
import type { LiveEvent } from '../../shared/events.ts';
import { preferences } from '../../shared/preferences.ts';
import { createFakeClock } from '../embedded/fake-clock.ts';
import { happeningOf, isQuiet, noticeOf, shows, type Happening } from './happenings.ts';
import { createNotifier } from './notifier.ts';

const id = (figure: number) => `00000000-0000-7000-8000-${String(figure).padStart(12, '0')}`;
const at = '2026-11-20T10:00:00.000Z';
const person = { kind: 'system', id: null, name: 'Signalbox' };
const task = (title: string, over: object = {}) => ({
  id: id(1), version: 2, title, kind: 'work', state: 'failed', waitReason: null, agentId: null, agentName: null, simulated: false,
  capabilities: [], planId: id(9), planKey: null, priority: 5, attempt: 3, maxAttempts: 3, runAt: null, timeLimitSeconds: 900,
  progress: null, error: null, handoffs: 0, succeededBy: null, executionSeconds: 1, costUsd: '0', createdBy: person, createdAt: at,
  startedAt: at, finishedAt: at, ...over,
});
const event = (type: string, data: unknown, figure = 1): LiveEvent => ({
  seq: figure, at, type, entity: type.split('.')[0] as 'task', id: id(figure), version: 1, data,
});
const finding = (severity: string) => ({
  id: id(2), version: 1, taskId: id(1), taskTitle: 'x', planId: null, agentId: null, agentName: null, simulated: false,
  title: 'Brake release is not logged', body: '', severity, acknowledgedAt: null, createdAt: at,
});
const plan = (state: string) => ({
  id: id(9), version: 3, name: 'Release 4.2', state, minActive: 1, timeLimitSeconds: 900, simulated: false, createdAt: at, startedAt: at, finishedAt: at,
  counts: { total: 1, waiting: 0, queued: 0, running: 0, succeeded: 1, failed: 0, cancelled: 0 },
});

test('an urgent finding, a dead letter, a gate and a plan’s end are told, and nothing else', () => {
  expect(happeningOf(event('finding.reported', finding('urgent'), 2))).toMatchObject({ kind: 'finding', path: `/findings/${id(2)}` });
  expect(happeningOf(event('finding.reported', finding('warning'), 2))).toBeNull();
  expect(happeningOf(event('finding.acknowledged', finding('urgent'), 2))).toBeNull();
  expect(happeningOf(event('task.failed', task('A')))).toMatchObject({ kind: 'failed', path: `/tasks/${id(1)}` });
  // Attempts are left: it is tried again by itself.
  expect(happeningOf(event('task.lease_expired', task('A', { state: 'queued' })))).toBeNull();
  expect(happeningOf(event('task.lease_expired', task('A')))).toMatchObject({ kind: 'failed' });
  expect(happeningOf(event('task.attempt_failed', task('A', { state: 'queued' })))).toBeNull();
  const gate = { kind: 'approval', state: 'waiting', waitReason: 'approval' };
  expect(happeningOf(event('task.waiting', task('Gate', gate)))).toMatchObject({ kind: 'approval' });
  expect(happeningOf(event('task.waiting', task('B', { state: 'waiting', waitReason: 'dependency' })))).toBeNull();
  const used = { period: 'day', scope: 'agent', name: 'fleet-analyst', planId: null };
  expect(happeningOf(event('budget.exhausted', used, 4))).toMatchObject({ kind: 'stopped', title: 'The daily budget of fleet-analyst is used up', path: `/budgets/${id(4)}` });
  expect(happeningOf(event('budget.metered', used, 4))).toBeNull();
  expect(happeningOf(event('provider.refused', null, 5))).toMatchObject({ kind: 'stopped', path: `/providers/${id(5)}` });
  expect(happeningOf(event('provider.healed', null, 5))).toBeNull();
  expect(happeningOf(event('plan.succeeded', plan('succeeded'), 9))).toMatchObject({ kind: 'plan', good: true });
  expect(happeningOf(event('plan.cancelled', plan('cancelled'), 9))).toBeNull();
  expect(happeningOf(event('task.failed', { broken: true }))).toBeNull();
});

const failed = (title: string): Happening => ({ kind: 'failed', title, path: `/tasks/${title}`, planId: 'p' });

test('a task that failed says why', () => {
  const why = happeningOf(event('task.failed', task('Check the brake', { error: { code: 'agent_error', message: 'No space left\non device' } })));
  expect(noticeOf([why!], 'Depot').body).toBe('Check the brake\nNo space left on device\nDepot');
});

test('one is told by itself, several by their number', () => {
  expect(noticeOf([failed('Check the brakes')], 'Depot')).toEqual({
    title: 'Task failed',
    body: 'Check the brakes\nDepot',
    path: '/tasks/Check the brakes',
    urgent: false,
  });
  expect(noticeOf([failed('A'), failed('B'), failed('C'), failed('D'), failed('E')], 'Depot')).toEqual({
    title: '5 tasks failed',
    body: 'A, B, C and 2 more\nDepot',
    path: '/tasks?state=failed',
    urgent: false,
  });
  const mixed = noticeOf([failed('A'), { kind: 'finding', title: 'F', path: '/findings/f', planId: null }], 'Depot');
  expect(mixed).toMatchObject({ title: '1 task failed, 1 urgent finding', path: '/overview', urgent: true });
  const badPlan = noticeOf([{ kind: 'plan', title: 'Release', path: '/plans/p', planId: 'p', good: false }], 'Depot');
  expect(badPlan.title).toBe('Plan failed');
});

test('a window shows it where it is listed, on the overview, or on its plan', () => {
  expect(shows('/overview', failed('A'))).toBe(true);
  expect(shows('/tasks/other?state=failed', failed('A'))).toBe(true);
  expect(shows('/plans/p', failed('A'))).toBe(true);
  expect(shows('/plans/q', failed('A'))).toBe(false);
  expect(shows('/agents', failed('A'))).toBe(false);
  const over: Happening = { kind: 'plan', title: 'P', path: '/plans/p', planId: 'p' };
  expect(shows('/overview', over)).toBe(false);
  expect(shows('/plans', over)).toBe(true);
});

test('quiet hours go over midnight', () => {
  const night = { on: true, from: '22:00', to: '07:00' };
  expect(['21:59', '22:00', '03:00', '06:59', '07:00'].map((time) => isQuiet(night, time))).toEqual([false, true, true, true, false]);
  expect(isQuiet({ ...night, on: false }, '23:00')).toBe(false);
  expect(isQuiet({ on: true, from: '12:00', to: '13:00' }, '12:30')).toBe(true);
});

function setUp() {
  const clock = createFakeClock();
  const shown: string[] = [];
  const state = { time: '12:00', seen: false, choices: preferences.parse({}).notifications };
  const notifier = createNotifier({
    clock,
    choices: () => state.choices,
    localTime: () => state.time,
    isSeen: () => state.seen,
    workspaceOf: (connection) => connection,
    show: (connection, notice) => shown.push(`${connection}: ${notice.title}`),
  });
  const fail = (count: number, connection = 'computer') =>
    notifier.events(connection, Array.from({ length: count }, () => event('task.failed', task('A'))));
  return { clock, shown, state, fail };
}

test('what comes together is told together, and never two within five seconds', () => {
  const { clock, shown, fail } = setUp();
  fail(2);
  clock.pass(500);
  fail(3);
  clock.pass(600);
  expect(shown).toEqual(['computer: 5 tasks failed']);
  fail(1);
  clock.pass(3_000);
  expect(shown).toHaveLength(1);
  fail(1);
  clock.pass(2_000);
  expect(shown).toEqual(['computer: 5 tasks failed', 'computer: 2 tasks failed']);
});

test('two connections take turns, and neither is lost', () => {
  const { clock, shown, fail } = setUp();
  fail(1, 'computer');
  fail(1, 'depot');
  clock.pass(1_000);
  expect(shown).toEqual(['computer: Task failed']);
  clock.pass(5_000);
  expect(shown).toEqual(['computer: Task failed', 'depot: Task failed']);
});

test('nothing is told of what is seen, not wanted, or happens in the quiet hours', () => {
  const { clock, shown, state, fail } = setUp();
  state.seen = true;
  fail(1);
  clock.pass(10_000);
  state.seen = false;
  state.choices = { ...state.choices, failed: false };
  fail(1);
  clock.pass(10_000);
  state.choices = { ...state.choices, failed: true, quiet: { on: true, from: '22:00', to: '07:00' } };
  state.time = '23:30';
  fail(1);
  clock.pass(10_000);
  state.time = '07:00';
  clock.pass(10_000);
  expect(shown).toEqual([]);
  fail(1);
  clock.pass(1_000);
  expect(shown).toHaveLength(1);
});
