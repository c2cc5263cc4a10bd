// Completion, one or many in one transaction: each fenced by its attempt's token, all of them in the same few
// statements, so that what a completion means (attempt, event, audit, usage, dependents) costs little more than its rows.
import type { HostedUsage as AttemptUsage } from '../providers/index.ts';
import { fixed, keptBriefly, rows, sql } from '../platform/database.ts';
import type { Caller, TenantTransaction } from '../platform/tenant-transaction.ts';
import { addEnded, endedAttempt, endedColumns, leaseLost, noteEnd, type EndedRow, type HeldLease } from './finish.ts';
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

interface Completed extends TaskRow, EndedRow {
  claimed_by: string;
  /** That by which it was completed. */
  token: string;
}

/**
 * Completes those whose token is current; one outcome for each, in order. One statement finds out which, locks them in the
 * order of their ids, and writes both rows of each: what the attempt took is added to its task.
 */
export async function completeMany(tx: TenantTransaction, completions: Completion[]): Promise<CompletionOutcome[]> {
  const taken = new Set<string>();
  // Of two with one token the first counts.
  const asked = completions.filter(({ id, leaseToken }) => !taken.has(`${id}:${leaseToken}`) && taken.add(`${id}:${leaseToken}`));
  const column = <Value>(pick: (completion: Completion) => Value): Value[] => asked.map(pick);
  const ids = column(({ id }) => id);
  const completed = completeGiven(tx.db, {
    ids,
    tokens: column(({ leaseToken }) => leaseToken),
    agentIds: column(({ agentId }) => agentId ?? null),
    outputs: column(({ output }) => output),
    inputTokens: column(({ usage }) => usage?.inputTokens ?? null),
    outputTokens: column(({ usage }) => usage?.outputTokens ?? null),
    costs: column(({ usage }) => usage?.costUsd ?? null),
    estimated: column(({ usage }) => usage?.estimated ?? false),
    unpriced: column(({ usage }) => usage?.unpriced ?? false),
  });
  const [shown, dependents] = await Promise.all([completed, findDependents(tx, ids)]);
  const done = new Map(shown.map((task) => [task.id, task]));
  const outcomes = await outcomesOf(tx, completions, done);
  const ended = completions.filter((_, index) => outcomes[index] === 'done');
  for (const { id } of ended) noteEnd(tx, done.get(id)!, { ended: done.get(id)!, outcome: 'succeeded' });
  await recordTasks(tx, ended.map(({ id, caller }) => ({ id, fact: 'succeeded', from: 'running', ...(caller && { caller }) })), shown);
  if (ended.length > 0) await settleWaiting(tx, dependents);
  return outcomes;
}

interface Columns {
  ids: string[];
  tokens: string[];
  agentIds: (string | null)[];
  outputs: string[];
  inputTokens: (number | null)[];
  outputTokens: (number | null)[];
  costs: (string | null)[];
  estimated: boolean[];
  unpriced: boolean[];
}
const completeGiven = fixed<Columns, Completed>((at) =>
  keptBriefly(sql`with given as (select * from unnest(${at.ids}::uuid[], ${at.tokens}::text[], ${at.agentIds}::uuid[], ${at.outputs}::text[],
        ${at.inputTokens}::bigint[], ${at.outputTokens}::bigint[], ${at.costs}::numeric[], ${at.estimated}::boolean[], ${at.unpriced}::boolean[])
        as g(id, token, agent_id, output, input_tokens, output_tokens, cost_usd, estimated, unpriced)),
      held as (select t.id, t.attempt, g.token, g.output, g.input_tokens, g.output_tokens, g.cost_usd, g.estimated, g.unpriced
        from tasks t join given g on g.id = t.id
        where t.lease_token = g.token and (g.agent_id is null or t.claimed_by = g.agent_id) order by t.id for update of t),
      e as (update attempts a set outcome = 'succeeded', finished_at = now(),
        input_tokens = greatest(h.input_tokens, a.input_tokens), output_tokens = greatest(h.output_tokens, a.output_tokens),
        cost_usd = greatest(h.cost_usd, a.cost_usd), usage_estimated = h.estimated or a.usage_estimated, unpriced = h.unpriced or a.unpriced
        from held h where a.task_id = h.id and a.number = h.attempt
        returning ${endedAttempt}, h.output, h.token)
    update tasks t set state = 'succeeded', output = e.output, finished_at = now(), lease_token = null, lease_expires_at = null,
      deadline_at = null, revoked = null, ${addEnded}, version = t.version + 1
    from e, ${shownAgent} where t.id = e.task_id and a.id = coalesce(t.agent_id, t.claimed_by)
    returning ${summaryColumns}, ${endedColumns}, e.token`),
);

/** What became of each: the first by the token that was current is done. */
async function outcomesOf(tx: TenantTransaction, completions: Completion[], done: Map<string, Completed>): Promise<CompletionOutcome[]> {
  const taken = new Set<string>();
  const by = completions.map(({ id, leaseToken }) => {
    const isDone = done.get(id)?.token === leaseToken && !taken.has(id);
    if (isDone) taken.add(id);
    return isDone;
  });
  if (by.every(Boolean)) return by.map(() => 'done');
  const there = await rows(tx.db, sql<{ id: string }>`select id from tasks where id = any(${completions.map(({ id }) => id)}::uuid[])`);
  const known = new Set(there.map(({ id }) => id));
  return completions.map(({ id }, index) => (by[index] ? 'done' : known.has(id) ? 'lost' : 'missing'));
}

/** Completes one task whose current token the transaction holds. */
export async function completeAttempt(
  tx: TenantTransaction,
  task: HeldLease,
  result: { output: string; usage?: AttemptUsage | undefined },
): Promise<void> {
  const [outcome] = await completeMany(tx, [{ id: task.id, leaseToken: task.lease_token, ...result }]);
  if (outcome !== 'done') throw leaseLost();
}
