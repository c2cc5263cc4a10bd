// Reconstructs from a tenant's events how the floor of a plan was held: when fewer of its tasks ran than it wants
// and agents could take, for how long, and what went by meanwhile. For the tests and the long proofs.
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

/** A time in which fewer ran than could: the dispatch gap, or a floor that was not held. */
export interface Shortage {
  fromSeq: number;
  milliseconds: number;
  /**
   * Attempts that ended after work had become free and before it was taken. With attempts far longer than the
   * dispatch takes there are none, unless work is deployed in waves.
   */
  endings: number;
}

export interface FloorMeasure {
  claims: number;
  /** The most that ran at the same time, and that could have. */
  most: number;
  mostPossible: number;
  shortages: Shortage[];
  longestGapMs: number;
  /** From the first task that could run to the last event: the share of the time in which it was held, 0 to 1. */
  heldShare: number;
  /** It was still short at the last event. */
  shortAtEnd: boolean;
}

export async function readTaskEvents(tx: TenantTransaction, planId: string): Promise<TaskEvent[]> {
  const found = await rows(
    tx.db,
    sql<TaskEvent>`
    select seq, at, type, data from events
      where entity = 'task' and data->>'planId' = ${planId} order by seq`,
  );
  return found.map((event) => ({ ...event, seq: Number(event.seq) }));
}

/** Running now, and the most that could: what runs, and of each agent's due tasks as many as it has slots. */
function weigh(
  tasks: Iterable<TaskEvent['data']>,
  at: Date,
  concurrency: Map<string, number>,
): { running: number; could: number } {
  const agents = new Map<string, { running: number; due: number }>();
  for (const task of tasks) {
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

/** What holds after the last of these events, at a time. */
export function weighEvents(
  events: TaskEvent[],
  at: Date,
  run: FloorRun,
): { running: number; could: number; short: boolean } {
  const tasks = new Map(events.map((event) => [event.data.id, event.data]));
  const weight = weigh(tasks.values(), at, run.concurrency);
  return { ...weight, short: weight.running < Math.min(run.target, weight.could) };
}

const endings = new Set([
  'task.succeeded',
  'task.attempt_failed',
  'task.failed',
  'task.handed_off',
  'task.cancelled',
  'task.lease_expired',
]);

export function measureFloor(events: TaskEvent[], run: FloorRun): FloorMeasure {
  const tasks = new Map<string, TaskEvent['data']>();
  const measure: FloorMeasure = {
    claims: 0,
    most: 0,
    mostPossible: 0,
    shortages: [],
    longestGapMs: 0,
    heldShare: 1,
    shortAtEnd: false,
  };
  let began: Date | null = null;
  let open: (Shortage & { since: Date }) | null = null;
  for (const [index, event] of events.entries()) {
    tasks.set(event.data.id, event.data);
    if (event.type === 'task.claimed') measure.claims += 1;
    if (open && endings.has(event.type)) open.endings += 1;
    // The events of one transaction have one time, and are one change.
    if (events[index + 1]?.at.getTime() === event.at.getTime()) continue;
    const { running, could } = weigh(tasks.values(), event.at, run.concurrency);
    measure.most = Math.max(measure.most, running);
    measure.mostPossible = Math.max(measure.mostPossible, could);
    if (could > 0) began ??= event.at;
    const short = running < Math.min(run.target, could);
    if (short) open ??= { fromSeq: event.seq, milliseconds: 0, endings: 0, since: event.at };
    if (open) open.milliseconds = event.at.getTime() - open.since.getTime();
    if (!open || (short && index < events.length - 1)) continue;
    const { since: _since, ...shortage } = open;
    measure.shortages.push(shortage);
    measure.longestGapMs = Math.max(measure.longestGapMs, shortage.milliseconds);
    measure.shortAtEnd = short;
    open = null;
  }
  const whole = began === null ? 0 : events.at(-1)!.at.getTime() - began.getTime();
  const missing = measure.shortages.reduce((sum, shortage) => sum + shortage.milliseconds, 0);
  if (whole > 0) measure.heldShare = 1 - missing / whole;
  return measure;
}
