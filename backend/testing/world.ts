// An organisation with one of everything, and for each operation an input that fits it: what the matrices of
// isolation and permissions go through. An operation without its row here does not compile, and fails.
import type { z } from 'zod';
import type { Session } from '../../shared/identity.ts';
import type { Operations } from '../../shared/operations.ts';
import { scopes } from '../../shared/permissions.ts';
import type { Review } from '../../shared/review.ts';
import { newId } from '../platform/ids.ts';
import type { Tenant } from '../platform/tenants.ts';
import type { Api, TestBackend } from './backend.ts';

export interface World {
  tenant: Tenant;
  agentName: string;
  owner: Session & { api: Api; password: string };
  /** Of the owner, with every scope, bound to the agent. */
  key: Api;
  /** A new session of the owner, to be used up. */
  login(): Promise<Session>;
  ids: {
    organization: string;
    agent: string;
    provider: string;
    spareProvider: string;
    service: string;
    task: string;
    running: string;
    failed: string;
    gate: string;
    finding: string;
    plan: string;
    review: string;
    key: string;
    schedule: string;
    bulkPlan: string;
    budget: string;
  };
  leaseToken: string;
  bulkHash: string;
  /** The built-in one, which is everybody's. */
  checklistId: string;
}

/** Every id of a world, so that an answer can be searched for them. */
export function idsOf(world: World): string[] {
  return Object.values(world.ids);
}

export async function openWorld(backend: TestBackend, name: string): Promise<World> {
  const owner = await backend.register(name);
  const { api } = owner;
  const id = async (operation: string, input: object): Promise<string> =>
    ((await api.do(operation, input)) as { id: string }).id;
  const agent = await id('agents.create', { name: `${name} agent`, kind: 'external', concurrency: 5 });
  const made = (await api.do('keys.create', { name: 'All', scopes: [...scopes], agentId: agent })) as {
    id: string;
    key: string;
  };
  const key = backend.api(made.key);
  const provider = await id('providers.create', { name: `${name} simulator`, kind: 'simulator' });
  const claimNew = async (input: object) => {
    await api.do('tasks.create', { agentId: agent, ...input });
    return (await key.do('work.claim')) as { task: { id: string }; lease: { token: string } };
  };
  const checklistId = ((await api.do('checklists.list')) as { items: { id: string }[] }).items[0]!.id;
  const failing = await claimNew({ title: `${name} failing`, maxAttempts: 1 });
  await key.do('work.fail', { id: failing.task.id, leaseToken: failing.lease.token, error: 'broken' });
  const running = await claimNew({ title: `${name} running`, timeLimitSeconds: 86_400 });
  const lease = { id: running.task.id, leaseToken: running.lease.token };
  const finding = (
    (await key.do('work.findings', { ...lease, title: `${name} finding`, severity: 'urgent' })) as {
      id: string;
    }
  ).id;
  // A year ahead, so that nothing claims it.
  const task = await id('tasks.create', {
    title: `${name} task`,
    agentId: agent,
    runAt: new Date(Date.now() + 3e10).toISOString(),
  });
  const bulk = (await api.do('bulkPlans.create', { action: 'reprioritise', filter: { agentId: agent }, input: { priority: 5 } })) as {
    id: string;
    hash: string;
  };
  return {
    tenant: (await backend.test.tenants.find(owner.organization.id))!,
    agentName: `${name} agent`,
    owner,
    key,
    login: () =>
      backend
        .api('')
        .do('auth.login', { email: owner.user.email, password: owner.password }) as Promise<Session>,
    ids: {
      organization: owner.organization.id,
      agent,
      provider,
      spareProvider: await id('providers.create', { name: `${name} spare`, kind: 'simulator' }),
      service: await id('providers.create', {
        name: `${name} service`,
        kind: 'openai_compatible',
        service: { baseUrl: 'http://127.0.0.1:9/v1' },
        key: 'key-of-the-world-1234',
      }),
      task,
      running: running.task.id,
      failed: failing.task.id,
      gate: await id('tasks.create', { title: `${name} gate`, kind: 'approval' }),
      finding,
      plan: await id('plans.create', {
        name: `${name} plan`,
        tasks: [{ key: 'a', title: `${name} step`, agent: `${name} agent` }],
      }),
      review: await id('reviews.create', { title: `${name} review`, checklistId, level: 1 }),
      key: made.id,
      bulkPlan: bulk.id,
      budget: await id('budgets.create', { scope: 'agent', agentId: agent, unit: 'usd', amount: '1000', period: 'month' }),
      schedule: await id('schedules.create', {
        name: `${name} schedule`,
        cron: '0 3 1 1 *',
        task: { title: `${name} yearly`, agentId: agent },
      }),
    },
    bulkHash: bulk.hash,
    leaseToken: running.lease.token,
    checklistId,
  };
}

type Samples = {
  [Noun in keyof Operations]: {
    [Verb in keyof Operations[Noun]]: (
      world: World,
    ) => Operations[Noun][Verb] extends { input: infer Input extends z.ZodType }
      ? z.input<Input> | Promise<z.input<Input>>
      : never;
  };
};

const none = () => ({});
const leased = ({ ids, leaseToken }: World) => ({ id: ids.running, leaseToken });
const firstRef = async ({ owner, ids }: World) =>
  ((await owner.api.do('reviews.get', { id: ids.review })) as Review).items[0]!.ref;
const document = '# Plan: Sample\n\n## Tasks\n\n### Task 1: First\n\nDo it.\n';

/** An input for each operation that is right in its world. */
export const sampleInputs: Samples = {
  auth: {
    register: () => ({
      organizationName: 'New',
      name: 'Someone',
      email: `${newId()}@example.com`,
      password: 'correct horse battery',
    }),
    login: ({ owner, ids }) => ({
      email: owner.user.email,
      password: owner.password,
      organizationId: ids.organization,
    }),
    refresh: async (world) => ({ refreshToken: (await world.login()).refreshToken }),
    logout: none,
    switch: ({ ids }) => ({ organizationId: ids.organization }),
    me: none,
  },
  keys: {
    create: ({ ids }) => ({ name: 'Another', scopes: ['agent'], agentId: ids.agent }),
    list: none,
    revoke: ({ ids }) => ({ id: ids.key }),
  },
  waitlist: { join: () => ({ email: 'later@example.com' }) },
  workspace: {
    get: none,
    setPaused: () => ({ paused: false }),
    rename: () => ({ name: 'Another name' }),
    setLimits: () => ({ maxRunning: 10_000 }),
    storage: none,
    previewRetention: () => ({ keepEventsDays: 7 }),
    setRetention: () => ({ keepEventsDays: 30 }),
    // Refused: it is no demo.
    deleteDemo: none,
  },
  agents: {
    list: none,
    get: ({ ids }) => ({ id: ids.agent }),
    create: ({ ids }) => ({
      name: `Agent ${newId()}`,
      kind: 'hosted',
      provider: { accountId: ids.provider, model: 'simulator' },
    }),
    update: ({ ids }) => ({ id: ids.agent, status: 'active' }),
    retire: ({ ids }) => ({ id: ids.agent }),
  },
  providers: {
    list: none,
    get: ({ ids }) => ({ id: ids.provider }),
    create: () => ({ name: `Account ${newId()}`, kind: 'simulator' }),
    update: ({ ids }) => ({ id: ids.provider, maxRunning: 50 }),
    remove: ({ ids }) => ({ id: ids.spareProvider }),
    // Nothing listens there: what went wrong is the answer.
    test: ({ ids }) => ({ id: ids.service }),
  },
  prices: {
    list: none,
    set: () => ({ pattern: 'model-*', inputPerMillion: '1.5', outputPerMillion: '2' }),
    remove: async ({ owner }) => {
      const pattern = `model-${newId()}`;
      await owner.api.do('prices.set', { pattern, inputPerMillion: '1', outputPerMillion: '2' });
      return { pattern };
    },
  },
  tasks: {
    list: ({ ids }) => ({ agentId: ids.agent, planId: ids.plan }),
    count: ({ ids }) => ({ agentId: ids.agent, planId: ids.plan, ended: '2026-11-20T14:00:00Z/..', outcome: 'failed' }),
    create: ({ ids }) => ({ title: 'Another', agentId: ids.agent, dependsOn: [ids.task] }),
    createMany: ({ ids }) => ({
      ndjson: `${JSON.stringify({ title: 'One of many', agentId: ids.agent, dependsOn: [ids.task] })}\n`,
    }),
    get: ({ ids }) => ({ id: ids.task }),
    details: ({ ids }) => ({ id: ids.task }),
    chain: ({ ids }) => ({ id: ids.task }),
    errorGroups: ({ ids }) => ({ agentId: ids.agent, planId: ids.plan }),
    why: ({ ids }) => ({ id: ids.task }),
    cancel: ({ ids }) => ({ id: ids.task }),
    retry: ({ ids }) => ({ id: ids.failed }),
    setPaused: ({ ids }) => ({ id: ids.task, paused: false }),
    approve: ({ ids }) => ({ id: ids.gate }),
  },
  bulkPlans: {
    list: none,
    create: ({ ids }) => ({ action: 'reassign', filter: { agentId: ids.agent, planId: ids.plan }, input: { agentId: ids.agent } }),
    get: ({ ids }) => ({ id: ids.bulkPlan }),
    rows: ({ ids }) => ({ id: ids.bulkPlan }),
    execute: ({ ids, bulkHash: hash }) => ({ id: ids.bulkPlan, hash }),
    stop: ({ ids }) => ({ id: ids.bulkPlan }),
    undo: ({ ids }) => ({ id: ids.bulkPlan }),
  },
  queues: { list: none, update: () => ({ name: 'default', maxRunning: 1_000 }) },
  schedules: {
    list: none,
    preview: () => ({ cron: '0 3 * * *', timeZone: 'Europe/Zurich' }),
    create: ({ ids }) => ({
      name: `Schedule ${newId()}`,
      cron: '0 3 1 1 *',
      task: { title: 'Yearly', agentId: ids.agent },
    }),
    update: ({ ids }) => ({ id: ids.schedule, task: { title: 'Yearly', agentId: ids.agent } }),
    run: ({ ids }) => ({ id: ids.schedule }),
    remove: ({ ids }) => ({ id: ids.schedule }),
  },
  work: {
    claim: ({ ids }) => ({ agentId: ids.agent }),
    heartbeat: leased,
    progress: (world) => ({ ...leased(world), percent: 50 }),
    findings: (world) => ({ ...leased(world), title: 'Found', severity: 'info' }),
    complete: (world) => ({ ...leased(world), output: 'Done' }),
    fail: (world) => ({ ...leased(world), error: 'Broken' }),
    handoff: (world) => ({ ...leased(world), notes: 'Go on' }),
  },
  findings: {
    list: ({ ids }) => ({ planId: ids.plan, taskId: ids.task }),
    acknowledge: ({ ids }) => ({ id: ids.finding }),
    unacknowledge: ({ ids }) => ({ id: ids.finding }),
  },
  plans: {
    import: () => ({ format: 'markdown', text: document }),
    list: none,
    create: ({ agentName }) => ({ name: 'Another', tasks: [{ key: 'a', title: 'A', agent: agentName }] }),
    get: ({ ids }) => ({ id: ids.plan }),
    start: ({ ids }) => ({ id: ids.plan }),
    pause: ({ ids }) => ({ id: ids.plan }),
    cancel: ({ ids }) => ({ id: ids.plan }),
    report: ({ ids }) => ({ id: ids.plan }),
  },
  checklists: { list: none, get: ({ checklistId }) => ({ id: checklistId }) },
  reviews: {
    list: none,
    create: ({ checklistId }) => ({ title: 'Another', checklistId, level: 1 }),
    get: ({ ids }) => ({ id: ids.review }),
    decide: async ({ ids, owner }) => {
      const { items } = (await owner.api.do('reviews.get', { id: ids.review })) as Review;
      return { id: ids.review, ref: items[0]!.ref, verdict: 'pass', note: 'Seen', version: items[0]!.version };
    },
    look: async (world) => ({ id: world.ids.review, ref: await firstRef(world) }),
    assign: async (world) => ({ id: world.ids.review, refs: [await firstRef(world)], assignee: 'me' }),
    submit: ({ ids }) => ({ id: ids.review }),
    reopen: ({ ids }) => ({ id: ids.review }),
    report: ({ ids }) => ({ id: ids.review }),
  },
  overview: { get: none },
  metrics: { series: none },
  usage: {
    month: none,
    series: ({ ids }) => ({ bucket: 'day', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', groupBy: 'agent', agentId: ids.agent, planId: ids.plan, compareFrom: '2026-10-01T00:00:00Z', compareTo: '2026-11-01T00:00:00Z' }),
    breakdown: ({ ids }) => ({ by: 'plan', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', agentId: ids.agent }),
    forecast: none,
  },
  budgets: {
    list: ({ ids }) => ({ agentId: ids.agent, planId: ids.plan }),
    get: ({ ids }) => ({ id: ids.budget }),
    stops: ({ ids }) => ({ id: ids.budget }),
    create: ({ ids }) => ({ scope: 'plan', planId: ids.plan, unit: 'executions', amount: '100', period: 'total' }),
    update: ({ ids }) => ({ id: ids.budget, amount: '2000' }),
    remove: ({ ids }) => ({ id: ids.budget }),
    restore: ({ ids }) => ({ id: ids.budget }),
  },
  billing: { subscription: none },
  audit: { list: none, search: ({ ids }) => ({ entityId: ids.task }), get: () => ({ seq: 1 }), facets: none, verify: none, head: none },
};

/** A plan whose agents are new: for whoever may make agents. */
export const planWithNewAgents = ({ ids }: World) => ({
  name: 'Another',
  tasks: [{ key: 'a', title: 'A', agent: `New ${newId()}` }],
  newAgents: { kind: 'hosted', provider: { accountId: ids.provider, model: 'simulator' } },
});

/** The sample of an operation by its name; fails for one without a row. */
export async function sampleFor(world: World, name: string): Promise<Record<string, unknown>> {
  const [noun = '', verb = ''] = name.split('.');
  const sample = (
    sampleInputs as Record<string, Record<string, ((world: World) => object | Promise<object>) | undefined>>
  )[noun]?.[verb];
  if (!sample) throw new Error(`The operation ${name} has no row in sampleInputs.`);
  return (await sample(world)) as Record<string, unknown>;
}
