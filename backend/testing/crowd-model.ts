// A model of what the engine may do: it replays the history of a workspace in the order of its commits, and says which
// rule an event broke. Pure, and made from the contract alone: it shares no code with the engine.
import type { TaskState, TaskSummary } from '../../shared/task.ts';

export interface CrowdEvent {
  seq: number;
  type: string;
  entity: string;
  entityId: string;
  version: number;
  data: TaskSummary | null;
}

export interface CrowdHistory {
  events: CrowdEvent[];
  /** What each task waits for, as it is in the end: a handed-off one is replaced by its successor. */
  dependencies: Map<string, string[]>;
  /** `<task>:<number>` to the agent that made the attempt. */
  attempts: Map<string, string>;
  /** The task that each successor of a handoff continues. */
  continues: Map<string, string>;
}

export interface CrowdLimits {
  agents: Map<string, number>;
  queues: Map<string, number>;
  /** Names of the queues by the ids of their rows. */
  queueNames: Map<string, string>;
  workspace: number;
  /** Executions that the month still holds. */
  executions: number;
}

export interface CrowdState {
  states: Map<string, TaskState>;
  running: Map<string, { agent: string; queue: string }>;
  counted: Set<string>;
  broken: string[];
}

const allowed: Record<TaskState, TaskState[]> = {
  waiting: ['queued', 'cancelled', 'succeeded'],
  queued: ['running', 'waiting', 'cancelled'],
  running: ['succeeded', 'failed', 'queued', 'cancelled', 'handed_off'],
  succeeded: [],
  failed: ['queued', 'waiting'],
  cancelled: ['queued', 'waiting'],
  handed_off: [],
};

/** The first task of a chain of handoffs: the one that counts as an execution. */
function rootOf(history: CrowdHistory, id: string): string {
  let root = id;
  for (let before = history.continues.get(root); before !== undefined; before = history.continues.get(root)) root = before;
  return root;
}

export function replay(history: CrowdHistory, limits: CrowdLimits): CrowdState {
  const state: CrowdState = { states: new Map(), running: new Map(), counted: new Set(), broken: [] };
  const versions = new Map<string, number>();
  const completions = new Map<string, number>();
  const paused = new Set<string>();

  const started = (event: CrowdEvent, task: TaskSummary): void => {
    const say = (rule: string) => state.broken.push(`event ${event.seq}: ${task.title} started ${rule}`);
    for (const dependency of history.dependencies.get(task.id) ?? []) {
      if (state.states.get(dependency) !== 'succeeded') say(`before ${dependency} succeeded`);
    }
    const agent = history.attempts.get(`${task.id}:${task.attempt}`);
    if (agent === undefined) return void say('without an attempt');
    state.running.set(task.id, { agent, queue: task.queue });
    state.counted.add(rootOf(history, task.id));
    const now = [...state.running.values()];
    if (now.filter((one) => one.agent === agent).length > limits.agents.get(agent)!) say('beyond the concurrency of its agent');
    const queueLimit = limits.queues.get(task.queue) ?? Number.POSITIVE_INFINITY;
    if (now.filter((one) => one.queue === task.queue).length > queueLimit) say(`beyond the limit of queue ${task.queue}`);
    if (paused.has(task.queue)) say(`while queue ${task.queue} was paused`);
    if (now.length > limits.workspace) say('beyond the limit of the workspace');
    if (state.counted.size > limits.executions) say('beyond the quota');
    if (task.heldBy !== null) say('while it was held');
  };

  for (const event of history.events) {
    if (event.entity === 'queue') {
      const name = limits.queueNames.get(event.entityId)!;
      if (event.type === 'queue.paused') paused.add(name);
      if (event.type === 'queue.resumed') paused.delete(name);
    }
    const task = event.data;
    if (event.entity !== 'task' || task === null) continue;
    const before = state.states.get(task.id);
    if (event.version < (versions.get(task.id) ?? 0)) state.broken.push(`event ${event.seq}: ${task.title} went back in version`);
    versions.set(task.id, event.version);
    if (before !== task.state) {
      // A repair in one transaction may pass through waiting: its event shows where it came to.
      if (before !== undefined && !allowed[before].includes(task.state)) {
        state.broken.push(`event ${event.seq}: ${task.title} went from ${before} to ${task.state}`);
      }
      state.states.set(task.id, task.state);
      if (before === 'running') state.running.delete(task.id);
      if (task.state === 'succeeded') completions.set(task.id, (completions.get(task.id) ?? 0) + 1);
      if (task.state === 'running') started(event, task);
    }
  }
  for (const [id, count] of completions) if (count > 1) state.broken.push(`${id} was completed ${count} times`);
  return state;
}
