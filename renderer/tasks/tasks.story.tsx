// The tasks in every state in which a person meets them.
import type { Agent } from '../../shared/agent.ts';
import type { TaskDetails, TaskSummary } from '../../shared/task.ts';
import { failing, paged, pending, emptyWorkspace, type Handlers } from '../stories/bridge.ts';
import * as fixtures from '../stories/fixtures.ts';
import { errorGroups } from '../stories/groupFixtures.ts';
import { defineStories, type StoryState } from '../stories/story.ts';

const { agents, makeDetails, makeTask, makeWhy, manyTasks, meAs, secondsAgo, secondsAhead, tasks, workspace } = fixtures;
const first = (state: string, from = 0): TaskSummary => tasks.find((task, index) => index >= from && task.state === state) ?? makeTask(0);
const agentNamed = (name: string): Agent => agents.find((agent) => agent.name === name) ?? (agents[0] as Agent);

/** The list with one task changed, and its details open beside it. */
function opened(row: TaskSummary, over: Partial<TaskDetails> = {}, handlers: Handlers = {}): StoryState {
  const rows = tasks.map((task) => (task.id === row.id ? row : task));
  return {
    path: `/tasks/${row.id}`,
    handlers: {
      'tasks.list': (input) => paged(rows, input),
      'tasks.details': () => makeDetails(row, over),
      ...handlers,
    },
  };
}

const retrying: TaskSummary = { ...first('queued'), attempt: 2, runAt: secondsAhead(42), error: { code: 'provider_error', message: 'provider error 429' } };
const queued: TaskSummary = { ...first('queued', 8), attempt: 0, runAt: null, error: null, agentId: agentNamed('test-engineer').id, agentName: 'test-engineer', simulated: true };
const waiting: TaskSummary = { ...first('waiting'), attempt: 0, waitReason: 'dependency_failed' };
const gate: TaskSummary = { ...first('waiting'), title: 'Approve the release', kind: 'approval', waitReason: 'approval', attempt: 0 };
const running: TaskSummary = { ...first('running'), startedAt: secondsAgo(840), attempt: 1, progress: { percent: 71, message: 'Comparing limits of the right arm, joint 9 of 14' } };
const handedOff: TaskSummary = { ...first('handed_off'), succeededBy: tasks[0]?.id ?? null };
const long: TaskSummary = { ...first('failed'), title: 'Compare every torque limit of the left and the right arm with the safety case, the supplier’s data sheet and what the field reports of the last two quarters say' };

const many = manyTasks(10_000);
export const stories = defineStories('tasks', {
  some: { path: '/tasks' },
  retrying: opened(retrying, { dependencies: [], dependents: tasks.slice(7, 8) }, {
    'tasks.why': () => makeWhy(retrying.id, [
      { code: 'retry_at', message: 'An attempt failed; it is tried again after its backoff.', until: retrying.runAt ?? '', fix: { operation: 'tasks.retry', input: { id: retrying.id }, label: 'Try it now' } },
      {
        code: 'agent_busy',
        message: `${retrying.agentName} runs 1 of at most 1; that task must end first.`,
        about: { kind: 'agent', id: retrying.agentId ?? '', name: retrying.agentName ?? '' },
        fix: { operation: 'agents.update', input: { id: retrying.agentId, concurrency: 2, version: 4 }, label: 'Raise concurrency to 2' },
      },
    ]),
  }),
  queued: opened(queued, { dependencies: [], dependents: [] }, {
    'workspace.get': () => ({ ...workspace, paused: true, pausedBy: 'Mara Keller', pausedAt: secondsAgo(60) }),
    'tasks.why': () => makeWhy(queued.id, [{
      code: 'workspace_paused',
      message: 'The workspace is paused by Mara Keller: nothing new starts.',
      fix: { operation: 'workspace.setPaused', input: { paused: false }, label: 'Resume workspace' },
    }]),
  }),
  'next to run': opened(queued, { dependencies: [], dependents: [] }),
  'in line': opened(queued, { dependencies: [], dependents: [] }, {
    'tasks.why': () => makeWhy(queued.id, [{
      code: 'agent_busy',
      message: 'test-engineer runs 3 of at most 3; one of them must end first.',
      about: { kind: 'agent', id: queued.agentId ?? '', name: 'test-engineer' },
      fix: { operation: 'agents.update', input: { id: queued.agentId, concurrency: 4, version: 4 }, label: 'Raise concurrency to 4' },
    }], 1_203),
  }),
  'nobody can': opened(queued, { dependencies: [], dependents: [] }, {
    'tasks.why': () => makeWhy(queued.id, [
      { code: 'no_able_agent', message: 'No agent in service is entered with welding, review.' },
    ]),
  }),
  waiting: opened(waiting, { attempts: [], dependencies: [first('failed'), first('running'), first('succeeded')] }, {
    'tasks.why': () => makeWhy(waiting.id, [
      {
        code: 'dependency_failed',
        message: `It depends on “${first('failed').title}”, which failed.`,
        about: { kind: 'task', id: first('failed').id, name: first('failed').title },
        fix: { operation: 'tasks.retry', input: { id: first('failed').id }, label: 'Retry that one' },
      },
      {
        code: 'dependency',
        message: `It waits for “${first('running').title}”, which is running.`,
        about: { kind: 'task', id: first('running').id, name: first('running').title },
      },
    ]),
  }),
  gate: opened(gate, { attempts: [], dependencies: tasks.slice(2, 4) }, {
    'tasks.why': () => makeWhy(gate.id, [{
      code: 'approval',
      message: 'It is a gate: a person approves it, and what comes after goes on.',
      fix: { operation: 'tasks.approve', input: { id: gate.id }, label: 'Approve' },
    }]),
  }),
  running: opened(running),
  succeeded: opened(first('succeeded')),
  failed: opened(long),
  'handed off': opened(handedOff),
  viewer: { ...opened(retrying), me: meAs('viewer') },
  attention: { path: '/tasks?view=attention' },
  errors: { path: '/tasks?view=errors' },
  'no errors': { path: '/tasks?view=errors', handlers: emptyWorkspace },
  'one error group': { path: `/tasks?state=failed&errorGroup=${errorGroups[0]?.fingerprint}` },
  filtered: { path: `/tasks?state=running,failed&agentId=${agentNamed('docs-writer').id}&q=torque`, handlers: { 'tasks.count': (input) => (input.q ? { running: 1 } : { running: 5, queued: 37, succeeded: 1_242 }) } },
  'nothing matches': { path: '/tasks?q=lighthouse', handlers: { 'tasks.count': (input) => (input.q ? {} : { queued: 1_284 }) } },
  many: { path: '/tasks', handlers: { 'tasks.list': (input) => paged(many, input), 'tasks.count': () => ({ running: 1_250, queued: 1_700, succeeded: 7_050 }) } },
  'new task': { path: '/tasks?new=1' },
  empty: { path: '/tasks', handlers: emptyWorkspace },
  loading: { path: `/tasks/${queued.id}`, handlers: { 'tasks.list': pending, 'tasks.details': pending, 'tasks.count': pending } },
  failing: { path: '/tasks', handlers: { 'tasks.list': failing('unavailable', 'The backend does not answer.') } },
  'one failing': { path: `/tasks/${queued.id}`, handlers: { 'tasks.details': failing('unavailable', 'The backend does not answer.') } },
  'not there': { path: '/tasks/019d2f6a-0400-7a31-8f0c-a000000000ff' },
});
