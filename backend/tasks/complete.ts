// Completion, one or many in one transaction: each fenced by its attempt's token, all of them in the same few
// statements, so that what a completion means (attempt, event, audit, usage, dependents) costs little more than its rows.
import type { HostedUsage as AttemptUsage } from '../providers/index.ts';
import { rows, sql } from '../platform/database.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { addEnded, endedAttempt, endedColumns, noteEnd, type EndedRow, type Leased, type Running } from './finish.ts';
import { recordTasks } from './record.ts';
import { shownAgent, summaryColumns, type TaskRow } from './rows.ts';
import { findDependents, settleWaiting } from './waiting.ts';

export interface Completion {
  id: string;
  leaseToken: string;
  /** The agent that the credential is bound to; absent: a person's. */
  agentId?: string | undefined;
  output: string;
  usage?: AttemptUsage | undefined;
  /** Who reports it, when several are reported in one transaction. */
  caller?: Caller;
}

/** `lost`: the token is not the current one; `missing`: there is no such task. Nothing was changed then. */
export type CompletionOutcome = 'done' | 'lost' | 'missing';

interface Held {
  id: string;
  attempt: number;
  lease_token: string | null;
  claimed_by: string | null;
  budgeted: boolean;
}

/** Completes those whose token is current, locked in the order of their ids; one outcome for each, in order. */
export async function completeMany(tx: TenantTransaction, completions: Completion[]): Promise<CompletionOutcome[]> {
  const ids = [...new Set(completions.map(({ id }) => id))].sort();
  const locked = await rows(tx.db, sql<Held>`
    select id, attempt, lease_token, claimed_by, budgeted from tasks where id = any(${ids}::uuid[]) order by id for update`);
  const held = new Map(locked.map((task) => [task.id, task]));
  const taken = new Set<string>();
  const outcomes = completions.map(({ id, leaseToken, agentId }): CompletionOutcome => {
    const task = held.get(id);
    if (!task) return 'missing';
    const foreign = agentId !== undefined && task.claimed_by !== agentId;
    if (task.lease_token === null || task.lease_token !== leaseToken || foreign || taken.has(id)) return 'lost';
    taken.add(id);
    return 'done';
  });
  const done = completions.filter((_, index) => outcomes[index] === 'done');
  // A current token is held by somebody.
  await completeHeld(tx, done.map((completion) => ({ ...completion, task: held.get(completion.id) as Running })));
  return outcomes;
}

export type HeldCompletion = Pick<Completion, 'output' | 'usage' | 'caller'> & { task: Running };

/** Completes tasks whose current token the transaction holds. */
export async function completeHeld(tx: TenantTransaction, completions: HeldCompletion[]): Promise<void> {
  if (completions.length === 0) return;
  const column = <Value>(pick: (completion: HeldCompletion) => Value): Value[] => completions.map(pick);
  const ids = column(({ task }) => task.id);
  // One statement for both rows: what the attempt took is added to its task.
  const completed = rows(tx.db, sql<TaskRow & EndedRow>`
    with given as (select * from unnest(${ids}::uuid[], ${column(({ task }) => task.attempt)}::int[],
        ${column(({ output }) => output)}::text[], ${column(({ usage }) => usage?.inputTokens ?? null)}::bigint[],
        ${column(({ usage }) => usage?.outputTokens ?? null)}::bigint[], ${column(({ usage }) => usage?.costUsd ?? null)}::numeric[],
        ${column(({ usage }) => usage?.estimated ?? false)}::boolean[], ${column(({ usage }) => usage?.unpriced ?? false)}::boolean[])
        as g(id, attempt, output, input_tokens, output_tokens, cost_usd, estimated, unpriced)),
      e as (update attempts a set outcome = 'succeeded', finished_at = now(),
        input_tokens = greatest(g.input_tokens, a.input_tokens), output_tokens = greatest(g.output_tokens, a.output_tokens),
        cost_usd = greatest(g.cost_usd, a.cost_usd), usage_estimated = g.estimated or a.usage_estimated, unpriced = g.unpriced or a.unpriced
        from given g where a.task_id = g.id and a.number = g.attempt
        returning ${endedAttempt}, g.output)
    update tasks t set state = 'succeeded', output = e.output, finished_at = now(), lease_token = null, lease_expires_at = null,
      deadline_at = null, revoked = null, ${addEnded}, version = t.version + 1
    from e, ${shownAgent} where t.id = e.task_id and a.id = coalesce(t.agent_id, t.claimed_by)
    returning ${summaryColumns}, ${endedColumns}`);
  const [shown, dependents] = await Promise.all([completed, findDependents(tx, ids)]);
  const ended = new Map(shown.map((found) => [found.id, found]));
  for (const { task } of completions) noteEnd(tx, task, { ended: ended.get(task.id)!, outcome: 'succeeded' });
  await recordTasks(
    tx,
    completions.map(({ task, caller }) => ({ id: task.id, fact: 'succeeded', from: 'running', ...(caller && { caller }) })),
    shown,
  );
  await settleWaiting(tx, dependents);
}

/** Completes one task whose current token the transaction holds. */
export function completeAttempt(
  tx: TenantTransaction,
  task: Leased,
  result: { output: string; usage?: AttemptUsage | undefined },
): Promise<void> {
  return completeHeld(tx, [{ task, ...result }]);
}
