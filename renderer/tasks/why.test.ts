// Why a task is not running: every reason by itself, their order, and what is said when not all is known.
import { describe, expect, test } from 'vitest';
import type { Agent } from '../../shared/agent.ts';
import type { TaskSummary } from '../../shared/task.ts';
import { agents as fixtureAgents, makeTask, NOW, secondsAgo, secondsAhead } from '../stories/fixtures.ts';
import { hindranceOf, whyNotRunning, type Known } from './why.ts';

const agent: Agent = { ...(fixtureAgents[0] as Agent), status: 'active', presence: 'idle', running: 0, concurrency: 1, capabilities: ['review'] };
const queued: TaskSummary = makeTask(1, {
  state: 'queued', waitReason: null, attempt: 0, runAt: null, planId: null, handoffs: 0, agentId: agent.id, agentName: agent.name, capabilities: [], kind: 'work',
});
const waiting: TaskSummary = { ...queued, state: 'waiting', waitReason: 'dependency' };
const other = (over: Partial<TaskSummary>): TaskSummary => makeTask(9, over);
const plan = (state: 'draft' | 'running' | 'paused' | 'cancelled') => ({ id: 'p', name: 'Release', state });
const quota = (remaining: number | null) => ({ limit: remaining === null ? null : 100, remaining, resetsAt: secondsAhead(900) });
const base: Known = {
  task: queued, dependencies: [], plan: null, workspace: { paused: false, pausedBy: null }, agent, agents: [agent], quota: quota(null), now: NOW,
};
const codes = (over: Partial<Known>): string[] => whyNotRunning({ ...base, ...over }).map(({ code }) => code);
const inPlan = { ...queued, planId: 'p' };
const open = (capabilities: string[]): TaskSummary => ({ ...queued, agentId: null, agentName: null, capabilities });

describe('one reason at a time', () => {
  test.each<[string, Partial<Known>]>([
    ['plan_not_started', { task: inPlan, plan: plan('draft') }],
    ['plan_paused', { task: inPlan, plan: plan('paused') }],
    ['plan_ended', { task: inPlan, plan: plan('cancelled') }],
    ['dependency', { task: waiting, dependencies: [other({ state: 'running' })] }],
    ['dependency_failed', { task: { ...waiting, waitReason: 'dependency_failed' }, dependencies: [other({ state: 'failed' })] }],
    ['dependency_failed', { task: { ...waiting, waitReason: 'dependency_failed' }, dependencies: [other({ state: 'cancelled' })] }],
    ['approval', { task: { ...waiting, kind: 'approval', waitReason: 'approval' } }],
    ['workspace_paused', { workspace: { paused: true, pausedBy: 'Mara Keller' } }],
    ['retry_at', { task: { ...queued, attempt: 1, runAt: secondsAhead(42) } }],
    ['scheduled', { task: { ...queued, runAt: secondsAhead(600) } }],
    ['quota', { quota: quota(0) }],
    ['agent_paused', { agent: { ...agent, status: 'paused' } }],
    ['agent_retired', { agent: { ...agent, status: 'retired' } }],
    ['agent_without_provider', { agent: { ...agent, kind: 'hosted', provider: null, presence: 'offline' } }],
    ['agent_offline', { agent: { ...agent, kind: 'external', provider: null, presence: 'offline' } }],
    ['agent_busy', { agent: { ...agent, presence: 'busy', running: 1 } }],
    ['agent_missing', { agent: null }],
    ['no_able_agent', { task: open(['welding']) }],
    ['no_able_agent', { task: open([]), agents: [] }],
    ['able_agents_unavailable', { task: open(['review']), agents: [{ ...agent, status: 'paused' }] }],
    ['able_agents_busy', { task: open(['review']), agents: [{ ...agent, status: 'paused' }, { ...agent, running: 1 }] }],
    ['next', {}],
    ['next', { task: open(['review']), agents: [{ ...agent, status: 'paused' }, agent] }],
  ])('%s', (code, over) => expect(codes(over)).toEqual([code]));
});

test('what runs or has ended has no reason', () => {
  for (const state of ['running', 'succeeded', 'failed', 'cancelled', 'handed_off'] as const) {
    expect(codes({ task: { ...queued, state }, agent: { ...agent, status: 'paused' } })).toEqual([]);
  }
});

test('reasons stand in the order in which they must go', () => {
  const task = { ...waiting, planId: 'p', runAt: secondsAhead(60) };
  expect(
    codes({
      task,
      plan: plan('paused'),
      dependencies: [other({ state: 'queued' }), other({ state: 'failed' }), other({ state: 'succeeded' })],
      workspace: { paused: true, pausedBy: null },
      quota: quota(0),
      agent: { ...agent, running: 1 },
    }),
  ).toEqual(['plan_paused', 'dependency_failed', 'dependency', 'workspace_paused', 'scheduled', 'quota', 'agent_busy']);
});

test('a gate waits for what is before it, then for a person; agents and quota do not matter', () => {
  const gate = { ...waiting, kind: 'approval' as const };
  expect(codes({ task: gate, dependencies: [other({ state: 'running' })], agent: { ...agent, status: 'paused' }, quota: quota(0) })).toEqual(['dependency', 'approval']);
});

test('a time that has come, and a quota for what is counted already, hold nothing back', () => {
  expect(codes({ task: { ...queued, attempt: 1, runAt: secondsAgo(1) }, quota: quota(0) })).toEqual(['next']);
  expect(codes({ task: { ...queued, handoffs: 1 }, quota: quota(0) })).toEqual(['next']);
});

test('what is not known is named, and nothing is said to be free', () => {
  expect(whyNotRunning({ ...base, task: inPlan, plan: undefined, workspace: undefined, agent: undefined, quota: undefined })).toEqual([
    { code: 'unknown', what: ['its plan', 'whether the workspace is paused', 'its agent', 'the quota'] },
  ]);
  expect(codes({ task: waiting, dependencies: undefined, agent: { ...agent, status: 'paused' } })).toEqual(['agent_paused', 'unknown']);
  expect(codes({ task: open(['review']), agents: undefined })).toEqual(['unknown']);
});

test('a task for any able agent is not held by the one that tried it last', () => {
  const tried = { ...open(['review']), agentId: agent.id, agentName: agent.name, attempt: 1 };
  expect(codes({ task: tried, agent: { ...agent, status: 'paused' }, agents: [agent] })).toEqual(['next']);
});

test('an agent with a free slot is not in the way', () => {
  expect(hindranceOf({ ...agent, running: 2, concurrency: 3, presence: 'busy' })).toBeNull();
});
