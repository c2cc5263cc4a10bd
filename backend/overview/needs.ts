// What needs a person, most urgent first: one statement for each kind, each over rows that an index finds.
import type { Need } from '../../shared/overview.ts';
import { rows, sql } from '../platform/database.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { findFindings } from '../findings/index.ts';
import { findBudgets, toBudget } from '../budgets/index.ts';
import { readErrorGroups } from '../tasks/index.ts';
import { readUsage } from '../usage/index.ts';

type NeedOf<Kind extends Need['kind']> = Extract<Need, { kind: Kind }>;

/** Of each kind; what is beyond is reached through its list. */
const MOST = 50;
const MOST_GROUPS = 20;
const MOST_TASKS = 50;
/** Failures that are looked at for which groups there are, the newest first; the groups are counted whole. */
const MOST_FAILURES = 5_000;

async function urgentFindings(tx: TenantTransaction): Promise<NeedOf<'finding'>[]> {
  const found = await findFindings(
    tx,
    sql`f.severity = 'urgent' and f.acknowledged_at is null order by f.id desc limit ${MOST}`,
  );
  return found.map(({ id, taskId, title, agentName, simulated, createdAt }) => ({
    kind: 'finding',
    at: createdAt,
    findingId: id,
    taskId,
    title,
    agentName,
    simulated,
  }));
}

/** Less than a minute or a tenth of the limit left, whichever is more; of a short limit at most its half. */
async function nearTimeLimit(tx: TenantTransaction): Promise<NeedOf<'time_limit'>[]> {
  const margin = sql`make_interval(secs => least(greatest(60, t.time_limit_seconds * 0.1),
    t.time_limit_seconds * 0.5))`;
  const found = await rows(
    tx.db,
    sql<{ id: string; title: string; agent: string | null; at: Date; deadline: Date }>`
    select t.id, t.title, a.name as agent, t.deadline_at as deadline, t.deadline_at - ${margin} as at
    from tasks t left join agents a on a.id = t.claimed_by
    where t.state = 'running' and now() >= t.deadline_at - ${margin}
    order by t.deadline_at, t.id limit ${MOST}`,
  );
  return found.map((task) => ({
    kind: 'time_limit',
    at: task.at.toISOString(),
    taskId: task.id,
    title: task.title,
    agentName: task.agent,
    deadline: task.deadline.toISOString(),
  }));
}

/** A gate waits for its person since the last task before it was done. */
async function approvals(tx: TenantTransaction): Promise<NeedOf<'approval'>[]> {
  const found = await rows(
    tx.db,
    sql<{ id: string; title: string; plan: string | null; at: Date }>`
    select t.id, t.title, p.name as plan, greatest(t.created_at, p.started_at, (select max(o.finished_at)
      from task_dependencies d join tasks o on o.id = d.depends_on where d.task_id = t.id)) as at
    from tasks t left join plans p on p.id = t.plan_id
    where t.state = 'waiting' and t.wait_reason = 'approval' order by t.id limit ${MOST}`,
  );
  return found.map((task) => ({
    kind: 'approval',
    at: task.at.toISOString(),
    taskId: task.id,
    title: task.title,
    planName: task.plan,
  }));
}

/** Agents that have queued work and cannot take it: external and not heard, or hosted without a provider. */
async function unreachable(
  tx: TenantTransaction,
): Promise<(NeedOf<'agent_offline'> | NeedOf<'agent_without_provider'>)[]> {
  const found = await rows(
    tx.db,
    sql<{ id: string; name: string; kind: 'hosted' | 'external'; at: Date; queued: number }>`
    select a.id, a.name, a.kind, w.queued, greatest(w.since, a.last_seen_at) as at
    from agents a cross join lateral (
      select count(*)::int as queued, min(t.queued_at) as since from tasks t
      where t.agent_id = a.id and t.state = 'queued') w
    where a.status = 'active' and w.queued > 0
      and case a.kind when 'hosted' then a.provider_account_id is null else not a.online end
    order by a.kind, w.queued desc, lower(a.name) limit ${MOST}`,
  );
  return found.map((agent) => ({
    kind: agent.kind === 'hosted' ? 'agent_without_provider' : 'agent_offline',
    at: agent.at.toISOString(),
    agentId: agent.id,
    agentName: agent.name,
    queued: agent.queued,
  }));
}

/** Accounts that refuse us, and how many tasks are queued for their agents. */
async function refusedProviders(tx: TenantTransaction): Promise<NeedOf<'provider_refused'>[]> {
  const found = await rows(
    tx.db,
    sql<{ id: string; name: string; problem: { message: string; at: string } | null; created_at: Date; queued: number }>`
    select p.id, p.name, p.problem, p.created_at, (select count(*)::int from tasks t
      where t.state = 'queued' and t.agent_id in (select a.id from agents a where a.provider_account_id = p.id)) as queued
    from provider_accounts p where p.refused order by lower(p.name) limit ${MOST}`,
  );
  return found.map(({ id, name, problem, created_at, queued }) => ({
    kind: 'provider_refused',
    at: problem?.at ?? created_at.toISOString(),
    accountId: id,
    name,
    message: problem?.message ?? '',
    queued,
  }));
}

async function errorGroups(tx: TenantTransaction): Promise<NeedOf<'error_group'>[]> {
  const newest = sql`t.id in (select id from tasks where state = 'failed' and deleted_at is null and finished_at >= now() - interval '24 hours'
    order by finished_at desc limit ${MOST_FAILURES})`;
  const groups = await readErrorGroups(tx, { where: newest, whole: sql`t.deleted_at is null`, limit: MOST_GROUPS, ids: MOST_TASKS });
  return groups.map((group) => ({
    kind: 'error_group',
    at: group.lastAt,
    title: group.title,
    fingerprint: group.fingerprint,
    count: group.count,
    taskIds: group.taskIds,
  }));
}

async function quotaUsedUp(tx: TenantTransaction): Promise<NeedOf<'quota'>[]> {
  const { quota } = await readUsage(tx);
  if (quota.limit === null || quota.used < quota.limit) return [];
  return [{ kind: 'quota', at: tx.now.toISOString(), limit: quota.limit, resetsAt: quota.resetsAt }];
}

/** Warned of or used up in this period: the used up ones first. */
async function budgetsAtLimit(tx: TenantTransaction): Promise<NeedOf<'budget'>[]> {
  const found = await findBudgets(tx, sql`b.removed_at is null and (b.warned_at is not null or b.exhausted_at is not null)
    order by b.exhausted_at is null, b.id limit ${MOST}`);
  return found.map((held) => toBudget(held, tx.now)).flatMap((budget) => {
    const at = budget.exhaustedAt ?? budget.warnedAt;
    if (at === null || budget.state === 'ok') return [];
    const { id: budgetId, name, scope, period, unit, spent, amount, resetsAt } = budget;
    return [{ kind: 'budget', at, budgetId, name, scope, period, unit, spent, amount, exhausted: budget.state === 'exhausted', resetsAt }];
  });
}

export async function readNeeds(tx: TenantTransaction): Promise<Need[]> {
  return [
    ...(await urgentFindings(tx)),
    ...(await nearTimeLimit(tx)),
    ...(await approvals(tx)),
    // `order by a.kind`: external comes before hosted.
    ...(await unreachable(tx)),
    ...(await refusedProviders(tx)),
    ...(await errorGroups(tx)),
    ...(await budgetsAtLimit(tx)),
    ...(await quotaUsedUp(tx)),
  ];
}
