// What changes an agent: creation, edits, pause, retirement, and its presence while it works.
import { agentTransitions, type Agent, type AgentStatus } from '../../shared/agent.ts';
import { planLimits, type BillingPlan } from '../../shared/billing.ts';
import { AppError, notFound } from '../../shared/errors.ts';
import { may } from '../../shared/permissions.ts';
import type { SignedInRequest } from '../platform/doors/handlers.ts';
import { fixed, isUniqueViolation, kept, keptBriefly, row, rows, sql } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { TenantTransaction } from '../platform/tenant-transaction.ts';
import { agentColumns, announceAgent, holdAgent, lockAgent, readAgent, tellAgent, toAgent, type AgentRow } from './rows.ts';

/** Seconds without a word after which an external agent is shown as offline. */
export const PRESENCE_SECONDS = 60;

export interface NewAgent {
  name: string;
  kind: 'hosted' | 'external';
  role?: string | undefined;
  instructions?: string | undefined;
  capabilities?: string[] | undefined;
  provider?: { accountId: string; model: string } | null | undefined;
  concurrency: number;
  timeLimitSeconds: number;
  attemptCostUsd?: string | null | undefined;
}

function nameTaken(name: string): AppError {
  return new AppError('conflict', `There is already an agent "${name}". Choose another name.`, {
    details: { fields: [{ path: 'name', message: 'Choose a name that no other agent has.' }] },
  });
}

/** Refuses a provider account that is not there, naming the field. */
async function checkProvider(tx: TenantTransaction, provider: { accountId: string } | null | undefined): Promise<void> {
  if (!provider) return;
  const found = await row(tx.db, sql`select 1 from provider_accounts where id = ${provider.accountId}`);
  if (!found) throw notFound('provider account');
}

/** Refuses what the plan of the organisation does not hold; the lock keeps two creations from passing it together. */
async function checkPlanLimit(tx: TenantTransaction, adding: number): Promise<void> {
  const workspace = await row(tx.db, sql<{ plan: BillingPlan }>`select plan from workspace for update`);
  const plan = workspace!.plan;
  const limit = planLimits[plan].agents;
  if (limit === null) return;
  const { count } = (await row(tx.db, sql<{ count: number }>`
    select count(*)::int as count from agents where status <> 'retired' and not built_in`))!;
  if (count + adding > limit) {
    throw new AppError('plan_limit_reached', `The ${plan} plan holds ${limit} agents, and ${count} are in use. Retire one, or change the plan.`, {
      details: { limit, plan },
    });
  }
}

/** Creates agents; the workspace's plan must hold them all. */
export async function createAgents(tx: TenantTransaction, wanted: NewAgent[]): Promise<Agent[]> {
  await checkPlanLimit(tx, wanted.length);
  const created: Agent[] = [];
  for (const agent of wanted) created.push(await createOne(tx, agent));
  return created;
}

async function createOne(tx: TenantTransaction, agent: NewAgent): Promise<Agent> {
  if (agent.kind === 'external' && agent.provider) {
    throw new AppError('validation_failed', 'provider: an external agent brings its own; leave provider out.', {
      details: { fields: [{ path: 'provider', message: 'Leave it out for an external agent.' }] },
    });
  }
  await checkProvider(tx, agent.provider);
  const id = newId();
  try {
    await sql`insert into agents (id, name, kind, role, instructions, capabilities, provider_account_id, model, concurrency, time_limit_seconds, attempt_cost_usd)
      values (${id}, ${agent.name}, ${agent.kind}, ${agent.role ?? ''}, ${agent.instructions ?? ''}, ${agent.capabilities ?? []},
        ${agent.provider?.accountId ?? null}, ${agent.provider?.model ?? null}, ${agent.concurrency}, ${agent.timeLimitSeconds},
        ${agent.attemptCostUsd ?? null}::numeric)`.execute(tx.db);
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken(agent.name);
    throw error;
  }
  const shown = await announceAgent(tx, id, 'agent.created');
  tx.record({ audit: { action: 'agents.create', entity: 'agent', id, after: auditable(shown) } });
  return shown;
}

/** What an audit entry keeps of an agent. */
function auditable(shown: Agent): object {
  const { instructions, presence: _presence, running: _running, lastSeenAt: _seen, ...rest } = shown;
  return { ...rest, instructions: instructions.length > 2_000 ? `${instructions.slice(0, 2_000)}…` : instructions };
}

export interface AgentChange {
  id: string;
  name?: string | undefined;
  role?: string | undefined;
  instructions?: string | undefined;
  capabilities?: string[] | undefined;
  provider?: { accountId: string; model: string } | null | undefined;
  concurrency?: number | undefined;
  timeLimitSeconds?: number | undefined;
  attemptCostUsd?: string | null | undefined;
  status?: 'active' | 'paused' | undefined;
  version?: number | undefined;
}

/** An operator may pause and resume; the rest needs the permission to write agents. */
function checkMayChange(change: AgentChange, request: SignedInRequest): void {
  const { id: _id, status: _status, version: _version, ...rest } = change;
  const more = Object.entries(rest).filter(([, value]) => value !== undefined);
  if (more.length > 0 && !may(request.credential.role, 'agents:write')) {
    throw new AppError('forbidden', `The role ${request.credential.role} may change an agent's status alone. Ask an owner or admin.`);
  }
}

export async function updateAgent(tx: TenantTransaction, change: AgentChange, request: SignedInRequest): Promise<Agent> {
  checkMayChange(change, request);
  return changeAgent(tx, change);
}

/** Applies a change; a stale version or a status off the table is refused. */
export async function changeAgent(tx: TenantTransaction, change: AgentChange): Promise<Agent> {
  const locked = await lockAgent(tx, change.id);
  const before = await readAgent(tx, change.id);
  if (change.version !== undefined && change.version !== locked.version) {
    throw new AppError('version_conflict', 'Somebody changed this agent meanwhile. Load it again and decide.', {
      details: { version: locked.version },
    });
  }
  if (before.status === 'retired') throw new AppError('transition_not_allowed', 'A retired agent cannot be changed.');
  if (change.provider && before.kind === 'external') {
    throw new AppError('validation_failed', 'provider: an external agent brings its own.', {
      details: { fields: [{ path: 'provider', message: 'Leave it out for an external agent.' }] },
    });
  }
  await checkProvider(tx, change.provider);
  const provider = change.provider === undefined ? before.provider : change.provider;
  try {
    await sql`update agents set version = version + 1, name = ${change.name ?? before.name}, role = ${change.role ?? before.role},
      instructions = ${change.instructions ?? before.instructions}, capabilities = ${change.capabilities ?? before.capabilities},
      provider_account_id = ${provider?.accountId ?? null}, model = ${provider?.model ?? null},
      concurrency = ${change.concurrency ?? before.concurrency}, time_limit_seconds = ${change.timeLimitSeconds ?? before.timeLimitSeconds},
      attempt_cost_usd = ${change.attemptCostUsd === undefined ? before.attemptCostUsd : change.attemptCostUsd}::numeric,
      status = ${change.status ?? before.status} where id = ${change.id}`.execute(tx.db);
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken(change.name ?? before.name);
    throw error;
  }
  const statusChanged = change.status !== undefined && change.status !== before.status;
  const type = !statusChanged ? 'agent.updated' : change.status === 'paused' ? 'agent.paused' : 'agent.resumed';
  const after = await announceAgent(tx, change.id, type);
  tx.record({ audit: { action: 'agents.update', entity: 'agent', id: change.id, before: auditable(before), after: auditable(after) } });
  // More may run than before.
  tx.ready();
  return after;
}

export async function retireAgent(tx: TenantTransaction, id: string): Promise<Agent> {
  // Its key too: no task is given to it meanwhile.
  await sql`select 1 from agents where id = ${id} for update`.execute(tx.db);
  const locked = await lockAgent(tx, id);
  if (locked.built_in) throw new AppError('conflict', 'Every workspace keeps its coordinator. Pause it instead.');
  if (!(agentTransitions[locked.status] as readonly AgentStatus[]).includes('retired')) {
    throw new AppError('transition_not_allowed', 'This agent is retired already.');
  }
  if (locked.running > 0) {
    throw new AppError('conflict', `${locked.name} still runs ${locked.running}. Pause it, and retire it when it is done.`);
  }
  const { open } = (await row(tx.db, sql<{ open: number }>`
    select count(*)::int as open from tasks where agent_id = ${id} and state in ('waiting', 'queued')`))!;
  if (open > 0) {
    throw new AppError('conflict', `${open} open tasks are given to ${locked.name}. Cancel them or let them finish first.`);
  }
  const before = await readAgent(tx, id);
  await sql`update agents set version = version + 1, status = 'retired', online = false where id = ${id}`.execute(tx.db);
  const after = await announceAgent(tx, id, 'agent.retired');
  tx.record({ audit: { action: 'agents.retire', entity: 'agent', id, before: auditable(before), after: auditable(after) } });
  return after;
}

/** Notes that an external agent was heard; writes at most every few seconds. */
export async function touchAgent(tx: TenantTransaction, id: string): Promise<void> {
  const [came] = await touch(tx.db, { id });
  if (!came) return;
  const { was, ...found } = came;
  if (!was) tellAgent(tx, toAgent(found), 'agent.online');
  tx.ready(new Date(tx.now.getTime() + (PRESENCE_SECONDS + 1) * 1000));
}
const touch = fixed<{ id: string }, AgentRow & { was: boolean }>(({ id }) =>
  kept(sql`with before as (select b.id, b.online, p.name, p.kind from agents b left join provider_accounts p on p.id = b.provider_account_id
      where b.id = ${id} and b.kind = 'external' and b.status <> 'retired' and (not b.online or b.last_seen_at is null
        or b.last_seen_at < now() - make_interval(secs => ${sql.lit(PRESENCE_SECONDS / 6)})) for no key update of b)
    update agents a set last_seen_at = now(), online = true, version = version + 1
    from before p where a.id = p.id returning ${agentColumns}, p.online as was`),
);

/** Shows external agents as offline that were not heard; returns when to look again. */
export async function markOffline(tx: TenantTransaction): Promise<Date | null> {
  const gone = await rows(tx.db, sql<{ id: string }>`
    update agents set online = false, version = version + 1
    where id in (select id from agents where online and last_seen_at < now() - make_interval(secs => ${PRESENCE_SECONDS}) for no key update skip locked)
    returning id`);
  for (const { id } of gone) await announceAgent(tx, id, 'agent.offline');
  const next = await row(tx.db, sql<{ at: Date | null }>`
    select min(last_seen_at) + make_interval(secs => ${PRESENCE_SECONDS + 1}) as at from agents where online`);
  return next?.at ?? null;
}

/** An agent that the transaction has held since before it changed a task, and what it then runs, counted after that. */
export interface HeldAgent {
  row: AgentRow;
  running: number;
}

/**
 * Settler: counts what each agent runs, and shows its presence. Counted under its lock, so no change is missed. Entries:
 * `HeldAgent`, where it was counted already.
 */
export async function settleAgents(tx: TenantTransaction, ids: string[], entries: unknown[]): Promise<void> {
  await Promise.all(ids.map((id, index) => (entries[index] ? settleHeld(tx, entries[index] as HeldAgent) : settleAgent(tx, id))));
}
settleAgents.atOnce = true;
settleAgents.isSilent = (entries: unknown[]) => entries.every((entry) => entry !== undefined);

async function settleHeld(tx: TenantTransaction, { row: found, running }: HeldAgent): Promise<void> {
  if (found.running === running) return;
  tellAgent(tx, toAgent({ ...found, running, version: found.version + 1 }), 'agent.presence_changed');
  await setRunning(tx.db, { id: found.id, running });
}
const setRunning = fixed<{ id: string; running: number }>(({ id, running }) =>
  kept(sql`update agents set running = ${running}, version = version + 1 where id = ${id}`),
);

async function settleAgent(tx: TenantTransaction, id: string): Promise<void> {
  const [, [changed]] = await Promise.all([holdAgent(tx, id), countRunning(tx.db, { id })]);
  if (changed) tellAgent(tx, toAgent(changed), 'agent.presence_changed');
}
const countRunning = fixed<{ id: string }, AgentRow>(({ id }) =>
  keptBriefly(sql`update agents a set running = c.running, version = a.version + 1
    from (select count(*)::int as running from tasks where state = 'running' and claimed_by = ${id}) c
      left join provider_accounts p on p.id = (select b.provider_account_id from agents b where b.id = ${id})
    where a.id = ${id} and a.running <> c.running returning ${agentColumns}`),
);
