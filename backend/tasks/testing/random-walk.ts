// Random operations on real rows, with everything that must hold checked after each: the state machine as a
// property, for any seed, on either database.
import { sql } from 'kysely';
import { expect } from 'vitest';
import { canTransition, isFinal, type TaskState } from '../../../shared/task.ts';
import { row, rows, type Queryable, type Statement } from '../../platform/database.ts';
import { auditHash, GENESIS_HASH } from '../../platform/audit-chain.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import { pick, tolerate, type Drawing, type Lease } from '../../testing/random-steps.ts';
import { claimFor } from '../claim.ts';
import { approveTask, cancelTask, retryTask } from '../commands.ts';
import { createTask } from '../create.ts';
import { completeAttempt } from '../complete.ts';
import { failAttempt, handOff, holdLease } from '../finish.ts';
import { sweepTenant } from '../sweep.ts';
import { heartbeat } from '../heartbeat.ts';
import { makeWorkspace, type TestWorkspace } from './workspace.ts';

export interface Walk extends Drawing {
  workspace: TestWorkspace;
  agents: string[];
  tasks: string[];
  /** Every lease ever issued: most are stale. */
  leases: Lease[];
  completed: Map<string, number>;
}

/** What an agent says that it used, in half of the cases. */
function randomUsage(walk: Walk) {
  if (walk.random() < 0.5) return undefined;
  const upTo = (most: number) => Math.floor(walk.random() * most);
  return { inputTokens: upTo(9_000), outputTokens: upTo(900), costUsd: (upTo(2_000_000) / 1_000_000).toFixed(6) };
}

const operations: Record<string, (walk: Walk) => Promise<unknown>> = {
  async create(walk) {
    const count = Math.floor(walk.random() * 3);
    const dependsOn = [...new Set(Array.from({ length: count }, () => pick(walk, walk.tasks)).filter((id) => id !== undefined))];
    const agentId = walk.random() < 0.7 ? pick(walk, walk.agents) : undefined;
    const task = await walk.workspace.run((tx) =>
      createTask(tx, {
        title: `Task ${walk.tasks.length}`,
        instructions: '',
        kind: walk.random() < 0.1 ? 'approval' : 'work',
        agentId,
        priority: Math.floor(walk.random() * 10),
        dependsOn,
        maxAttempts: 1 + Math.floor(walk.random() * 2),
      }),
    );
    walk.tasks.push(task.id);
  },
  async claim(walk) {
    const agent = pick(walk, walk.agents)!;
    await tolerate(['quota_exceeded'], () =>
      walk.workspace.run(async (tx) => {
        const claims = await claimFor(tx, agent, { limit: 2, leaseSeconds: 60, throwOnQuota: true });
        tx.afterCommit(() => walk.leases.push(...claims.map(({ task, lease }) => ({ id: task.id, leaseToken: lease.token }))));
      }),
    );
  },
  async complete(walk) {
    const lease = pick(walk, walk.leases);
    if (!lease) return;
    const done = await tolerate(['lease_lost'], () =>
      walk.workspace.run(async (tx) => completeAttempt(tx, await holdLease(tx, lease), { output: 'done', usage: randomUsage(walk) })),
    );
    if (done) walk.completed.set(lease.id, (walk.completed.get(lease.id) ?? 0) + 1);
  },
  async fail(walk) {
    const lease = pick(walk, walk.leases);
    if (!lease) return;
    const retryable = walk.random() < 0.7;
    await tolerate(['lease_lost'], () =>
      walk.workspace.run(async (tx) =>
        failAttempt(tx, await holdLease(tx, lease), { code: 'agent_error', message: 'no', retryable, outcome: 'failed', usage: randomUsage(walk) }),
      ),
    );
    // The backoff is not what is tested: let it be over.
    await walk.workspace.run(({ db }) => sql`update tasks set run_at = null where run_at is not null`.execute(db));
  },
  async handOff(walk) {
    const lease = pick(walk, walk.leases);
    if (!lease) return;
    await tolerate(['lease_lost'], () =>
      walk.workspace.run(async (tx) => handOff(tx, await holdLease(tx, lease), { notes: 'go on', reason: 'agent' })),
    );
    const found = await walk.workspace.run(({ db }) => rows(db, sql<{ id: string }>`select id from tasks order by id`));
    walk.tasks = found.map(({ id }) => id);
  },
  async heartbeat(walk) {
    const lease = pick(walk, walk.leases);
    if (lease) await tolerate(['lease_lost'], () => walk.workspace.run((tx) => heartbeat(tx, lease, 60)));
  },
  async cancel(walk) {
    const id = pick(walk, walk.tasks);
    if (id) await tolerate(['transition_not_allowed'], () => walk.workspace.run((tx) => cancelTask(tx, { id })));
  },
  async retry(walk) {
    const id = pick(walk, walk.tasks);
    if (id) await tolerate(['transition_not_allowed'], () => walk.workspace.run((tx) => retryTask(tx, id)));
  },
  async approve(walk) {
    const id = pick(walk, walk.tasks);
    if (id) await tolerate(['transition_not_allowed'], () => walk.workspace.run((tx) => approveTask(tx, { id })));
  },
  async expire(walk) {
    const column = walk.random() < 0.5 ? 'lease_expires_at' : 'deadline_at';
    await walk.workspace.run(async (tx) => {
      await sql`update tasks set ${sql.ref(column)} = now() - interval '1 second'
        where id = (select id from tasks where state = 'running' order by random() limit 1)`.execute(tx.db);
      await sweepTenant(tx);
    });
  },
  async pauseOrResume(walk) {
    const paused = walk.random() < 0.3;
    await walk.workspace.run(({ db }) => sql`update workspace set paused_at = ${paused ? new Date() : null}`.execute(db));
  },
};

interface Snapshot {
  tasks: { id: string; state: TaskState; wait_reason: string | null; kind: string; claimed_by: string | null; counted: boolean; handoffs: number }[];
  edges: { task_id: string; depends_on: string }[];
}

/** What must hold after any operation, in one reading of the database. */
export async function checkInvariants(workspace: TestWorkspace): Promise<void> {
  await workspace.run(async ({ db }) => {
    const tasks = await rows(db, sql<Snapshot['tasks'][number]>`select * from tasks`);
    const states = new Map(tasks.map((task) => [task.id, task.state]));
    const edges = await rows(db, sql<Snapshot['edges'][number]>`select task_id, depends_on from task_dependencies`);
    for (const task of tasks) {
      const on = edges.filter((edge) => edge.task_id === task.id).map((edge) => states.get(edge.depends_on)!);
      if (task.state === 'queued' || task.state === 'running' || task.state === 'succeeded') {
        expect(on.every((state) => state === 'succeeded'), `${task.id} ${task.state} with ${on.join()}`).toBe(true);
      }
      if (task.state === 'waiting') {
        const broken = on.some((state) => state === 'failed' || state === 'cancelled');
        const open = on.some((state) => state !== 'succeeded');
        expect(task.wait_reason).toBe(broken ? 'dependency_failed' : open ? 'dependency' : 'approval');
        expect(on).not.toContain('handed_off');
      }
    }
    const agents = await rows(db, sql<{ id: string; running: number; concurrency: number; real: number }>`
      select a.id, a.running, a.concurrency, (select count(*)::int from tasks t where t.state = 'running' and t.claimed_by = a.id) as real from agents a`);
    for (const agent of agents) {
      expect(agent.running).toBe(agent.real);
      expect(agent.running).toBeLessThanOrEqual(agent.concurrency);
    }
    const chains = tasks.filter((task) => task.counted && task.handoffs === 0).length;
    const used = await row(db, sql<{ executions: number }>`select coalesce(sum(executions), 0)::int as executions from usage_months`);
    expect(used?.executions).toBe(chains);
    await checkUsage(db);
    const twice = await rows(db, sql`select task_id from attempts where outcome = 'succeeded' group by task_id having count(*) > 1`);
    expect(twice).toEqual([]);
    const open = await row(db, sql<{ count: number }>`select count(*)::int as count from attempts a where outcome = 'running'
      and not exists (select 1 from tasks t where t.id = a.task_id and t.state = 'running' and t.attempt = a.number)`);
    expect(open?.count).toBe(0);
  });
}

/** The roll-ups of usage say what a scan of the attempts says: by hour, by day and for the month. One statement. */
async function checkUsage(db: Queryable): Promise<void> {
  const figures = sql`round(sum(s.seconds)::numeric, 3) as seconds, sum(s.tokens) as tokens, sum(s.cost) as cost`;
  const grouped = (from: Statement) => sql`(select coalesce(jsonb_agg(g order by g.agent_id, g.plan_id nulls first, g.account_id nulls first, g.outcome), '[]') from
    (select s.agent_id, s.plan_id, s.account_id, s.outcome, sum(s.executions) as executions, sum(s.attempts) as attempts, ${figures} from ${from} s group by 1, 2, 3, 4) g)`;
  const kept = (table: string) => sql`(select agent_id, plan_id, account_id, outcome, executions, attempts, execution_seconds as seconds,
    input_tokens + output_tokens as tokens, cost_usd as cost from ${sql.ref(table)})`;
  const scanned = sql`(select a.agent_id, t.plan_id, a.provider_account_id as account_id, a.outcome, 0 as executions, 1 as attempts, extract(epoch from a.finished_at - a.started_at) as seconds,
      a.input_tokens + a.output_tokens as tokens, a.cost_usd as cost
    from attempts a join tasks t on t.id = a.task_id where a.finished_at is not null
    union all select a.agent_id, t.plan_id, a.provider_account_id, 'claimed', 1, 0, 0, 0, 0
    from attempts a join tasks t on t.id = a.task_id where a.number = 1 and t.handoff_from is null)`;
  const whole = (from: Statement) => sql`(select jsonb_build_array(coalesce(sum(s.executions), 0), coalesce(round(sum(s.seconds)::numeric, 2), 0),
    coalesce(sum(s.tokens), 0), coalesce(sum(s.cost), 0)) from ${from} s)`;
  const months = sql`(select executions, execution_seconds as seconds, input_tokens + output_tokens as tokens, cost_usd as cost from usage_months)`;
  const found = (await row(db, sql<Record<'scanned' | 'hours' | 'days' | 'months' | 'all', unknown>>`
    select ${grouped(scanned)} as scanned, ${grouped(kept('usage_hours'))} as hours, ${grouped(kept('usage_days'))} as days,
      ${whole(months)} as months, ${whole(kept('usage_hours'))} as "all"`))!;
  expect(found.hours).toEqual(found.scanned);
  expect(found.days).toEqual(found.scanned);
  expect(found.months).toEqual(found.all);
}

/** Every state that the events show follows from the one before; numbers have no gap; the hashes chain. */
export async function checkHistory(workspace: TestWorkspace): Promise<void> {
  await workspace.run(async ({ db }) => {
    const events = await rows(db, sql<{ seq: number; entity: string; entity_id: string; version: number; data: { state: TaskState } }>`
      select seq, entity, entity_id, version, data from events order by seq`);
    expect(events.map(({ seq }) => Number(seq))).toEqual(events.map((_, index) => index + 1));
    const last = new Map<string, { state: TaskState; version: number }>();
    for (const { entity, entity_id: id, version, data } of events) {
      if (entity !== 'task') continue;
      const before = last.get(id);
      expect(version).toBeGreaterThanOrEqual(before?.version ?? 0);
      // A retry goes through waiting to queued within one transaction, so its event may show the later state.
      const retried = before && isFinal(before.state) && canTransition(before.state, 'waiting');
      const allowed = !before || before.state === data.state || canTransition(before.state, data.state) || (retried && data.state === 'queued');
      expect(allowed, `${before?.state} to ${data.state}`).toBe(true);
      last.set(id, { state: data.state, version });
    }
    const audit = await rows(db, sql<{ seq: number; at: Date; actor: never; origin: string; action: string; entity: string; entity_id: string; before: unknown; after: unknown; hash: string }>`
      select * from audit order by seq`);
    let hash = GENESIS_HASH;
    for (const entry of audit) {
      const { actor, origin, action, entity, before, after } = entry;
      hash = auditHash(hash, { seq: Number(entry.seq), at: entry.at.toISOString(), actor, origin, action, entity, entityId: entry.entity_id, before, after });
      expect(entry.hash).toBe(hash);
    }
  });
}

async function begin(test: TestDatabase, random: () => number): Promise<Walk> {
  const workspace = await makeWorkspace(test, 'starter');
  const agents = [await workspace.addAgent('one'), await workspace.addAgent('two', { concurrency: 2 })];
  // The second runs on an account, so that usage is of one and of none.
  await workspace.run(({ db }) => sql`with account as (insert into provider_accounts (id, name, kind, settings)
      values (gen_random_uuid(), 'Simulator', 'simulator', '{}') returning id)
    update agents set provider_account_id = account.id, model = 'simulated' from account where agents.id = ${agents[1]}`.execute(db));
  return { random, workspace, agents, tasks: [], leases: [], completed: new Map() };
}

// Work has to come in and be claimed for the rest to mean anything.
const weighted = [...Object.keys(operations), 'create', 'create', 'claim', 'claim', 'claim', 'complete', 'complete'];

async function step(walk: Walk): Promise<void> {
  const name = weighted[Math.floor(walk.random() * weighted.length)]!;
  await operations[name]!(walk);
}

/** The same with many walkers at once over one workspace; what must hold is checked when all have stopped. */
export async function crowdedWalk(test: TestDatabase, random: () => number, crowd: { walkers: number; steps: number }): Promise<Walk> {
  const walk = await begin(test, random);
  const walker = async () => {
    for (let count = 0; count < crowd.steps; count += 1) await step(walk);
  };
  await Promise.all(Array.from({ length: crowd.walkers }, walker));
  await checkInvariants(walk.workspace);
  await checkHistory(walk.workspace);
  for (const count of walk.completed.values()) expect(count).toBe(1);
  return walk;
}

/** Walks `steps` random operations, checking after each. */
export async function randomWalk(test: TestDatabase, random: () => number, steps: number): Promise<Walk> {
  const walk = await begin(test, random);
  for (let count = 0; count < steps; count += 1) {
    await step(walk);
    await checkInvariants(walk.workspace);
  }
  const { workspace } = walk;
  await checkHistory(workspace);
  for (const count of walk.completed.values()) expect(count).toBe(1);
  return walk;
}
