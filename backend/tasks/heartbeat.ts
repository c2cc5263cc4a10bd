// Heartbeats, one or many in one transaction: each fenced by its attempt's token and told its own news, all of them in the same
// few statements. A lease is renewed, what was used is noted and held against budgets, and a limit that is near is warned of.
import { notFound } from '../../shared/errors.ts';
import type { AttemptUsage } from '../../shared/work.ts';
import { touchAgent } from '../agents/index.ts';
import { meterAttempts, type Revocation } from '../budgets/index.ts';
import { fixed, kept, rows, sql } from '../platform/database.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { leaseLost, revokeAttempt } from './finish.ts';
import { recordTasks, type TaskChange } from './record.ts';
import type { LeaseRef } from './work.ts';

export interface Heartbeat {
  expiresAt: string;
  cancel: { reason: string } | null;
  warning: { code: 'time_limit'; message: string; deadline: string } | null;
}

export interface Beat extends LeaseRef {
  /** The attempt's total so far: it never goes down, whatever a report says. */
  usage?: AttemptUsage | undefined;
  /** Who reports it, when several are reported in one transaction. */
  caller?: Caller;
}

/** `lost`: the token is not the current one; `missing`: there is no such task. Nothing was changed then. */
export type Pulse = Heartbeat | 'lost' | 'missing';

/** Of a task that runs, what its heartbeat asks for; held. */
interface Held {
  id: string;
  attempt: number;
  claimed_by: string;
  lease_token: string | null;
  budgeted: boolean;
  revoked: Revocation | null;
  lease_expires_at: Date | null;
  deadline_at: Date | null;
  time_limit_seconds: number;
  warned: boolean;
}
const hold = fixed<{ ids: string[] }, Held>(({ ids }) =>
  kept(sql`select t.id, t.attempt, t.claimed_by, t.lease_token, t.budgeted, t.revoked, t.lease_expires_at, t.deadline_at, t.time_limit_seconds, t.warned
    from tasks t where t.id = any(${ids}::uuid[]) order by t.id for update`),
);

/** One beat and the task that its token holds. */
interface Beating {
  beat: Beat;
  task: Held;
}

/** Seconds before its limit at which an attempt is warned: a tenth of it, at least a minute, at most half of it. */
export function warningSeconds(timeLimitSeconds: number): number {
  return Math.min(Math.max(60, timeLimitSeconds * 0.1), timeLimitSeconds * 0.5);
}

/** One answer for each, in order; no two of one task. `touch`: their agents are heard by it, as external ones are. */
export async function heartbeatMany(
  tx: TenantTransaction,
  beats: Beat[],
  { leaseSeconds, touch = false }: { leaseSeconds: number; touch?: boolean },
): Promise<Pulse[]> {
  const found = new Map((await hold(tx.db, { ids: beats.map(({ id }) => id) })).map((task) => [task.id, task]));
  const beating = beats.flatMap((beat): Beating[] => {
    const task = found.get(beat.id);
    return task && isCurrent(beat, task) ? [{ beat, task }] : [];
  });
  // The agents' rows before any budget's: the order in which claims take them.
  if (touch) for (const id of [...new Set(beating.map(({ task }) => task.claimed_by))].toSorted()) await touchAgent(tx, id);
  noteUsage(tx, beating);
  const revoked = await meter(tx, beating);
  const going = beating.filter(({ task }) => !revoked.has(task.id));
  if (going.length > 0) tx.alongside(renew(tx.db, { ids: going.map(({ task }) => task.id), leaseSeconds }), 'silent');
  await noteWarnings(tx, going);
  const pulses = new Map<string, Pulse>();
  const until = new Date(tx.now.getTime() + leaseSeconds * 1000).toISOString();
  for (const { task } of going) pulses.set(task.id, { expiresAt: until, cancel: null, warning: warningOf(tx, task) });
  for (const { beat, task } of beating) {
    const revocation = revoked.get(task.id);
    if (!revocation) continue;
    const ends = task.revoked ? task.lease_expires_at! : await revokeAttempt(tx, beat, revocation);
    pulses.set(task.id, { expiresAt: ends.toISOString(), cancel: { reason: revocation.message }, warning: null });
  }
  const ended = beats.filter(({ id }) => !pulses.has(id));
  const reasons = await readReasons(tx, ended);
  return beats.map(({ id }) => {
    const reason = reasons.get(id);
    if (reason !== undefined) return { expiresAt: tx.now.toISOString(), cancel: { reason }, warning: null };
    return pulses.get(id) ?? (found.has(id) ? 'lost' : 'missing');
  });
}

function isCurrent({ leaseToken, agentId }: Beat, task: Held): boolean {
  return task.lease_token === leaseToken && (agentId === undefined || task.claimed_by === agentId);
}

const renew = fixed<{ ids: string[]; leaseSeconds: number }>(({ ids, leaseSeconds }) =>
  kept(sql`update tasks set lease_expires_at = now() + make_interval(secs => ${leaseSeconds}) where id = any(${ids}::uuid[])`),
);

interface Uses {
  ids: string[];
  numbers: number[];
  inputs: number[];
  outputs: number[];
  costs: string[];
}
const addUsage = fixed<Uses>((at) =>
  kept(sql`update attempts a set input_tokens = greatest(a.input_tokens, n.input), output_tokens = greatest(a.output_tokens, n.output),
      cost_usd = greatest(a.cost_usd, n.cost)
    from unnest(${at.ids}::uuid[], ${at.numbers}::int[], ${at.inputs}::bigint[], ${at.outputs}::bigint[], ${at.costs}::numeric[])
      as n(id, number, input, output, cost) where a.task_id = n.id and a.number = n.number`),
);

function noteUsage(tx: TenantTransaction, beating: Beating[]): void {
  const used = beating.flatMap(({ beat: { usage }, task }) => (usage ? [{ usage, task }] : []));
  if (used.length === 0) return;
  const uses: Uses = {
    ids: used.map(({ task }) => task.id),
    numbers: used.map(({ task }) => task.attempt),
    inputs: used.map(({ usage }) => usage.inputTokens),
    outputs: used.map(({ usage }) => usage.outputTokens),
    costs: used.map(({ usage }) => usage.costUsd),
  };
  tx.alongside(addUsage(tx.db, uses), 'silent');
}

/** Those that budgets have stopped, now or before. */
async function meter(tx: TenantTransaction, beating: Beating[]): Promise<Map<string, Revocation>> {
  const revoked = new Map(beating.flatMap(({ task }): [string, Revocation][] => (task.revoked ? [[task.id, task.revoked]] : [])));
  const metered = beating.filter(({ beat, task }) => beat.usage && task.budgeted);
  if (metered.length === 0) return revoked;
  const answers = await meterAttempts(tx, metered.map(({ task }) => ({ taskId: task.id, number: task.attempt, told: task.revoked })));
  for (const [index, answer] of answers.entries()) if (answer) revoked.set(metered[index]!.task.id, answer);
  return revoked;
}

function warningOf(tx: TenantTransaction, task: Held): Heartbeat['warning'] {
  const { deadline_at: deadline } = task;
  const left = deadline === null ? Number.POSITIVE_INFINITY : (deadline.getTime() - tx.now.getTime()) / 1000;
  if (deadline === null || left > warningSeconds(task.time_limit_seconds)) return null;
  const message = `${Math.max(0, Math.round(left))} s of the time limit are left. Complete, or hand off with notes.`;
  return { code: 'time_limit', message, deadline: deadline.toISOString() };
}

/** Told at each heartbeat from then on, and once in the task's timeline. */
async function noteWarnings(tx: TenantTransaction, going: Beating[]): Promise<void> {
  const first = going.filter(({ task }) => !task.warned && warningOf(tx, task) !== null);
  if (first.length === 0) return;
  await sql`update tasks set warned = true, version = version + 1 where id = any(${first.map(({ task }) => task.id)}::uuid[])`.execute(tx.db);
  const changes = first.map(({ beat: { id, caller } }): TaskChange => ({ id, fact: 'warned', from: 'running', ...(caller && { caller }) }));
  await recordTasks(tx, changes);
}

/** Why attempts were ended from outside, of those tokens that are of one that was cancelled or stopped by a budget. */
async function readReasons(tx: TenantTransaction, ended: Beat[]): Promise<Map<string, string>> {
  if (ended.length === 0) return new Map();
  const found = await rows(tx.db, sql<{ id: string; message: string | null }>`
    select a.task_id as id, a.error->>'message' as message from attempts a
      join unnest(${ended.map(({ id }) => id)}::uuid[], ${ended.map(({ leaseToken }) => leaseToken)}::text[],
        ${ended.map(({ agentId }) => agentId ?? null)}::uuid[]) as g(id, token, agent_id) on g.id = a.task_id and g.token = a.token
    where (a.outcome = 'cancelled' or a.stopped_by is not null) and (g.agent_id is null or a.agent_id = g.agent_id)`);
  return new Map(found.map(({ id, message }) => [id, message ?? 'Cancelled.']));
}

/** The heartbeat of one attempt, whose agent is heard by it. */
export async function heartbeat(tx: TenantTransaction, beat: Beat, leaseSeconds: number): Promise<Heartbeat> {
  const [pulse] = await heartbeatMany(tx, [beat], { leaseSeconds, touch: true });
  if (pulse === 'lost') throw leaseLost();
  if (pulse === undefined || pulse === 'missing') throw notFound('task');
  return pulse;
}
