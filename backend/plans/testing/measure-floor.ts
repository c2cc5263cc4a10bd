// Reconstructs from a tenant's events whether the floor of a plan was held: after each batch of claims, at least as
// many of its tasks run as the floor wants and agents could take. Used by the tests and by the long proofs.
import type { TaskSummary } from '../../../shared/task.ts';
import { rows, sql } from '../../platform/database.ts';
import type { TenantTransaction } from '../../platform/tenant-transaction.ts';

export interface TaskEvent {
  seq: number;
  at: Date;
  type: string;
  data: Pick<TaskSummary, 'id' | 'state' | 'agentId' | 'runAt'>;
}

export interface FloorRun {
  target: number;
  /** Slots of each agent that takes the plan's tasks. */
  concurrency: Map<string, number>;
}

export interface FloorMeasure {
  /** How often something was claimed, and at how many of those as much could run as the floor wants. */
  batches: number;
  full: number;
  most: number;
  /** After these claims fewer ran than could. Empty: the floor was held. */
  violations: { seq: number; running: number; could: number }[];
  /** The longest time in which fewer ran than could, from the commit that made one free to the claim, in milliseconds. */
  longestGapMs: number;
}

export async function readTaskEvents(tx: TenantTransaction, planId: string): Promise<TaskEvent[]> {
  const found = await rows(tx.db, sql<TaskEvent>`
    select seq, at, type, data from events where entity = 'task' and data->>'planId' = ${planId} order by seq`);
  return found.map((event) => ({ ...event, seq: Number(event.seq) }));
}

type State = Map<string, TaskEvent['data']>;

/** Running now, and the most that could: what runs, and as many due tasks of each agent as it has slots left. */
function weigh(state: State, at: Date, concurrency: Map<string, number>): { running: number; could: number } {
  const agents = new Map<string, { running: number; due: number }>();
  for (const task of state.values()) {
    const agent = agents.get(task.agentId!) ?? { running: 0, due: 0 };
    if (task.state === 'running') agent.running += 1;
    // In the same millisecond the database, which counts finer, may have found it not yet due.
    else if (task.state === 'queued' && (task.runAt === null || new Date(task.runAt) < at)) agent.due += 1;
    agents.set(task.agentId!, agent);
  }
  let running = 0;
  let could = 0;
  for (const [id, agent] of agents) {
    running += agent.running;
    could += Math.max(agent.running, Math.min(agent.running + agent.due, concurrency.get(id) ?? 0));
  }
  return { running, could };
}

/** Events of one transaction have one time and follow each other; claims of several agents come in one. */
function endsBatch(events: TaskEvent[], index: number): boolean {
  const next = events[index + 1];
  return next === undefined || next.at.getTime() !== events[index]!.at.getTime() || next.type !== events[index]!.type;
}

export function measureFloor(events: TaskEvent[], run: FloorRun): FloorMeasure {
  const state: State = new Map();
  const measure: FloorMeasure = { batches: 0, full: 0, most: 0, violations: [], longestGapMs: 0 };
  let shortSince: Date | null = null;
  for (const [index, event] of events.entries()) {
    state.set(event.data.id, event.data);
    if (!endsBatch(events, index)) continue;
    const { running, could } = weigh(state, event.at, run.concurrency);
    measure.most = Math.max(measure.most, running);
    const short = running < Math.min(run.target, could);
    if (short) shortSince ??= event.at;
    if (!short && shortSince !== null) {
      measure.longestGapMs = Math.max(measure.longestGapMs, event.at.getTime() - shortSince.getTime());
      shortSince = null;
    }
    if (event.type !== 'task.claimed') continue;
    measure.batches += 1;
    if (could >= run.target) measure.full += 1;
    if (short) measure.violations.push({ seq: event.seq, running, could });
  }
  return measure;
}
