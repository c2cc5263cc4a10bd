// Claimants at once over one workspace with budgets of every scope and unit: they spend, report, end in every way and
// are stopped, while people edit the budgets; then the budgets' sums are held against a scan of the attempts.
import { expect } from 'vitest';
import { agentOperations } from '../../shared/agent.ts';
import { budgetOperations, type Budget } from '../../shared/budget.ts';
import { planOperations } from '../../shared/plan.ts';
import { taskOperations } from '../../shared/task.ts';
import { workOperations } from '../../shared/work.ts';
import { agentHandlers } from '../agents/index.ts';
import { budgetHandlers } from '../budgets/index.ts';
import { planHandlers, settlePlans } from '../plans/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace } from '../platform/testing/workspace.ts';
import { createClaimants, createCreationHandlers, createWorkHandlers, taskSettlers } from '../tasks/index.ts';
import { sweepTenant } from '../tasks/sweep.ts';
import { allAtOnce, attempt, ofTask, pick, type Crowd as AnyCrowd, type Lease as AnyLease, type Step as AnyStep } from './random-steps.ts';

export interface BudgetCrowdOptions {
  claimants: number;
  /** Operations of each claimant between two quiet moments, in which the sums are checked. */
  steps: number;
  rounds: number;
}

interface Lease extends AnyLease {
  agentId: string;
  /** What the attempt has spent, in millionths of a dollar, all of it reported with the next word of it. */
  real: number;
  /** The most that it spends between two reports: the smallest step of the budgets that hold it. */
  step: number;
  /** The most that it spends in all. */
  most: number;
  stopped: boolean;
}

interface Crowd extends AnyCrowd {
  budgets: string[];
  leases: Lease[];
  stops: number;
}
type Step = AnyStep<Crowd>;

/** Of an agent whose cost a person has entered. */
const KNOWN_USD = '0.4';
/** What an attempt may spend where no budget holds it. */
const UNHELD = 300_000;

const usd = (micros: number): string => (micros / 1_000_000).toFixed(6);

/** What it is honest to spend: less than each of its steps between two reports. */
function spend(crowd: Crowd, lease: Lease): { inputTokens: number; outputTokens: number; costUsd: string } {
  const upTo = lease.stopped ? 0 : Math.max(0, Math.min(lease.step, lease.most - lease.real));
  lease.real += Math.floor(crowd.random() * (upTo + 1));
  return { inputTokens: lease.real, outputTokens: 1, costUsd: usd(lease.real) };
}

/** Takes a lease away from the others, so that one attempt is one program. */
function take(crowd: Crowd): Lease | undefined {
  const lease = pick(crowd, crowd.leases);
  if (lease) crowd.leases = crowd.leases.filter((other) => other !== lease);
  return lease;
}

const ending = (end: (crowd: Crowd, lease: Lease, usage: ReturnType<typeof spend>) => Promise<unknown>): Step => async (crowd) => {
  const lease = take(crowd);
  if (lease) await attempt(['lease_lost'], () => end(crowd, lease, spend(crowd, lease)));
};
const tokenOf = ({ id, leaseToken }: Lease) => ({ id, leaseToken });

const steps: Record<string, Step> = {
  async create(crowd, agentId) {
    const { id } = await crowd.call(taskOperations.create, crowd.creation.create, {
      title: `Task ${crowd.tasks.length}`,
      maxAttempts: 1 + Math.floor(crowd.random() * 3),
      retry: { initialSeconds: 0 },
      ...(crowd.random() < 0.5 ? { agentId } : {}),
    });
    crowd.tasks.push(id);
  },
  async claim(crowd, agentId) {
    const claimed = await crowd.call(workOperations.claim, crowd.work.claim, { agentId });
    if (!claimed) return;
    const { step, known } = await crowd.run(async ({ db }) => (await row(db, sql<{ step: number | null; known: boolean | null }>`
      select (min(step) * 1000000)::float8 as step, bool_and(known) as known from budget_reservations
      where task_id = ${claimed.task.id} and attempt = ${claimed.lease.attempt}`))!);
    const most = known ? (step ?? UNHELD) : Number.POSITIVE_INFINITY;
    crowd.leases.push({ id: claimed.task.id, leaseToken: claimed.lease.token, agentId, real: 0, step: step ?? UNHELD, most, stopped: false });
  },
  async heartbeat(crowd) {
    const lease = take(crowd);
    if (!lease) return;
    const usage = spend(crowd, lease);
    // Now and then a report goes down or is repeated.
    const told = crowd.random() < 0.1 ? { ...usage, costUsd: '0' } : usage;
    if (told !== usage) await attempt(['lease_lost'], () => crowd.call(workOperations.heartbeat, crowd.work.heartbeat, { ...tokenOf(lease), usage: told }));
    const answer = await attempt(['lease_lost'], () => crowd.call(workOperations.heartbeat, crowd.work.heartbeat, { ...tokenOf(lease), usage }));
    if (!answer) return;
    if (answer.cancel && !lease.stopped) crowd.stops += 1;
    lease.stopped ||= answer.cancel !== null;
    crowd.leases.push(lease);
  },
  complete: ending((crowd, lease, usage) => crowd.call(workOperations.complete, crowd.work.complete, { ...tokenOf(lease), output: 'done', usage })),
  fail: ending((crowd, lease, usage) =>
    crowd.call(workOperations.fail, crowd.work.fail, { ...tokenOf(lease), error: 'no', retryable: crowd.random() < 0.7, usage })),
  handOff: ending((crowd, lease, usage) => crowd.call(workOperations.handoff, crowd.work.handoff, { ...tokenOf(lease), notes: 'go on', usage })),
  cancel: ofTask('cancel'),
  retry: ofTask('retry'),
  async expire(crowd) {
    await crowd.run(async (tx) => {
      await sql`update tasks set lease_expires_at = now() - interval '1 second' where id in
        (select id from tasks where state = 'running' order by revoked is null, id limit 1 for update skip locked)`.execute(tx.db);
      await sweepTenant(tx);
    });
  },
  async edit(crowd) {
    const id = pick(crowd, crowd.budgets)!;
    const now = await crowd.call(budgetOperations.get, budgetHandlers.get, { id });
    if (now.removedAt !== null) await crowd.call(budgetOperations.restore, budgetHandlers.restore, { id });
    else if (crowd.random() < 0.2) await crowd.call(budgetOperations.remove, budgetHandlers.remove, { id });
    // Somebody else may have removed it meanwhile.
    else await attempt(['conflict'], () => crowd.call(budgetOperations.update, budgetHandlers.update, { id, amount: changed(crowd, now) }));
  },
};

/** Mostly a raise, so that work goes on. */
function changed(crowd: Crowd, { unit, amount }: Budget): string {
  const factor = crowd.random() < 0.75 ? 1 + crowd.random() : 0.4 + crowd.random() * 0.6;
  return unit === 'executions' ? String(Math.max(1, Math.round(Number(amount) * factor))) : Math.max(0.5, Number(amount) * factor).toFixed(2);
}

const weighted = [
  ...Object.keys(steps).filter((name) => name !== 'edit'),
  ...Array.from({ length: 4 }, () => 'create'),
  ...Array.from({ length: 6 }, () => 'claim'),
  ...Array.from({ length: 8 }, () => 'heartbeat'),
  ...Array.from({ length: 3 }, () => 'complete'),
];

async function begin(test: TestDatabase, random: () => number): Promise<Crowd> {
  const workspace = await makeHandlerWorkspace(test, { settlers: { ...taskSettlers, plan: settlePlans } });
  const node = { runInTenant: workspace.runInTenant, signals: test.signals, leaseSeconds: 60, claimants: createClaimants() };
  const work = createWorkHandlers(node);
  const creation = createCreationHandlers(node);
  const agents: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const { id } = await workspace.call(agentOperations.create, agentHandlers.create, {
      name: `agent ${index}`, kind: 'external', concurrency: 12, ...(index === 0 && { attemptCostUsd: KNOWN_USD }),
    });
    agents.push(id);
  }
  const tasks = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, title: `Step ${index}`, agent: `agent ${index % 6}` }));
  const plan = await workspace.call(planOperations.create, planHandlers.create, { name: 'Plan', tasks });
  await workspace.call(planOperations.start, planHandlers.start, { id: plan.id });
  const inputs = [
    { scope: 'workspace', unit: 'usd', amount: '12', period: 'month' },
    { scope: 'workspace', unit: 'executions', amount: '60', period: 'month' },
    { scope: 'agent', agentId: agents[0]!, unit: 'usd', amount: '2', period: 'day' },
    { scope: 'agent', agentId: agents[1]!, unit: 'usd', amount: '1.5', period: 'total', reserveUsd: '0.15' },
    { scope: 'agent', agentId: agents[2]!, unit: 'executions', amount: '12', period: 'day' },
    { scope: 'plan', planId: plan.id, unit: 'usd', amount: '2', period: 'total', reserveUsd: '0.2' },
  ] as const;
  const budgets: string[] = [];
  for (const input of inputs) budgets.push((await workspace.call(budgetOperations.create, budgetHandlers.create, input)).id);
  return { ...workspace, random, work, creation, agents, tasks: plan.tasks.map(({ id }) => id), budgets, leases: [], stops: 0 };
}

interface Scanned {
  id: string;
  unit: 'usd' | 'executions';
  spent: string;
  reserved: string;
  exposed: string;
  running: number;
  /** The same from the attempts and the reservations. */
  used: string;
  left: string;
  open: string;
  flying: number;
  /** Attempts that run in its scope. */
  scope: number;
}

/** The sums of the budgets in force are what their attempts say. */
async function expectSums(crowd: Crowd): Promise<void> {
  const inScope = sql`(b.scope = 'workspace' or b.agent_id = a.agent_id or b.plan_id = t.plan_id)`;
  const found = await crowd.run(({ db }) => rows(db, sql<Scanned>`
    select b.id, b.unit, b.spent::text, b.reserved::text, b.exposed::text, b.running,
      case b.unit when 'usd' then (select coalesce(sum(a.cost_usd), 0) from attempts a join tasks t on t.id = a.task_id where ${inScope})
        else (select count(*) from attempts a join tasks t on t.id = a.task_id where a.number = 1 and t.handoff_from is null and ${inScope}) end
        ::numeric(26, 6)::text as used,
      coalesce(r.left_over, 0)::numeric(26, 6)::text as left, coalesce(r.open, 0)::numeric(26, 6)::text as open,
      coalesce(r.flying, 0)::int as flying,
      (select count(*)::int from attempts a join tasks t on t.id = a.task_id and t.state = 'running' and t.attempt = a.number where ${inScope}) as scope
    from budgets b left join (
      select r.budget_id, count(*) as flying, sum(greatest(0, r.held - r.metered)) as left_over,
        sum(case when r.known and r.metered <= r.step then greatest(r.held - r.metered, r.step - r.metered, 0)
          else greatest(0, r.held - r.metered) + r.step end) as open
      from budget_reservations r group by 1) r on r.budget_id = b.id
    where b.removed_at is null order by b.id`));
  for (const budget of found) {
    expect(budget.spent, `spent of ${budget.id} in ${budget.unit}`).toBe(budget.used);
    expect(budget.reserved).toBe(budget.left);
    expect(budget.exposed).toBe(budget.open);
    expect(budget.running).toBe(budget.flying);
    if (budget.unit === 'usd') expect(budget.flying).toBe(budget.scope);
  }
  const strays = await crowd.run(({ db }) => rows(db, sql`select r.task_id from budget_reservations r
    where not exists (select 1 from tasks t where t.id = r.task_id and t.state = 'running' and t.attempt = r.attempt)`));
  expect(strays).toEqual([]);
}

const edits = new Set(['budget.created', 'budget.updated', 'budget.removed', 'budget.restored']);

/** In the order of the commits: nothing is claimed that does not fit, and no more is spent than was shown at the most. */
async function expectHeld(crowd: Crowd): Promise<void> {
  const events = await crowd.run(({ db }) => rows(db, sql<{ type: string; data: Budget }>`
    select type, data from events where entity = 'budget' order by seq`));
  const last = new Map<string, Budget>();
  const shown = new Map<string, number>();
  for (const { type, data } of events) {
    const before = last.get(data.id);
    const [spent, reserved, amount, overshoot] = [data.spent, data.reserved, data.amount, data.overshoot].map(Number) as [number, number, number, number];
    last.set(data.id, data);
    if (!before || edits.has(type)) {
      shown.set(data.id, overshoot);
      continue;
    }
    if (reserved > Number(before.reserved)) expect(spent + reserved, 'held more than fits').toBeLessThanOrEqual(amount + 1e-9);
    expect(spent - amount, `over by more than was shown of ${data.name}`).toBeLessThanOrEqual((shown.get(data.id) ?? 0) + 1e-9);
    if (data.unit === 'executions' && spent > Number(before.spent)) expect(spent).toBeLessThanOrEqual(amount);
    shown.set(data.id, Math.max(shown.get(data.id) ?? 0, overshoot));
  }
}

export interface BudgetCrowdReport {
  attempts: number;
  /** Attempts that were told to stop. */
  stops: number;
}

/** Runs the rounds of one seed; throws at the first rule that is broken. */
export async function budgetCrowd(test: TestDatabase, random: () => number, options: BudgetCrowdOptions): Promise<BudgetCrowdReport> {
  const crowd = await begin(test, random);
  for (let round = 0; round < options.rounds; round += 1) {
    await allAtOnce(crowd, options, {
      step: (_, agentId) => steps[pick(crowd, weighted)!]!(crowd, agentId),
      // A person edits beside every tenth claimant.
      last: async (agentId, index) => index % 10 === 0 && steps['edit']!(crowd, agentId),
    });
    await expectSums(crowd);
    await expectHeld(crowd);
  }
  const { count } = (await crowd.run(({ db }) => row(db, sql<{ count: number }>`select count(*)::int as count from attempts`)))!;
  return { attempts: count, stops: crowd.stops };
}
