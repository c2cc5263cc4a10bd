// Fifty claimants and their operators at once over one workspace, each doing what comes to its mind, seeded; then what
// happened is held against the model, and what is left undone against what could be done.
import { expect } from 'vitest';
import { agentOperations } from '../../shared/agent.ts';
import { planOperations } from '../../shared/plan.ts';
import { queueOperations } from '../../shared/queue.ts';
import { taskOperations, type TaskState, type TaskSummary } from '../../shared/task.ts';
import { workOperations } from '../../shared/work.ts';
import { agentHandlers } from '../agents/index.ts';
import { planHandlers, settlePlans } from '../plans/index.ts';
import { row, rows, sql } from '../platform/database.ts';
import type { TestDatabase } from '../platform/testing/database.ts';
import { makeHandlerWorkspace } from '../platform/testing/workspace.ts';
import { queueHandlers } from '../queues/index.ts';
import { createClaimants, createCreationHandlers, createWorkHandlers, taskHandlers, taskSettlers } from '../tasks/index.ts';
import { sweepTenant } from '../tasks/sweep.ts';
import { replay, type CrowdEvent, type CrowdLimits } from './crowd-model.ts';
import { allAtOnce, attempt, ofTask, pick, type Crowd as AnyCrowd, type Lease, type Step as AnyStep } from './random-steps.ts';

export interface CrowdOptions {
  claimants: number;
  /** Operations of each claimant between two quiet moments. */
  steps: number;
  /** Quiet moments: each claimant claims until it gets nothing, and what could run must run. */
  rounds: number;
  /** Executions that the month still holds. */
  executions: number;
  /** They wait for work more than they look for it, so that some of what is created starts with its creation. */
  patient?: boolean;
}

interface Crowd extends AnyCrowd {
  plans: string[];
  /** Every lease ever issued: most are stale. */
  leases: Lease[];
  /** Told when one that waits for an agent's work has looked in vain. */
  stands: Map<string, () => void>;
}
type Step = AnyStep<Crowd>;

const QUEUES = new Map([['default', 30], ['narrow', 3], ['single', 1]]);
const WORKSPACE_LIMIT = 35;
/** The executions of the plan `starter`. */
const STARTER = 1_000;

async function claim(crowd: Crowd, agentId: string, waitSeconds = 0): Promise<boolean> {
  const claimed = await attempt(['quota_exceeded'], () => crowd.call(workOperations.claim, crowd.work.claim, { agentId, waitSeconds }));
  if (claimed) crowd.leases.push({ id: claimed.task.id, leaseToken: claimed.lease.token });
  return Boolean(claimed);
}

/** One of the last leases more often than an old one. */
function pickLease(crowd: Crowd) {
  const recent = crowd.random() < 0.8;
  return pick(crowd, recent ? crowd.leases.slice(-60) : crowd.leases);
}

async function withLease(crowd: Crowd, work: (lease: Lease) => Promise<unknown>): Promise<void> {
  const lease = pickLease(crowd);
  if (lease) await attempt(['lease_lost'], () => work(lease));
}

const steps: Record<string, Step> = {
  claim: (crowd, agentId) => claim(crowd, agentId),
  async create(crowd, agentId) {
    const count = Math.floor(crowd.random() * 3);
    const dependsOn = Array.from({ length: count }, () => pick(crowd, crowd.tasks.slice(-40))).filter((id) => id !== undefined);
    const { id } = await crowd.call(taskOperations.create, crowd.creation.create, {
      title: `Task ${crowd.tasks.length}`,
      dependsOn: [...new Set(dependsOn)],
      priority: Math.floor(crowd.random() * 10),
      maxAttempts: 1 + Math.floor(crowd.random() * 3),
      queue: pick(crowd, [...QUEUES.keys()])!,
      retry: { initialSeconds: 0 },
      ...(crowd.random() < 0.4 ? { agentId } : { capabilities: crowd.random() < 0.5 ? ['work'] : [] }),
    });
    crowd.tasks.push(id);
  },
  /** Waits for work, and meanwhile creates for any of them what can start at once. */
  async meet(crowd, agentId) {
    const { promise: stood, resolve } = Promise.withResolvers<void>();
    crowd.stands.set(agentId, resolve);
    const waiting = claim(crowd, agentId, 1);
    await Promise.race([stood, waiting]);
    const input = { title: `Task ${crowd.tasks.length}`, agentId: pick(crowd, crowd.agents)! };
    crowd.tasks.push((await crowd.call(taskOperations.create, crowd.creation.create, input)).id);
    await waiting;
  },
  async plan(crowd) {
    if (crowd.plans.length >= 4 || crowd.random() < 0.7) return;
    const tasks = Array.from({ length: 12 }, (_, index) => ({
      key: `k${index}`,
      title: `Step ${index}`,
      agent: `agent ${Math.floor(crowd.random() * crowd.agents.length)}`,
      dependsOn: index < 6 ? [] : [`k${Math.floor(crowd.random() * index)}`],
    }));
    const plan = await crowd.call(planOperations.create, planHandlers.create, { name: `Plan ${crowd.plans.length}`, minActive: 4, tasks });
    await crowd.call(planOperations.start, planHandlers.start, { id: plan.id });
    crowd.plans.push(plan.id);
    crowd.tasks.push(...plan.tasks.map(({ id }) => id));
  },
  complete: (crowd) =>
    withLease(crowd, (lease) => crowd.call(workOperations.complete, crowd.work.complete, { ...lease, output: 'done' })),
  fail: (crowd) =>
    withLease(crowd, (lease) =>
      crowd.call(workOperations.fail, crowd.work.fail, { ...lease, error: 'no', retryable: crowd.random() < 0.7 }),
    ),
  handOff: (crowd) =>
    withLease(crowd, (lease) => crowd.call(workOperations.handoff, crowd.work.handoff, { ...lease, notes: 'go on' })),
  heartbeat: (crowd) => withLease(crowd, (lease) => crowd.call(workOperations.heartbeat, crowd.work.heartbeat, lease)),
  cancel: ofTask('cancel'),
  retry: ofTask('retry'),
  async hold(crowd) {
    const [id, paused] = [pick(crowd, crowd.tasks), crowd.random() < 0.4];
    if (id) await attempt(['transition_not_allowed'], () => crowd.call(taskOperations.setPaused, taskHandlers.setPaused, { id, paused }));
  },
  async pauseQueue(crowd) {
    const [name, paused] = [pick(crowd, [...QUEUES.keys()])!, crowd.random() < 0.3];
    await crowd.call(queueOperations.update, queueHandlers.update, { name, paused });
  },
  async expire(crowd) {
    const column = crowd.random() < 0.5 ? 'lease_expires_at' : 'deadline_at';
    await crowd.run(async (tx) => {
      await sql`update tasks set ${sql.ref(column)} = now() - interval '1 second' where id in
        (select id from tasks where state = 'running' order by id limit 1 for update skip locked)`.execute(tx.db);
      await sweepTenant(tx);
    });
  },
};

// Work has to come in, be claimed and be done for the rest to mean anything.
const weighted = [
  ...Object.keys(steps).filter((name) => name !== 'meet'),
  ...Array.from({ length: 4 }, () => 'create'),
  ...Array.from({ length: 8 }, () => 'claim'),
  ...Array.from({ length: 6 }, () => 'complete'),
];
const patient = ['meet', 'complete', 'complete'];

async function begin(test: TestDatabase, random: () => number, options: CrowdOptions): Promise<Crowd> {
  const workspace = await makeHandlerWorkspace(test, { plan: 'starter', settlers: { ...taskSettlers, plan: settlePlans } });
  const node = { runInTenant: workspace.runInTenant, signals: test.signals, leaseSeconds: 60, claimants: createClaimants() };
  const stands = new Map<string, () => void>();
  const { wait } = node.claimants;
  node.claimants.wait = (claimant, until) => {
    const given = wait(claimant, until);
    stands.get(claimant.agentId)?.();
    return given;
  };
  const work = createWorkHandlers(node);
  const creation = createCreationHandlers(node);
  // The plan starter takes ten agents; some claimants are many programs of one agent.
  const agents: string[] = [];
  for (let index = 0; index < 9; index += 1) {
    const { id } = await workspace.call(agentOperations.create, agentHandlers.create, {
      name: `agent ${index}`,
      kind: 'external',
      concurrency: 1 + index,
      capabilities: index % 2 === 0 ? ['work'] : [],
    });
    agents.push(id);
  }
  for (const [name, maxRunning] of QUEUES) await workspace.call(queueOperations.update, queueHandlers.update, { name, maxRunning });
  await workspace.run(async (tx) => {
    await sql`update workspace set max_running = ${WORKSPACE_LIMIT}`.execute(tx.db);
    await sql`insert into usage_months (period, executions) values (to_char(now() at time zone 'utc', 'YYYY-MM'), ${STARTER - options.executions})`.execute(tx.db);
  });
  return { ...workspace, random, work, creation, agents, tasks: [], plans: [], leases: [], stands };
}

interface Left {
  title: string;
  queue: string;
  agents: string[];
  counted: boolean;
}

/** Queues are open and everybody claims until nothing comes: what could run runs, and the floor of each plan is kept. */
async function expectWorkConserved(crowd: Crowd): Promise<void> {
  for (const name of QUEUES.keys()) await crowd.call(queueOperations.update, queueHandlers.update, { name, paused: false });
  // What becomes due after the last of them has looked is nobody's fault.
  let looked = new Date(0);
  for (let claimed = true; claimed; ) {
    looked = await crowd.run(async ({ now }) => now);
    const got = await Promise.all(crowd.agents.map((agentId) => claim(crowd, agentId)));
    claimed = got.some(Boolean);
  }
  await crowd.run(async ({ db }) => {
    const free = (await row(db, sql<{ running: number; executions: number }>`select
      (select count(*)::int from tasks where state = 'running') as running,
      (select ${STARTER} - executions from usage_months)::int as executions`))!;
    const running = await rows(db, sql<{ queue: string; count: number }>`select queue, count(*)::int from tasks where state = 'running' group by 1`);
    const full = new Set(running.filter(({ queue, count }) => count >= QUEUES.get(queue)!).map(({ queue }) => queue));
    const left = await rows(db, sql<Left>`select t.title, t.queue, t.counted,
        array(select a.name from agents a where a.kind = 'external' and a.running < a.concurrency
          and (a.id = t.agent_id or (t.agent_id is null and t.capabilities <@ a.capabilities))) as agents
      from tasks t where t.state = 'queued' and t.held_at is null and (t.run_at is null or t.run_at <= ${looked})
        and (t.plan_id is null or exists (select 1 from plans p where p.id = t.plan_id and p.state = 'running'))`);
    const idle = left.filter(
      (task) => task.agents.length > 0 && !full.has(task.queue) && free.running < WORKSPACE_LIMIT && (task.counted || free.executions > 0),
    );
    expect(idle, 'could run, and does not').toEqual([]);
  });
  for (const id of crowd.plans) {
    const { state, floor } = await crowd.call(planOperations.get, planHandlers.get, { id });
    if (state === 'running' && floor.running < Math.min(floor.target, floor.runnable)) expect(floor.reason).not.toBeNull();
  }
}

async function readHistory(crowd: Crowd) {
  return crowd.run(async ({ db }) => {
    const events = await rows(db, sql<{ seq: string; type: string; entity: string; entity_id: string; version: number; data: TaskSummary | null }>`
      select seq, type, entity, entity_id, version, data from events order by seq`);
    const edges = await rows(db, sql<{ task_id: string; on: string[] }>`select task_id, array_agg(depends_on) as on from task_dependencies group by 1`);
    const attempts = await rows(db, sql<{ key: string; agent_id: string }>`select task_id || ':' || number as key, agent_id from attempts`);
    const chains = await rows(db, sql<{ id: string; handoff_from: string }>`select id, handoff_from from tasks where handoff_from is not null`);
    const queues = await rows(db, sql<{ id: string; name: string }>`select id, name from queues`);
    const agents = await rows(db, sql<{ id: string; concurrency: number; running: number }>`select id, concurrency, running from agents`);
    const tasks = await rows(db, sql<{ id: string; state: TaskState }>`select id, state from tasks`);
    const month = (await row(db, sql<{ executions: number }>`select executions from usage_months`))!;
    return { events, edges, attempts, chains, queues, agents, tasks, month };
  });
}

/** What happened, in the order of the commits, against the model; and the rows as they are now against its end. */
async function expectModel(crowd: Crowd, options: CrowdOptions): Promise<number> {
  const found = await readHistory(crowd);
  const limits: CrowdLimits = {
    agents: new Map(found.agents.map(({ id, concurrency }) => [id, concurrency])),
    queues: QUEUES,
    queueNames: new Map(found.queues.map(({ id, name }) => [id, name])),
    workspace: WORKSPACE_LIMIT,
    executions: options.executions,
  };
  const events = found.events.map(({ seq, entity_id: entityId, ...event }): CrowdEvent => ({ ...event, seq: Number(seq), entityId }));
  const state = replay(
    {
      events,
      dependencies: new Map(found.edges.map(({ task_id: id, on }) => [id, on])),
      attempts: new Map(found.attempts.map(({ key, agent_id: agent }) => [key, agent])),
      continues: new Map(found.chains.map(({ id, handoff_from: from }) => [id, from])),
    },
    limits,
  );
  expect(state.broken).toEqual([]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(Object.fromEntries(state.states)).toEqual(Object.fromEntries(found.tasks.map(({ id, state: now }) => [id, now])));
  expect(found.month.executions).toBe(STARTER - options.executions + state.counted.size);
  for (const { id, running } of found.agents) {
    expect(running).toBe([...state.running.values()].filter(({ agent }) => agent === id).length);
  }
  return state.counted.size;
}

export interface CrowdReport {
  tasks: number;
  /** Executions that were claimed, at most those that the month held. */
  executions: number;
  /** Tasks that were started by the commit that created them. */
  together: number;
}

/** Runs the rounds of one seed; throws at the first rule that is broken. */
export async function crowdRounds(test: TestDatabase, random: () => number, options: CrowdOptions): Promise<CrowdReport> {
  const crowd = await begin(test, random, options);
  let executions = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const from = options.patient ? patient : weighted;
    await allAtOnce(crowd, options, { step: (_, agentId) => steps[pick(crowd, from)!]!(crowd, agentId) });
    await expectWorkConserved(crowd);
    executions = await expectModel(crowd, options);
  }
  const { together } = (await crowd.run(({ db }) => row(db, sql<{ together: number }>`
    select count(*)::int as together from tasks t join attempts a on a.task_id = t.id and a.started_at = t.created_at`)))!;
  return { tasks: crowd.tasks.length, executions, together };
}
